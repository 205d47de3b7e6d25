"""The agents' API, finding: the lists with their filters, the counts beside them, what is next, which tags there are (docs/api.md)."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from aiohttp import web

from gateway.db.database import Tx
from gateway.errors import Invalid
from gateway.json import dumps, loads
from gateway.model import AgentId
from gateway.store import inbox, listing, search, tags
from gateway.store.listing import Cursor, Filters
from gateway.web import audit, limits, shapes
from gateway.web.auth import signed_in
from gateway.web.context import CONTEXT

MOST_FOUND = 2000
"""Conversations with a match that the filters are laid over, the latest ones."""
MOST_TAGS = 200


async def counts(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    return web.json_response((await ctx.db.read(inbox.count, agent.id))._asdict())


async def following(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    found = await ctx.db.read(listing.find_next, agent.id)
    return web.json_response({"conversation": None if found is None else shapes.row(found)})


async def used_tags(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    await signed_in(request, ctx)
    found = await ctx.db.read(tags.list_most_used, MOST_TAGS)
    return web.json_response({"tags": [{"name": name, "count": count} for name, count in found]})


async def listed(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    filters, limit = _filters(request, agent.id), limits.whole(request, "limit", 50, 1, 200)
    sort = _known(request, "sort", listing.SORTS, listing.SORT_OF.get(filters.view, "newest"))
    after = _cursor(limits.one(request, "cursor"), sort)
    words = limits.one(request, "q", "") or ""
    if words.strip():
        found = await ctx.db.read(_searched, agent.id, words, filters, limit)
        chosen = {name: value for name, value in filters._asdict().items() if value and name != "found"}
        await audit.note(ctx, agent, "searched", detail={"hits": len(found), "filters": chosen}, words=words)
        return web.json_response({"rows": [shapes.row(row) for row in found], "cursor": None})
    found = await ctx.db.read(_listed, agent.id, filters, sort, after, limit)
    more = dumps([sort, *listing.cursor_of(sort, found[-1])]) if len(found) == limit else None
    cursor = None if more is None else base64.urlsafe_b64encode(more.encode()).decode()
    return web.json_response({"rows": [shapes.row(row) for row in found], "cursor": cursor})


def _filters(request: web.Request, reader: AgentId) -> Filters:
    owner = _asked(request, "owner")
    return Filters(
        view=_known(request, "view", listing.VIEWS, "all"),
        state=_known(request, "state", listing.STATES, "open"),
        team=_asked(request, "team"),
        tag=_asked(request, "tag").lower(),
        category=_asked(request, "category"),
        priority=limits.whole(request, "priority", 0, 1, 3) if _asked(request, "priority") else 0,
        owner=reader if owner == "me" else owner,
        channel=_asked(request, "channel"),
    )


def _asked(request: web.Request, name: str) -> str:
    return (limits.one(request, name, "") or "").strip()


def _known(request: web.Request, name: str, words: tuple[str, ...], default: str) -> str:
    word = _asked(request, name) or default
    if word not in words:
        raise Invalid(f"“{name}” is one of {', '.join(words)}.", field=name)
    return word


def _listed(tx: Tx, reader: AgentId, filters: Filters, sort: str, after: Cursor | None, limit: int) -> list[inbox.Row]:
    return listing.list_rows(tx, reader, filters, sort, after=after, limit=limit)


def _searched(tx: Tx, reader: AgentId, words: str, filters: Filters, limit: int) -> list[inbox.Row]:
    """The latest of what holds the words and passes the filters."""
    found = tuple(search.list_matches(tx, words, MOST_FOUND))
    return listing.list_rows(tx, reader, filters._replace(found=found), "newest", limit=limit) if found else []


def _cursor(text: str | None, sort: str) -> Cursor | None:
    """One of this order. Raises Invalid for anything else: no caller needs to make one up."""
    if not text:
        return None
    wrong = Invalid("This “cursor” is not one of ours, or of another order.", field="cursor")
    try:
        told: Any = loads(base64.b64decode(text, altchars=b"-_", validate=True).decode())
    except (ValueError, RecursionError, binascii.Error):
        raise wrong from None
    if not isinstance(told, list) or not told or told[0] != sort or not listing.fits(sort, tuple(told[1:])):
        raise wrong
    return tuple(told[1:])


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/counts", counts),
        web.get("/api/next", following),
        web.get("/api/tags", used_tags),
        web.get("/api/conversations", listed),
    ]
