"""Who works here: invitations and links, roles and places, teams with their hours, categories, and who may change whom (R-60, T-19, T-21)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gateway.clock import HOUR, SECOND
from tests.api.ears import inbox
from tests.api.house import Caller, House, Worker

PERSON = {"id", "name", "email", "role", "availability", "here", "skills", "teams", "load", "has_password", "disabled"}
RANKS = ("viewer", "agent", "lead", "manager", "admin")
GOOD = "correct horse battery staple"
OFFICE = {"zone": "UTC", "week": {"mon": [["09:00", "17:00"]]}, "holidays": {"2030-01-07": []}}


def page(house: House) -> Caller:
    return house.stranger(**{"X-Throughline": "1", "Origin": house.url})


async def staff(house: House) -> dict[str, Worker]:
    return {role: await house.agent(role.title(), role) for role in RANKS}


async def person(caller: Worker, agent_id: str) -> Any:
    return next(found for found in (await caller.get("/api/people")).ok()["people"] if found["id"] == agent_id)


async def test_me_says_what_i_may(house: House) -> None:
    told = {role: (await worker.get("/api/me")).ok()["rights"] for role, worker in (await staff(house)).items()}
    assert told["viewer"] == ["read"]
    assert told["agent"] == ["read", "reply", "merge", "block"]
    assert told["lead"] == [*told["agent"], "bulk", "share", "places"]
    assert told["manager"] == [*told["lead"], "people", "settings", "audit"]
    assert told["admin"] == [*told["manager"], "admins"]


async def test_an_invitation_is_a_link_for_once_and_a_day(both: House) -> None:
    admin, team = await both.agent("Ritva", "admin"), await both.team("Support")
    made = await admin.post("/api/people", {"name": " Sanna ", "email": "Sanna@Desk.example", "role": "lead", "teams": [team]})
    told = made.ok(201)
    assert set(told["person"]) == PERSON and "no-store" in made.headers["Cache-Control"]
    shown = {name: told["person"][name] for name in ("name", "email", "role", "teams", "disabled", "has_password")}
    assert shown == {
        "name": "Sanna",
        "email": "sanna@desk.example",
        "role": "lead",
        "teams": [team],
        "disabled": False,
        "has_password": False,
    }
    base, _, token = told["link"].partition("/inbox/#link=")
    assert base == both.url and len(token) >= 43, "the token is in the fragment, which no server sees"
    me = (await page(both).post("/api/session/link", {"token": token, "password": GOOD})).ok()
    assert (me["id"], me["has_password"], me["teams"]) == (told["person"]["id"], True, [{"id": team, "name": "Support"}])
    (await page(both).post("/api/session/link", {"token": token})).problem(401)
    (await admin.post("/api/people", {"name": "Another", "email": "sanna@desk.example", "role": "agent"})).problem(409)
    assert token not in (await admin.get("/api/people")).raw.decode()


async def test_a_new_link_ends_the_one_before_and_sets_a_new_password(both: House) -> None:
    admin, sanna = await both.agent("Ritva", "admin"), await both.agent("Sanna")
    first, second = [(await admin.post(f"/api/people/{sanna.id}/link", {})).ok()["link"].partition("=")[2] for _ in range(2)]
    (await page(both).post("/api/session/link", {"token": first, "password": GOOD})).problem(401)
    (await page(both).post("/api/session/link", {"token": second, "password": GOOD})).ok()
    (await sanna.get("/api/me")).problem(401)
    (await page(both).post("/api/session", {"email": sanna.email, "password": GOOD})).ok()
    (await admin.post(f"/api/people/{admin.id}/link", {})).problem(403)
    (await admin.post("/api/people/nobody/link", {})).problem(404)


async def test_who_may_make_and_change_whom(house: House) -> None:
    """Every role against every role: nobody above one's own, managers and admins by admins only, oneself by nobody."""
    await house.agent("Spare", "admin")
    for role in RANKS:
        asks = await house.agent("Asks", role)
        for other in RANKS:
            target = await house.agent("Target", other)
            may = role == "admin" or (role == "manager" and RANKS.index(other) <= 2)
            want = 200 if may else 403
            made = await asks.post("/api/people", {"name": "X", "email": f"{role}-{other}@desk.example", "role": other})
            assert made.status == (201 if may else 403), (role, other, made.raw)
            for path in ("disable", "enable", "link"):
                answer = await asks.post(f"/api/people/{target.id}/{path}", {})
                assert answer.status == want, (role, other, path, answer.raw)
            assert (await asks.put(f"/api/people/{target.id}", {"name": "Y"})).status == want
            placed = await asks.put(f"/api/people/{target.id}", {"places": [{"class": "chat", "cap": 4}]})
            assert placed.status == (200 if may or (role == "lead" and RANKS.index(other) <= 2) else 403), (role, other)
            for to in RANKS:
                answer = await asks.put(f"/api/people/{target.id}", {"role": to})
                good = may and (role == "admin" or RANKS.index(to) <= 2)
                assert answer.status == (200 if good else 403), (role, other, to, answer.raw)
                if good:
                    await (await _admin(house)).put(f"/api/people/{target.id}", {"role": other})


