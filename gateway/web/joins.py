"""The agents' API: conversations joined, parted and split (docs/api.md)."""

from __future__ import annotations

from aiohttp import web

from gateway.errors import Invalid
from gateway.flow import join, split
from gateway.model import Agent, Conversation, MessageId
from gateway.store import conversations
from gateway.web import limits, shapes
from gateway.web.agents import conversation_id
from gateway.web.auth import signed_in
from gateway.web.context import CONTEXT, Context


class JoinBody(limits.Body):
    version: int
    other: limits.OneLine


class PartBody(limits.Body):
    version: int


class SplitBody(limits.Body):
    version: int
    messages: tuple[limits.Id, ...]
    subject: str = ""


async def _told(ctx: Context, agent: Agent, conversation: Conversation, status: int = 200) -> web.Response:
    row = await ctx.db.read(shapes.read_row, agent.id, conversation.id)
    return web.json_response({"conversation": row}, status=status)


async def joined(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    body = await limits.json_body(request, JoinBody)
    other = await ctx.db.read(conversations.get_named, body.other)
    return await _told(ctx, agent, await ctx.db.run(join.join, agent.id, conversation_id(request), body.version, other.id))


async def parted(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    body = await limits.json_body(request, PartBody)
    return await _told(ctx, agent, await ctx.db.run(join.part, agent.id, conversation_id(request), body.version))


async def divided(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    body = await limits.json_body(request, SplitBody)
    limits.short(body.subject, 300, "subject")
    if len(body.messages) > split.MOST:
        raise Invalid(f"At most {split.MOST} messages leave at once.", field="messages")
    chosen = [MessageId(which) for which in body.messages]
    made = await ctx.db.run(split.split, agent.id, conversation_id(request), body.version, chosen, body.subject)
    return await _told(ctx, agent, made, status=201)


def routes() -> list[web.RouteDef]:
    return [
        web.post("/api/conversations/{id}/join", joined),
        web.post("/api/conversations/{id}/part", parted),
        web.post("/api/conversations/{id}/split", divided),
    ]
