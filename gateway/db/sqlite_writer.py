"""The one thread that writes: it takes all waiting units at once and makes them durable with one COMMIT."""

from __future__ import annotations

import asyncio
import enum
import logging
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from gateway.clock import Clock
from gateway.db.database import Hint
from gateway.db.sqlite_connection import (
    SqliteTx,
    connect,
    is_sick,
    spoils_connection,
    unavailable,
)
from gateway.errors import Unavailable

log = logging.getLogger("throughline.db")

BUDGET_SECONDS = 0.020
"""A longer unit keeps everybody waiting; it is logged."""

_TRUNCATE_WAIT_MS = 100


class Job:
    """One unit on its way: what to call, and then what came of it."""

    __slots__ = ("args", "error", "future", "hints", "kwargs", "result", "unit")

    def __init__(
        self,
        unit: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        future: asyncio.Future[Any],
    ) -> None:
        self.unit = unit
        self.args = args
        self.kwargs = kwargs
        self.future = future
        self.result: Any = None
        self.error: BaseException | None = None
        self.hints: Sequence[Hint] = ()


class Signal(enum.Enum):
    STOP = 1
    TRUNCATE = 2


class _RolledBack(Exception):
    """SQLite gave up the whole transaction, with the units that had succeeded in it."""


class Writer:
    """`settle` is called on this thread with the jobs whose outcome is final, in commit order; `wrote` after each COMMIT
    with the connection's count of changed rows; `truncated` with whether the WAL could be emptied.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        settle: Callable[[list[Job]], None],
        wrote: Callable[[int], None],
        truncated: Callable[[bool], None],
        *,
        max_batch: int,
        busy_seconds: float,
    ) -> None:
        self._path = path
        self._clock = clock
        self._settle = settle
        self._wrote = wrote
        self._truncated = truncated
        self._max_batch = max_batch
        self._busy_seconds = busy_seconds
        self._queue: SimpleQueue[Job | Signal] = SimpleQueue()
        self.submit = self._queue.put
        self._thread = threading.Thread(target=self._main, name="throughline-sqlite-writer", daemon=True)
        self._connection: sqlite3.Connection | None = None
        self._cursor: sqlite3.Cursor
        self._flight: list[Job] = []
        self._stopping = False
        self.trouble: str | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Blocks until everything that waits is stored."""
        self._queue.put(Signal.STOP)
        self._thread.join()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def _main(self) -> None:
        while not self._stopping:
            try:
                self._serve()
            except BaseException as error:  # noqa: BLE001 - a writer that is gone would leave every caller waiting
                self._die(error)
            finally:
                self._close()

    def _serve(self) -> None:
        while not self._stopping:
            jobs, signals = self._take()
            self._stopping = Signal.STOP in signals
            if jobs:
                self._store(jobs)
            if Signal.TRUNCATE in signals:
                self._truncate()

    def _take(self) -> tuple[list[Job], list[Signal]]:
        jobs: list[Job] = []
        signals: list[Signal] = []
        item = self._queue.get()
        while True:
            if isinstance(item, Job):
                jobs.append(item)
            else:
                signals.append(item)
            if len(jobs) >= self._max_batch or item is Signal.STOP:
                return jobs, signals
            try:
                item = self._queue.get_nowait()
            except Empty:
                return jobs, signals

    def _store(self, jobs: list[Job]) -> None:
        self._flight = list(jobs)
        try:
            self._open()
        except sqlite3.Error as error:
            self._refuse(jobs, error)
            return
        if len(jobs) == 1:
            self._alone(jobs[0])
        else:
            self._together(jobs)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect(self._path, busy_seconds=self._busy_seconds)
            self._cursor = self._connection.cursor()
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _together(self, jobs: list[Job]) -> None:
        connection = self._open()
        try:
            self._cursor.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            self._refuse(jobs, error)
            return
        try:
            self._each_in_savepoint(connection, jobs)
            self._cursor.execute("COMMIT")
        except (sqlite3.Error, _RolledBack):
            self._roll_back(connection)
            final = [job for job in jobs if job.error is not None and not is_sick(job.error)]
        else:
            self.trouble = None
            self._wrote(connection.total_changes)
            final = [job for job in jobs if not is_sick(job.error)]
        self._answer(final)
        if len(final) < len(jobs):
            for job in [job for job in jobs if job not in final]:
                self._alone(job)

    def _each_in_savepoint(self, connection: sqlite3.Connection, jobs: list[Job]) -> None:
        execute = self._cursor.execute
        for job in jobs:
            execute("SAVEPOINT unit")
            self._call(job)
            if job.error is not None:
                # A full disk rolls back everything; the next SAVEPOINT would quietly begin, and store, a new transaction.
                if not connection.in_transaction:
                    raise _RolledBack from job.error
                execute("ROLLBACK TO unit")
            execute("RELEASE unit")

    def _alone(self, job: Job) -> None:
        try:
            connection = self._open()
            self._cursor.execute("BEGIN IMMEDIATE")
            self._call(job)
            if job.error is None:
                self._cursor.execute("COMMIT")
        except sqlite3.Error as error:
            job.error = error
        else:
            if job.error is None:
                self.trouble = None
                self._wrote(connection.total_changes)
                self._answer([job])
                return
        self._roll_back(self._connection)
        if is_sick(job.error):
            self._refuse([job], job.error)
        else:
            self._answer([job])

    def _call(self, job: Job) -> None:
        clock = self._clock
        tx = SqliteTx(self._cursor, clock)
        began = clock.monotonic()
        try:
            job.result = job.unit(tx, *job.args, **job.kwargs)
            job.error = tx.broken
        except Exception as error:  # noqa: BLE001 - it belongs to the caller, who gets it
            job.error = tx.broken if is_sick(tx.broken) else error
            if isinstance(error, StopIteration):
                job.error = RuntimeError("the unit raised StopIteration, which a future cannot carry")
        job.hints = tx.hints
        seconds = clock.monotonic() - began
        if seconds > BUDGET_SECONDS:
            log.warning(
                "unit %s took %.0f ms",
                getattr(job.unit, "__qualname__", job.unit),
                seconds * 1000,
            )

    def _roll_back(self, connection: sqlite3.Connection | None) -> None:
        if connection is None or not connection.in_transaction:
            return
        try:
            self._cursor.execute("ROLLBACK")
        except sqlite3.Error:
            log.exception("ROLLBACK failed: the connection is closed, which rolls back")
            self._close()

    def _refuse(self, jobs: list[Job], error: BaseException | None) -> None:
        """The store is at fault: nothing of these jobs is stored."""
        cause = error or Unavailable("The database does not take writes")
        for job in jobs:
            job.error = unavailable(cause)
        before, self.trouble = self.trouble, str(jobs[0].error)
        if self.trouble != before:
            log.error("%s", self.trouble)
        if spoils_connection(cause):
            self._close()
        self._answer(jobs)

    def _answer(self, jobs: list[Job]) -> None:
        if jobs:
            self._flight = [job for job in self._flight if job not in jobs] if len(jobs) < len(self._flight) else []
            self._settle(jobs)

    def _die(self, error: BaseException) -> None:
        """Only what is no Exception (a SystemExit in a unit) or a fault of this file comes here; the thread goes on afresh."""
        log.critical("the writer stopped and starts again", exc_info=error)
        self.trouble = f"The writer stopped ({error!r}) and starts again; nothing was written since"
        flight, self._flight = self._flight, []
        self._close()
        for job in flight:
            job.error = Unavailable(self.trouble)
        if flight:
            self._settle(flight)

    def _truncate(self) -> None:
        """Empties the WAL when no reader needs it. The wait is short: everybody's writes stand behind it."""
        try:
            connection = self._open()
            connection.execute(f"PRAGMA busy_timeout={_TRUNCATE_WAIT_MS}")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            connection.execute(f"PRAGMA busy_timeout={round(self._busy_seconds * 1000)}")
        except sqlite3.Error:
            log.exception("the WAL could not be emptied")
            self._close()
            busy = 1
        self._truncated(not busy)