async def _admin(house: House) -> Worker:
    return await house.agent("Restores", "admin")


async def test_nobody_ends_or_demotes_themselves_and_one_admin_stays(both: House) -> None:
    admin, other = await both.agent("Ritva", "admin"), await both.agent("Olli", "admin")
    (await admin.put(f"/api/people/{admin.id}", {"role": "viewer"})).problem(403)
    (await admin.post(f"/api/people/{admin.id}/disable", {})).problem(403)
    assert (await admin.put(f"/api/people/{admin.id}", {"name": "Ritva R.", "role": "admin", "skills": ["x"]})).ok()["person"][
        "name"
    ] == "Ritva R."
    assert (await admin.put(f"/api/people/{other.id}", {"role": "manager"})).ok()["person"]["role"] == "manager"
    (await other.put(f"/api/people/{admin.id}", {"role": "viewer"})).problem(403)
    assert (await person(admin, admin.id))["role"] == "admin"


async def test_places_skills_and_teams(both: House) -> None:
    lead, manager, mikko = await both.agent("Liisa", "lead"), await both.agent("Maija", "manager"), await both.agent("Mikko")
    team = await both.team("Support")
    changed = {"skills": [" Billing ", "finnish", "BILLING"], "places": [{"class": "chat", "cap": 7}, {"class": "call", "cap": 0}]}
    done = (await lead.put(f"/api/people/{mikko.id}", changed)).ok()["person"]
    assert done["skills"] == ["billing", "finnish"]
    assert {load["class"]: load["cap"] for load in done["load"]} == {"chat": 7, "text": 5, "mail": 10, "call": 0}
    refused: tuple[Any, ...] = ({"teams": [team]}, {"name": "X"}, {"role": "agent"}, {"skills": [], "teams": []})
    for more in refused:
        (await lead.put(f"/api/people/{mikko.id}", more)).problem(403)
    assert (await manager.put(f"/api/people/{mikko.id}", {"teams": [team]})).ok()["person"]["teams"] == [team]
    assert (await manager.put(f"/api/people/{mikko.id}", {"teams": []})).ok()["person"]["teams"] == []
    assert (await person(lead, mikko.id))["skills"] == ["billing", "finnish"], "only what is named changes"
    told: tuple[tuple[Any, str], ...] = (
        ({"places": [{"class": "tea", "cap": 1}]}, "places"), ({"places": [{"class": "chat", "cap": -1}]}, "places"), ({"places": [{"class": "chat", "cap": 10**9}]}, "places"),
        ({"teams": ["nowhere"]}, "teams"), ({"role": "king"}, "role"), ({"name": " "}, "name"), ({"name": "x" * 101}, "name"), ({"skills": ["x" * 41]}, "skills"),
    )  # fmt: skip
    for wrong, field in told:
        (await manager.put(f"/api/people/{mikko.id}", wrong)).problem(400, field)
    odd: tuple[Any, ...] = (
        {"email": "x@y.fi"}, {"password_hash": "x"}, {"places": [{"class": "chat", "cap": "1"}]}, {"places": [{"class": "chat"}]}, {"skills": "x"}, [],
    )  # fmt: skip
    for wrong in odd:
        (await manager.put(f"/api/people/{mikko.id}", wrong)).problem(400)


