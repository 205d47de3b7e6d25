"""The agents' API: who the customers are; found, corrected, blocked, folded together (docs/api.md)."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from gateway.db.database import Tx
from gateway.flow import merge, people
from gateway.flow.people import Details
from gateway.model import Agent, Contact, ContactId, MergeId
from gateway.store import contacts, search
from gateway.web import audit, limits, shapes
from gateway.web.auth import signed_in
from gateway.web.context import CONTEXT, Context

MOST = 20
MOST_FOUND = 200
"""Conversations with a match whose people are looked at, the latest ones."""


class ContactBody(limits.Body):
    name: str = ""
    locale: limits.OneLine | None = None
    time_zone: limits.OneLine | None = None


class MergeBody(limits.Body):
    other: limits.Id


class NothingBody(limits.Body):
    """`{}`."""


async def found(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent, words = await signed_in(request, ctx), limits.one(request, "q", "") or ""
    shown = await ctx.db.read(_found, words)
    await audit.note(ctx, agent, "searched", detail={"hits": len(shown), "of": "contacts"}, words=words)
    return web.json_response({"contacts": shown})


def _found(tx: Tx, words: str) -> list[dict[str, Any]]:
    heard = contacts.list_heard(tx, search.list_matches(tx, words, MOST_FOUND))[:MOST]
    addresses = search.list_addresses(tx, [contact_id for contact_id, _ in heard]) if heard else {}
    return [_line(tx, contact_id, name, addresses.get(contact_id, [])) for contact_id, name in heard]


def _line(tx: Tx, contact_id: ContactId, name: str, addresses: list[str]) -> dict[str, Any]:
    last_at, number = contacts.find_last_heard(tx, contact_id) or (None, None)
    return {"id": contact_id, "name": name, "addresses": shapes.labels(addresses), "last_at": last_at, "number": number}


async def card(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent, which = await signed_in(request, ctx), contact_id(request)
    await audit.note(ctx, agent, "read", contact=which)
    return await _card(ctx, agent, await ctx.db.read(contacts.get_contact, which))


async def _card(ctx: Context, agent: Agent, contact: Contact) -> web.Response:
    return web.json_response(await ctx.db.read(shapes.read_card, contact, agent.id))


async def _changed(ctx: Context, agent: Agent, contact: Contact) -> web.Response:
    """The whole card is the answer, so whoever changes nothing has read it all the same."""
    await audit.note(ctx, agent, "read", contact=contact.id)
    return await _card(ctx, agent, contact)


def contact_id(request: web.Request) -> ContactId:
    return ContactId(limits.path_id(request))


async def change(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    body = await limits.json_body(request, ContactBody)
    wanted: Details = {}
    if "name" in body.model_fields_set:
        wanted["name"] = body.name
    if "locale" in body.model_fields_set:
        wanted["locale"] = body.locale
    if "time_zone" in body.model_fields_set:
        wanted["time_zone"] = body.time_zone
    return await _changed(ctx, agent, await ctx.db.run(people.change, agent.id, contact_id(request), wanted))


async def block(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    await limits.json_body(request, NothingBody)
    return await _changed(ctx, agent, await ctx.db.run(people.block, agent.id, contact_id(request)))


async def unblock(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    await limits.json_body(request, NothingBody)
    return await _changed(ctx, agent, await ctx.db.run(people.unblock, agent.id, contact_id(request)))


async def fold(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    body = await limits.json_body(request, MergeBody)
    record = await ctx.db.run(merge.merge, agent.id, contact_id(request), ContactId(body.other))
    return web.json_response({"merge": {"id": record.id}})


async def unfold(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    await ctx.db.run(merge.undo, agent.id, MergeId(limits.path_id(request)))
    return web.Response(status=204)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/contacts", found),
        web.get("/api/contacts/{id}", card),
        web.put("/api/contacts/{id}", change),
        web.post("/api/contacts/{id}/block", block),
        web.post("/api/contacts/{id}/unblock", unblock),
        web.post("/api/contacts/{id}/merge", fold),
        web.post("/api/merges/{id}/undo", unfold),
    ]
