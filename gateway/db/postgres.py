"""PostgreSQL as the scaled store: a thread and a connection per running unit, and a second try where that is safe."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

import psycopg

from gateway.clock import Clock
from gateway.db.database import Hint, Publish, Tx, is_idempotent
from gateway.db.postgres_connection import (
    Connection,
    PostgresTx,
    check_server,
    connect,
    is_away,
    is_lost,
    is_sick,
    met_others,
    place,
    unavailable,
)
from gateway.db.probe import write_probe
from gateway.db.statement import Engine
from gateway.errors import Unavailable, UnknownOutcome

log = logging.getLogger("throughline.db")

P = ParamSpec("P")
T = TypeVar("T")

BUDGET_SECONDS = 0.100
"""A longer unit is logged. More than SQLite's: it holds up nobody else, and waiting for row locks is part of it."""
WAIT_SECONDS = 5.0
"""How long a unit waits for a thread."""
TRIES = 5
_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
_BEGIN_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class _Lost(Exception):
    """The connection broke before COMMIT was sent: nothing is stored."""


@dataclass(frozen=True, slots=True)
class _Job:
    begin: str
    unit: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    future: asyncio.Future[Any]
    deadline: float
    """Until when it may wait for its turn, by the clock's monotonic seconds."""


class PostgresDatabase:
    """See `Database`. `start_seconds` is how long `start` waits for a server that is still on its way."""

    engine: Engine = "postgresql"

    def __init__(self, url: str, clock: Clock, publish: Publish, *, threads: int = 12, start_seconds: float = 15.0) -> None:
        self._url = url
        self._clock = clock
        self._publish = publish
        self._start_seconds = start_seconds
        self._threads = threads
        self._loop: asyncio.AbstractEventLoop
        self._executor: ThreadPoolExecutor
        self._idle: deque[Connection] = deque()
        self._open = False
        self._stopping = threading.Event()
        self._trouble: str | None = None

    async def start(self) -> None:
        """Raises Unavailable when the server does not answer in time, ConfigError when its database cannot be used."""
        self._loop = asyncio.get_running_loop()
        await self._wait_for_server()
        self._executor = ThreadPoolExecutor(self._threads, thread_name_prefix="throughline-postgresql")
        self._open = True

    async def stop(self) -> None:
        """Units that run or wait are finished first; a second try is not begun any more."""
        if not self._open:
            return
        self._open = False
        self._stopping.set()
        await asyncio.to_thread(self._executor.shutdown)
        while self._idle:
            self._idle.pop().close()

    async def run(self, unit: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.run`."""
        return await self._submit(_BEGIN, unit, args, kwargs)

    async def read(self, unit: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See `Database.read`. A write raises psycopg.errors.ReadOnlySqlTransaction."""
        return await self._submit(_BEGIN_READ, unit, args, kwargs)

    def healthy(self) -> str | None:
        return self._trouble if self._open else "The database is not started"

    async def probe(self) -> str | None:
        """Really writes a row; None when that worked, else a sentence that says what is wrong."""
        return await write_probe(self)

    async def _wait_for_server(self) -> None:
        deadline = self._clock.monotonic() + self._start_seconds
        while True:
            try:
                return await asyncio.to_thread(check_server, self._url)
            except psycopg.Error as error:
                if self._clock.monotonic() >= deadline:
                    sentence = f"PostgreSQL at {place(self._url)} did not answer within {self._start_seconds:.0f} s: {str(error).strip()}"
                    raise Unavailable(sentence) from error
            await self._clock.sleep(0.5)

    async def _submit(self, begin: str, unit: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        if not self._open:
            raise Unavailable("The database is not started")
        # Not run_in_executor: there a cancelled caller would take back a unit that still waits for its thread.
        future: asyncio.Future[T] = self._loop.create_future()
        self._executor.submit(self._work, _Job(begin, unit, args, kwargs, future, self._clock.monotonic() + WAIT_SECONDS))
        return await future

    def _work(self, job: _Job) -> None:
        result: object = None
        hints: Sequence[Hint] = ()
        failed: BaseException | None = None
        try:
            if self._clock.monotonic() > job.deadline:
                raise Unavailable(f"The database is too busy: the unit waited longer than {WAIT_SECONDS:.0f} s for its turn")
            result, hints = self._with_retries(job)
        except StopIteration:
            failed = RuntimeError("the unit raised StopIteration, which a future cannot carry")
        except Exception as error:  # noqa: BLE001 - it belongs to the caller, who gets it
            failed = error
        except BaseException as error:
            log.critical("a unit stopped its thread", exc_info=error)
            failed = Unavailable(f"The unit was stopped ({error!r}); nothing was stored")
        try:
            self._loop.call_soon_threadsafe(self._resolve, job.future, result, hints, failed)
        except RuntimeError:
            log.warning("the event loop is closed: a unit was settled and nobody was told")

    def _resolve(self, future: asyncio.Future[Any], result: object, hints: Sequence[Hint], failed: BaseException | None) -> None:
        if hints:
            try:
                self._publish(hints)
            except Exception:
                # The unit is stored; a lost hint costs latency, never a message.
                log.exception("%d hints could not be published", len(hints))
        if future.done():
            return
        if failed is None:
            future.set_result(result)
        else:
            future.set_exception(failed)

    def _with_retries(self, job: _Job) -> tuple[Any, Sequence[Hint]]:
        """What met others was rolled back for certain, so any unit may run again; what lost its connection only with a key of its own."""
        repeatable = job.begin is _BEGIN_READ or is_idempotent(job.unit)
        unknown: UnknownOutcome | None = None
        for left in reversed(range(TRIES)):
            try:
                answer = self._attempt(job)
            except (UnknownOutcome, _Lost, psycopg.Error) as error:
                failed: Exception = error
            else:
                if job.begin is _BEGIN:
                    self._trouble = None
                return answer
            if isinstance(failed, UnknownOutcome):
                unknown = failed
            again = met_others(failed) or (repeatable and isinstance(failed, UnknownOutcome | _Lost))
            if not again or not left or self._stopping.wait(0.02 * 2 ** (TRIES - left) * (0.5 + self._clock.random())):
                raise self._verdict(failed, unknown, job.begin)
        raise AssertionError("the last try returns or raises")

    def _verdict(self, error: Exception, unknown: UnknownOutcome | None, begin: str) -> Exception:
        cause = error.__cause__ if isinstance(error, _Lost) and error.__cause__ else error
        refused_write = begin is _BEGIN_READ and getattr(cause, "sqlstate", None) == "25006"
        if refused_write or not (is_away(cause) or isinstance(error, _Lost | UnknownOutcome)):
            return error
        answer = error if isinstance(error, UnknownOutcome) else unavailable(cause)
        if isinstance(error, _Lost | UnknownOutcome) or is_sick(cause):
            before, self._trouble = self._trouble, str(answer)
            if self._trouble != before:
                log.error("%s", answer)
        # An earlier try may have been stored: "nothing was stored" would be a promise we cannot keep.
        return unknown or answer

    def _attempt(self, job: _Job) -> tuple[Any, Sequence[Hint]]:
        connection = self._begin(job)
        clock = self._clock
        began = clock.monotonic()
        try:
            tx = PostgresTx(connection, clock)
            result = job.unit(tx, *job.args, **job.kwargs)
            if tx.broken is not None:
                raise tx.broken
            self._commit(connection)
        except psycopg.Error as error:
            if is_lost(connection, error):
                connection.close()
                raise _Lost(str(error)) from error
            if error.sqlstate == "25006" and job.begin is _BEGIN:
                # After a failover this is the old primary: the next connection finds the new one.
                connection.close()
            raise
        finally:
            self._give_back(connection)
        seconds = clock.monotonic() - began
        if seconds > BUDGET_SECONDS and job.begin is _BEGIN:
            log.warning("unit %s took %.0f ms", getattr(job.unit, "__qualname__", job.unit), seconds * 1000)
        return result, tx.hints

    def _begin(self, job: _Job) -> Connection:
        """A restarted server leaves dead connections behind. The unit has not run yet, so any unit may have another.

        Connections are as many as threads at most, so none is waited for: a server that is away is known at once, with the reason,
        and one that is back is used at once.
        """
        while True:
            try:
                connection, fresh = self._idle.pop(), False
            except IndexError:
                connection, fresh = self._connect(), True
            try:
                connection.execute(job.begin, prepare=False)
            except psycopg.Error as error:
                lost = is_lost(connection, error)
                connection.close()
                if not lost:
                    raise
                if fresh:
                    raise _Lost(str(error)) from error
            else:
                return connection

    def _connect(self) -> Connection:
        try:
            return connect(self._url)
        except psycopg.Error as error:
            raise _Lost(str(error)) from error

    def _commit(self, connection: Connection) -> None:
        try:
            connection.execute("COMMIT", prepare=False)
        except psycopg.Error as error:
            if is_lost(connection, error):
                connection.close()
                raise UnknownOutcome(f"The connection broke during COMMIT: {str(error).strip()}") from error
            raise

    def _give_back(self, connection: Connection) -> None:
        if not connection.closed and connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            try:
                connection.rollback()
            except psycopg.Error:
                log.warning("ROLLBACK failed: the connection is closed, which rolls back")
                connection.close()
        if not connection.closed:
            self._idle.append(connection)