async def test_a_disabled_account_is_out_at_once_and_back_when_enabled(both: House) -> None:
    """T-19: sockets close, sessions and links are worth nothing, also after the account is back."""
    admin, mikko = await both.agent("Ritva", "admin"), await both.agent("Mikko")
    link = (await admin.post(f"/api/people/{mikko.id}/link", {})).ok()["link"].partition("=")[2]
    async with inbox(mikko) as ear:
        done = (await admin.post(f"/api/people/{mikko.id}/disable", {})).ok()["person"]
        assert (done["disabled"], done["availability"]) == (True, "away")
        await ear.hear("signed_out", seconds=2)
    (await mikko.get("/api/me")).problem(401)
    assert mikko.id not in [agent["id"] for agent in (await admin.get("/api/agents")).ok()["agents"]]
    (await admin.post(f"/api/people/{mikko.id}/link", {})).problem(409)
    assert (await admin.post(f"/api/people/{mikko.id}/enable", {})).ok()["person"]["disabled"] is False
    (await mikko.get("/api/me")).problem(401)
    (await page(both).post("/api/session/link", {"token": link})).problem(401)


async def test_another_role_holds_with_the_next_call_and_reopens_the_sockets(house: House) -> None:
    """T-19: the session goes on, the socket does not."""
    admin, mikko = await house.agent("Ritva", "admin"), await house.agent("Mikko")
    visitor = await house.visitor()
    which = (await visitor.say("hei"))["thread"]["id"]
    async with inbox(mikko) as ear:
        (await admin.put(f"/api/people/{mikko.id}", {"role": "viewer"})).ok()
        async with asyncio.timeout(5):
            await ear.closed.wait()
        assert "signed_out" not in ear.names()
    assert (await mikko.get("/api/me")).ok()["rights"] == ["read"]
    (await mikko.act(which, "take")).problem(403)


async def test_a_viewer_gives_back_what_was_not_answered(both: House) -> None:
    admin, mikko, visitor = await both.agent("Ritva", "admin"), await both.agent("Mikko"), await both.visitor()
    which = (await visitor.say("hei"))["thread"]["id"]
    (await mikko.act(which, "take")).ok()
    (await admin.put(f"/api/people/{mikko.id}", {"role": "viewer"})).ok()
    assert (await admin.row(which))["assignee"] is None


async def test_teams_are_kept(both: House) -> None:
    manager, mikko = await both.agent("Maija", "manager"), await both.agent("Mikko")
    made = (await manager.post("/api/teams", {"name": "  Support  team "})).ok(201)["team"]
    assert made == {"id": made["id"], "name": "Support team", "members": [], "hours": None, "open": True, "opens_at": None}
    (await manager.post("/api/teams", {"name": "Support team"})).problem(409)
    done = (await manager.put(f"/api/teams/{made['id']}", {"members": [mikko.id, manager.id], "hours": OFFICE})).ok()["team"]
    assert (set(done["members"]), done["hours"]) == ({mikko.id, manager.id}, OFFICE)
    assert (await manager.put(f"/api/teams/{made['id']}", {"name": "Desk"})).ok()["team"]["hours"] == OFFICE, "only what is named changes"
    assert (await mikko.get("/api/me")).ok()["teams"] == [{"id": made["id"], "name": "Desk"}]
    assert (await manager.put(f"/api/teams/{made['id']}", {"members": [], "hours": None})).ok()["team"]["hours"] is None
    for wrong in ({**OFFICE, "zone": "Nowhere"}, {**OFFICE, "week": {"mon": [["17:00", "09:00"]]}}, {**OFFICE, "x": 1}):
        (await manager.put(f"/api/teams/{made['id']}", {"hours": wrong})).problem(400, "hours")
    (await manager.put(f"/api/teams/{made['id']}", {"members": ["nobody"]})).problem(404)
    (await manager.put("/api/teams/nowhere", {"name": "X"})).problem(404)
    (await manager.post("/api/teams", {"name": " "})).problem(400, "name")


