"""Small tables and units for the tests of the engines, and a database that is open with a raw connection beside it."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import BigInteger, Column, MetaData, Table, Text, bindparam, func, select, text, update
from sqlalchemy.dialects import postgresql

from gateway.clock import SystemClock
from gateway.db.database import Database, Hint, Tx, idempotent
from gateway.db.postgres import PostgresDatabase
from gateway.db.sqlite import SqliteDatabase
from gateway.db.statement import Statement

_tables = MetaData()
_note = Table("note", _tables, Column("id", Text, primary_key=True), Column("body", Text))
_counter = Table("counter", _tables, Column("id", Text, primary_key=True), Column("n", BigInteger))

ADD = Statement("test.note.add", postgresql.insert(_note))
ADD_ONCE = Statement("test.note.add_once", postgresql.insert(_note).on_conflict_do_nothing())
COUNT = Statement("test.note.count", select(func.count()).select_from(_note))
FOR_UPDATE = Statement("test.counter.lock", select(_counter.c.n).where(_counter.c.id == bindparam("id")).with_for_update())
SET = Statement("test.counter.set", update(_counter).where(_counter.c.id == bindparam("key")).values(n=bindparam("n")))
ONE = Statement("test.one", text("SELECT 1"))

_DDL = (
    "CREATE TABLE note (id TEXT PRIMARY KEY, body TEXT)",
    "CREATE TABLE counter (id TEXT PRIMARY KEY, n BIGINT NOT NULL)",
    "CREATE TABLE child (id TEXT REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)",
    "CREATE TABLE probe (id INTEGER PRIMARY KEY, at BIGINT NOT NULL)",
    "CREATE TABLE blob (name TEXT PRIMARY KEY, bytes {bytes} NOT NULL, at BIGINT NOT NULL)",
    "INSERT INTO counter VALUES ('a', 0), ('b', 0)",
)


@dataclass
class Store:
    """`place` is the file or the address; `published` holds every call of `publish`."""

    database: SqliteDatabase | PostgresDatabase
    place: str
    published: list[list[Hint]] = field(default_factory=list)

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Past the database under test, through a connection of its own, committed."""
        if self.database.engine == "sqlite":
            with contextlib.closing(sqlite3.connect(self.place, isolation_level=None)) as connection:
                return connection.execute(statement).fetchall()
        with psycopg.connect(self.place, autocommit=True) as raw:
            cursor = raw.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def notes(self) -> set[str]:
        return {row[0] for row in self.sql("SELECT id FROM note")}

    @property
    def topics(self) -> list[str]:
        return [hint.topic for hints in self.published for hint in hints]


def publisher(into: list[list[Hint]], loop_thread: int) -> Any:
    def publish(hints: Sequence[Hint]) -> None:
        assert threading.get_ident() == loop_thread, "hints are published on the event loop's thread"
        into.append(list(hints))

    return publish


@contextlib.asynccontextmanager
async def open_sqlite(path: Path, **options: Any) -> AsyncIterator[Store]:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in _DDL:
            connection.execute(statement.format(bytes="BLOB"))
    published: list[list[Hint]] = []
    database = SqliteDatabase(path, SystemClock(), publisher(published, threading.get_ident()), **options)
    await database.start()
    try:
        yield Store(database, str(path), published)
    finally:
        await database.stop()


@contextlib.asynccontextmanager
async def open_postgres(url: str, *, through: str | None = None, **options: Any) -> AsyncIterator[Store]:
    """`through` is the address the database under test uses, when that is not `url`."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in _DDL:
            connection.execute(statement.format(bytes="BYTEA").encode())
    published: list[list[Hint]] = []
    database = PostgresDatabase(through or url, SystemClock(), publisher(published, threading.get_ident()), **options)
    await database.start()
    try:
        yield Store(database, url, published)
    finally:
        await database.stop()


def add(tx: Tx, key: str, body: str = "") -> str:
    tx.run(ADD, id=key, body=body)
    tx.hint(Hint(key, "added"))
    return key


@idempotent
def add_once(tx: Tx, key: str) -> None:
    tx.run(ADD_ONCE, id=key, body="")


def add_then_fail(tx: Tx, key: str) -> None:
    add(tx, key)
    raise ValueError(key)


def count(tx: Tx) -> int:
    row = tx.one(COUNT)
    assert row is not None
    return int(row[0])


def increment(tx: Tx, key: str = "a") -> int:
    row = tx.one(FOR_UPDATE, id=key)
    assert row is not None
    tx.run(SET, key=key, n=row[0] + 1)
    return int(row[0]) + 1


class Gate:
    """A unit that keeps the writer busy, so that what is submitted meanwhile becomes one batch."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()

    def __call__(self, tx: Tx) -> None:
        self.reached.set()
        assert self.open.wait(20), "the test forgot to open the gate"


async def together(database: Database, *calls: tuple[Any, ...]) -> list[Any]:
    """Submits the calls while the writer is busy; their results or exceptions, in order. On PostgreSQL they run at the same time."""
    gate = Gate()
    first = asyncio.ensure_future(database.run(gate))
    await asyncio.to_thread(gate.reached.wait, 20)
    waiting = [asyncio.ensure_future(database.run(unit, *args)) for unit, *args in calls]
    # One turn of the loop, so that every call has been handed over.
    await asyncio.sleep(0)
    gate.open.set()
    await first
    return await asyncio.gather(*waiting, return_exceptions=True)
