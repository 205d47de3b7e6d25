"""No other site changes anything, and none is led to: every route there is, with every call a foreign page can make (T-37)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from yarl import URL

from tests.api.house import PNG, House, Worker
from tests.checks.routes import OTHERWISE, SAFE, Route, Things, ask, every, learned, stored

FORMS = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/json+x", "text/json")
EVIL = "evil.example"


def foreign(url: str, agent: Worker) -> dict[str, dict[str, str]]:
    """What a page of another site, a neighbour or a plain form gets a browser to send along with our cookie."""
    cookie, ours, mark = {"Cookie": agent.headers["Cookie"]}, {"Origin": url}, {"X-Throughline": "1"}
    return {
        "a form": {**cookie, "Origin": f"https://{EVIL}", "Sec-Fetch-Site": "cross-site"},
        "a form of an old browser": {**cookie},
        "a form that hides where it is": {**cookie, "Origin": "null", **mark},
        "our own form": {**cookie, **ours, "Sec-Fetch-Site": "same-origin"},
        "only the mark": {**cookie, **mark},
        "a foreign script": {**cookie, **mark, "Origin": f"https://{EVIL}", "Sec-Fetch-Site": "cross-site"},
        "a neighbour": {**cookie, **mark, **ours, "Sec-Fetch-Site": "same-site"},
        "a link": {**cookie, **mark, **ours, "Sec-Fetch-Site": "none"},
        "a name like ours": {**cookie, **mark, "Origin": f"{url}.{EVIL}"},
        "another port": {**cookie, **mark, "Origin": url.rsplit(":", 1)[0] + ":1"},
        "another scheme": {**cookie, **mark, "Origin": url.replace("http:", "https:")},
        "a mark of its own": {**cookie, **ours, "X-Throughline": "2"},
        "an invented host": {**cookie, **mark, "Origin": f"https://{EVIL}", "Host": EVIL},
        "an invented proxy": {**cookie, **mark, "Origin": f"https://{EVIL}", "X-Forwarded-Host": EVIL, "X-Forwarded-Proto": "https"},
    }


async def _ground(house: House) -> tuple[Worker, Things, list[Route]]:
    agent = await house.agent("Mikko", "admin")
    visitor = await house.visitor()
    file = (await visitor.upload(PNG)).ok(201)["file"]["id"]
    thread = (await visitor.say("hei", files=[file]))["thread"]["id"]
    things = Things(
        {
            "conversations": thread,
            "contacts": await agent.contact(thread),
            "files": file,
            "people": agent.id,
            "teams": await house.team("Support"),
        }
    )
    changing = [route for route in every(house) if route.method not in SAFE and not route.path.startswith(OTHERWISE)]
    return agent, things, changing


async def test_no_other_site_changes_anything_with_an_agents_cookie(house: House) -> None:
    agent, things, changing = await _ground(house)
    assert len(changing) > 15
    before, wrong = stored(house), []
    for route in changing:
        house.clock.ahead += 61
        for what, headers in foreign(house.url, agent).items():
            if what == "an invented host":  # it is Origin's own name now, and nobody has configured another: there is no cookie there
                headers = {name: value for name, value in headers.items() if name != "Cookie"}
            answer = await ask(house.stranger(), route, things.at(route.path), {"version": 1}, headers=headers)
            if answer.status not in (401, 403) or (answer.status == 401 and "Cookie" in headers):
                wrong.append(f"{route} by {what}: {answer.status}")
    assert wrong == []
    assert stored(house) == before
    assert (await agent.get("/api/me")).status == 200, "and nobody was signed out"


async def test_what_a_form_can_send_is_no_body_of_ours(house: House) -> None:
    agent, things, changing = await _ground(house)
    wrong, held = [], 0
    for route in changing:
        house.clock.ahead += 61
        known = await learned(house, things, route, Worker(house.url, house.session, house.agent_headers(await house.sign_in(agent.id))))
        if known.fields is None:
            continue
        for kind in FORMS:
            house.clock.ahead += 15
            again = house.agent_headers(await house.sign_in(agent.id))
            answer = await house.stranger(**again).call(route.method, things.at(route.path), raw=b"{}", headers={"Content-Type": kind})
            held += 1
            if answer.status != 400 or answer.body.get("field") != "Content-Type":
                wrong.append(f"{route} as {kind!r}: {answer.status} {answer.raw[:120]!r}")
    assert wrong == [] and held > 60


async def test_asking_changes_nothing(house: House) -> None:
    """A picture or a link on another page makes a GET with the cookie."""
    agent, things, _ = await _ground(house)
    before, wrong = stored(house), []
    for route in [route for route in every(house) if route.method == "GET" and not route.path.startswith("/socket.io")]:
        for method in ("GET", "HEAD"):
            answer = await agent.call(method, things.at(route.path))
            if answer.status >= 500:
                wrong.append(f"{method} {route.path}: {answer.status}")
    assert wrong == []
    assert stored(house) == before


async def test_a_visitors_calls_have_no_use_for_a_cookie(house: House) -> None:
    agent, things, _ = await _ground(house)
    visitor = await house.visitor()
    for route in [route for route in every(house) if route.path.startswith("/api/visitor/")]:
        if route.path.endswith(("/config", "/session")):
            continue
        for cookie in (
            agent.headers["Cookie"],
            f"token={visitor.token}",
            f"throughline_session={visitor.token}",
            f"Authorization={visitor.token}",
        ):
            (await ask(house.stranger(Cookie=cookie), route, things.at(route.path), {})).problem(401)


PATHS = (
    f"//{EVIL}", f"//{EVIL}/..", f"/%2f{EVIL}", f"/%2f%2f{EVIL}/", f"/\\{EVIL}", f"/%5c{EVIL}", f"/%09/{EVIL}", f"/.//{EVIL}", f"/inbox//{EVIL}", f"/inbox/..//{EVIL}",
    f"/inbox/%2e%2e//{EVIL}", f"/chat//{EVIL}", f"/chat/%2f{EVIL}", f"/;@{EVIL}", f"/@{EVIL}", f"/https:/{EVIL}", f"/https://{EVIL}", "/inbox%0d%0aLocation:%20https://" + EVIL,
    "/chat%0d%0aSet-Cookie:%20a=b",
)  # fmt: skip
NAMES = (
    "next",
    "url",
    "redirect",
    "redirect_uri",
    "return",
    "return_to",
    "continue",
    "to",
    "goto",
    "target",
    "dest",
    "site",
    "view",
    "cursor",
)


@pytest.mark.parametrize("host", ["", EVIL])
async def test_no_address_leads_to_another_site(house: House, host: str) -> None:
    agent, things, _ = await _ground(house)
    values = (
        f"//{EVIL}/",
        f"https://{EVIL}/",
        f"/\\{EVIL}",
        f"/%09/{EVIL}",
        f"javascript:alert(1)//{EVIL}",
        f"\\\\{EVIL}",
        f"https:{EVIL}",
        f"/%2f{EVIL}",
    )
    asked: list[str] = list(PATHS)
    for route in every(house):
        if route.method == "GET" and not route.path.startswith("/socket.io"):
            path = things.at(route.path)
            asked += [path + ("&" if "?" in path else "?") + "&".join(f"{name}={value}" for name in NAMES) for value in values[:2]]
            asked += [path + ("&" if "?" in path else "?") + f"next={value}" for value in values[2:]]
    led = 0
    for path in asked:
        for caller in (agent, house.stranger()):
            answer: Any = await _plain(caller, path, {"Host": host} if host else {})
            assert "Set-Cookie" not in answer.headers and "Refresh" not in answer.headers, path
            location = answer.headers.get("Location")
            if location is not None:
                led += 1
                assert 300 <= answer.status < 400 and location.startswith("/") and not location.startswith(("//", "/\\")), (path, location)
                assert urlsplit(urljoin(house.url, location)).netloc == urlsplit(house.url).netloc, (path, location)
            assert answer.status < 500, path
    assert led > 5, "some addresses do lead somewhere, so this looked at something"


async def _plain(caller: Any, path: str, headers: dict[str, str]) -> Any:
    """As it is written: no client puts the path in order first."""
    async with caller.session.get(
        URL(caller.url + path, encoded=True), headers={**caller.headers, **headers}, allow_redirects=False
    ) as came:
        await came.read()
        return came
