"""What both engines promise: a unit is stored whole and durably before `run` returns, or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading

import psycopg
import pytest

from gateway.clock import FakeClock
from gateway.db.database import Database, Hint, Tx
from gateway.db.sqlite import SqliteDatabase
from gateway.errors import GatewayError, Unavailable
from tests.db.stores import ADD, ONE, Gate, Store, add, add_then_fail, count, increment, together


async def test_a_unit_gives_its_result_and_is_stored_when_run_returns(store: Store) -> None:
    assert await store.database.run(add, "one", body="text") == "one"
    assert store.sql("SELECT id, body FROM note") == [("one", "text")]


async def test_a_failing_unit_beside_good_ones_fails_alone(store: Store) -> None:
    await store.database.run(add, "taken")
    results = await together(store.database, (add, "a"), (add_then_fail, "b"), (add, "c"), (add, "taken"), (add, "d"))
    assert [results[0], results[2], results[4]] == ["a", "c", "d"]
    assert isinstance(results[1], ValueError)
    assert "unique" in str(results[3]).lower()
    assert store.notes() == {"a", "c", "d", "taken"}
    assert store.database.healthy() is None


async def test_an_error_of_the_house_reaches_the_caller_as_it_is(database: Database) -> None:
    raised = GatewayError("no", why="because")

    def fail(tx: Tx) -> None:
        raise raised

    with pytest.raises(GatewayError) as caught:
        await database.run(fail)
    assert caught.value is raised


async def test_a_unit_that_swallows_a_database_error_is_not_stored(store: Store) -> None:
    await store.database.run(add, "a")

    def swallow(tx: Tx) -> str:
        tx.run(ADD, id="before", body="")
        with contextlib.suppress(Exception):
            tx.run(ADD, id="a", body="")
        with contextlib.suppress(Exception):
            tx.run(ADD, id="after", body="")
        return "done"

    with pytest.raises(Exception, match=r"(?i)unique"):
        await store.database.run(swallow)
    results = await together(store.database, (swallow,), (add, "b"))
    assert "unique" in str(results[0]).lower()
    assert store.notes() == {"a", "b"}


async def test_stop_iteration_of_a_unit_does_not_harm_its_neighbours(database: Database) -> None:
    def stop(tx: Tx) -> None:
        raise StopIteration

    results = await together(database, (stop,), (add, "b"))
    assert isinstance(results[0], RuntimeError)
    assert results[1] == "b"


async def test_a_cancelled_callers_unit_is_stored_and_makes_no_noise(store: Store) -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context))
    gate, inside = Gate(), Gate()

    def slow_add(tx: Tx) -> None:
        add(tx, "running")
        inside(tx)

    first = asyncio.ensure_future(store.database.run(gate))
    await asyncio.to_thread(gate.reached.wait, 20)
    running = asyncio.ensure_future(store.database.run(slow_add))
    waiting = [asyncio.ensure_future(store.database.run(add, f"waiting {n}")) for n in range(30)]
    await asyncio.sleep(0)
    for task in waiting[:15]:
        task.cancel()
    gate.open.set()
    await asyncio.to_thread(inside.reached.wait, 20)
    running.cancel()
    inside.open.set()
    await asyncio.gather(first, running, *waiting, return_exceptions=True)
    everything = {"running", *(f"waiting {n}" for n in range(30))}
    async with asyncio.timeout(20):
        # Nobody waits for these units any more, so there is nothing to await but the store itself.
        while store.notes() != everything or set(store.topics) != everything:
            await store.database.run(increment)
    assert complaints == []


async def test_hints_are_published_after_commit_in_order_and_never_for_a_rolled_back_unit(store: Store) -> None:
    seen_at_publish: list[set[str]] = []

    def chain(tx: Tx) -> None:
        tx.hint(Hint("first", "x"))
        tx.hint(Hint("second", "x"))
        seen_at_publish.append(set(store.topics))

    await store.database.run(chain)
    assert seen_at_publish == [set()]
    assert store.topics == ["first", "second"]
    store.published.clear()
    results = await together(store.database, (add, "a"), (add_then_fail, "b"), (add, "c"))
    assert isinstance(results[1], ValueError)
    assert set(store.topics) == {"a", "c"}
    if store.database.engine == "sqlite":
        assert store.topics == ["a", "c"]


async def test_a_hint_is_published_before_its_caller_goes_on(store: Store) -> None:
    for number in range(20):
        await store.database.run(add, str(number))
        assert store.topics[-1] == str(number)


async def test_a_publisher_that_fails_does_not_keep_the_callers_waiting(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(hints: object) -> None:
        raise RuntimeError("the bus is away")

    monkeypatch.setattr(store.database, "_publish", fail)
    assert await asyncio.wait_for(store.database.run(add, "a"), 10) == "a"
    assert store.notes() == {"a"}


async def test_read_then_update_loses_nothing(store: Store) -> None:
    async def caller() -> None:
        for _ in range(10):
            await store.database.run(increment)

    await asyncio.gather(*(caller() for _ in range(40)))
    assert store.sql("SELECT n FROM counter WHERE id = 'a'") == [(400,)]


async def test_a_read_sees_one_snapshot_and_the_next_a_fresh_one(store: Store) -> None:
    between = Gate()

    def twice(tx: Tx) -> tuple[int, int]:
        before = count(tx)
        between(tx)
        return before, count(tx)

    reading = asyncio.ensure_future(store.database.read(twice))
    await asyncio.to_thread(between.reached.wait, 20)
    await store.database.run(add, "a")
    between.open.set()
    assert await reading == (0, 0)
    assert await store.database.read(count) == 1


async def test_a_write_in_a_read_is_refused_and_harms_nothing(store: Store) -> None:
    with pytest.raises(Exception, match=r"(?i)read.?only") as caught:
        await store.database.read(add, "a")
    assert not isinstance(caught.value, GatewayError)
    assert store.notes() == set()
    assert store.database.healthy() is None
    assert await store.database.read(count) == 0
    assert await store.database.run(add, "a") == "a"


async def test_a_units_system_exit_fails_its_caller_and_the_store_goes_on(store: Store) -> None:
    def leave(tx: Tx) -> None:
        add(tx, "left")
        raise SystemExit(3)

    with pytest.raises(Unavailable, match="SystemExit"):
        await store.database.run(leave)
    assert await store.database.run(add, "a") == "a"
    assert store.database.healthy() is None
    assert store.notes() == {"a"}


async def test_what_a_future_cannot_carry_does_not_harm_reads(store: Store) -> None:
    def stop(tx: Tx) -> None:
        raise StopIteration

    def leave(tx: Tx) -> None:
        raise SystemExit(3)

    with pytest.raises(RuntimeError):
        await asyncio.wait_for(store.database.read(stop), 20)
    with pytest.raises(Unavailable):
        await asyncio.wait_for(store.database.read(leave), 20)
    assert await store.database.read(count) == 0


async def test_probe_really_writes(store: Store) -> None:
    assert await store.database.probe() is None
    first = store.sql("SELECT at FROM probe")
    assert await store.database.probe() is None
    assert store.sql("SELECT at FROM probe") > first
    store.sql("DROP TABLE probe")
    sentence = await store.database.probe()
    assert sentence is not None
    assert "probe" in sentence


async def test_stop_stores_what_waits_and_then_refuses(store: Store) -> None:
    gate = Gate()
    first = asyncio.ensure_future(store.database.run(gate))
    await asyncio.to_thread(gate.reached.wait, 20)
    waiting = asyncio.ensure_future(store.database.run(add, "a"))
    await asyncio.sleep(0)
    stopping = asyncio.ensure_future(store.database.stop())
    await asyncio.sleep(0)
    gate.open.set()
    await asyncio.gather(first, waiting, stopping)
    assert store.notes() == {"a"}
    assert store.database.healthy() is not None
    with pytest.raises(Unavailable):
        await store.database.run(add, "b")
    with pytest.raises(Unavailable):
        await store.database.read(count)


async def test_a_slow_unit_is_logged_by_name(store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock()
    monkeypatch.setattr(store.database, "_clock", clock)
    if isinstance(store.database, SqliteDatabase):
        monkeypatch.setattr(store.database._writer, "_clock", clock)

    def dawdle(tx: Tx) -> None:
        tx.one(ONE)
        clock.advance(0.25)

    await store.database.run(dawdle)
    assert "dawdle took 250 ms" in caplog.text


async def test_one_time_for_the_whole_unit(database: Database) -> None:
    def times(tx: Tx) -> tuple[int, int]:
        first = tx.now
        threading.Event().wait(0.002)
        return first, tx.now

    first, second = await database.run(times)
    assert first == second > 0


async def test_constraint_errors_are_the_drivers_own(store: Store) -> None:
    await store.database.run(add, "a")
    with pytest.raises((psycopg.errors.UniqueViolation, sqlite3.IntegrityError)):
        await store.database.run(add, "a")
