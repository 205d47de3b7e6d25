"""The agents' API, reading: lists, conversations, timelines, cards, colleagues (docs/api.md)."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from aiohttp import web

from gateway.db.database import Tx
from gateway.errors import Invalid, NotFound
from gateway.flow import route
from gateway.json import dumps, loads
from gateway.model import AgentId, ContactId, ConversationId
from gateway.store import agents, assignments, categories, contacts, conversations, inbox, search
from gateway.web import limits, shapes, uploads
from gateway.web.auth import signed_in
from gateway.web.context import CONTEXT


async def colleagues(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    await signed_in(request, ctx)
    return web.json_response({"agents": await ctx.db.read(read_agents)})


def read_agents(tx: Tx) -> list[dict[str, Any]]:
    here = agents.list_present(tx)
    places: dict[str, list[dict[str, Any]]] = {}
    for load in agents.list_loads(tx):
        places.setdefault(load.agent_id, []).append({"class": load.load_class, "load": load.load, "cap": load.cap})
    teams: dict[str, list[str]] = {}
    for team_id, agent_id in agents.list_members(tx):
        teams.setdefault(agent_id, []).append(team_id)
    return [
        {
            "id": agent.id,
            "name": agent.name,
            "availability": agent.availability,
            "here": agent.id in here,
            "load": places.get(agent.id, []),
            "teams": teams.get(agent.id, []),
        }
        for agent in agents.list_agents(tx)
    ]


async def teams(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    await signed_in(request, ctx)
    found = await ctx.db.read(agents.list_teams)
    return web.json_response({"teams": [{"id": team.id, "name": team.name} for team in found]})


async def kinds(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    await signed_in(request, ctx)
    found = await ctx.db.read(categories.list_categories)
    return web.json_response({"categories": [{"id": category_id, "name": name} for category_id, name in found]})


async def counts(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    return web.json_response((await ctx.db.read(inbox.count, agent.id))._asdict())


async def listed(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    view, state = limits.one(request, "view", "all") or "", limits.one(request, "state", "open") or ""
    if view not in inbox.VIEWS:
        raise Invalid(f"“view” is one of {', '.join(inbox.VIEWS)}.", field="view")
    if state not in inbox.STATES:
        raise Invalid(f"“state” is one of {', '.join(inbox.STATES)}.", field="state")
    limit = limits.whole(request, "limit", 50, 1, 200)
    after = _cursor(limits.one(request, "cursor"))
    words, team = limits.one(request, "q", "") or "", limits.one(request, "team", "") or ""
    if words.strip():
        return web.json_response(await ctx.db.read(_searched, agent.id, words, view, state, team, limit))
    found = await ctx.db.read(_listed, agent.id, view, state, team, after, limit)
    more = dumps(inbox.cursor_of(view, found[-1])) if len(found) == limit else None
    cursor = None if more is None else base64.urlsafe_b64encode(more.encode()).decode()
    return web.json_response({"rows": [shapes.row(row) for row in found], "cursor": cursor})


def _listed(tx: Tx, reader: AgentId, view: str, state: str, team: str, after: inbox.Cursor | None, limit: int) -> list[inbox.Row]:
    return inbox.list_rows(tx, reader, view, state, team_id=team, after=after, limit=limit)


def _searched(tx: Tx, reader: AgentId, words: str, view: str, state: str, team: str, limit: int) -> dict[str, Any]:
    """Full-text matches that the view, state and team let through; no further pages."""
    found = inbox.list_rows_of(tx, reader, search.list_matches(tx, words, 200, None))
    rows = [row for row in found if _shown(row, reader, view, state, team)]
    return {"rows": [shapes.row(row) for row in rows[:limit]], "cursor": None}


def _shown(row: inbox.Row, reader: AgentId, view: str, state: str, team: str) -> bool:
    conversation = row.conversation
    if conversation.state == "joined" or (state != "any" and conversation.state != state) or team not in ("", conversation.team_id):
        return False
    return view == "all" or conversation.assignee_id == (reader if view == "mine" else None)


def _cursor(text: str | None) -> inbox.Cursor | None:
    if not text:
        return None
    try:
        at, name = loads(base64.b64decode(text, altchars=b"-_", validate=True).decode())
    except (ValueError, TypeError, binascii.Error):
        raise Invalid("This “cursor” is not one of ours.", field="cursor") from None
    if type(at) is not int or type(name) is not str or abs(at) >= 1 << 62 or not name.isascii() or "\0" in name:
        raise Invalid("This “cursor” is not one of ours.", field="cursor")
    return at, name


def conversation_id(request: web.Request) -> ConversationId:
    return ConversationId(limits.path_id(request))


async def shown(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    return web.json_response(await ctx.db.read(_shown_whole, agent.id, conversation_id(request)))


def _shown_whole(tx: Tx, reader: AgentId, which: ConversationId) -> dict[str, Any]:
    conversation = conversations.get_conversation(tx, which)
    return {
        "conversation": shapes.read_row(tx, reader, which),
        "contact": shapes.read_card(tx, contacts.get_contact(tx, conversation.contact_id), reader, which),
        "joined": [other.id for other in conversations.list_joined(tx, which)],
        "joined_to": conversation.joined_to,
    }


async def entries(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    await signed_in(request, ctx)
    after, before = (limits.whole(request, name, -1, 0, 1 << 53) for name in ("after", "before"))
    limit = limits.whole(request, "limit", shapes.PAGE, 1, 200)
    return web.json_response(await ctx.db.read(_entries, conversation_id(request), after, before, limit))


def _entries(tx: Tx, which: ConversationId, after: int, before: int, limit: int) -> dict[str, Any]:
    conversation = conversations.get_conversation(tx, which)
    found = shapes.read_entries(tx, conversation, None if after < 0 else after, None if before < 0 else before, limit)
    return {"entries": found, "last_seq": conversation.last_seq}


async def why(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    await signed_in(request, ctx)
    return web.json_response({"assignments": await ctx.db.read(read_why, conversation_id(request))})


def read_why(tx: Tx, which: ConversationId) -> list[dict[str, Any]]:
    """Every assignment with its reason and, where the router decided, the rule that took each other agent out."""
    conversations.get_conversation(tx, which)
    names: dict[str, str] = {}

    def named(agent_id: str) -> dict[str, str]:
        if agent_id not in names:
            found = agents.find_agent(tx, AgentId(agent_id))
            names[agent_id] = found.name if found else ""
        return {"id": agent_id, "name": names[agent_id]}

    return [
        {
            "at": assignment.at,
            "agent": named(assignment.agent_id),
            "decided_by": assignment.decided_by,
            "reason": assignment.reason,
            "ended_at": assignment.ended_at,
            "end_reason": assignment.end_reason,
            "considered": [
                {"agent": named(verdict["agent_id"]), "out": route.explained(verdict["out"])} for verdict in loads(assignment.verdicts)
            ],
        }
        for assignment in assignments.list_assignments(tx, which)
    ]


async def card(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    contact = await ctx.db.read(contacts.get_contact, ContactId(limits.path_id(request)))
    return web.json_response(await ctx.db.read(shapes.read_card, contact, agent.id))


async def download(request: web.Request) -> web.StreamResponse:
    """Any file of a message; one that was not sent yet only for who uploaded it."""
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    file = await ctx.db.read(uploads.find, limits.path_id(request))
    if file.message_id is None and file.owner != agent.id:
        raise NotFound("There is no such file.")
    return await uploads.give(request, ctx, file)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/agents", colleagues),
        web.get("/api/teams", teams),
        web.get("/api/categories", kinds),
        web.get("/api/counts", counts),
        web.get("/api/conversations", listed),
        web.get("/api/conversations/{id}", shown),
        web.get("/api/conversations/{id}/entries", entries),
        web.get("/api/conversations/{id}/why", why),
        web.get("/api/contacts/{id}", card),
        web.get("/api/files/{id}", download),
    ]
