"""A Socket.IO stage on loopback and a client that speaks raw frames."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import socketio
from aiohttp import web
from aiohttp.test_utils import TestServer

from gateway.clock import SystemClock
from gateway.errors import Invalid
from gateway.web import problem
from gateway.web.forwarded import peer
from gateway.web.guard import GuardedServer, SocketLimits
from gateway.web.limits import server_options

OPEN = "/socket.io/?EIO=4&transport=websocket"
NAMESPACE = "/visitor"
ROOMY = {"per_second": 1e6, "burst": 1e6, "errors": 10**9, "new_per_minute": 1e6, "new_burst": 1e6}


class Stage:
    """A server with one namespace, and what its handlers have seen."""

    def __init__(self, client_manager: Any = None, **limits: Any) -> None:
        self.drops: Counter[str] = Counter()
        self.connects: list[dict[str, Any]] = []
        self.disconnects: list[str] = []
        self.typed: list[dict[str, Any]] = []
        self.heard = asyncio.Event()
        self.left = asyncio.Event()
        self.clock = SystemClock()
        self.sio = GuardedServer(
            {NAMESPACE: {"typing", "broken", "refusing", "hanging"}},
            self.clock,
            peer_of=peer,
            origin_ok=lambda request: request.headers.get("Origin") in (None, "http://ours"),
            drop=self.drop,
            limits=SocketLimits(**limits),
            client_manager=client_manager,
        )
        self.sio.on("connect", self.connect, namespace=NAMESPACE)
        self.sio.on("disconnect", self.disconnect, namespace=NAMESPACE)
        self.sio.on("typing", self.typing, namespace=NAMESPACE)
        self.sio.on("broken", self.broken, namespace=NAMESPACE)
        self.sio.on("refusing", self.refusing, namespace=NAMESPACE)
        self.sio.on("hanging", self.hanging, namespace=NAMESPACE)

    def drop(self, reason: str) -> None:
        self.drops[reason] += 1

    async def connect(self, sid: str, environ: dict[str, Any], auth: dict[str, Any] | None) -> bool | None:
        self.connects.append(environ)
        token = (auth or {}).get("token")
        if token == "raise":
            raise RuntimeError("SECRET in a traceback")
        if token == "hang":
            await asyncio.Event().wait()
        if token == "forgot":
            return None
        if token != "good":
            raise socketio.exceptions.ConnectionRefusedError("unauthorised")
        return True

    async def disconnect(self, sid: str, reason: str) -> None:
        self.disconnects.append(reason)
        self.left.set()

    async def typing(self, sid: str, data: dict[str, Any]) -> None:
        self.typed.append(data)
        self.heard.set()

    async def broken(self, sid: str, data: dict[str, Any]) -> None:
        raise RuntimeError("SECRET in a traceback")

    async def refusing(self, sid: str, data: dict[str, Any]) -> None:
        raise Invalid("no such conversation")

    async def hanging(self, sid: str, data: dict[str, Any]) -> None:
        await asyncio.Event().wait()

    async def start(self) -> TestServer:
        app = web.Application(middlewares=[problem.middleware(self.clock)])
        self.sio.attach(app)
        app.on_shutdown.append(self._stop)
        server = TestServer(app)
        await server.start_server(**(server_options() | {"keepalive_timeout": 0.3}))
        return server

    async def _stop(self, app: web.Application) -> None:
        await self.sio.stop()


class Wire:
    """A client that speaks raw frames."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.said: list[str] = []

    async def send(self, *frames: str) -> None:
        for frame in frames:
            await self.socket.send_str(frame)

    async def hear(self, prefix: str = "") -> str:
        """The next frame that begins like this; AssertionError when the server hangs up first."""
        while True:
            message = await asyncio.wait_for(self.socket.receive(), 10)
            assert message.type is aiohttp.WSMsgType.TEXT, f"closed with {message.data} after {self.said[-3:]}"
            self.said.append(message.data)
            if message.data.startswith(prefix):
                return str(message.data)

    async def until_closed(self) -> int | None:
        while True:
            message = await asyncio.wait_for(self.socket.receive(), 10)
            if message.type is not aiohttp.WSMsgType.TEXT:
                return self.socket.close_code
            self.said.append(message.data)

    async def join(self, token: str = "good") -> None:
        await self.send(f'40{NAMESPACE},{{"token":"{token}"}}')
        await self.hear(f"40{NAMESPACE},")


Stand = Callable[..., Awaitable[tuple[Stage, Callable[..., Awaitable[Wire]]]]]


def event(name: Any, *arguments: Any) -> str:
    return f"42{NAMESPACE},{json.dumps([name, *arguments])}"
