"""SQLite when the disk is full, the file locked or read-only, a commit fails, or the writer dies."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.clock import SystemClock
from gateway.db import sqlite_checkpoint
from gateway.db.database import Tx
from gateway.db.sqlite import SqliteDatabase
from gateway.db.sqlite_checkpoint import Checkpoints
from gateway.db.statement import Statement
from gateway.errors import Unavailable
from tests.db.stores import Gate, Store, add, count, open_sqlite, together

CHILD = Statement("test.child.add", text("INSERT INTO child (id) VALUES (:id)"))
FULL_SOON = Statement("test.full_soon", text("PRAGMA max_page_count = 24"))
ROOM = Statement("test.room", text("PRAGMA max_page_count = 1000000"))
QUERY_ONLY = Statement("test.query_only", text("PRAGMA query_only = ON"))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_sqlite(tmp_path / "store.db", busy_seconds=0.1) as opened:
        yield opened


def fill(tx: Tx, key: str) -> None:
    add(tx, f"{key} begun")
    for number in range(100):
        add(tx, f"{key} {number}", "x" * 4000)


def limit(tx: Tx) -> None:
    tx.one(FULL_SOON)


def make_room(tx: Tx) -> None:
    tx.one(ROOM)


async def test_a_unit_that_fills_the_disk_fails_alone_and_nothing_is_half_stored(store: Store) -> None:
    await store.database.run(limit)
    results = await together(store.database, (add, "a"), (add, "b"), (fill, "big"), (add, "c"), (add, "d"))
    assert [results[0], results[1], results[3], results[4]] == ["a", "b", "c", "d"]
    assert isinstance(results[2], Unavailable)
    assert "full" in str(results[2])
    assert store.notes() == {"a", "b", "c", "d"}
    assert sorted(store.topics) == ["a", "b", "c", "d"]
    await store.database.run(make_room)
    await store.database.run(fill, "big")
    assert store.database.healthy() is None
    assert len(store.notes()) == 4 + 101
    assert store.sql("PRAGMA integrity_check") == [("ok",)]


async def test_a_full_disk_is_reported_until_a_write_works(store: Store) -> None:
    await store.database.run(limit)
    with pytest.raises(Unavailable):
        await store.database.run(fill, "big")
    assert "disk is full" in (store.database.healthy() or "")
    await store.database.run(make_room)
    assert await store.database.probe() is None
    assert store.database.healthy() is None
    assert store.notes() == set()


async def test_many_units_at_a_full_disk_are_each_stored_whole_or_refused(store: Store) -> None:
    await store.database.run(limit)
    results = await together(store.database, *((add, str(number), "y" * 3000) for number in range(60)))
    stored = {result for result in results if isinstance(result, str)}
    refused = [result for result in results if not isinstance(result, str)]
    assert stored
    assert refused
    assert all(isinstance(result, Unavailable) for result in refused)
    assert store.notes() == stored == set(store.topics)
    assert store.sql("PRAGMA integrity_check") == [("ok",)]


async def test_a_failing_commit_fails_only_the_unit_at_fault(store: Store) -> None:
    def orphan(tx: Tx) -> None:
        add(tx, "beside the orphan")
        tx.run(CHILD, id="nobody")

    results = await together(store.database, (add, "a"), (orphan,), (add, "b"))
    assert results[0] == "a"
    assert isinstance(results[1], sqlite3.IntegrityError)
    assert results[2] == "b"
    assert store.notes() == {"a", "b"}
    assert sorted(store.topics) == ["a", "b"]


async def test_a_locked_file_is_unavailable_and_taken_again_when_free(store: Store) -> None:
    with contextlib.closing(sqlite3.connect(store.place, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unavailable, match="locked"):
            await store.database.run(add, "alone")
        results = await asyncio.gather(*(store.database.run(add, str(number)) for number in range(5)), return_exceptions=True)
        assert [type(result) for result in results] == [Unavailable] * 5
        assert "locked" in (store.database.healthy() or "")
        assert "locked" in (await store.database.probe() or "")
        assert await store.database.read(count) == 0
        other.execute("ROLLBACK")
    assert await store.database.probe() is None
    assert store.database.healthy() is None
    assert await store.database.run(add, "a") == "a"
    assert store.notes() == {"a"}


async def test_a_connection_that_became_read_only_is_replaced(store: Store) -> None:
    def lock_up(tx: Tx) -> None:
        tx.one(QUERY_ONLY)

    await store.database.run(lock_up)
    with pytest.raises(Unavailable, match="read-only"):
        await store.database.run(add, "a")
    assert "read-only" in (store.database.healthy() or "")
    assert await store.database.run(add, "b") == "b"
    assert store.database.healthy() is None
    assert store.notes() == {"b"}


async def test_a_dead_writer_fails_its_batch_and_starts_again(store: Store) -> None:
    def leave(tx: Tx) -> None:
        add(tx, "left")
        raise SystemExit(3)

    results = await together(store.database, (add, "a"), (leave,), (add, "b"))
    assert "SystemExit" in (store.database.healthy() or "")
    assert all(isinstance(result, Unavailable) for result in results)
    assert store.notes() == set()
    assert store.topics == []
    assert await together(store.database, (add, "a"), (add, "b")) == ["a", "b"]
    assert store.database.healthy() is None


async def test_stop_ends_also_when_the_last_unit_kills_the_writer(store: Store) -> None:
    def leave(tx: Tx) -> None:
        raise SystemExit(3)

    gate = Gate()
    first = asyncio.ensure_future(store.database.run(gate))
    await asyncio.to_thread(gate.reached.wait, 20)
    last = asyncio.ensure_future(store.database.run(leave))
    await asyncio.sleep(0)
    stopping = asyncio.ensure_future(store.database.stop())
    await asyncio.sleep(0)
    gate.open.set()
    await asyncio.wait_for(stopping, 20)
    await first
    with pytest.raises(Unavailable):
        await last


async def test_the_wal_is_emptied_past_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_checkpoint, "TICK_SECONDS", 0.02)
    answers: list[bool] = []
    emptied, refused = threading.Event(), threading.Event()
    truncated = Checkpoints.truncated

    def spy(self: Checkpoints, success: bool) -> None:
        answers.append(success)
        (emptied if success else refused).set()
        truncated(self, success)

    monkeypatch.setattr(Checkpoints, "truncated", spy)
    path = tmp_path / "store.db"

    def wal_size() -> int:
        return Path(f"{path}-wal").stat().st_size

    async with open_sqlite(path, truncate_past=200_000) as store:
        await store.database.run(add, "before")
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM note").fetchall()
            await store.database.run(add, "large", "x" * 500_000)
            assert await asyncio.to_thread(refused.wait, 20)
            assert wal_size() > 200_000
            reader.execute("ROLLBACK")
        assert await asyncio.to_thread(emptied.wait, 20)
        assert wal_size() == 0
        assert answers[0] is False
        assert await store.database.run(add, "after") == "after"
        assert store.notes() == {"before", "large", "after"}
    assert os.listdir(tmp_path) == ["store.db"]


async def test_nothing_is_lost_when_the_process_is_gone_before_any_checkpoint(store: Store, tmp_path: Path) -> None:
    await store.database.run(add, "a")
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("store.db", "store.db-wal"):
        (copy / name).write_bytes((tmp_path / name).read_bytes())
    with contextlib.closing(sqlite3.connect(copy / "store.db")) as connection:
        assert connection.execute("SELECT id FROM note").fetchall() == [("a",)]


async def test_durability_settings_are_the_strict_ones(store: Store) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint")
    pragmas = [Statement(f"test.pragma.{name}", text(f"PRAGMA {name}")) for name in names]

    def settings(tx: Tx) -> list[object]:
        return [row[0] for row in (tx.one(pragma) for pragma in pragmas) if row is not None]

    assert await store.database.run(settings) == ["wal", 2, 1, 0]


async def test_start_says_what_is_wrong_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"this is a text and no database at all, " * 100)
    with pytest.raises(Unavailable, match="not a database"):
        await SqliteDatabase(path, SystemClock(), lambda hints: None).start()
