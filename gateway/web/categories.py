"""The agents' API about categories: what there is, adding one, renaming and hiding (docs/api.md)."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from gateway.flow import categories as category_flow
from gateway.flow import rights
from gateway.model import Category
from gateway.store import categories
from gateway.web import limits
from gateway.web.auth import signed_in
from gateway.web.context import CONTEXT


class NameBody(limits.Body):
    name: str


class CategoryBody(limits.Body):
    name: str | None = None
    hidden: bool | None = None


def _shown(category: Category) -> dict[str, Any]:
    return {"id": category.id, "name": category.name, "hidden": bool(category.hidden)}


async def listed(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    await signed_in(request, ctx)
    return web.json_response({"categories": [_shown(category) for category in await ctx.db.read(categories.list_categories)]})


async def add(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = rights.require(await signed_in(request, ctx), "settings")
    body = await limits.json_body(request, NameBody)
    return web.json_response({"category": _shown(await ctx.db.run(category_flow.add, agent.id, body.name))}, status=201)


async def change(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = rights.require(await signed_in(request, ctx), "settings")
    body = await limits.json_body(request, CategoryBody)
    done = await ctx.db.run(category_flow.change, agent.id, limits.path_id(request), body.name, body.hidden)
    return web.json_response({"category": _shown(done)})


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/categories", listed),
        web.post("/api/categories", add),
        web.put("/api/categories/{id}", change),
    ]