async def test_a_team_is_open_by_its_hours(house: House) -> None:
    manager = await house.agent("Maija", "manager")
    team = await house.team("Desk")
    now = house.clock.now()
    day = 24 * HOUR
    monday = (now // day - (now // day + 3) % 7 + 7) * day
    (await manager.put(f"/api/teams/{team}", {"hours": OFFICE})).ok()
    for moment, state in (
        (monday + 8 * HOUR, (False, monday + 9 * HOUR)),
        (monday + 10 * HOUR, (True, None)),
        (monday + 18 * HOUR, (False, monday + 7 * day + 9 * HOUR)),
    ):
        house.clock.ahead = (moment - now) / SECOND
        fresh = Worker(house.url, house.session, house.agent_headers(await house.sign_in(manager.id)))
        [shown] = (await fresh.get("/api/teams")).ok()["teams"]
        assert (shown["open"], shown["opens_at"]) == state


async def test_a_team_is_given_up(both: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """In pieces; what waited in its queue waits in the common one."""
    monkeypatch.setattr("gateway.flow.teams.CHUNK", 2)
    manager, mikko = await both.agent("Maija", "manager"), await both.agent("Mikko")
    team = await both.team("Desk", mikko)
    found = []
    for _ in range(5):
        which = (await (await both.visitor()).say("hei"))["thread"]["id"]
        (await manager.act(which, "handover", team=team)).ok()
        found.append(which)
    assert (await manager.call("DELETE", f"/api/teams/{team}")).status == 204
    rows = [await manager.row(which) for which in found]
    assert [(row["team"], row["state"]) for row in rows] == [(None, "open")] * 5
    assert (await manager.get("/api/teams")).ok()["teams"] == [] and (await mikko.get("/api/me")).ok()["teams"] == []
    (await manager.call("DELETE", f"/api/teams/{team}")).problem(404)


async def test_those_whose_account_ended_keep_their_team(both: House) -> None:
    admin, mikko = await both.agent("Ritva", "admin"), await both.agent("Mikko")
    team = await both.team("Desk", mikko, admin)
    (await admin.post(f"/api/people/{mikko.id}/disable", {})).ok()
    [shown] = (await admin.get("/api/teams")).ok()["teams"]
    assert shown["members"] == [admin.id]
    (await admin.put(f"/api/teams/{team}", {"members": []})).ok()
    assert (await admin.post(f"/api/people/{mikko.id}/enable", {})).ok()["person"]["teams"] == [team]


async def test_categories_are_added_renamed_and_hidden(both: House) -> None:
    manager, mikko = await both.agent("Maija", "manager"), await both.agent("Mikko")
    made = (await manager.post("/api/categories", {"name": "Größe & Maß"})).ok(201)["category"]
    assert made == {"id": "groe-ma", "name": "Größe & Maß", "hidden": False} or made["id"].isascii()
    other = (await manager.post("/api/categories", {"name": "返品"})).ok(201)["category"]
    assert other["id"].isascii() and len(other["id"]) == 36
    assert [found["id"] for found in (await mikko.get("/api/categories")).ok()["categories"]][-2:] == [made["id"], other["id"]]
    (await manager.post("/api/categories", {"name": "größe & mass"})).problem(409)
    (await manager.put(f"/api/categories/{other['id']}", {"name": made["name"]})).problem(409)
    done = (await manager.put(f"/api/categories/{made['id']}", {"hidden": True})).ok()["category"]
    assert done == {**made, "hidden": True}
    assert (await manager.put(f"/api/categories/{made['id']}", {"name": "Sizes"})).ok()["category"] == {**done, "name": "Sizes"}
    (await manager.put("/api/categories/nothing", {"hidden": True})).problem(404)


async def test_a_hidden_category_stays_where_it_was(house: House) -> None:
    manager, mikko, visitor = await house.agent("Maija", "manager"), await house.agent("Mikko"), await house.visitor()
    which = (await visitor.say("hei"))["thread"]["id"]
    (await mikko.act(which, "resolve", category="question")).ok()
    (await manager.put("/api/categories/question", {"hidden": True})).ok()
    (await mikko.act(which, "reopen")).ok()
    (await mikko.act(which, "resolve", category="question")).ok()
    another = (await (await house.visitor()).say("hei"))["thread"]["id"]
    (await mikko.act(another, "resolve", category="question")).problem(400, "category")


async def test_every_inbox_is_told(house: House) -> None:
    manager, mikko = await house.agent("Maija", "manager"), await house.agent("Mikko")
    async with inbox(mikko) as ear:
        (await manager.post("/api/teams", {"name": "Desk"})).ok(201)
        await ear.hear("changed", lambda told: told == {"what": "teams"})
        (await manager.post("/api/categories", {"name": "Sizes"})).ok(201)
        await ear.hear("changed", lambda told: told == {"what": "categories"})
        (await manager.put(f"/api/people/{mikko.id}", {"skills": ["billing"]})).ok()
        await ear.hear("changed", lambda told: told == {"what": "people"})


async def test_two_admins_cannot_end_each_other(both: House) -> None:
    """Somebody must be able to let them in again, whoever is faster."""
    pair = [await both.agent("Ritva", "admin"), await both.agent("Olli", "admin")]
    answers = await asyncio.gather(*(one.post(f"/api/people/{other.id}/disable", {}) for one, other in (pair, pair[::-1])))
    assert sorted(answer.status for answer in answers)[0] == 200
    assert sorted([(await one.get("/api/me")).status for one in pair]) == [200, 401]
