"""The bus over Redis: at most once by nature, so every gap is announced and clients resynchronise from the database."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from gateway.clock import Clock
from gateway.live.bus import Arrived, Listener, LocalBus, Notice

log = logging.getLogger("throughline.live")

CHANNEL = "throughline:hints"
_WAITING = 10_000
"""Hints kept while Redis is away; older ones are dropped, which the next gap notice makes good."""


class RedisBus:
    """Every process hears its own hints at once and those of the others through Redis."""

    def __init__(self, url: str, clock: Clock):
        # Trying again is done here, so that it begins when Redis is back: the client's own pauses grow to 10 s each.
        once = Retry(NoBackoff(), 0)
        pool = BlockingConnectionPool.from_url(url, max_connections=8, timeout=5, socket_timeout=5, socket_connect_timeout=5, retry=once)
        self._redis = Redis.from_pool(pool)
        # A subscription waits for as long as it takes: redis-py 8 would otherwise end it after its default of 5 s.
        self._listening = Redis.from_url(url, socket_timeout=None, socket_connect_timeout=5, health_check_interval=10, retry=once)
        self._clock = clock
        self._origin = clock.token(8)
        self._local = LocalBus()
        self._waiting: deque[str] = deque(maxlen=_WAITING)
        self._some = asyncio.Event()
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []
        self._trouble: str | None = "Redis has not answered yet."

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(self._send(), name="bus send"), asyncio.create_task(self._receive(), name="bus receive")]

    async def stop(self) -> None:
        # The client can turn a cancellation into an error of its own, and the tasks would go on.
        self._stopping = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._local.stop()
        await self._redis.aclose()
        await self._listening.aclose()

    def publish(self, notices: Iterable[Notice]) -> None:
        for notice in notices:
            self._local.publish([notice])
            self._waiting.append(json.dumps([self._origin, notice.topic, notice.kind, dict(notice.payload)], ensure_ascii=False))
        self._some.set()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        return self._local.subscribe(listener)

    def healthy(self) -> str | None:
        return self._trouble

    async def _send(self) -> None:
        while not self._stopping:
            await self._some.wait()
            self._some.clear()
            while self._waiting and not self._stopping:
                batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), 200))]
                try:
                    async with self._redis.pipeline(transaction=False) as pipe:
                        for text in batch:
                            pipe.publish(CHANNEL, text)
                        await pipe.execute()
                except (RedisError, OSError) as error:
                    self._waiting.extendleft(reversed(batch[: _WAITING - len(self._waiting)]))
                    log.warning("hints could not be sent to the other processes", extra={"error": type(error).__name__})
                    await self._clock.sleep(1.0)

    async def _receive(self) -> None:
        while not self._stopping:
            try:
                async with self._listening.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    self._trouble = None
                    self._local.publish([Arrived("bus", "gap")])
                    while not self._stopping:
                        message = await pubsub.get_message(timeout=None)
                        if message is not None:
                            self._take(message["data"])
            except (RedisError, OSError) as error:
                self._trouble = f"Redis is away ({type(error).__name__}): other processes' news come late."
                log.warning("the hint channel broke, connecting again", extra={"error": type(error).__name__})
                await self._clock.sleep(0.5 + self._clock.random())

    def _take(self, data: bytes | str) -> None:
        origin = topic = kind = payload = None
        with suppress(ValueError, TypeError, RecursionError):
            origin, topic, kind, payload = json.loads(data)
        if not (type(topic) is type(kind) is str and type(payload) is dict):
            log.warning("something that is not a hint came over the hint channel")
        elif origin != self._origin:
            self._local.publish([Arrived(topic, kind, payload)])
