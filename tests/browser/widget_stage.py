"""A shop page with the built widget on it and a scripted gateway behind it: every state of the widget on demand, without waiting for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Browser, BrowserContext, FrameLocator, Locator, Page, Route, WebSocketRoute

from tests.gateway import ROOT

DIST = ROOT / "widget" / "dist"
SHOP = "http://shop.kaarna.localhost"
CHAT = "http://chat.kaarna.localhost"
MINUTE = 60_000_000
_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
_PAGE = """<!doctype html><html lang="{lang}" dir="{dir}"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<style>:root{{color-scheme:light dark}}</style></head><body><main><h1>Shop</h1><p>Chairs and tables.</p></main>
<script src="{chat}/widget.js" data-site="demo" {attributes}></script></body></html>"""

_NO_STORAGE = """if (location.origin === "%s") for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });"""


class Scripted:
    """What the gateway says. Tests change its attributes; `asked` is every call as (path, body)."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.asked: list[tuple[str, Any]] = []
        self.config: dict[str, Any] = {
            "site": "demo",
            "title": "Kaarna",
            "accent": "#2f5d4f",
            "greeting": "Hello! What may we help you with?",
            "position": "right",
            "locale": "auto",
            "suggestions": ["Where is my order?", "Can I return a table?"],
            "origins": [SHOP],
            "fields": ["name", "mail"],
            "ways": ["mail", "sms", "call"],
            "max_file_bytes": 1_000_000,
            "file_types": ["image/png", "application/pdf"],
            "max_text": 2000,
        }
        self.service: dict[str, Any] = {"state": "open", "opens_at": None, "agents": ["Aino", "Mikko", "Sari"]}
        self.known: dict[str, Any] = {"name": None, "mail": False, "phone": False}
        self.thread: dict[str, Any] | None = None
        self.items: list[dict[str, Any]] = []
        self.fails: dict[str, int] = {}
        """Path → status with which it is answered instead."""
        self.down = False
        """Nothing gets through, HTTP or socket."""
        self.tokens: list[str | None] = []
        """The bearer token of each call."""
        self._sockets: set[WebSocketRoute] = set()

    def says(self, text: str, *, mine: bool = False, name: str = "Mikko", ago: int = 0, **more: Any) -> None:
        """Adds a message without telling anybody; `ago` in minutes."""
        pub = len(self.items) + 1
        author = {"name": "" if mine else name, "kind": "customer" if mine else "agent"}
        item = {"pub": pub, "id": f"m{pub}", "mine": mine, "author": author, "text": text, "channel": "webchat", "client_id": None}
        at = self.now - ago * MINUTE
        self.items.append(item | {"at": at, "files": [], "state": None if mine else "sent"} | more)
        self.begin(last_pub=pub)

    def begin(self, **changes: Any) -> None:
        """The conversation as it is now."""
        thread = {"id": "t1", "number": 1042, "state": "open", "last_pub": 0, "read_by_agent_pub": 0, "agent": None, "waiting": True}
        self.thread = thread | {"asked_solved": False, "rating": None} | (self.thread or {}) | changes

    def tell(self, name: str, payload: Mapping[str, Any]) -> None:
        """Over every open socket."""
        for socket in self._sockets:
            socket.send("42/visitor," + json.dumps([name, payload]))

    def connect(self, socket: WebSocketRoute) -> None:
        if self.down:
            return
        self._sockets.add(socket)

        def hear(message: str | bytes) -> None:
            if str(message).startswith("40/visitor"):
                socket.send('40/visitor,{"sid":"v"}')

        socket.on_message(hear)
        socket.on_close(lambda _code, _reason: self._sockets.discard(socket))
        socket.send('0{"sid":"s","upgrades":[],"pingInterval":250000,"pingTimeout":200000,"maxPayload":65536}')

    def answer(self, path: str, body: Any) -> tuple[int, Any]:
        """Status and JSON of one call."""
        self.asked.append((path, body))
        if path in self.fails:
            return self.fails[path], {"detail": "It was refused, said the server."}
        standing = {"thread": self.thread, "service": self.service, "known": self.known}
        if path == "config":
            return 200, self.config
        if path == "session":
            return self._session(body, standing)
        if path == "thread":
            return 200, standing
        if path == "earlier":
            return 200, {"conversations": []}
        if path == "messages":
            self.says(body["text"], mine=True, client_id=body["client_id"])
            return 200, {"item": self.items[-1], "thread": self.thread}
        if path == "solved":
            self.begin(state="closed" if body["solved"] else "open", asked_solved=False)
            return 200, {"thread": self.thread}
        if path == "rating":
            self.begin(rating=body["score"])
        if path == "person":
            return 200, standing
        return 204, None

    def _session(self, body: Any, standing: dict[str, Any]) -> tuple[int, Any]:
        if body["identity"] == "forged":
            return 403, {"detail": "The signature does not verify."}
        visitor = body["identity"] or (body["token"] or "stranger").removesuffix("-token")
        return 200, standing | {"token": f"{visitor}-token", "visitor": visitor}

    async def route(self, route: Route) -> None:
        """Fulfils a request of the page or the frame."""
        url = urlsplit(route.request.url)
        if url.path.startswith("/api/visitor/"):
            if self.down:
                return await route.abort("connectionrefused")
            self.tokens.append(route.request.headers.get("authorization"))
            path = url.path.removeprefix("/api/visitor/")
            if path == "items":
                after = int(parse_qs(url.query)["after"][0])
                return await route.fulfill(json={"items": [one for one in self.items if one["pub"] > after], "thread": self.thread})
            status, told = self.answer(path, route.request.post_data_json if route.request.method == "POST" else None)
            return await (route.fulfill(status=status, json=told) if told is not None else route.fulfill(status=status))
        name = "chat/index.html" if url.path == "/chat/" else url.path.lstrip("/")
        file = DIST / name
        if not file.is_file():
            return await route.fulfill(status=404)
        await route.fulfill(path=file, content_type=_TYPES.get(file.suffix, "text/plain") + "; charset=utf-8")


