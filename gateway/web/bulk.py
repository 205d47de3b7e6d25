"""The agents' API: one thing done to many conversations (docs/api.md)."""

from __future__ import annotations

from aiohttp import web

from gateway.errors import GatewayError, Invalid
from gateway.flow import bulk, rights
from gateway.flow.bulk import Wish
from gateway.model import AgentId, ConversationId, TeamId
from gateway.store import inbox
from gateway.web import limits, shapes
from gateway.web.auth import signed_in
from gateway.web.context import CONTEXT


class ItemBody(limits.Body):
    id: limits.Id
    version: int


class BulkBody(limits.Body):
    act: str
    items: tuple[ItemBody, ...]
    agent: limits.Id | None = None
    team: limits.Id | None = None
    category: limits.Id | None = None
    until: int | None = None
    priority: int | None = None
    tag: str | None = None


def _wish(body: BulkBody) -> Wish:
    if len(body.items) > bulk.MOST:
        raise Invalid(f"At most {bulk.MOST} conversations at once.", field="items")
    wish = Wish(
        act=body.act,
        agent=None if body.agent is None else AgentId(body.agent),
        team=None if body.team is None else TeamId(body.team),
        category=body.category,
        until=body.until,
        priority=body.priority,
        tag=body.tag,
    )
    bulk.require_whole(wish)
    return wish


async def many(request: web.Request) -> web.Response:
    """Whatever fails is named with its sentence; the others are done."""
    ctx = request.app[CONTEXT]
    agent = rights.require(await signed_in(request, ctx), "bulk")
    body = await limits.json_body(request, BulkBody)
    wish = _wish(body)
    done: list[ConversationId] = []
    failed: list[dict[str, str]] = []
    for item in body.items:
        which = ConversationId(item.id)
        try:
            await ctx.db.run(bulk.do, agent.id, wish, which, item.version, ctx.policy)
            done.append(which)
        except GatewayError as error:
            failed.append({"id": item.id, "detail": str(error)})
    rows = await ctx.db.read(inbox.list_rows_of, agent.id, list(dict.fromkeys(done)))
    return web.json_response({"done": [shapes.row(row) for row in rows], "failed": failed})


def routes() -> list[web.RouteDef]:
    return [web.post("/api/conversations/bulk", many)]
