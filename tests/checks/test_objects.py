"""Whoever names something: own, other's, missing, of another kind, nonsense. Never an error of ours, never what is another's (T-22, T-23, R-52, R-60).

The routes come from the router and the fields from the models; nothing here has to be told of a new one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.api.house import PNG, Answer, Caller, House, Visitor, Worker
from tests.checks.routes import ODD, ODD_IDS, OTHERWISE, SAFE, Route, Things, ask, every, learned, stored

FOREIGN = "nobody-elses-business"
# What no answer may hold, whoever asks for whatever: hashes of passwords, of sessions, of links.
SECRETS = (b"$argon2", b"token_hash", b"password_hash", b"Traceback", b"sqlite3", b"sqlalchemy", b"/gateway/")


@dataclass
class Ground:
    """Somebody's things, and everything said of them so far."""

    house: House
    owner: Visitor
    other: Visitor
    agent: Worker
    things: Things
    theirs: Things

    async def body(self, route: Route) -> dict[str, Any]:
        """One that fits, with the version the list shows now."""
        version = (await self.agent.row(self.things.ids["conversations"]))["version"] if "version" in (route.fields or {}) else 1
        return self.things.body(route, version)


async def _laid_out(house: House) -> Ground:
    """One visitor with a secret conversation and file, another one with their own; an admin; a colleague with things of their own."""
    agent, colleague = await house.agent("Reader", "admin"), await house.agent("Colleague", "agent")
    owner, other = await house.visitor(), await house.visitor()
    file = (await owner.upload(PNG, f"{FOREIGN}.png")).ok(201)["file"]["id"]
    secret = (await owner.say(FOREIGN, files=[file], name=FOREIGN))["thread"]["id"]
    await agent.say(secret, FOREIGN, "notes")
    own = (await other.say("hei", files=[(await other.upload(PNG)).ok(201)["file"]["id"]]))["thread"]["id"]
    await agent.say(own, f"{FOREIGN} also where they are", "notes")
    loose = (await colleague.call("POST", f"/api/files?name={FOREIGN}.txt", raw=FOREIGN.encode())).ok(201)["file"]["id"]
    for path, body in (
        ("/api/snippets", {"name": FOREIGN, "text": FOREIGN, "shared": False}),
        ("/api/searches", {"name": FOREIGN, "query": {}, "shared": False}),
    ):
        if (path, "POST") in {(route.path, route.method) for route in every(house)}:
            (await colleague.post(path, body)).ok(201)
    team = await house.team("Support", colleague)
    rest = {"agents": colleague.id, "people": colleague.id, "teams": team, "categories": "question", "merges": "0191", "other": secret}
    theirs = Things({"conversations": secret, "contacts": await agent.contact(secret), "files": file, "loose": loose, **rest})
    things = Things(
        {"conversations": own, "contacts": await agent.contact(own), "files": (await other.items())[0]["files"][0]["id"], **rest}
    )
    return Ground(house, owner, other, agent, things, theirs)


class Findings:
    """What was wrong, with the call that showed it."""

    def __init__(self, foreign: bytes | None) -> None:
        self.foreign = foreign
        self.wrong: list[str] = []
        self.calls = 0

    def see(self, what: str, answer: Answer, *, nonsense: bool = False) -> None:
        self.calls += 1
        bad = [secret for secret in (*SECRETS, *([self.foreign] if self.foreign else [])) if secret in answer.raw]
        ours = answer.status < 500 or b"Not built yet" in answer.raw
        if answer.status >= 400 and answer.headers["Content-Type"] == "application/problem+json":
            ours = ours and bool(answer.body["id"] and answer.body["code"] and answer.body["detail"])
        if not ours or bad or (nonsense and answer.status < 400):
            self.wrong.append(f"{what}: {answer.status} {bad or ''} {answer.raw[:300]!r}")


async def _try_all(ground: Ground, routes: list[Route], caller: Any, findings: Findings) -> None:
    """`caller()` gives whoever calls, anew for each route: one of the calls may have signed them out."""
    for route in routes:
        ground.house.clock.ahead += 61  # the limits are not what this is about
        who = await caller()
        known = await learned(ground.house, ground.things, route, who)
        kinds = {**{f"another kind: {kind}": found for kind, found in ground.theirs.ids.items()}, **ODD_IDS}
        who = await caller()
        findings.see(f"{route} own", await ask(who, known, ground.things.at(route.path), await ground.body(known)))
        if "{" in route.path:
            for what, value in kinds.items():
                ground.house.clock.ahead += 0.2
                answer = await ask(who, known, ground.things.at(route.path, value), ground.things.body(known))
                findings.see(f"{route} {what}", answer, nonsense=what in ODD_IDS)
        for name in known.fields or {}:
            who = await caller()
            for what, value in ODD.items():
                ground.house.clock.ahead += 1.0
                findings.see(
                    f"{route} {name} is {what}",
                    await ask(who, known, ground.things.at(route.path), {**await ground.body(known), name: value}),
                )


