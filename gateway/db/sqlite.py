"""SQLite as the embedded store: units go to one writer thread, reads to a few threads with a snapshot each."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from gateway.clock import Clock
from gateway.db.database import Publish, Tx
from gateway.db.probe import write_probe
from gateway.db.sqlite_checkpoint import Checkpoints
from gateway.db.sqlite_connection import (
    SqliteTx,
    connect,
    is_sick,
    primary_code,
    unavailable,
)
from gateway.db.sqlite_writer import Job, Signal, Writer
from gateway.db.statement import Engine
from gateway.errors import Unavailable

log = logging.getLogger("throughline.db")

P = ParamSpec("P")
T = TypeVar("T")


class SqliteDatabase:
    """See `Database`. `truncate_past` is in bytes of WAL, `busy_seconds` how long a lock of another program is waited for."""

    engine: Engine = "sqlite"

    def __init__(
        self,
        path: Path,
        clock: Clock,
        publish: Publish,
        *,
        readers: int = 3,
        max_batch: int = 256,
        busy_seconds: float = 5.0,
        truncate_past: int = 64 * 1024 * 1024,
    ) -> None:
        self._path = path
        self._clock = clock
        self._publish = publish
        self._busy_seconds = busy_seconds
        self._loop: asyncio.AbstractEventLoop
        self._open = False
        self._checkpoints = Checkpoints(path, truncate_past, lambda: self._writer.submit(Signal.TRUNCATE))
        self._writer = Writer(
            path,
            clock,
            self._settle,
            self._checkpoints.wrote,
            self._checkpoints.truncated,
            max_batch=max_batch,
            busy_seconds=busy_seconds,
        )
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="throughline-sqlite-reader")
        self._of_thread = threading.local()
        self._reading: list[sqlite3.Connection] = []

    async def start(self) -> None:
        """Raises Unavailable when the file cannot be used."""
        self._loop = asyncio.get_running_loop()
        try:
            await asyncio.to_thread(self._prepare)
        except (sqlite3.Error, OSError) as error:
            raise unavailable(error) from error
        self._writer.start()
        self._checkpoints.start()
        self._open = True

    async def stop(self) -> None:
        """What waits is stored first; then the WAL goes into the file, so that it can be copied alone."""
        if not self._open:
            return
        self._open = False
        await asyncio.to_thread(self._finish)

    async def run(
        self,
        unit: Callable[Concatenate[Tx, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """See `Database.run`. SQLite never answers with UnknownOutcome."""
        if not self._open:
            raise Unavailable("The database is not started")
        future: asyncio.Future[T] = self._loop.create_future()
        self._writer.submit(Job(unit, args, kwargs, future))
        return await future

    async def read(
        self,
        unit: Callable[Concatenate[Tx, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """See `Database.read`. A write raises sqlite3.OperationalError."""
        if not self._open:
            raise Unavailable("The database is not started")
        return await self._loop.run_in_executor(self._readers, self._read, unit, args, kwargs)

    def healthy(self) -> str | None:
        if not self._open:
            return "The database is not started"
        if not self._writer.is_alive():
            return "The writer stopped"
        return self._writer.trouble

    async def probe(self) -> str | None:
        """Really writes a row; None when that worked, else a sentence that says what is wrong."""
        return await write_probe(self)

    def _prepare(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connect(self._path, busy_seconds=self._busy_seconds).close()

    def _finish(self) -> None:
        self._writer.stop()
        self._checkpoints.stop()
        self._readers.shutdown()
        for connection in self._reading:
            connection.close()
        try:
            with contextlib.closing(connect(self._path, busy_seconds=self._busy_seconds)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            log.warning("the WAL stays beside the file, the next start reads it: %s", error)

    def _settle(self, jobs: list[Job]) -> None:
        try:
            self._loop.call_soon_threadsafe(self._resolve, jobs)
        except RuntimeError:
            log.warning(
                "the event loop is closed: %d units were settled and nobody was told",
                len(jobs),
            )

    def _resolve(self, jobs: list[Job]) -> None:
        hints = [hint for job in jobs if job.error is None for hint in job.hints]
        if hints:
            try:
                self._publish(hints)
            except Exception:
                # The units are stored; a lost hint costs latency, never a message.
                log.exception("%d hints could not be published", len(hints))
        for job in jobs:
            if job.future.done():
                continue
            if job.error is None:
                job.future.set_result(job.result)
            else:
                job.future.set_exception(job.error)

    def _read(self, unit: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        try:
            return self._in_snapshot(unit, args, kwargs)
        except sqlite3.Error as error:
            # A refused write is the unit's fault.
            if is_sick(error) and primary_code(error) != sqlite3.SQLITE_READONLY:
                self._drop_reader()
                raise unavailable(error) from error
            raise
        except StopIteration as error:
            raise RuntimeError("the unit raised StopIteration, which a future cannot carry") from error
        except Exception:
            raise
        except BaseException as error:
            raise Unavailable(f"The unit was stopped ({error!r})") from error

    def _in_snapshot(self, unit: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        cursor = self._reader()
        cursor.execute("BEGIN")
        try:
            return unit(SqliteTx(cursor, self._clock), *args, **kwargs)
        finally:
            if cursor.connection.in_transaction:
                cursor.execute("ROLLBACK")

    def _reader(self) -> sqlite3.Cursor:
        cursor: sqlite3.Cursor | None = getattr(self._of_thread, "cursor", None)
        if cursor is None:
            connection = connect(self._path, busy_seconds=self._busy_seconds, read_only=True)
            self._reading.append(connection)
            cursor = self._of_thread.cursor = connection.cursor()
        return cursor

    def _drop_reader(self) -> None:
        cursor: sqlite3.Cursor | None = getattr(self._of_thread, "cursor", None)
        if cursor is not None:
            self._of_thread.cursor = None
            self._reading.remove(cursor.connection)
            cursor.connection.close()
