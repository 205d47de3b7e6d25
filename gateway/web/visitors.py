"""The visitors' API: what the widget calls (docs/api.md). No cookies; a bearer token says who it is."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from channels.contract import Address, Received, Request, Seen
from gateway.db.database import Tx
from gateway.errors import Forbidden, Invalid, NotFound, Unauthorised
from gateway.flow import asking, lifecycle, people, rating, receipts, staffing, views
from gateway.json import dumps
from gateway.model import Conversation, FileId
from gateway.store import contacts, files, inbox
from gateway.web import limits, uploads, visits
from gateway.web.context import CONTEXT, Site
from gateway.web.visits import read_state, site_of, who

NAME_CHARS = 200
_WAYS = {"mail": "mail", "sms": "sms", "call": "voice"}
"""Which kind of channel it takes to answer a customer there. An address may be left without one, too; nothing is promised then."""
_HOT_JSON = "application/json"


class PubBody(limits.Body):
    pub: int


class ClaimBody(limits.Body):
    address: str
    name: limits.OneLine = ""


class PersonBody(limits.Body):
    """Nothing: that it is asked is all."""


class RatingBody(limits.Body):
    score: int
    comment: str = ""


class SolvedBody(limits.Body):
    solved: bool


async def config(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    site = site_of(ctx, limits.one(request, "site", "") or "")
    told = {
        "site": site.key,
        "title": site.title,
        "accent": site.accent,
        "greeting": site.greeting,
        "position": site.position,
        "locale": site.locale,
        "suggestions": list(site.suggestions),
        "fields": list(site.fields),
        "ways": [way for way, kind in _WAYS.items() if kind in ctx.kinds],
        "origins": list(site.origins),
        "max_file_bytes": ctx.bounds.file_bytes,
        "file_types": sorted(ctx.bounds.file_types),
        "max_text": ctx.bounds.text_chars,
    }
    return web.json_response(told, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "max-age=60"})


async def thread(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    address, site = who(request, ctx)
    ctx.rates.require("read", address)
    return web.json_response(await ctx.db.read(read_state, address, site))


def read_items(tx: Tx, address: Address, after: int, limit: int) -> dict[str, Any]:
    conversation = receipts.current(tx, address)
    if conversation is None:
        return {"items": [], "thread": None}
    return {"items": views.read_history(tx, conversation, address, after, limit), "thread": views.read_thread(tx, conversation)}


async def items(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    address, _ = who(request, ctx)
    ctx.rates.require("read", address)
    after, limit = limits.whole(request, "after", 0, 0, 1 << 53), limits.whole(request, "limit", 200, 1, 200)
    return web.json_response(await ctx.db.read(read_items, address, after, limit))


def _earlier(tx: Tx, address: Address) -> list[dict[str, Any]]:
    conversation = receipts.current(tx, address)
    return views.read_earlier(tx, address, None if conversation is None else conversation.id, 100)


async def earlier(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    address, _ = who(request, ctx)
    ctx.rates.require("read", address)
    return web.json_response({"conversations": await ctx.db.read(_earlier, address)})


async def write(request: web.Request) -> web.Response:
    """The hot path: read, commit, answer. Nothing is looked up that the commit did not give."""
    ctx = request.app[CONTEXT]
    address, site = who(request, ctx)
    ctx.rates.require("message", address)
    channel = ctx.hooked(site.channel_id)
    if channel is None:
        raise NotFound("There is no chat for this site.")
    body = await limits.read_body(request, ctx.bounds.text_chars * 12 + 20_000, ctx.bounds.body_seconds)
    intake = await channel.read(Request(method="POST", url="", headers={}, body=body, identity=address))
    fact = intake.facts[0]
    if not isinstance(fact, Received):
        raise Forbidden("Only messages are taken here.")
    accepted = await ctx.intake.received(fact, site.staffing.team)
    ctx.metrics.intake.labels(fact.channel_id, "duplicate" if accepted.duplicate else "accepted").inc()
    message, conversation = accepted.message, accepted.conversation
    attached = await ctx.db.read(files.list_files, [message.id]) if fact.files else ()
    thread = views.thread(conversation, accepted.agent_name)
    if accepted.duplicate:
        thread = await ctx.db.read(_said_before, conversation, address)
    told = {"item": views.item(message, address, None, attached), "thread": thread}
    return web.Response(body=dumps(told).encode(), content_type=_HOT_JSON)


def _said_before(tx: Tx, conversation: Conversation, address: Address) -> dict[str, Any]:
    """As it stands: it may have been joined into another one since. Not for a visitor whose chat has become a customer's meanwhile."""
    known = contacts.find_identity(tx, address)
    if known is not None and people.is_taken_over(known):
        raise Unauthorised(people.GONE_ON)
    return views.read_thread(tx, conversation)


