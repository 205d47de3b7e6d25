"""The agents' API: snippets, placeholders and saved searches (docs/api.md)."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from gateway.flow import placeholders, rights, shelf
from gateway.json import loads
from gateway.model import Agent, ConversationId, SavedSearch, SearchId, Snippet, SnippetId
from gateway.store import shelf as kept
from gateway.web import limits
from gateway.web.auth import signed_in
from gateway.web.context import CONTEXT


class SnippetBody(limits.Body):
    name: str
    text: str
    shared: bool = False


class FillBody(limits.Body):
    conversation: limits.Id


class SearchBody(limits.Body):
    name: str
    query: dict[str, str]
    shared: bool = False


def _snippet(record: Snippet, reader: Agent) -> dict[str, Any]:
    mine = record.agent_id == reader.id
    return {"id": record.id, "name": record.name, "text": record.text, "shared": bool(record.shared), "mine": mine}


def _search(record: SavedSearch, reader: Agent) -> dict[str, Any]:
    mine = record.agent_id == reader.id
    return {"id": record.id, "name": record.name, "query": loads(record.query), "shared": bool(record.shared), "mine": mine}


async def snippets(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    return web.json_response({"snippets": [_snippet(record, agent) for record in await ctx.db.read(kept.list_snippets, agent.id)]})


async def _snippet_body(request: web.Request) -> SnippetBody:
    ctx = request.app[CONTEXT]
    body = await limits.json_body(request, SnippetBody, limit=ctx.bounds.text_chars * 12 + 20_000)
    limits.short(body.text, ctx.bounds.text_chars, "text")
    return body


async def add_snippet(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    body = await _snippet_body(request)
    record = await ctx.db.run(shelf.add_snippet, agent.id, body.name, body.text, body.shared)
    return web.json_response({"snippet": _snippet(record, agent)}, status=201)


async def change_snippet(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    body = await _snippet_body(request)
    which = SnippetId(limits.path_id(request))
    return web.json_response(
        {"snippet": _snippet(await ctx.db.run(shelf.change_snippet, agent.id, which, body.name, body.text, body.shared), agent)}
    )


async def drop_snippet(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    await ctx.db.run(shelf.drop_snippet, agent.id, SnippetId(limits.path_id(request)))
    return web.Response(status=204)


async def fill(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = rights.require(await signed_in(request, ctx), "reply")
    body = await limits.json_body(request, FillBody)
    text = await ctx.db.read(shelf.filled, agent, SnippetId(limits.path_id(request)), ConversationId(body.conversation))
    return web.json_response({"text": text})


async def known(request: web.Request) -> web.Response:
    await signed_in(request, request.app[CONTEXT])
    listed = [{"name": name, "meaning": meaning} for name, meaning in placeholders.PLACEHOLDERS.items()]
    return web.json_response({"placeholders": listed})


async def searches(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    return web.json_response({"searches": [_search(record, agent) for record in await ctx.db.read(kept.list_searches, agent.id)]})


async def add_search(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    body = await limits.json_body(request, SearchBody)
    record = await ctx.db.run(shelf.add_search, agent.id, body.name, body.query, body.shared)
    return web.json_response({"search": _search(record, agent)}, status=201)


async def drop_search(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    await ctx.db.run(shelf.drop_search, agent.id, SearchId(limits.path_id(request)))
    return web.Response(status=204)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/snippets", snippets),
        web.post("/api/snippets", add_snippet),
        web.put("/api/snippets/{id}", change_snippet),
        web.delete("/api/snippets/{id}", drop_snippet),
        web.post("/api/snippets/{id}/fill", fill),
        web.get("/api/placeholders", known),
        web.get("/api/searches", searches),
        web.post("/api/searches", add_search),
        web.delete("/api/searches/{id}", drop_search),
    ]
