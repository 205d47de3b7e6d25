"""What a process listens on: the gateway's own address, and the demo shop's beside it."""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from gateway.clock import Clock
from gateway.config import Settings
from gateway.errors import ConfigError
from gateway.web import forwarded, limits, server
from gateway.web.context import Context
from gateway.web.health import Readiness
from gateway.web.live import Live
from gateway.web.metrics import Metrics, watch_loop
from gateway.web.sockets import Sockets
from gateway.web.wire import SocketLimits

log = logging.getLogger("throughline")

RENEW_SECONDS = 15.0
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where it answers: the gateway, and the demo shop if there is one."""

    gateway: str
    shop: str | None


class Front:
    """Takes the addresses first, so that nothing is started for a port that is in use; serves when everything else is made."""

    def __init__(self, settings: Settings, clock: Clock, metrics: Metrics, readiness: Readiness, stack: AsyncExitStack) -> None:
        self._settings = settings
        self._clock = clock
        self._metrics = metrics
        self._readiness = readiness
        self._stack = stack
        self._own: socket.socket | None = None
        self._shop: socket.socket | None = None

    def open(self, *, with_shop: bool) -> str | None:
        """Takes the ports; gives the demo shop's address if there is one. Raises ConfigError for a port in use."""
        self._own = self._taken(listen(self._settings.host, self._settings.port))
        if with_shop:
            self._shop = self._shop_socket(self._own.getsockname()[1])
        return None if self._shop is None else self._address(self._taken(self._shop))

    async def serve(self, ctx: Context, *, with_pages: bool) -> Addresses:
        """Answers from now on."""
        if self._own is None:
            raise RuntimeError("open() comes first")
        token = self._settings.metrics_token.get_secret_value() or None
        gateway = self._address(self._own)
        if with_pages:
            app = await self._with_sockets(ctx, token)
        else:
            app = server.make_health(ctx, self._readiness, token)
        await self._listen_with(app, self._own)
        self._background(watch_loop(self._metrics, self._clock), "loop lag")
        if self._shop is None:
            return Addresses(gateway, None)
        await self._listen_with(server.make_shop(self._settings.public_url or gateway), self._shop)
        return Addresses(gateway, self._address(self._shop))

    async def _with_sockets(self, ctx: Context, token: str | None) -> web.Application:
        bounds = self._settings.limits
        sockets = Sockets(ctx, SocketLimits(per_peer=bounds.sockets_per_address, new_per_minute=bounds.sockets_per_minute))
        live = Live(ctx, sockets)
        self._stack.push_async_callback(live.stop)
        await live.start()
        app = server.make(ctx, sockets, self._readiness, token)

        async def close(_: web.Application) -> None:
            await sockets.server.stop()

        app.on_shutdown.append(close)
        self._background(self._keep_present(sockets, live), "presence")
        return app

    async def _keep_present(self, sockets: Sockets, live: Live) -> None:
        while True:
            await self._clock.sleep(min(RENEW_SECONDS, self._settings.routing.presence_seconds / 4))
            try:
                await sockets.renew()
                await live.look_again()
            except Exception:
                log.exception("presence could not be renewed, trying again")

    def _background(self, work: Any, name: str) -> None:
        self._stack.push_async_callback(cancelled, asyncio.create_task(work, name=name))

    async def _listen_with(self, app: web.Application, listening: socket.socket) -> None:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0, **limits.server_options())
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        if runner.server is not None:
            trusted = forwarded.trusted_proxies(self._settings.trusted_proxies)
            most = self._settings.limits.connections_per_address
            limits.cap_connections(runner.server, most, exempt=lambda peer: forwarded.is_trusted(peer, trusted))
        await web.SockSite(runner, listening, backlog=1024).start()

    def _shop_socket(self, port: int) -> socket.socket | None:
        """The demo shop listens on loopback only, and never keeps the gateway itself from starting."""
        settings = self._settings
        if not settings.demo_shop or settings.host not in _LOOPBACK or "demo" not in settings.sites:
            return None
        if settings.demo_shop_port < 0 and port >= 65535:
            log.warning("there is no port after the gateway's for the demo shop; choose one with --shop-port, or --no-shop")
            return None
        wanted = settings.demo_shop_port if settings.demo_shop_port >= 0 else (port + 1 if settings.port else 0)
        try:
            return listen(settings.host, wanted)
        except ConfigError:
            log.warning("the demo shop's port is taken; choose another one with --shop-port, or --no-shop", extra={"port": wanted})
            return None

    def _taken(self, listening: socket.socket) -> socket.socket:
        self._stack.callback(listening.close)
        return listening

    def _address(self, listening: socket.socket) -> str:
        host = self._settings.host
        return f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"


async def cancelled(task: asyncio.Task[Any]) -> None:
    """Ends a task and waits for its end."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def listen(host: str, port: int) -> socket.socket:
    """A bound address, taken before anything else is told about it. Raises ConfigError when it is in use."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(1024)  # two processes may bind the same port, only one may listen on it
    except OSError as error:
        listening.close()
        raise ConfigError(f"Cannot listen on {host}:{port} ({error.strerror}). Choose another port with --port.") from error
    listening.setblocking(False)
    return listening