async def seen(request: web.Request) -> web.Response:
    return await _mark(request, "read")


async def delivered(request: web.Request) -> web.Response:
    return await _mark(request, "delivered")


async def _mark(request: web.Request, state: str) -> web.Response:
    ctx = request.app[CONTEXT]
    address, site = who(request, ctx)
    ctx.rates.require("mark", address)
    body = await limits.json_body(request, PubBody, seconds=ctx.bounds.body_seconds)
    if body.pub < 0:
        raise Invalid("“pub” counts from 1.", field="pub")
    await ctx.db.run(receipts.seen, Seen(channel_id=site.channel_id, dedup_key="", reader=address, pub=body.pub), state)
    return web.Response(status=204)


async def claim(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    address, _ = who(request, ctx)
    ctx.rates.require("claim", address)
    body = await limits.json_body(request, ClaimBody, seconds=ctx.bounds.body_seconds)
    claimed = people.parse_address(body.address)
    await ctx.db.run(_claim, address, claimed, body.name[:NAME_CHARS])
    return web.Response(status=204)


def _claim(tx: Tx, visitor: Address, claimed: Address, name: str) -> None:
    known = contacts.find_identity(tx, visitor)
    if known is None or people.is_taken_over(known):
        raise Invalid("Write your question first, then say where the answer should go.", field="address")
    conversation = receipts.current(tx, visitor)
    people.claim(tx, known.contact_id, claimed, conversation.id if conversation else None, name)


async def person(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    address, site = who(request, ctx)
    ctx.rates.require("ask", address)
    await limits.json_body(request, PersonBody, seconds=ctx.bounds.body_seconds)
    return web.json_response(await ctx.db.run(_person, address, site))


def _person(tx: Tx, address: Address, site: Site) -> dict[str, Any]:
    return {"thread": views.read_thread(tx, asking.for_person(tx, address)), "service": staffing.read(tx, site.staffing)}


async def rated(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    address, _ = who(request, ctx)
    ctx.rates.require("ask", address)
    body = await limits.json_body(request, RatingBody, seconds=ctx.bounds.body_seconds)
    await ctx.db.run(rating.rate, address, body.score, body.comment)
    return web.Response(status=204)


async def solved(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    address, _ = who(request, ctx)
    ctx.rates.require("ask", address)
    body = await limits.json_body(request, SolvedBody, seconds=ctx.bounds.body_seconds)
    return web.json_response({"thread": await ctx.db.run(_solved, address, body.solved)})


def _solved(tx: Tx, address: Address, helped: bool) -> dict[str, Any]:
    conversation = receipts.current(tx, address)
    if conversation is None:
        raise NotFound("There is no conversation yet.")
    return views.read_thread(tx, lifecycle.solved(tx, conversation.id, address, helped))


async def upload(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    address, site = who(request, ctx)
    ctx.rates.require("file", address)
    return await uploads.take(request, ctx, address, site.channel_id)


async def download(request: web.Request) -> web.StreamResponse:
    """One the visitor uploaded, or one of a message they may see."""
    ctx = request.app[CONTEXT]
    address, _ = who(request, ctx)
    ctx.rates.require("read", address)
    file = await ctx.db.read(_visible, limits.path_id(request), address)
    return await uploads.give(request, ctx, file)


def _visible(tx: Tx, file_id: str, address: Address) -> Any:
    file = uploads.find(tx, file_id)
    if file.owner != address and not inbox.is_file_visible(tx, FileId(file_id), address):
        raise NotFound("There is no such file.")
    return file


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/visitor/config", config),
        web.post("/api/visitor/session", visits.open_session),
        web.get("/api/visitor/thread", thread),
        web.get("/api/visitor/items", items),
        web.get("/api/visitor/earlier", earlier),
        web.post("/api/visitor/messages", write),
        web.post("/api/visitor/seen", seen),
        web.post("/api/visitor/delivered", delivered),
        web.post("/api/visitor/claim", claim),
        web.post("/api/visitor/person", person),
        web.post("/api/visitor/rating", rated),
        web.post("/api/visitor/solved", solved),
        web.post("/api/visitor/files", upload),
        web.get("/api/visitor/files/{id}", download),
    ]
