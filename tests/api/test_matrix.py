"""Who may call what (T-22, R-60): every route there is, for every kind of caller. A route without a row here fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web

from gateway.flow import accounts
from gateway.model import AgentId
from gateway.web import server
from gateway.web.health import Readiness
from gateway.web.sockets import Sockets
from tests.api.house import PNG, Caller, House, Visitor, Worker

# What each caller gets: anonymous, the visitor whose things they are, another visitor, an agent, a viewer, a disabled agent.
CALLERS = ("anonymous", "owner", "other", "agent", "viewer", "disabled")
OPEN = (200,) * 6
VISITORS = (401, 200, 200, 401, 401, 401)
READS = (401, 401, 401, 200, 200, 401)
WRITES = (403, 403, 403, 200, 403, 401)
OWN = (403, 403, 403, 200, 200, 401)
# Leads, managers and admins only: who of them is in tests/api/test_people.py and tests/api/test_audit.py.
ABOVE_READS = (401, 401, 401, 403, 403, 401)
ABOVE = (403, 403, 403, 403, 403, 401)

# method and path → (body, what each caller gets). 200 stands for any success, a number for itself.
TABLE: dict[tuple[str, str], tuple[Any, tuple[int, ...]]] = {
    ("GET", "/healthz"): (None, OPEN),
    ("GET", "/readyz"): (None, OPEN),
    ("GET", "/metrics"): (None, OPEN),
    ("GET", "/widget.js"): (None, OPEN),
    ("GET", "/chat/"): (None, OPEN),
    ("GET", "/chat"): (None, (308,) * 6),
    ("GET", "/inbox"): (None, (308,) * 6),
    ("GET", "/chat/{name}"): (None, (404,) * 6),
    ("GET", "/inbox/"): (None, OPEN),
    ("GET", "/inbox/{name}"): (None, (404,) * 6),
    ("GET", "/"): (None, (302,) * 6),
    ("GET", "/hooks/{channel}"): (None, (404,) * 6),
    ("POST", "/hooks/{channel}"): ({}, (404,) * 6),
    ("GET", "/socket.io/"): (None, (400,) * 6),
    ("POST", "/socket.io/"): (None, (400,) * 6),
    ("OPTIONS", "/socket.io/"): (None, (400,) * 6),
    ("GET", "/api/visitor/config"): (None, OPEN),
    ("POST", "/api/visitor/session"): ({"site": "demo"}, OPEN),
    ("GET", "/api/visitor/thread"): (None, VISITORS),
    ("GET", "/api/visitor/items"): (None, VISITORS),
    ("GET", "/api/visitor/earlier"): (None, VISITORS),
    ("POST", "/api/visitor/messages"): ({"client_id": "matrix-0001", "text": "x"}, VISITORS),
    ("POST", "/api/visitor/seen"): ({"pub": 1}, VISITORS),
    ("POST", "/api/visitor/delivered"): ({"pub": 1}, VISITORS),
    ("POST", "/api/visitor/claim"): ({"address": "a@b.fi"}, VISITORS),
    ("POST", "/api/visitor/person"): ({}, VISITORS),
    ("POST", "/api/visitor/rating"): ({"score": 5}, (401, 409, 409, 401, 401, 401)),
    ("POST", "/api/visitor/solved"): ({"solved": True}, VISITORS),
    ("POST", "/api/visitor/files"): (PNG, VISITORS),
    ("GET", "/api/visitor/files/{id}"): (None, (401, 200, 404, 401, 401, 401)),
    ("POST", "/api/session"): ({"email": "x@desk.example", "password": "x"}, (403, 403, 403, 401, 401, 401)),
    ("POST", "/api/session/link"): ({"token": "x"}, (403, 403, 403, 401, 401, 401)),
    ("GET", "/api/me"): (None, READS),
    ("PUT", "/api/me/availability"): ({"availability": "available"}, OWN),
    ("PUT", "/api/me/password"): ({"old": "x", "new": "x"}, (403, 403, 403, 400, 400, 401)),
    ("DELETE", "/api/session"): (None, OWN),
    ("GET", "/api/agents"): (None, READS),
    ("GET", "/api/teams"): (None, READS),
    ("GET", "/api/categories"): (None, READS),
    ("POST", "/api/categories"): ({"name": "x"}, ABOVE),
    ("PUT", "/api/categories/{id}"): ({"hidden": True}, ABOVE),
    ("POST", "/api/teams"): ({"name": "x"}, ABOVE),
    ("PUT", "/api/teams/{id}"): ({"name": "x"}, ABOVE),
    ("DELETE", "/api/teams/{id}"): (None, ABOVE),
    ("GET", "/api/people"): (None, ABOVE_READS),
    ("POST", "/api/people"): ({"name": "x", "email": "x@desk.example", "role": "viewer"}, ABOVE),
    ("PUT", "/api/people/{id}"): ({"role": "admin"}, ABOVE),
    ("POST", "/api/people/{id}/link"): ({}, ABOVE),
    ("POST", "/api/people/{id}/disable"): ({}, ABOVE),
    ("POST", "/api/people/{id}/enable"): ({}, ABOVE),
    ("GET", "/api/audit"): (None, ABOVE_READS),
    ("GET", "/api/counts"): (None, READS),
    ("GET", "/api/conversations"): (None, READS),
    ("GET", "/api/conversations/{id}"): (None, READS),
    ("GET", "/api/conversations/{id}/entries"): (None, READS),
    ("GET", "/api/conversations/{id}/why"): (None, READS),
    ("GET", "/api/contacts/{id}"): (None, READS),
    ("GET", "/api/files/{id}"): (None, READS),
    ("POST", "/api/conversations"): ({"name": "Somebody", "text": "a note"}, WRITES),
    ("POST", "/api/conversations/{id}/replies"): ({"client_id": "matrix-0002", "text": "x"}, WRITES),
    ("POST", "/api/conversations/{id}/notes"): ({"client_id": "matrix-0003", "text": "x"}, WRITES),
    ("POST", "/api/conversations/{id}/seen"): ({"seq": 1}, OWN),
    ("POST", "/api/conversations/{id}/take"): ("version", WRITES),
    ("POST", "/api/conversations/{id}/handover"): ("version", WRITES),
    ("POST", "/api/conversations/{id}/accept"): ("version", (403, 403, 403, 409, 403, 401)),
    ("POST", "/api/conversations/{id}/decline"): ("version", (403, 403, 403, 409, 403, 401)),
    ("POST", "/api/conversations/{id}/resolve"): ("resolve", WRITES),
    ("POST", "/api/conversations/{id}/reopen"): ("version", (403, 403, 403, 409, 403, 401)),
    ("POST", "/api/conversations/{id}/snooze"): ("snooze", WRITES),
    ("GET", "/api/next"): (None, READS),
    ("GET", "/api/tags"): (None, READS),
    ("PUT", "/api/conversations/{id}"): ("version", WRITES),
    ("POST", "/api/conversations/{id}/tags"): ({"add": ["vip"]}, WRITES),
    ("POST", "/api/conversations/{id}/links"): ({"other": "0191", "kind": "related"}, (403, 403, 403, 404, 403, 401)),
    ("POST", "/api/conversations/{id}/unlink"): ({"other": "0191", "kind": "related"}, (403, 403, 403, 404, 403, 401)),
    ("POST", "/api/conversations/{id}/spam"): ("version", WRITES),
    ("POST", "/api/conversations/{id}/unspam"): ("version", (403, 403, 403, 409, 403, 401)),
    ("POST", "/api/conversations/bulk"): ({"act": "reopen", "items": []}, (403, 403, 403, 403, 403, 401)),
    ("GET", "/api/contacts"): (None, READS),
    ("POST", "/api/contacts/{id}/unblock"): ({}, WRITES),
    ("POST", "/api/conversations/{id}/join"): ("join", (403, 403, 403, 400, 403, 401)),
    ("POST", "/api/conversations/{id}/part"): ("version", (403, 403, 403, 409, 403, 401)),
    ("POST", "/api/conversations/{id}/split"): ("split", (403, 403, 403, 400, 403, 401)),
    ("POST", "/api/files"): (PNG, WRITES),
    ("GET", "/api/snippets"): (None, READS),
    ("POST", "/api/snippets"): ({"name": "hei", "text": "Hei {first_name}"}, WRITES),
    ("PUT", "/api/snippets/{id}"): ({"name": "hei", "text": "Hei"}, (403, 403, 403, 404, 404, 401)),
    ("DELETE", "/api/snippets/{id}"): (None, (403, 403, 403, 404, 404, 401)),
    ("POST", "/api/snippets/{id}/fill"): ({"conversation": "0191"}, (403, 403, 403, 404, 403, 401)),
    ("GET", "/api/placeholders"): (None, READS),
    ("GET", "/api/searches"): (None, READS),
    ("POST", "/api/searches"): ({"name": "vip", "query": {"tag": "vip"}}, OWN),
    ("DELETE", "/api/searches/{id}"): (None, (403, 403, 403, 404, 404, 401)),
    ("POST", "/api/contacts/{id}/merge"): ({"other": "0191"}, (403, 403, 403, 404, 403, 401)),
    ("PUT", "/api/contacts/{id}"): ({"name": "Aino"}, WRITES),
    ("POST", "/api/merges/{id}/undo"): (None, (403, 403, 403, 404, 403, 401)),
    # The last one: from then on nothing is taken from the owner.
    ("POST", "/api/contacts/{id}/block"): ({}, WRITES),
}


def routes(app: web.Application) -> set[tuple[str, str]]:
    """HEAD goes where GET goes."""
    found = app.router.routes()
    return {(route.method, route.resource.canonical) for route in found if route.resource is not None and route.method != "HEAD"}


async def test_every_route_has_its_row(house: House) -> None:
    ctx = house.gateway.context
    assert ctx is not None
    app = server.make(ctx, Sockets(ctx), Readiness({}, house.clock), None)
    assert not (missing := routes(app) - set(TABLE)), f"who may call these? {sorted(missing)}"
    assert not (gone := set(TABLE) - routes(app)), f"these rows have no route any more: {sorted(gone)}"


@dataclass
class Things:
    """What the paths name."""

    conversation: str
    contact: str
    file: str


async def _things(owner: Visitor, agent: Worker) -> Things:
    file = (await owner.upload(PNG)).ok(201)["file"]["id"]
    conversation = (await owner.say("hei", files=[file]))["thread"]["id"]
    return Things(conversation, await agent.contact(conversation), file)


def _path(path: str, things: Things) -> str:
    if path == "/api/visitor/config":
        return path + "?site=demo"
    if path == "/chat/":
        return path + "?site=demo"
    if path.startswith("/api/merges"):
        return path.replace("{id}", "0191")
    named = things.contact if "/contacts/" in path else things.file if "/files/" in path else things.conversation
    return path.replace("{id}", named).replace("{channel}", "none").replace("{name}", "none")


async def _body(body: Any, things: Things, agent: Worker, now: int) -> Any:
    if body in ("version", "resolve", "snooze", "join", "split"):
        version = (await agent.row(things.conversation))["version"]
        needs: dict[str, dict[str, Any]] = {
            "resolve": {"category": "question"},
            "snooze": {"until": now + 10**9},
            "join": {"other": things.conversation},
            "split": {"messages": ["0191"]},
        }
        more = needs.get(body, {})
        return {"version": version, **more}
    return body


@pytest.mark.parametrize("caller", CALLERS)
async def test_the_matrix(house: House, caller: str) -> None:
    house.clock.ahead = 1.0
    agent, owner = await house.agent("Reader"), await house.visitor()
    others = await house.visitor()
    await others.say("moi")
    column, wrong = CALLERS.index(caller), []
    for (method, path), (body, expected) in TABLE.items():
        house.clock.ahead += 61  # the limits are not what this is about
        things = await _things(owner, agent)
        who = await _who(house, caller, owner, others)
        data = await _body(body, things, agent, house.clock.now())
        raw = data if isinstance(data, bytes) else None
        answer = await who.call(method, _path(path, things), None if raw else data, raw=raw)
        want = expected[column]
        good = 200 <= answer.status < 300 if want == 200 else answer.status == want
        if not good:
            wrong.append(f"{method} {path}: {answer.status} where {want} is due, {answer.raw[:120]!r}")
    assert not wrong, "\n".join(wrong)


async def _who(house: House, caller: str, owner: Visitor, other: Visitor) -> Caller:
    match caller:
        case "anonymous":
            return house.stranger()
        case "owner":
            return owner
        case "other":
            return other
    agent = await house.agent("Somebody", "viewer" if caller == "viewer" else "agent")
    if caller == "disabled":
        await house.gateway.db.run(accounts.disable, AgentId(agent.id))
    return agent
