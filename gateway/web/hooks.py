"""Providers call us: exact bytes to the adapter, facts to the store, and only then an answer."""

from __future__ import annotations

import hashlib

from aiohttp import web

from channels.contract import ChannelId, Forged, Malformed, Request
from gateway.errors import NotFound
from gateway.web import limits
from gateway.web.context import CONTEXT

_MOST = 2_000_000


async def hook(request: web.Request) -> web.Response:
    """`/hooks/{channel}`: 404 for a channel that is off, 403 for a forged call, 503 (try again) while the store is away.

    A batch with one poisonous entry stores the others and parks that one raw.
    """
    ctx = request.app[CONTEXT]
    channel_id = ChannelId(request.match_info["channel"])
    channel = ctx.hooked(channel_id)
    if channel is None or channel_id in {site.channel_id for site in ctx.sites.values()}:
        raise NotFound("There is no such channel.")
    body = await limits.read_body(request, _MOST, ctx.bounds.body_seconds)
    url = ctx.base(request) + request.path_qs
    headers = {name.lower(): value for name, value in request.headers.items()}
    call = Request(method=request.method, url=url, headers=headers, query=tuple(request.query.items()), body=body, remote=ctx.peer(request))
    try:
        intake = await channel.read(call)
    except Forged:
        ctx.metrics.intake.labels(channel_id, "forged").inc()
        raise
    except Malformed as error:
        ctx.metrics.intake.labels(channel_id, "malformed").inc()
        if error.raw is not None:
            await ctx.intake.park(channel_id, _digest(error.raw), error.raw)
        raise
    for raw in intake.poisoned:
        ctx.metrics.intake.labels(channel_id, "poisoned").inc()
        await ctx.intake.park(channel_id, _digest(raw), raw)
    await ctx.intake.deliver(intake.facts)
    ctx.metrics.intake.labels(channel_id, "accepted").inc(len(intake.facts))
    answer = intake.answer
    media_type, _, charset = answer.content_type.partition("; charset=")
    return web.Response(status=answer.status, body=answer.body, content_type=media_type, charset=charset or None)


def _digest(raw: bytes) -> str:
    """The journal's key of an entry that has none of its own: the same bytes are parked once."""
    return "parked/" + hashlib.sha256(raw).hexdigest()


def routes() -> list[web.RouteDef]:
    return [web.post("/hooks/{channel}", hook), web.get("/hooks/{channel}", hook)]
