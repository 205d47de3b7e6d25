"""The yardstick for storing: the statements of one accepted message on the bare driver, no HTTP, no event loop, the same durability.

Reads a plan (JSON) from stdin and writes what came of it (JSON) to stdout.
"""

from __future__ import annotations

import json
import sys
import threading
from contextlib import closing
from dataclasses import asdict, dataclass
from time import perf_counter
from uuid import uuid4

from benchmarks.load import Outcome, summary
from benchmarks.recorded import Step, again, record
from gateway.clock import SystemClock
from gateway.db import migrate, postgres_connection, revision, sqlite_connection

THREADS = 12
"""On PostgreSQL, as many as the gateway has."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`url` of a migrated database nobody else uses. `at_once` customers: on SQLite so many units share a COMMIT, on PostgreSQL they
    are served by as many threads, up to THREADS.
    """

    url: str
    at_once: int
    seconds: float
    visitors: int = 256
    warm_up: float = 0.3


def _visitors(plan: Plan) -> list[str]:
    run = uuid4().hex
    return [f"visitor:{run}-{number:04d}" for number in range(plan.visitors)]


def on_sqlite(plan: Plan) -> Outcome:
    """One connection in one thread, WAL and synchronous=FULL, SQLite's own checkpoints."""
    clock = SystemClock()
    latencies: list[float] = []
    with closing(sqlite_connection.connect(revision.sqlite_path(plan.url), busy_seconds=5.0)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint=1000").fetchone()
        cursor = connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        recorded = [record(sqlite_connection.SqliteTx(cursor, clock), visitor) for visitor in _visitors(plan)]
        cursor.execute("COMMIT")
        number = 0
        start = perf_counter() + plan.warm_up
        while (began := perf_counter()) < start + plan.seconds:
            cursor.execute("BEGIN IMMEDIATE")
            for _ in range(plan.at_once):
                again(cursor.execute, recorded[number % len(recorded)], clock, f"{number:032x}")
                number += 1
            cursor.execute("COMMIT")
            if began >= start:
                latencies += [perf_counter() - began] * plan.at_once
    return summary(latencies, plan.seconds)


def on_postgres(plan: Plan) -> Outcome:
    """A connection per thread, a COMMIT per unit."""
    clock = SystemClock()
    with postgres_connection.connect(plan.url) as connection:
        connection.execute("BEGIN")
        recorded = [record(postgres_connection.PostgresTx(connection, clock), visitor) for visitor in _visitors(plan)]
        connection.execute("COMMIT")
    start = perf_counter() + plan.warm_up + 0.2
    many = min(plan.at_once, THREADS)
    latencies: list[list[float]] = [[] for _ in range(many)]
    failures: list[BaseException] = []

    def work(own: int) -> None:
        try:
            _units(plan, recorded[own::many], clock, start, latencies[own], own)
        except BaseException as error:  # noqa: BLE001  told by the main thread
            failures.append(error)

    threads = [threading.Thread(target=work, args=(own,)) for own in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return summary([each for own in latencies for each in own], plan.seconds)


def _units(plan: Plan, recorded: list[list[Step]], clock: SystemClock, start: float, latencies: list[float], own: int) -> None:
    with closing(postgres_connection.connect(plan.url)) as connection:
        execute = connection.cursor().execute
        number = 0
        while (began := perf_counter()) < start + plan.seconds:
            connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED", prepare=False)
            again(execute, recorded[number % len(recorded)], clock, f"{own:04x}{number:028x}")
            connection.execute("COMMIT", prepare=False)
            number += 1
            if began >= start:
                latencies.append(perf_counter() - began)


if __name__ == "__main__":
    given = Plan(**json.load(sys.stdin))
    migrate.upgrade(given.url, say=lambda _: None)
    print(json.dumps(asdict(on_sqlite(given) if revision.is_sqlite(given.url) else on_postgres(given))))
