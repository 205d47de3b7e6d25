"""Time, ids, randomness and sleep: the only place they come from, so that the whole service runs under simulated time."""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import threading
import time

from channels.contract import Clock, Micros

__all__ = ["DAY", "HOUR", "MILLISECOND", "MINUTE", "SECOND", "Clock", "FakeClock", "Micros", "SystemClock", "uuid7"]

MILLISECOND = 1_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def uuid7(milliseconds: int, bits: int) -> str:
    """RFC 9562 section 5.7: 48 bits of Unix time in milliseconds, then 74 of `bits`."""
    value = (milliseconds & 0xFFFFFFFFFFFF) << 80
    value |= 0x7 << 76 | (bits >> 62 & 0xFFF) << 64
    value |= 0b10 << 62 | (bits & 0x3FFFFFFFFFFFFFFF)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class SystemClock:
    """The real thing. Ids of one process rise strictly, also within a millisecond."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._bits = 0

    def now(self) -> Micros:
        return time.time_ns() // 1_000

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def new_id(self) -> str:
        milliseconds = time.time_ns() // 1_000_000
        with self._lock:
            if milliseconds > self._last:
                self._last = milliseconds
                self._bits = int.from_bytes(os.urandom(10)) & ((1 << 73) - 1)
            else:
                self._bits += 1 + int.from_bytes(os.urandom(4))
            return uuid7(self._last, self._bits)

    def token(self, size: int = 32) -> str:
        """`size` random bytes from the operating system, URL-safe."""
        return secrets.token_urlsafe(size)

    def random(self) -> float:
        return random.random()


class FakeClock:
    """For tests: stands still until told, sleeps by moving on, draws from a seed."""

    def __init__(self, start: Micros = 1_700_000_000 * SECOND, seed: int = 0) -> None:
        self._now = start
        self._random = random.Random(seed)
        self._lock = threading.Lock()

    def now(self) -> Micros:
        return self._now

    def monotonic(self) -> float:
        return self._now / SECOND

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        self._now += round(seconds * SECOND)

    def new_id(self) -> str:
        with self._lock:
            self._now += 1
            return uuid7(self._now // 1_000, (self._now % 1_000) << 64 | self._random.getrandbits(60))

    def token(self, size: int = 32) -> str:
        return self._random.randbytes(size).hex()

    def random(self) -> float:
        return self._random.random()
