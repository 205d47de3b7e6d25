"""Is the process alive, can it do its work, and what has it counted: for the machine that watches over it."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web
from prometheus_client import generate_latest

from channels.contract import Clock
from gateway.errors import Forbidden
from gateway.web.metrics import Metrics

__all__ = ["Check", "Readiness", "routes"]

Check = Callable[[], Awaitable[str | None]]
"""None when all is well, else a sentence. It must hold nothing secret: anybody may read it."""
FRESH = 1.0
"""Seconds an answer is used again: checks write to the store, and the address is open to everybody."""
_TEXT = "text/plain; version=0.0.4; charset=utf-8"
_FORWARDING = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


class Readiness:
    """Asks the named checks side by side, each at most `seconds`; callers at the same time share one round."""

    def __init__(self, checks: Mapping[str, Check], clock: Clock, seconds: float = 3.0) -> None:
        self._checks = dict(checks)
        self._clock = clock
        self._seconds = seconds
        self._lock = asyncio.Lock()
        self._last: dict[str, str | None] | None = None
        self._at = 0.0

    async def ask(self) -> dict[str, str | None]:
        """A sentence for each check that fails, None for each that holds."""
        async with self._lock:
            if self._last is None or self._clock.monotonic() - self._at >= FRESH:
                found = await asyncio.gather(*(self._one(name, check) for name, check in self._checks.items()))
                self._last = dict(zip(self._checks, found, strict=True))
                self._at = self._clock.monotonic()
            return self._last

    async def _one(self, name: str, check: Check) -> str | None:
        try:
            async with asyncio.timeout(self._seconds):
                return await check()
        except TimeoutError:
            return f"No answer within {self._seconds:g} s."
        except Exception as error:  # noqa: BLE001  an answer must come whatever the check did; the reason goes to the log
            structlog.get_logger("gateway.web").error("check_failed", check=name, exc_info=error)
            return "The check itself failed; see the log."


def routes(readiness: Readiness, metrics: Metrics, token: str | None = None) -> list[web.RouteDef]:
    """/healthz, /readyz and /metrics. `token` opens /metrics for callers from elsewhere; without one only loopback may read it."""

    async def healthz(request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def readyz(request: web.Request) -> web.Response:
        found = await readiness.ask()
        ready = all(sentence is None for sentence in found.values())
        told = {name: sentence or "ok" for name, sentence in found.items()}
        return web.json_response(
            {"ready": ready, "checks": told}, status=200 if ready else 503, headers={} if ready else {"Retry-After": "5"}
        )

    async def numbers(request: web.Request) -> web.Response:
        if not _may_read(request, token):
            raise Forbidden("The numbers are for this machine, or for whoever has the token.")
        return web.Response(body=generate_latest(metrics.registry), headers={"Content-Type": _TEXT})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", numbers)]


def _may_read(request: web.Request, token: str | None) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode())
    return _is_local(request)


def _is_local(request: web.Request) -> bool:
    """On this machine, and not a stranger whom a proxy on this machine passes on."""
    if any(name in request.headers for name in _FORWARDING):
        return False
    name = None if request.transport is None else request.transport.get_extra_info("peername")
    if not isinstance(name, tuple):
        return False
    address = ipaddress.ip_address(str(name[0]).partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
