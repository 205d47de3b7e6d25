"""The load: customers who write over keep-alive connections, in a process of its own and as cheap as Python allows.

Reads a plan (JSON) from stdin and writes what came of it (JSON) to stdout. One request is under way per connection.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict, dataclass, field
from time import perf_counter
from uuid import uuid4

TEXT = "Hello, I ordered the oak table on Monday and it has not arrived yet. When will it be delivered?"
_PAGE = {"url": "https://shop.example/tables/oak", "title": "Oak table", "referrer": "https://shop.example/"}
_END = b"\r\n\r\n"
_LENGTH = b"Content-Length: "


@dataclass(frozen=True, slots=True)
class Plan:
    """`tokens` of visitors; each belongs to one connection. The first `warm_up` seconds are not counted."""

    port: int
    tokens: list[str]
    connections: int
    seconds: float
    warm_up: float = 0.3


@dataclass(frozen=True, slots=True)
class Outcome:
    """Per second, and the time to the answer in milliseconds. `refused` counts answers other than 200, with the first one."""

    per_second: float
    p50: float
    p99: float
    count: int
    refused: int = 0
    first_refusal: str = ""


def head(token: str, port: int, length: int) -> bytes:
    """What a browser would send, without what no server of ours looks at."""
    return (
        f"POST /api/visitor/messages HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\nOrigin: http://127.0.0.1:{port}\r\nAccept: */*\r\n\r\n"
    ).encode()


def body_parts() -> tuple[bytes, bytes]:
    """The JSON before and after the 32 hex digits of the client id."""
    text = json.dumps({"client_id": "#", "text": TEXT, "page": _PAGE, "locale": "fi"})
    before, _, after = text.partition("#")
    return before.encode(), after.encode()


def summary(latencies: list[float], seconds: float, refused: int = 0, first_refusal: str = "") -> Outcome:
    """`latencies` and `seconds` in seconds."""
    ordered = sorted(latencies)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0 for share in (0.5, 0.99)]
    return Outcome(len(ordered) / seconds, at[0], at[1], len(ordered), refused, first_refusal)


@dataclass(slots=True)
class Tally:
    count_from: float
    stop_at: float
    latencies: list[float] = field(default_factory=list)
    refused: int = 0
    first_refusal: str = ""


class Customer(asyncio.Protocol):
    """One connection: sends the next message as soon as the last one is answered, until the time is over."""

    def __init__(self, heads: list[bytes], tally: Tally, over: asyncio.Future[None]) -> None:
        self._heads = heads
        self._tally = tally
        self._over = over
        self._before, self._after = body_parts()
        self._run = uuid4().hex[:20].encode()
        self._sent = 0
        self._at = 0.0
        self._came = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a TCP transport is expected")
        self._transport = transport
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._over.done():
            self._over.set_exception(exc or ConnectionError("the server closed the connection"))

    def _send(self) -> None:
        number = self._sent
        self._sent = number + 1
        first = self._heads[number % len(self._heads)]
        self._at = perf_counter()
        self._transport.write(b"%b%b%b%012x%b" % (first, self._before, self._run, number, self._after))

    def data_received(self, data: bytes) -> None:
        came = self._came + data if self._came else data
        end = came.find(_END)
        if end >= 0:
            place = came.find(_LENGTH) + len(_LENGTH)
            if len(came) >= end + len(_END) + int(came[place : came.find(b"\r", place)]):
                self._came = b""
                self._answered(came)
                return
        self._came = came

    def _answered(self, answer: bytes) -> None:
        now = perf_counter()
        tally = self._tally
        if not answer.startswith(b"HTTP/1.1 200"):
            tally.refused += 1
            tally.first_refusal = tally.first_refusal or answer.decode(errors="replace")
        elif tally.count_from <= self._at and now <= tally.stop_at:
            tally.latencies.append(now - self._at)
        if now < tally.stop_at:
            self._send()
        elif not self._over.done():
            self._over.set_result(None)
            self._transport.close()


async def run(plan: Plan) -> Outcome:
    """All connections at once. Raises OSError when one cannot be made or is lost."""
    loop = asyncio.get_running_loop()
    before, after = body_parts()
    length = len(before) + 32 + len(after)
    heads = [head(token, plan.port, length) for token in plan.tokens]
    start = perf_counter() + plan.warm_up
    tally = Tally(start, start + plan.seconds)
    overs: list[asyncio.Future[None]] = []
    for number in range(plan.connections):
        over: asyncio.Future[None] = loop.create_future()
        overs.append(over)
        own = heads[number :: plan.connections]
        await loop.create_connection(lambda own=own, over=over: Customer(own, tally, over), "127.0.0.1", plan.port)  # type: ignore[misc]  # mypy cannot type a lambda's defaults
    await asyncio.gather(*overs)
    return summary(tally.latencies, plan.seconds, tally.refused, tally.first_refusal)


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(run(Plan(**json.load(sys.stdin)))))))
