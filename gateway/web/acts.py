"""The agents' API, acting: reply, note, take, hand over, resolve, and the rest (docs/api.md)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from channels.contract import Address, ChannelId
from gateway.errors import Invalid
from gateway.flow import lifecycle, people, reply, rights, route
from gateway.flow.reply import Draft, Said
from gateway.model import Agent, AgentId, ContactId, Conversation, ConversationId, TeamId
from gateway.web import limits, shapes, uploads
from gateway.web.agents import conversation_id
from gateway.web.auth import signed_in
from gateway.web.context import CONTEXT, Context

MOST_FILES = 10


class SayBody(limits.Body):
    client_id: str
    text: str = ""
    files: tuple[limits.Id, ...] = ()
    address: limits.OneLine | None = None
    as_is: bool = False


class VersionBody(limits.Body):
    version: int


class HandOverBody(VersionBody):
    agent: limits.Id | None = None
    team: limits.Id | None = None
    note: str = ""


class ResolveBody(VersionBody):
    category: limits.Id | None = None


class SnoozeBody(VersionBody):
    until: int


class SeenBody(limits.Body):
    seq: int


class OpenBody(limits.Body):
    contact: limits.Id | None = None
    address: str | None = None
    name: str = ""
    subject: str = ""
    text: str = ""


def _draft(body: SayBody, ctx: Context) -> Draft:
    if not 8 <= len(body.client_id) <= 64 or not body.client_id.isprintable():
        raise Invalid("“client_id” is 8 to 64 characters of your choice.", field="client_id")
    _short(body.text, ctx.bounds.text_chars, "text")
    if len(body.files) > MOST_FILES:
        raise Invalid(f"A message carries at most {MOST_FILES} files.", field="files")
    address = None if body.address is None else Address(body.address)
    return Draft(client_id=body.client_id, text=body.text, files=body.files, address=address, as_is=body.as_is)


def _short(text: str, most: int, field: str) -> None:
    if len(text) > most:
        raise Invalid(f"This is longer than {most:,} characters.", field=field)


async def _told(ctx: Context, agent: Agent, said: Said) -> web.Response:
    entries = await ctx.db.read(shapes.read_message_entries, [said.message])
    row = await ctx.db.read(shapes.read_row, agent.id, said.conversation.id)
    return web.json_response({"entry": entries[0], "conversation": row})


async def _row(ctx: Context, agent: Agent, conversation: Conversation, status: int = 200) -> web.Response:
    return web.json_response({"conversation": await ctx.db.read(shapes.read_row, agent.id, conversation.id)}, status=status)


async def answer(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    draft = _draft(await limits.json_body(request, SayBody, limit=ctx.bounds.text_chars * 12 + 20_000), ctx)
    return await _told(ctx, agent, await ctx.db.run(reply.reply, agent.id, conversation_id(request), draft, ctx.policy, ctx.abilities))


async def note(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    draft = _draft(await limits.json_body(request, SayBody, limit=ctx.bounds.text_chars * 12 + 20_000), ctx)
    return await _told(ctx, agent, await ctx.db.run(reply.note, agent.id, conversation_id(request), draft))


Act = Callable[[Context, Agent, ConversationId, web.Request], Awaitable[Conversation]]


def acting(do: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler that does something to one conversation and answers with its row."""

    async def handler(request: web.Request) -> web.Response:
        ctx = request.app[CONTEXT]
        agent = await signed_in(request, ctx)
        return await _row(ctx, agent, await do(ctx, agent, conversation_id(request), request))

    return handler


async def _take(ctx: Context, agent: Agent, which: ConversationId, request: web.Request) -> Conversation:
    body = await limits.json_body(request, VersionBody)
    return await ctx.db.run(lifecycle.take, agent.id, which, body.version)


async def _hand_over(ctx: Context, agent: Agent, which: ConversationId, request: web.Request) -> Conversation:
    body = await limits.json_body(request, HandOverBody, limit=ctx.bounds.text_chars * 12 + 20_000)
    if body.agent is not None and body.team is not None:
        raise Invalid("Hand over to an agent or to a team, not to both.", field="team")
    _short(body.note, ctx.bounds.text_chars, "note")
    to_agent = None if body.agent is None else AgentId(body.agent)
    to_team = None if body.team is None else TeamId(body.team)
    return await ctx.db.run(lifecycle.hand_over, agent.id, which, body.version, to_agent, to_team, body.note)


async def _accept(ctx: Context, agent: Agent, which: ConversationId, request: web.Request) -> Conversation:
    body = await limits.json_body(request, VersionBody)
    return await ctx.db.run(route.accept_offer, agent.id, which, body.version)


async def _decline(ctx: Context, agent: Agent, which: ConversationId, request: web.Request) -> Conversation:
    await limits.json_body(request, VersionBody)
    rights.require(agent, "reply")
    return await ctx.db.run(route.pass_offer, which, "declined", agent.id)


async def _resolve(ctx: Context, agent: Agent, which: ConversationId, request: web.Request) -> Conversation:
    body = await limits.json_body(request, ResolveBody)
    return await ctx.db.run(lifecycle.resolve, agent.id, which, body.version, body.category, ctx.policy)


async def _reopen(ctx: Context, agent: Agent, which: ConversationId, request: web.Request) -> Conversation:
    body = await limits.json_body(request, VersionBody)
    return await ctx.db.run(lifecycle.reopen, agent.id, which, body.version)


async def _snooze(ctx: Context, agent: Agent, which: ConversationId, request: web.Request) -> Conversation:
    body = await limits.json_body(request, SnoozeBody)
    return await ctx.db.run(lifecycle.snooze, agent.id, which, body.version, body.until)


async def seen(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    body = await limits.json_body(request, SeenBody)
    if body.seq < 0:
        raise Invalid("“seq” counts from 1.", field="seq")
    await ctx.db.run(lifecycle.seen_by_agent, agent.id, conversation_id(request), body.seq)
    return web.Response(status=204)


async def open_by_hand(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    body = await limits.json_body(request, OpenBody, limit=ctx.bounds.text_chars * 12 + 20_000)
    _short(body.text, ctx.bounds.text_chars, "text")
    address = people.parse_address(body.address) if body.address else None
    contact = None if body.contact is None else ContactId(body.contact)
    if address is None and contact is None and not body.name.strip():
        raise Invalid("Give a name or an address.", field="name")
    conversation = await ctx.db.run(lifecycle.open_by_hand, agent.id, address, body.name, body.subject, body.text, contact)
    return await _row(ctx, agent, conversation, status=201)


async def upload(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    rights.require(agent, "reply")
    ctx.rates.require("file", agent.id)
    return await uploads.take(request, ctx, agent.id, ChannelId("console"), any_type=True)


def routes() -> list[web.RouteDef]:
    acts: dict[str, Act] = {
        "take": _take, "handover": _hand_over, "accept": _accept, "decline": _decline, "resolve": _resolve, "reopen": _reopen, "snooze": _snooze,
    }  # fmt: skip
    return [
        web.post("/api/conversations", open_by_hand),
        web.post("/api/conversations/{id}/replies", answer),
        web.post("/api/conversations/{id}/notes", note),
        web.post("/api/conversations/{id}/seen", seen),
        *(web.post(f"/api/conversations/{{id}}/{name}", acting(do)) for name, do in acts.items()),
        web.post("/api/files", upload),
    ]
