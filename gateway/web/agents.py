"""The agents' API, reading: conversations, timelines, colleagues (docs/api.md)."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from gateway.db.database import Tx
from gateway.errors import NotFound
from gateway.flow import rights, route
from gateway.json import loads
from gateway.model import AgentId, ConversationId
from gateway.store import agents, assignments, contacts, conversations, messages, teams
from gateway.web import audit, limits, shapes, uploads
from gateway.web.auth import signed_in
from gateway.web.context import CONTEXT


async def colleagues(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    await signed_in(request, ctx)
    return web.json_response({"agents": await ctx.db.read(read_agents)})


def read_work(tx: Tx) -> tuple[dict[str, list[dict[str, Any]]], dict[str, list[str]]]:
    """By agent: places of each class as the API shows them, and ids of teams."""
    places: dict[str, list[dict[str, Any]]] = {}
    for load in agents.list_loads(tx):
        places.setdefault(load.agent_id, []).append({"class": load.load_class, "load": load.load, "cap": load.cap})
    joined: dict[str, list[str]] = {}
    for team_id, agent_id in teams.list_members(tx):
        joined.setdefault(agent_id, []).append(team_id)
    return places, joined


def read_agents(tx: Tx) -> list[dict[str, Any]]:
    here, (places, joined) = agents.list_present(tx), read_work(tx)
    return [
        {
            "id": agent.id,
            "name": agent.name,
            "availability": agent.availability,
            "here": agent.id in here,
            "load": places.get(agent.id, []) if rights.has(agent, "reply") else [],
            "teams": joined.get(agent.id, []),
        }
        for agent in agents.list_agents(tx)
    ]


def conversation_id(request: web.Request) -> ConversationId:
    return ConversationId(limits.path_id(request))


async def shown(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent, which = await signed_in(request, ctx), conversation_id(request)
    await audit.note(ctx, agent, "read", conversation=which)
    return web.json_response(await ctx.db.read(_shown_whole, agent.id, which))


def _shown_whole(tx: Tx, reader: AgentId, which: ConversationId) -> dict[str, Any]:
    conversation = conversations.get_conversation(tx, which)
    return {
        "conversation": shapes.read_row(tx, reader, which),
        "contact": shapes.read_card(tx, contacts.get_contact(tx, conversation.contact_id), reader, which),
        "joined": [{"id": other.id, "number": other.number} for other in conversations.list_joined(tx, which)],
        "joined_to": conversation.joined_to,
        "links": shapes.read_links(tx, reader, which),
    }


async def entries(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent, which = await signed_in(request, ctx), conversation_id(request)
    after, before = (limits.whole(request, name, -1, 0, 1 << 53) for name in ("after", "before"))
    limit = limits.whole(request, "limit", shapes.PAGE, 1, 200)
    await audit.note(ctx, agent, "read", conversation=which)
    return web.json_response(await ctx.db.read(_entries, which, after, before, limit))


def _entries(tx: Tx, which: ConversationId, after: int, before: int, limit: int) -> dict[str, Any]:
    conversation = conversations.get_conversation(tx, which)
    found = shapes.read_entries(tx, conversation, None if after < 0 else after, None if before < 0 else before, limit)
    return {"entries": found, "last_seq": conversation.last_seq}


async def why(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent, which = await signed_in(request, ctx), conversation_id(request)
    await audit.note(ctx, agent, "read", conversation=which)
    return web.json_response({"assignments": await ctx.db.read(read_why, which)})


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


async def download(request: web.Request) -> web.StreamResponse:
    """Any file of a message; one that was not sent yet only for who uploaded it."""
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    file = await ctx.db.read(uploads.find, limits.path_id(request))
    if file.message_id is None and file.owner != agent.id:
        raise NotFound("There is no such file.")
    if file.message_id is not None:
        message = await ctx.db.read(messages.get_message, file.message_id)
        await audit.note(ctx, agent, "downloaded", conversation=message.conversation_id, detail={"file": file.id})
    return await uploads.give(request, ctx, file)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/agents", colleagues),
        web.get("/api/conversations/{id}", shown),
        web.get("/api/conversations/{id}/entries", entries),
        web.get("/api/conversations/{id}/why", why),
        web.get("/api/files/{id}", download),
    ]
