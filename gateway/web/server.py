"""The aiohttp application: routes, middlewares and headers put together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

import widget
from gateway.errors import NotFound
from gateway.web import (
    acts,
    agents,
    audit,
    auth,
    bulk,
    categories,
    contacts,
    health,
    hooks,
    joins,
    limits,
    lists,
    marks,
    metrics,
    people,
    problem,
    security,
    shelf,
    teams,
    visitors,
)
from gateway.web.context import CONTEXT, Context
from gateway.web.sockets import Sockets
from gateway.web.static import Assets

CONSOLE = Path(__file__).parent.parent / "console" / "dist"


def make(ctx: Context, sockets: Sockets, readiness: health.Readiness, metrics_token: str | None) -> web.Application:
    """The whole application for the role `web`."""
    app = _bare(ctx, readiness, metrics_token)
    app.add_routes(calls())
    app.add_routes(pages(ctx))
    sockets.server.attach(app, "socket.io")
    return app


def calls() -> Sequence[web.RouteDef]:
    """What programs call: providers, the widget, the inbox (docs/api.md)."""
    parts = (hooks, visitors, auth, agents, acts, lists, bulk, marks, contacts, joins, shelf, people, teams, categories, audit)
    return [route for part in parts for route in part.routes()]


def make_health(ctx: Context, readiness: health.Readiness, metrics_token: str | None) -> web.Application:
    """What a process without the role `web` serves: health and numbers."""
    return _bare(ctx, readiness, metrics_token)


def _bare(ctx: Context, readiness: health.Readiness, metrics_token: str | None) -> web.Application:
    app = web.Application(middlewares=[metrics.middleware(ctx.metrics, ctx.clock), problem.middleware(ctx.clock)])
    app[CONTEXT] = ctx
    app.on_response_prepare.append(security.headers(ctx.public_url.startswith("https:")))
    app.add_routes(health.routes(readiness, ctx.metrics, metrics_token))
    return app


def pages(ctx: Context) -> Sequence[web.RouteDef]:
    """The widget's loader and frame, the inbox."""
    chat, console, loader = Assets(widget.DIST / "chat"), Assets(CONSOLE), Assets(widget.DIST)

    async def script(request: web.Request) -> web.Response:
        response = loader.file(request, "widget.js", "public, max-age=300")
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    async def frame(request: web.Request) -> web.Response:
        site = ctx.sites.get(limits.one(request, "site", "") or "")
        if site is None:
            raise NotFound("There is no chat for this site. Check data-site in the page's script tag.")
        request[security.FRAME_ANCESTORS] = site.origins
        return chat.index(request)

    async def home(request: web.Request) -> web.Response:
        raise web.HTTPFound("/inbox/")

    chat_files = [route for route in chat.routes("/chat/") if route.path != "/chat/"]
    return [web.get("/widget.js", script), web.get("/chat/", frame), *chat_files, *console.routes("/inbox/"), web.get("/", home)]


def make_shop(gateway: str) -> web.Application:
    """The demo shop: a page of another origin, with the widget on it as a shop would paste it."""
    folder = widget.DIST / "demo"
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()} if folder.is_dir() else {}

    async def page(request: web.Request) -> web.Response:
        name = request.match_info.get("name") or "index.html"
        path = files.get(name)
        if path is None:
            raise web.HTTPNotFound(text="There is no such page in this shop.")
        content = path.read_bytes()
        kinds = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
        if path.suffix == ".html":
            content = content.replace(b"{{gateway}}", gateway.encode())
        response = web.Response(body=content, content_type=kinds.get(path.suffix, "application/octet-stream"), charset="utf-8")
        if path.suffix != ".png":
            response.enable_compression()
        return response

    app = web.Application()
    app.add_routes([web.get("/", page), web.get("/{name:.+}", page)])
    return app