def _of(house: House, *, visitors: bool) -> list[Route]:
    return [
        route for route in every(house) if route.path.startswith("/api/visitor/") == visitors and not route.path.startswith("/socket.io")
    ]


async def test_a_visitor_gets_nothing_of_another_whatever_they_name(house: House) -> None:
    ground = await _laid_out(house)
    before = [await ground.owner.items(), (await ground.owner.get("/api/visitor/thread")).ok()["thread"]]
    findings = Findings(FOREIGN.encode())

    async def other() -> Visitor:
        return ground.other

    await _try_all(ground, _of(house, visitors=True), other, findings)
    for route in _of(house, visitors=False):  # nor by a call that is an agent's
        findings.see(str(route), await ask(ground.other, route, ground.theirs.at(route.path), {}))
    assert findings.wrong == [] and findings.calls > 100
    assert [await ground.owner.items(), (await ground.owner.get("/api/visitor/thread")).ok()["thread"]] == before


async def test_a_stranger_gets_nothing_and_changes_nothing(house: House) -> None:
    ground = await _laid_out(house)
    findings, before = Findings(FOREIGN.encode()), stored(house)
    for route in every(house):
        if route.path.startswith("/socket.io") or str(route) == "POST /api/visitor/session":
            continue
        for things in (ground.theirs, ground.things):
            findings.see(str(route), await ask(house.stranger(), route, things.at(route.path), {}))
    assert findings.wrong == []
    assert stored(house) == before


async def test_an_agent_is_answered_whatever_they_name(house: House) -> None:
    ground = await _laid_out(house)
    private = {name: ground.theirs.ids.pop(name) for name in ("loose",)}
    findings = Findings(None)

    async def admin() -> Worker:
        ground.agent.headers = house.agent_headers(await house.sign_in(ground.agent.id))
        return ground.agent

    await _try_all(ground, _of(house, visitors=False), admin, findings)
    assert findings.wrong == [] and findings.calls > 500
    who = await admin()
    for path in (f"/api/files/{private['loose']}", "/api/snippets", "/api/searches"):
        answer = await who.get(path)
        assert answer.status in (200, 404) and FOREIGN.encode() not in answer.raw, path


async def test_a_file_is_given_to_whom_each_call_shows_to_be_allowed(house: House) -> None:
    """T-23: no address of a file is a key to it: every call is asked who makes it, and an ended session ends it."""
    ground = await _laid_out(house)
    file = ground.theirs.ids["files"]
    assert (await ground.owner.get(f"/api/visitor/files/{file}")).raw == PNG
    assert (await ground.agent.get(f"/api/files/{file}")).raw == PNG
    for path in (f"/api/visitor/files/{file}", f"/api/files/{file}"):
        for query in ("", f"?token={ground.owner.token}", f"?site=demo&visitor={ground.owner.visitor}"):
            (await house.stranger().get(path + query)).problem(401)
        for headers in (
            {"Authorization": f"Bearer {ground.owner.token[:-1]}"},
            {"Authorization": f"Bearer {ground.agent.cookie}"},
            {"Cookie": f"throughline_session={ground.owner.token}"},
        ):
            (await house.stranger(**headers).get(path)).problem(401)
    (await ground.other.get(f"/api/visitor/files/{file}")).problem(404)
    assert (await ground.agent.call("DELETE", "/api/session")).status == 204
    (await ground.agent.get(f"/api/files/{file}")).problem(401)


BOMBS = {
    "deep": b"[" * 100_000, "deeper": b'{"a":' * 50_000, "digits": b'{"version":' + b"9" * 5_000 + b"}", "NaN": b'{"version":NaN}', "surrogate": b'{"x":"\\ud800"}',
    "twice": b'{"version":1,"version":2}', "BOM": b"\xef\xbb\xbf{}", "UTF-16": "{}".encode("utf-16"), "packed": b"\x1f\x8b\x08\0\0\0\0\0", "NULs": b"\0" * 1_000,
    "a long name": b'{"' + b"a" * 200_000 + b'":1}', "a long list": json.dumps({"version": [1] * 50_000}).encode(),
}  # fmt: skip


async def test_no_route_stumbles_over_a_bomb(house: House) -> None:
    ground, wrong = await _laid_out(house), []
    for route in every(house):
        if route.method in SAFE or route.path.startswith("/socket.io") or str(route) == "DELETE /api/session":
            continue
        caller: Caller = ground.other if route.path.startswith(OTHERWISE) else ground.agent
        for what, body in BOMBS.items():
            house.clock.ahead += 15
            answer = await caller.call(route.method, ground.things.at(route.path), raw=body, headers={"Content-Type": "application/json"})
            if answer.status >= 500 or b"Traceback" in answer.raw:
                wrong.append(f"{route} {what}: {answer.status} {answer.raw[:200]!r}")
    assert wrong == []
