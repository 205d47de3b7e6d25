"""Who visits: the widget's session, its token, and how things stand for the one who holds it."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from channels.contract import Address
from gateway.db.database import Tx
from gateway.errors import NotFound, Unauthorised
from gateway.flow import identify, people, receipts, staffing, views
from gateway.store import contacts
from gateway.web import identity, limits
from gateway.web.context import CONTEXT, Context, Site
from gateway.web.visitor_tokens import CustomerToken, VisitorToken, new_visitor_id

_BEARER = "Bearer "


class SessionBody(limits.Body):
    site: str
    token: str | None = None
    identity: str | None = None


def who(request: web.Request, ctx: Context) -> tuple[Address, Site]:
    """The visitor and their site. Raises Unauthorised; the widget then starts a new session."""
    header = request.headers.get("Authorization", "")
    token = ctx.visitors.read(header[len(_BEARER) :], ctx.clock.now()) if header.startswith(_BEARER) else None
    site = None if token is None else ctx.sites.get(token.site)
    if token is None or site is None:
        raise Unauthorised("This chat session is not known any more. Reload the page to start a new one.")
    return token.address, site


def site_of(ctx: Context, key: str) -> Site:
    site = ctx.sites.get(key)
    if site is None or site.channel_id not in ctx.channels:
        raise NotFound("There is no chat for this site.")
    return site


def read_state(tx: Tx, address: Address, site: Site) -> dict[str, Any]:
    return {
        "thread": read_thread(tx, address),
        "service": staffing.read(tx, site.staffing),
        "known": views.read_known(tx, address),
    }


def read_thread(tx: Tx, address: Address) -> dict[str, Any] | None:
    conversation = receipts.current(tx, address)
    return None if conversation is None else views.read_thread(tx, conversation)


async def open_session(request: web.Request) -> web.Response:
    """A new visitor, the same one again, or the customer whom the site vouches for."""
    ctx = request.app[CONTEXT]
    ctx.rates.require("session", ctx.peer(request))
    body = await limits.json_body(request, SessionBody, seconds=ctx.bounds.body_seconds)
    site = site_of(ctx, body.site)
    now = ctx.clock.now()
    known = ctx.visitors.read(body.token, now) if body.token else None
    if known is not None and known.site != site.key:
        known = None
    if body.identity is not None:
        signed = identity.verify(body.identity, site, now)
        before = known.address if isinstance(known, VisitorToken) else None
        if not await ctx.db.read(identify.is_settled, signed.vouched, before):
            await ctx.db.run(identify.sign_in, signed.vouched, before)
        token = ctx.visitors.issue_customer(signed.customer, site.key, signed.expires_at)
        return await _opened(ctx, site, token, signed.customer, signed.vouched.address)
    if isinstance(known, CustomerToken):
        return await _opened(ctx, site, body.token or "", known.customer, known.address)
    if known is not None and await ctx.db.read(_is_taken_over, known.address):
        known = None
    visitor = known.visitor_id if known is not None else new_visitor_id(ctx.clock)
    return await _opened(ctx, site, ctx.visitors.issue(visitor, site.key, now), visitor, Address(f"visitor:{visitor}"))


async def _opened(ctx: Context, site: Site, token: str, visitor: str, address: Address) -> web.Response:
    return web.json_response({"token": token, "visitor": visitor, **await ctx.db.read(read_state, address, site)})


def _is_taken_over(tx: Tx, visitor: Address) -> bool:
    found = contacts.find_identity(tx, visitor)
    return found is not None and people.is_taken_over(found)
