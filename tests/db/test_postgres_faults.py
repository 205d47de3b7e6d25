"""PostgreSQL when the connection breaks, a commit's outcome is unknown, units deadlock, or the server is away."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable

import psycopg
import pytest
from sqlalchemy import text

from gateway.clock import SystemClock
from gateway.db.database import Tx, idempotent
from gateway.db.postgres import PostgresDatabase
from gateway.db.statement import Statement
from gateway.errors import ConfigError, Unavailable, UnknownOutcome
from tests.db.proxy import cutting_proxy
from tests.db.stores import ADD_ONCE, COUNT, Store, add, add_once, count, increment, open_postgres
from tests.servers import PostgresServer, free_port

PID = Statement("test.pid", text("SELECT pg_backend_pid()"))
QUICK_DEADLOCK = Statement("test.quick_deadlock", text("SET LOCAL deadlock_timeout = '20ms'"))
STATE = Statement("test.raise", text("DO $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '53100'; END $$"))
SETTINGS = Statement(
    "test.settings",
    text("SELECT current_setting('transaction_isolation'), current_setting('client_encoding'), current_setting('synchronous_commit')"),
)


@pytest.fixture
async def store(postgres_database: str) -> AsyncIterator[Store]:
    async with open_postgres(postgres_database) as opened:
        yield opened


class CutOff:
    """A unit body whose connection is ended by the administrator in its middle, at the first `times` runs."""

    def __init__(self, place: str, times: int = 1) -> None:
        self.place = place
        self.times = times
        self.runs = 0

    def __call__(self, tx: Tx, key: str) -> None:
        self.runs += 1
        tx.run(ADD_ONCE, id=key, body="")
        if self.runs <= self.times:
            row = tx.one(PID)
            assert row is not None
            with psycopg.connect(self.place) as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", row)
        tx.one(COUNT)


async def test_a_unit_cut_off_in_its_middle_runs_again_when_it_is_idempotent(store: Store) -> None:
    cut = CutOff(store.place, times=2)
    await store.database.run(idempotent(cut), "a")
    assert cut.runs == 3
    assert store.notes() == {"a"}
    assert store.database.healthy() is None


async def test_a_unit_cut_off_in_its_middle_is_unavailable_otherwise(store: Store) -> None:
    cut = CutOff(store.place)
    with pytest.raises(Unavailable) as caught:
        await store.database.run(cut, "a")
    assert not isinstance(caught.value, UnknownOutcome)
    assert cut.runs == 1
    assert store.notes() == set()
    assert store.database.healthy() is not None
    assert await store.database.probe() is None
    assert store.database.healthy() is None


async def test_tries_are_bounded(store: Store) -> None:
    cut = CutOff(store.place, times=1000)
    with pytest.raises(Unavailable):
        await store.database.run(idempotent(cut), "a")
    assert 2 <= cut.runs <= 10
    assert store.notes() == set()


async def test_dead_connections_in_the_pool_cost_no_unit(store: Store) -> None:
    await asyncio.gather(*(store.database.run(increment) for _ in range(40)))
    store.sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()")
    results = await asyncio.gather(*(store.database.run(add, str(number)) for number in range(40)))
    assert store.notes() == set(results)


@pytest.mark.parametrize(("cut", "stored"), [("before", set()), ("after", {"a"})])
async def test_a_line_cut_during_commit_ends_as_unknown(postgres_database: str, cut: str, stored: set[str]) -> None:
    async with cutting_proxy(postgres_database) as proxy, open_postgres(postgres_database, through=proxy.url) as store:
        proxy.cut = "before" if cut == "before" else "after"
        with pytest.raises(UnknownOutcome):
            await store.database.run(add, "a")
        assert proxy.cuts == 1
        assert store.topics == []
        assert store.notes() == stored
        assert await store.database.run(add, "b") == "b"


@pytest.mark.parametrize("cut", ["before", "after"])
async def test_a_line_cut_during_commit_is_tried_again_when_idempotent(postgres_database: str, cut: str) -> None:
    async with cutting_proxy(postgres_database) as proxy, open_postgres(postgres_database, through=proxy.url) as store:
        proxy.cut = "before" if cut == "before" else "after"
        await store.database.run(add_once, "a")
        assert proxy.cuts == 1
        assert store.notes() == {"a"}
        assert store.database.healthy() is None


def _crossing() -> tuple[Callable[[Tx, str, str], None], list[str]]:
    barrier = threading.Barrier(2)
    runs: list[str] = []

    def cross(tx: Tx, first: str, second: str) -> None:
        runs.append(first)
        tx.run(QUICK_DEADLOCK)
        increment(tx, first)
        if len(runs) <= 2:
            barrier.wait(20)
        increment(tx, second)

    return cross, runs


async def test_a_deadlock_is_resolved_by_running_again(store: Store) -> None:
    """Also without a key: the victim was rolled back for certain, and a unit is a plain function of the database."""
    cross, runs = _crossing()
    await asyncio.gather(store.database.run(cross, "a", "b"), store.database.run(cross, "b", "a"))
    assert len(runs) == 3
    assert store.sql("SELECT n FROM counter ORDER BY id") == [(2,), (2,)]
    assert store.database.healthy() is None


async def test_a_full_disk_of_the_server_is_unavailable(store: Store) -> None:
    def fail(tx: Tx) -> None:
        add(tx, "a")
        tx.run(STATE)

    with pytest.raises(Unavailable, match="disk of the database server is full"):
        await store.database.run(fail)
    assert "full" in (store.database.healthy() or "")
    assert await store.database.run(add, "b") == "b"
    assert store.database.healthy() is None
    assert store.notes() == {"b"}


async def test_a_read_only_server_is_unavailable_and_taken_again_when_it_writes(store: Store) -> None:
    (name,) = store.sql("SELECT current_database()")[0]
    store.sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    store.sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()")
    with pytest.raises(Unavailable, match="read-only"):
        await store.database.run(add, "a")
    assert "read-only" in (await store.database.probe() or "")
    assert await store.database.read(count) == 0
    with psycopg.connect(store.place, autocommit=True) as other:
        other.execute("SET default_transaction_read_only = off")
        other.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())
    while await store.database.probe() is not None:
        await asyncio.sleep(0)
    assert await store.database.run(add, "a") == "a"


async def test_units_read_committed_data_in_utf8_and_commit_synchronously(store: Store) -> None:
    def settings(tx: Tx) -> object:
        return tx.one(SETTINGS)

    assert await store.database.run(settings) == ("read committed", "UTF8", "on")
    assert await store.database.read(settings) == ("repeatable read", "UTF8", "on")


@pytest.mark.kill
async def test_a_killed_server_is_unavailable_soon_and_used_again_when_it_is_back(postgres_server: PostgresServer) -> None:
    with PostgresServer() as server:
        async with open_postgres(server.url) as store:
            await store.database.run(add, "a")
            await asyncio.to_thread(server.kill)
            began = time.monotonic()
            calls = [store.database.run(add, str(number)) for number in range(30)]
            results = await asyncio.gather(store.database.read(count), *calls, return_exceptions=True)
            assert time.monotonic() - began < 10
            assert {type(result) for result in results} == {Unavailable}
            assert store.database.healthy() is not None
            await asyncio.to_thread(server.start)
            began = time.monotonic()
            assert await store.database.run(add, "b") == "b"
            assert time.monotonic() - began < 6
            assert store.database.healthy() is None
            assert store.notes() == {"a", "b"}


async def test_start_says_where_no_server_answers_and_keeps_the_password(postgres_url: str) -> None:
    url = f"postgresql://somebody:verysecret@127.0.0.1:{free_port()}/shop"
    database = PostgresDatabase(url, SystemClock(), lambda hints: None, start_seconds=0.1)
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:\d+/shop did not answer") as caught:
        await database.start()
    assert "verysecret" not in str(caught.value)
    assert database.healthy() is not None
    await database.stop()


async def test_start_refuses_a_database_that_cannot_hold_every_text(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE narrow ENCODING 'LATIN1' TEMPLATE template0")
        try:
            database = PostgresDatabase(postgres_url.rsplit("/", 1)[0] + "/narrow", SystemClock(), lambda hints: None)
            with pytest.raises(ConfigError, match="LATIN1"):
                await database.start()
        finally:
            connection.execute("DROP DATABASE narrow WITH (FORCE)")
