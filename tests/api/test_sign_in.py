"""How agents come in and go out: links, passwords, cookies, sessions, and whose page may ask (T-19, T-21, T-35, T-37)."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any

import pytest

from gateway.flow import accounts
from gateway.model import AgentId
from gateway.web.auth import COOKIE
from tests.api.house import Answer, Caller, House, Worker

ME = {"id", "name", "email", "role", "rights", "availability", "has_password", "teams", "load"}
GOOD = "correct horse battery staple"
OTHER = "another rather long passphrase"


def page(house: House, **headers: str) -> Caller:
    """The sign-in page: nobody yet, but our own."""
    return house.stranger(**{"X-Throughline": "1", "Origin": house.url, **headers})


def cookie_of(answer: Answer) -> Any:
    (sent,) = answer.headers.getall("Set-Cookie")
    return SimpleCookie(sent)[COOKIE]


def signed(house: House, answer: Answer, who: Worker) -> Worker:
    value = cookie_of(answer).value
    return Worker(house.url, house.session, house.agent_headers(value), id=who.id, name=who.name, email=who.email, cookie=value)


async def test_a_link_signs_in_once(both: House) -> None:
    agent = await both.agent("Mikko")
    link = await both.link(agent.id)
    first = await page(both).post("/api/session/link", {"token": link})
    assert set(first.ok()) == ME and first.body["email"] == agent.email and first.body["has_password"] is False
    assert [load["class"] for load in first.body["load"]] and all(set(load) == {"class", "load", "cap"} for load in first.body["load"])
    (await page(both).post("/api/session/link", {"token": link})).problem(401)
    assert (await signed(both, first, agent).get("/api/me")).ok()["id"] == agent.id


async def test_a_link_has_one_spelling_and_a_day(house: House) -> None:
    agent = await house.agent()
    link = await house.link(agent.id)
    for odd in ("", " ", link + " ", " " + link, link + "\n", link.swapcase(), link[:-1], link + "=", "\0", "x" * 10_000, link.upper()):
        assert odd == link or (await page(house).post("/api/session/link", {"token": odd})).status == 401, odd
    house.clock.ahead = 24 * 3600 + 1
    (await page(house).post("/api/session/link", {"token": link})).problem(401)
    assert (await page(house).post("/api/session/link", {"token": await house.link(agent.id)})).status == 200


async def test_a_disabled_agents_link_and_session_are_worth_nothing(both: House) -> None:
    agent = await both.agent()
    link = await both.link(agent.id)
    assert (await agent.get("/api/me")).status == 200
    await both.gateway.db.run(accounts.disable, AgentId(agent.id))
    (await agent.get("/api/me")).problem(401)
    (await page(both).post("/api/session/link", {"token": link})).problem(401)


async def test_the_cookie_is_for_the_server_only(house: House) -> None:
    agent = await house.agent()
    cookie = cookie_of(await page(house).post("/api/session/link", {"token": await house.link(agent.id)}))
    assert (
        cookie["httponly"] is True
        and cookie["samesite"] == "Lax"
        and cookie["path"] == "/"
        and not cookie["secure"]
        and not cookie["domain"]
    )
    assert int(cookie["max-age"]) == 14 * 86_400 and len(cookie.value) >= 43


async def test_a_password_set_changed_and_used(house: House) -> None:
    agent = await house.agent("Mikko")
    (await agent.put("/api/me/password", {"old": None, "new": "short"})).problem(400)
    (await agent.put("/api/me/password", {"old": None, "new": agent.email})).problem(400)
    assert (await agent.put("/api/me/password", {"old": None, "new": GOOD})).status == 204
    assert (await agent.get("/api/me")).ok()["has_password"] is True
    for old in (None, "", "wrong", GOOD + " "):
        (await agent.put("/api/me/password", {"old": old, "new": OTHER})).problem(400, "old")
    came = await page(house).post("/api/session", {"email": f" {agent.email.title()} ".strip(), "password": GOOD})
    assert set(came.ok()) == ME
    for email, password in (
        (agent.email, GOOD.upper()),
        (agent.email, ""),
        ("nobody@desk.example", GOOD),
        ("not an address", GOOD),
        ("", ""),
    ):
        told = (await page(house).post("/api/session", {"email": email, "password": password})).problem(401)
        assert told["detail"] == "The address or the password is not right."
    other = signed(house, came, agent)
    assert (await other.put("/api/me/password", {"old": GOOD, "new": OTHER})).status == 204
    (await agent.get("/api/me")).problem(401)
    assert (await other.get("/api/me")).status == 200
    (await page(house).post("/api/session", {"email": agent.email, "password": GOOD})).problem(401)
    (await page(house).post("/api/session", {"email": agent.email, "password": OTHER})).ok()


async def test_a_link_with_a_password_ends_what_was_open(house: House) -> None:
    agent = await house.agent()
    came = await page(house).post("/api/session/link", {"token": await house.link(agent.id), "password": GOOD})
    assert came.ok()["has_password"] is True
    (await agent.get("/api/me")).problem(401)
    assert (await signed(house, came, agent).get("/api/me")).status == 200
    link = await house.link(agent.id)
    (await page(house).post("/api/session/link", {"token": link, "password": "short"})).problem(400)
    assert (await page(house).post("/api/session/link", {"token": link})).status == 200, "a refused password does not use the link up"


async def test_every_sign_in_has_a_session_of_its_own_and_signing_out_ends_it(house: House) -> None:
    agent = await house.agent()
    again = [signed(house, await page(house).post("/api/session/link", {"token": await house.link(agent.id)}), agent) for _ in range(2)]
    assert len({agent.cookie, *(worker.cookie for worker in again)}) == 3
    fixed = page(house, Cookie=f"{COOKIE}=chosen-by-somebody-else")
    assert cookie_of(await fixed.post("/api/session/link", {"token": await house.link(agent.id)})).value != "chosen-by-somebody-else"
    gone = await again[0].call("DELETE", "/api/session")
    assert gone.status == 204 and "cookies" in gone.headers["Clear-Site-Data"] and cookie_of(gone)["max-age"] == "0"
    (await again[0].get("/api/me")).problem(401)
    (await again[0].call("DELETE", "/api/session")).problem(401)
    assert (await again[1].get("/api/me")).status == 200


async def test_a_session_ends_after_two_weeks_without_use_and_lives_on_with_it(house: House) -> None:
    used, forgotten = await house.agent("Mikko"), await house.agent("Sanna")
    for _ in range(3):
        house.clock.ahead += 10 * 86_400
        assert (await used.get("/api/me")).status == 200
    (await forgotten.get("/api/me")).problem(401)


FOREIGN = (
    {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": ""}, {"Origin": "http://127.0.0.1"}, {"X-Throughline": ""}, {"X-Throughline": "0"},
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"},
)  # fmt: skip


@pytest.mark.parametrize("foreign", FOREIGN, ids=lambda headers: str(headers))
async def test_another_sites_page_changes_nothing(house: House, foreign: dict[str, str]) -> None:
    agent = await house.agent()
    (await agent.put("/api/me/availability", {"availability": "away"}, headers=foreign)).problem(403)
    (await agent.call("DELETE", "/api/session", headers=foreign)).problem(403)
    (await page(house, **foreign).post("/api/session/link", {"token": await house.link(agent.id)})).problem(403)
    (await page(house, **foreign).post("/api/session", {"email": agent.email, "password": GOOD})).problem(403)
    assert (await agent.get("/api/me", headers=foreign)).ok()["availability"] == "available"


async def test_without_a_word_about_where_it_comes_from_nothing_is_changed(house: House) -> None:
    agent = await house.agent()
    bare = house.stranger(Cookie=agent.headers["Cookie"], **{"X-Throughline": "1"})
    (await bare.put("/api/me/availability", {"availability": "away"})).problem(403)
    fetched = house.stranger(Cookie=agent.headers["Cookie"], **{"X-Throughline": "1", "Sec-Fetch-Site": "same-origin"})
    assert (await fetched.put("/api/me/availability", {"availability": "away"})).ok()["availability"] == "away"
    (await fetched.put("/api/me/availability", {"availability": "busy"})).problem(400, "availability")


async def test_no_token_is_in_what_is_logged(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    agent, visitor = await house.agent(), await house.visitor()
    link = await house.link(agent.id)
    await visitor.say("hei")
    (await page(house).post("/api/session/link", {"token": link, "password": GOOD})).ok()
    (await page(house).post("/api/session/link", {"token": link})).problem(401)
    (await visitor.post("/api/visitor/seen", {"pub": -1})).problem(400)
    (await house.stranger().get(f"/api/visitor/items?token={visitor.token}")).problem(401)
    said = "".join(capfd.readouterr())
    for secret in (link, agent.cookie, visitor.token, GOOD):
        assert secret not in said
