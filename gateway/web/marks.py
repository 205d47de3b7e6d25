"""The agents' API: what agents say about a conversation, its tags, its links, and that it is spam (docs/api.md)."""

from __future__ import annotations

from typing import Annotated, Literal

from aiohttp import web
from pydantic import Field

from gateway.flow import mark, relate, spam
from gateway.flow.mark import Changes
from gateway.model import Agent, Conversation, ConversationId
from gateway.web import limits, shapes
from gateway.web.acts import VersionBody, acting
from gateway.web.agents import conversation_id
from gateway.web.auth import signed_in
from gateway.web.context import CONTEXT, Context

MOST_WORDS = 40
"""Tags in one request, of each list: twice what a conversation may bear."""


class ChangeBody(VersionBody):
    priority: int = 2
    subject: Annotated[str, Field(max_length=10_000)] = ""
    category: limits.Id | None = None
    due_at: int | None = None


class TagsBody(limits.Body):
    add: Annotated[tuple[str, ...], Field(max_length=MOST_WORDS)] = ()
    remove: Annotated[tuple[str, ...], Field(max_length=MOST_WORDS)] = ()


class LinkBody(limits.Body):
    other: limits.OneLine
    kind: Literal["related", "duplicate_of", "blocked_by"]


class SpamBody(VersionBody):
    block: bool = False


async def _change(ctx: Context, agent: Agent, which: ConversationId, request: web.Request) -> Conversation:
    body = await limits.json_body(request, ChangeBody)
    wanted: Changes = {}
    if "priority" in body.model_fields_set:
        wanted["priority"] = body.priority
    if "subject" in body.model_fields_set:
        wanted["subject"] = body.subject
    if "category" in body.model_fields_set:
        wanted["category"] = body.category
    if "due_at" in body.model_fields_set:
        wanted["due_at"] = body.due_at
    return await ctx.db.run(mark.change, agent.id, which, body.version, wanted)


async def _tag(ctx: Context, agent: Agent, which: ConversationId, request: web.Request) -> Conversation:
    body = await limits.json_body(request, TagsBody)
    return await ctx.db.run(mark.tag, agent.id, which, body.add, body.remove)


async def _spam(ctx: Context, agent: Agent, which: ConversationId, request: web.Request) -> Conversation:
    body = await limits.json_body(request, SpamBody)
    return await ctx.db.run(spam.mark, agent.id, which, body.version, body.block)


async def _unspam(ctx: Context, agent: Agent, which: ConversationId, request: web.Request) -> Conversation:
    body = await limits.json_body(request, VersionBody)
    return await ctx.db.run(spam.unmark, agent.id, which, body.version)


async def _links(ctx: Context, agent: Agent, which: ConversationId) -> web.Response:
    return web.json_response({"links": await ctx.db.read(shapes.read_links, agent.id, which)})


async def link(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    body = await limits.json_body(request, LinkBody)
    await ctx.db.run(relate.link, agent.id, conversation_id(request), body.other, body.kind)
    return await _links(ctx, agent, conversation_id(request))


async def unlink(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    body = await limits.json_body(request, LinkBody)
    await ctx.db.run(relate.unlink, agent.id, conversation_id(request), body.other, body.kind)
    return await _links(ctx, agent, conversation_id(request))


def routes() -> list[web.RouteDef]:
    return [
        web.put("/api/conversations/{id}", acting(_change)),
        web.post("/api/conversations/{id}/tags", acting(_tag)),
        web.post("/api/conversations/{id}/links", link),
        web.post("/api/conversations/{id}/unlink", unlink),
        web.post("/api/conversations/{id}/spam", acting(_spam)),
        web.post("/api/conversations/{id}/unspam", acting(_unspam)),
    ]
