"""A Socket.IO server that takes only what is in a closed table, in small pieces and not too often; python-socketio itself takes anything.

Two layers of the libraries (python-socketio 5.18, python-engineio 4.15) are fenced off, both through private names that
tests/web/test_guard.py watches: the websocket under engine.io, where frames come in, and the dispatch of events above it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Any

import socketio
import structlog
from aiohttp import WSCloseCode, web
from socketio import packet

from channels.contract import Clock
from gateway.errors import Forbidden, GatewayError, Invalid, TooMany, Unavailable
from gateway.web.forwarded import limit_key
from gateway.web.rates import Rate, Rates
from gateway.web.wire import LINE, PEER, Engine, Line, SocketLimits

__all__ = ["PEER", "GuardedServer", "SocketLimits"]


class GuardedServer(socketio.AsyncServer):  # type: ignore[misc]  # the library carries no types
    """`events` is the closed table: namespace → event names. Every event has exactly one argument, an object.

    A connect handler must return True; anything else, a raised error and a handler that takes too long included, refuses the socket.
    `peer_of` gives the caller's real address, `origin_ok` whether a browser's page may open a socket here, `drop` counts by reason.
    Other keyword arguments go to socketio.AsyncServer (`client_manager`).
    """

    def __init__(
        self,
        events: Mapping[str, Collection[str]],
        clock: Clock,
        *,
        peer_of: Callable[[web.Request], str],
        origin_ok: Callable[[web.Request], bool],
        drop: Callable[[str], None],
        limits: SocketLimits | None = None,
        **options: Any,
    ) -> None:
        self.events = {namespace: frozenset(names) for namespace, names in events.items()}
        self.limits = limits = limits or SocketLimits()
        self.drop = drop
        self.rates = Rates(
            clock, {"open": Rate.per_minute(limits.new_per_minute, limits.new_burst), "frame": Rate(limits.per_second, limits.burst)}
        )
        self._clock = clock
        self._peer_of = peer_of
        self._origin_ok = origin_ok
        self._lines: set[Line] = set()
        self._by_peer: Counter[str] = Counter()
        self._stopping = False
        log = logging.getLogger("throughline.socketio")
        log.setLevel(logging.WARNING)  # below that it writes every packet, words and tokens included
        super().__init__(
            async_mode="aiohttp",
            async_handlers=False,  # one task per event would let two events of one client overtake each other
            namespaces=list(self.events),
            transports=["websocket"],
            allow_upgrades=False,
            http_compression=False,
            cors_allowed_origins=[],  # theirs trusts X-Forwarded-Host from anybody; ours is origin_ok
            max_http_buffer_size=limits.frame_bytes,
            ping_interval=limits.ping_interval,
            ping_timeout=limits.ping_timeout,
            logger=log,
            engineio_logger=log,
            **options,
        )
        self.eio.guard(self)

    def __len__(self) -> int:
        """Open sockets."""
        return len(self._lines)

    async def disconnect(self, sid: str, namespace: str | None = None, ignore_queue: bool = False) -> None:
        """Ends a socket at once: its disconnect handler runs, the client is told, and the connection is closed as well.

        The library leaves the connection open. With a Redis manager this is also what another process' call ends up in.
        """
        line = self.line_of(self.manager.eio_sid_from_sid(sid, namespace or "/"))
        await super().disconnect(sid, namespace, ignore_queue)
        if line is not None:
            await line.close(WSCloseCode.POLICY_VIOLATION)

    async def drop_one(self, sid: str, namespace: str) -> None:
        """Closes one socket so that its client connects again, with what it may do by then."""
        line = self.line_of(self.manager.eio_sid_from_sid(sid, namespace))
        if line is not None:
            await line.close(WSCloseCode.SERVICE_RESTART)

    async def drop_all(self) -> None:
        """Closes every socket so that clients connect again, each after its own jitter, and fetch what they missed."""
        await asyncio.gather(*(line.close(WSCloseCode.SERVICE_RESTART) for line in tuple(self._lines)))

    async def stop(self) -> None:
        """Closes every socket with "going away" and takes no new one. For app.on_shutdown; the second call does nothing."""
        if self._stopping:
            return
        self._stopping = True
        await asyncio.gather(*(line.close(WSCloseCode.GOING_AWAY) for line in tuple(self._lines)))
        await self.shutdown()

    def admit(self, request: web.Request) -> Line:
        """The place of a new socket; raises GatewayError when it gets none."""
        query = request.query
        upgrade = request.method == "GET" and request.headers.get("Upgrade", "").lower() == "websocket"
        if not upgrade or query.getall("transport", []) != ["websocket"] or query.getall("EIO", []) != ["4"] or "sid" in query:
            raise Invalid("Only websockets of Socket.IO 4 are served here.")
        if not self._origin_ok(request):
            self.drop("origin")
            raise Forbidden("This page may not open a socket here.")
        if self._stopping:
            raise Unavailable("The process is stopping.")
        peer = self._peer_of(request)
        key = limit_key(peer)
        if self._by_peer[key] >= self.limits.per_peer or len(self._lines) >= self.limits.total:
            self.drop("peer")
            raise TooMany("Too many open sockets.", retry_after=30)
        wait = self.rates.allow("open", key)
        if wait is not None:
            self.drop("peer")
            raise TooMany("Too many new sockets; please wait a moment.", retry_after=wait)
        line = Line(self, peer, key)
        self._lines.add(line)
        self._by_peer[key] += 1
        return line

    def release(self, line: Line) -> None:
        """Gives the place back."""
        self._lines.discard(line)
        self._by_peer[line.key] -= 1
        if not self._by_peer[line.key]:
            del self._by_peer[line.key]
        self.rates.forget("frame", line.name)
        if line.timer is not None:
            line.timer.cancel()

    def line_of(self, eio_sid: str | None) -> Line | None:
        """The open socket behind an engine.io id."""
        environ = self.environ.get(eio_sid)
        return None if environ is None else environ[LINE]

    def _engineio_server_class(self) -> type:
        return Engine

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> None:
        await super()._handle_eio_connect(eio_sid, environ)
        environ[LINE].outbox = self.eio.sockets[eio_sid].queue
        environ[LINE].timer = asyncio.get_running_loop().call_later(self.limits.join_seconds, self._expect_joined, eio_sid)

    def _expect_joined(self, eio_sid: str) -> None:
        line = self.line_of(eio_sid)
        if line is not None and not self._joined(eio_sid):
            self.drop("idle")
            line.abort()

    def _joined(self, eio_sid: str) -> bool:
        return any(self.manager.is_connected(self.manager.sid_from_eio_sid(eio_sid, namespace), namespace) for namespace in self.events)

    async def _handle_eio_message(self, eio_sid: str, data: object) -> None:
        line = self.line_of(eio_sid)
        if line is None or not isinstance(data, str):
            return
        try:
            came = self.packet_class(encoded_packet=data)
        except (ValueError, RecursionError):
            line.fault("frame")
            return
        namespace = came.namespace or "/"
        if came.packet_type == packet.EVENT:
            await self._handle_event(eio_sid, namespace, came.id, came.data)
        elif came.packet_type == packet.CONNECT and (came.data is None or isinstance(came.data, dict)):
            await self._handle_connect(eio_sid, namespace, came.data)
        elif came.packet_type == packet.DISCONNECT:
            await self._handle_disconnect(eio_sid, namespace, self.reason.CLIENT_DISCONNECT)
            if not self._joined(eio_sid):
                line.abort()
        else:
            line.fault("frame")

    async def _handle_connect(self, eio_sid: str, namespace: str, data: Any) -> None:
        try:
            await super()._handle_connect(eio_sid, namespace, data)
        except Exception as error:  # noqa: BLE001  whatever a handler raises refuses the socket; what it was goes to the log only
            self._record("connect", namespace, error)
            sid = self.manager.sid_from_eio_sid(eio_sid, namespace)
            if sid is not None:
                await self.manager.disconnect(sid, namespace, ignore_queue=True)
            refusal = self.packet_class(packet.CONNECT_ERROR, data={"message": "unavailable"}, namespace=namespace)
            await self._send_packet(eio_sid, refusal)

    async def _handle_event(self, eio_sid: str, namespace: str, ack: int | None, data: Any) -> None:
        line = self.line_of(eio_sid)
        if line is None:
            return
        sid = self.manager.sid_from_eio_sid(eio_sid, namespace)
        if sid is None or not self.manager.is_connected(sid, namespace):
            line.fault("early")
        elif not isinstance(data, list) or not data or not isinstance(data[0], str) or data[0] not in self.events[namespace]:
            line.fault("event")
        elif len(data) != 2 or not isinstance(data[1], dict):
            line.fault("shape")
        else:
            try:
                await self._handle_event_internal(self, sid, eio_sid, data, namespace, ack)
            except GatewayError:
                line.fault("refused")
            except Exception as error:  # noqa: BLE001  one bad event must not end the socket; the client hears nothing of it
                self._record(data[0], namespace, error)

    async def _trigger_event(self, event: str, namespace: str, *args: Any) -> Any:
        async with asyncio.timeout(self.limits.event_seconds) as deadline:
            result = await super()._trigger_event(event, namespace, *args)
        # The library swallows a cancelled handler and goes on as if it had returned None, which it would take for a yes.
        if deadline.expired():
            raise TimeoutError
        # Nor may it swallow the end of the task that closes the socket: whoever waits for that task would wait for ever.
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError
        return result is True if event == "connect" else result

    def _record(self, event: str, namespace: str, error: Exception) -> None:
        self.drop("failed")
        structlog.get_logger("gateway.web").error(
            "socket_event_failed", id=self._clock.token(8), event_name=event, namespace=namespace, exc_info=error
        )
