"""A lease has one holder at a time, and an epoch that fences off the one before."""

from __future__ import annotations

import asyncio

from gateway.clock import SECOND, FakeClock
from gateway.db.database import Database
from gateway.store import leases

TIME = 10 * SECOND


async def _claim(db: Database, clock: FakeClock, holder: str) -> int | None:
    lease = await db.run(leases.claim_lease, "router", holder, clock.now() + TIME)
    return None if lease is None else lease.epoch


async def test_one_of_many_gets_it(db: Database, clock: FakeClock) -> None:
    told = await asyncio.gather(*(_claim(db, clock, str(number)) for number in range(10)))
    assert [epoch for epoch in told if epoch is not None] == [1]


async def test_it_passes_on_when_it_ran_out_or_was_left(db: Database, clock: FakeClock) -> None:
    assert [await _claim(db, clock, "one"), await _claim(db, clock, "two")] == [1, None]
    assert await db.run(leases.mark_kept, "router", "one", 1, clock.now() + TIME)
    clock.advance(11)
    assert await _claim(db, clock, "two") == 2
    assert not await db.run(leases.mark_kept, "router", "one", 1, clock.now() + TIME)
    assert [await db.run(leases.is_held, "router", who, epoch) for who, epoch in (("one", 1), ("two", 1), ("two", 2))] == [
        False,
        False,
        True,
    ]
    await db.run(leases.mark_left, "router", "one")
    assert await _claim(db, clock, "one") is None, "only the holder can leave it"
    await db.run(leases.mark_left, "router", "two")
    assert await _claim(db, clock, "one") == 3


async def test_the_cursor_survives_its_holders(db: Database, clock: FakeClock) -> None:
    await db.run(leases.mark_cursor, "router", "uid 7")
    await _claim(db, clock, "one")
    clock.advance(11)
    await _claim(db, clock, "two")
    lease = await db.read(leases.find_lease, "router")
    assert lease is not None
    assert (lease.holder, lease.epoch, lease.cursor) == ("two", 2, "uid 7")