class Stage:
    """One visitor's browser: pages of the shop, and the chat in them."""

    def __init__(self, context: BrowserContext, gateway: Scripted, attributes: str, lang: str) -> None:
        self.context = context
        self.gateway = gateway
        self._attributes = attributes
        self._lang = lang
        self.page: Page

    @classmethod
    async def opens(
        cls,
        browser: Browser,
        gateway: Scripted,
        attributes: str = "data-open",
        *,
        lang: str = "en",
        scheme: Literal["light", "dark"] = "light",
        now: int = 0,
        storage: bool = True,
        **how: Any,
    ) -> Stage:
        """A new browser with the shop in it; `attributes` of the script tag, `now` what its clock shows, in seconds.

        Without `storage` the frame has none of its own, as where third-party cookies are blocked.
        """
        how.setdefault("viewport", {"width": 520, "height": 760})
        context = await browser.new_context(locale=lang, color_scheme=scheme, **how)
        stage = cls(context, gateway, attributes, lang)
        if now:
            await context.clock.install(time=now)
        if not storage:
            await context.add_init_script(_NO_STORAGE % CHAT)
        await context.route(f"{CHAT}/**", gateway.route)
        await context.route(f"{SHOP}/**", stage._shop)
        await context.route_web_socket(lambda url: url.startswith(CHAT.replace("http", "ws")), gateway.connect)
        stage.page = await stage.tab()
        return stage

    async def tab(self) -> Page:
        """Another tab of the same visitor."""
        page = await self.context.new_page()
        await page.goto(SHOP + "/")
        return page

    async def _shop(self, route: Route) -> None:
        if urlsplit(route.request.url).path != "/":
            return await route.fulfill(status=404)
        direction = "rtl" if self._lang == "ar" else "ltr"
        html = _PAGE.format(lang=self._lang, dir=direction, chat=CHAT, attributes=self._attributes)
        await route.fulfill(body=html, content_type="text/html; charset=utf-8")

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("iframe")

    @property
    def chat(self) -> Locator:
        return self.frame.locator("main[data-loaded=true]")

    @property
    def field(self) -> Locator:
        return self.frame.locator(".composer textarea")

    async def writes(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")


def built() -> Path:
    """Where the built widget lies; AssertionError with what to do when it is not there."""
    assert (DIST / "widget.js").is_file(), "the widget is not built: run npm run build -w widget"
    return DIST
