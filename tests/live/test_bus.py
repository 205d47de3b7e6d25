"""The buses: in order, to everybody, never in anybody's way; over Redis also through its absence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import redis

from gateway.clock import SystemClock
from gateway.live.bus import Arrived, Bus, LocalBus, Notice
from gateway.live.redis import CHANNEL, RedisBus
from tests.conftest import _need
from tests.servers import RedisServer


class Heard:
    """What a listener got, and a way to wait for it."""

    def __init__(self, bus: Bus) -> None:
        self.notices: list[Notice] = []
        self._news = asyncio.Event()
        self.end: Callable[[], None] = bus.subscribe(self._take)

    def _take(self, notice: Notice) -> None:
        self.notices.append(notice)
        self._news.set()

    async def until(self, fits: Callable[[list[Notice]], Any], seconds: float = 10.0) -> None:
        async with asyncio.timeout(seconds):
            while not fits(self.notices):
                self._news.clear()
                await self._news.wait()

    def kinds(self, topic: str = "t") -> list[str]:
        return [notice.kind for notice in self.notices if notice.topic == topic]


@asynccontextmanager
async def bus(url: str) -> AsyncIterator[RedisBus]:
    """Started, and listening already."""
    opened = RedisBus(url, SystemClock())
    heard = Heard(opened)
    await opened.start()
    try:
        await heard.until(lambda notices: any(notice.topic == "bus" for notice in notices))
        heard.end()
        yield opened
    finally:
        await opened.stop()


def test_the_local_bus_calls_everybody_in_order_and_survives_a_bad_listener() -> None:
    local = LocalBus()
    first: list[Notice] = []
    second: list[Notice] = []

    def bad(notice: Notice) -> None:
        raise RuntimeError("a listener's own trouble")

    local.subscribe(first.append)
    local.subscribe(bad)
    end = local.subscribe(second.append)
    local.publish([Arrived("t", "1"), Arrived("t", "2")])
    end()
    end()
    local.publish([Arrived("t", "3")])
    assert [notice.kind for notice in first] == ["1", "2", "3"] and [notice.kind for notice in second] == ["1", "2"]
    assert local.healthy() is None


async def test_hints_reach_the_other_processes_once_and_in_order(redis_url: str) -> None:
    async with bus(redis_url) as one, bus(redis_url) as other:
        own, others = Heard(one), Heard(other)
        assert one.healthy() is None and other.healthy() is None
        one.publish([Arrived("t", str(number), {"text": "ä🪑", "n": number}) for number in range(500)])
        assert own.kinds() == [str(number) for number in range(500)], "one's own at once"
        await others.until(lambda notices: len(notices) >= 500)
        assert others.kinds() == [str(number) for number in range(500)]
        assert others.notices[7].payload == {"text": "ä🪑", "n": 7}
        other.publish([Arrived("t", "back")])
        await own.until(lambda notices: notices[-1].kind == "back")
        assert own.kinds().count("back") == 1 and len(own.notices) == 501, "no echo of one's own"


async def test_what_is_no_hint_is_passed_over(redis_url: str, redis_server: RedisServer) -> None:
    async with bus(redis_url) as one, bus(redis_url) as other:
        heard = Heard(other)
        with redis.Redis.from_url(redis_url) as stranger:
            for rubbish in (
                b"",
                b"{",
                b"[]",
                b"[1]",
                b"null",
                b"\xff\xfe",
                b'["o", "t"]',
                b'"x"',
                b"[" * 5000,
                b'["o", 1, 2, 3]',
                b'["o", "t", "k", []]',
                b'{"a":1,"b":2,"c":3,"d":4}',
            ):
                stranger.publish(CHANNEL, rubbish)
        one.publish([Arrived("t", "well")])
        await heard.until(lambda notices: "well" in [notice.kind for notice in notices])
        assert heard.kinds() == ["well"] and other.healthy() is None


@pytest.mark.kill
async def test_redis_goes_and_comes_back() -> None:
    with _need(RedisServer) as server:
        async with bus(server.url) as one, bus(server.url) as other:
            heard, gaps = Heard(other), Heard(one)
            await asyncio.to_thread(server.kill)
            async with asyncio.timeout(10):
                while other.healthy() is None:
                    await asyncio.sleep(0.02)
            assert "Redis is away" in str(other.healthy()) and str(server.port) not in str(other.healthy())
            one.publish([Arrived("t", "while it was away")])
            assert gaps.kinds() == ["while it was away"], "the own process hears it all the same"
            await asyncio.to_thread(server.start)
            for told in (heard, gaps):
                await told.until(lambda notices: any((notice.topic, notice.kind) == ("bus", "gap") for notice in notices))
            assert one.healthy() is None and other.healthy() is None
            one.publish([Arrived("t", "afterwards")])
            await heard.until(lambda notices: "afterwards" in [notice.kind for notice in notices])


async def test_without_redis_it_starts_stops_and_says_so() -> None:
    from tests.servers import free_port

    lonely = RedisBus(f"redis://127.0.0.1:{free_port()}/0", SystemClock())
    heard = Heard(lonely)
    await lonely.start()
    lonely.publish([Arrived("t", "alone")])
    assert heard.kinds() == ["alone"] and lonely.healthy() is not None
    await asyncio.wait_for(lonely.stop(), 5)
