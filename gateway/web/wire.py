"""The websocket under engine.io: where frames come in and packets go out, and so the place to bound both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import engineio
from aiohttp import WSCloseCode, WSMsgType, web

from gateway.web.rates import Rates

__all__ = ["LINE", "PEER", "Engine", "Guard", "Line", "SocketLimits"]

PEER = "throughline.peer"
"""The key of a connect handler's `environ` with the caller's real address. `aiohttp.request` holds the request; no header is copied."""
LINE = "throughline.line"
_CONNECT_COST = 5.0
"""A connect reads the database, an event does not: four connects use up a fresh socket's burst."""


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """Numbers of one process. Sizes in bytes of text, times in seconds."""

    frame_bytes: int = 16_384
    per_second: float = 10.0
    burst: float = 20.0
    errors: int = 20
    per_peer: int = 50
    total: int = 10_000
    new_per_minute: float = 20.0
    new_burst: float = 50.0
    """An office behind one address comes back at once after a restart."""
    waiting_packets: int = 256
    waiting_bytes: int = 1_000_000
    join_seconds: float = 10.0
    """For the first namespace: a socket that authenticates nowhere is nobody's."""
    event_seconds: float = 10.0
    ping_interval: float = 25.0
    ping_timeout: float = 20.0


class Guard(Protocol):
    """What decides above the wire: GuardedServer."""

    limits: SocketLimits
    rates: Rates
    drop: Callable[[str], None]

    def admit(self, request: web.Request) -> Line: ...
    def release(self, line: Line) -> None: ...
    def line_of(self, eio_sid: str | None) -> Line | None: ...


class Line:
    """One open socket: who has it, what it did wrong."""

    def __init__(self, guard: Guard, peer: str, key: str) -> None:
        self.guard = guard
        self.peer = peer
        self.key = key
        self.name = str(id(self))
        self.errors = 0
        self.socket: web.WebSocketResponse | None = None
        self.transport: asyncio.Transport | None = None
        self.outbox: Outbox | None = None
        self.timer: asyncio.TimerHandle | None = None

    def fault(self, reason: str) -> None:
        """The client did something it has no business doing."""
        self.errors += 1
        self.guard.drop(reason)

    def spends(self, cost: float) -> bool:
        """Whether the client may send this now; a fault when it may not."""
        if self.guard.rates.allow("frame", self.name, cost) is None:
            return True
        self.fault("rate")
        return False

    def abort(self) -> None:
        """Cuts the connection without a word; engine.io notices and cleans up."""
        if self.transport is not None:
            self.transport.abort()

    async def close(self, code: int) -> None:
        """Sends what is waiting, says goodbye, a second for each at most, then cuts."""
        if self.outbox is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await self.outbox.join()
        if self.socket is not None:
            await self.socket.close(code=code)
        self.abort()


_OF_REQUEST: web.RequestKey[Line] = web.RequestKey("line", Line)


class _Wire:
    """What engine.io takes for its websocket. It never sees a frame that is not well-formed, small, text, and within the rate."""

    def __init__(self, handler: Callable[[_Wire], Any], engine: Engine) -> None:
        self._handler = handler
        self._bytes = engine.max_http_buffer_size

    async def __call__(self, environ: dict[str, Any]) -> web.WebSocketResponse:
        request: web.Request = environ["aiohttp.request"]
        self._line: Line = environ[LINE]
        # Without compression: it costs 300 kB a socket, and a small frame could unpack into a large one.
        self._socket = web.WebSocketResponse(max_msg_size=self._bytes, compress=False, autoping=False, timeout=1.0)
        await self._socket.prepare(request)
        self._line.socket, self._line.transport = self._socket, request.transport
        await self._handler(self)
        return self._socket

    async def close(self) -> None:
        await self._socket.close()

    async def send(self, message: str | bytes) -> None:
        await (self._socket.send_str(message) if isinstance(message, str) else self._socket.send_bytes(message))

    async def wait(self) -> str:
        """The next acceptable frame: "3" pong, "1" close, "40", "41", "42" Socket.IO. OSError, as engine.io expects, when it is over."""
        line = self._line
        while True:
            if line.errors >= line.guard.limits.errors:
                line.guard.drop("closed")
                await line.close(WSCloseCode.POLICY_VIOLATION)
                raise OSError("the client made too many errors")
            came = await self._socket.receive()
            match came.type:
                case WSMsgType.TEXT:
                    frame: str = came.data
                    if not line.spends(_CONNECT_COST if frame.startswith("40") else 1.0):
                        continue
                    if frame in ("1", "3") or frame[:2] in ("40", "41", "42"):
                        return frame
                    line.fault("frame")
                case WSMsgType.BINARY:
                    line.fault("binary")
                case WSMsgType.PING:
                    if line.spends(1.0):
                        await self._socket.pong(came.data)
                case WSMsgType.PONG:
                    line.spends(1.0)
                case _:
                    raise OSError("the client has gone")


class Outbox(asyncio.Queue[Any]):
    """What waits for a client to read it, with its size; the library's own queue has no bound."""

    bytes = 0

    def _put(self, item: Any) -> None:
        self.bytes += _size(item)
        super()._put(item)

    def _get(self) -> Any:
        item = super()._get()
        self.bytes -= _size(item)
        return item


class Engine(engineio.AsyncServer):  # type: ignore[misc]  # the library carries no types
    """engine.io with our websocket under it, our queue behind it, and a door in front."""

    _async: dict[str, Any]

    def guard(self, guard: Guard) -> None:
        self._guard = guard
        # Its own environment copies every header, X-Forwarded-* included, and says 127.0.0.1 for everybody.
        self._async = {**self._async, "websocket": _Wire, "translate_request": _environ}

    def create_queue(self, *args: Any, **kwargs: Any) -> Outbox:
        return Outbox()

    async def send_packet(self, sid: str, pkt: Any) -> None:
        socket, limits = self.sockets.get(sid), self._guard.limits
        if socket is not None and (socket.queue.qsize() >= limits.waiting_packets or socket.queue.bytes >= limits.waiting_bytes):
            line = self._guard.line_of(sid)
            if line is not None:
                self._guard.drop("slow")
                line.abort()
            return
        await super().send_packet(sid, pkt)

    async def handle_request(self, request: web.Request) -> web.StreamResponse:
        line = self._guard.admit(request)
        request[_OF_REQUEST] = line
        try:
            answer: web.StreamResponse = await super().handle_request(request)
            return answer
        finally:
            self._guard.release(line)


def _environ(request: web.Request) -> dict[str, Any]:
    line = request[_OF_REQUEST]
    return {
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": request.query_string,
        "HTTP_CONNECTION": "upgrade",
        "HTTP_UPGRADE": "websocket",
        "REMOTE_ADDR": line.peer,
        "aiohttp.request": request,
        PEER: line.peer,
        LINE: line,
    }


def _size(item: Any) -> int:
    data = getattr(item, "data", None)
    return len(data) if isinstance(data, str | bytes) else 0
