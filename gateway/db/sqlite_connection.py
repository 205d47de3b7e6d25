"""How a SQLite connection is opened, what a unit sees of it, and which of its errors mean that the store is away."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, NoReturn

from gateway.clock import Clock
from gateway.db.database import Hint, Row
from gateway.db.statement import Engine, Statement
from gateway.errors import Unavailable

_SENTENCES = {
    sqlite3.SQLITE_FULL: "The disk is full",
    sqlite3.SQLITE_BUSY: "The database is locked by another program",
    sqlite3.SQLITE_LOCKED: "The database is locked",
    sqlite3.SQLITE_PROTOCOL: "The database is locked by another program",
    sqlite3.SQLITE_READONLY: "The database is read-only",
    sqlite3.SQLITE_PERM: "The database file may not be used by this user",
    sqlite3.SQLITE_CANTOPEN: "The database file cannot be opened",
    sqlite3.SQLITE_IOERR: "The disk does not work",
    sqlite3.SQLITE_CORRUPT: "The database file is damaged",
    sqlite3.SQLITE_NOTADB: "The file is not a database",
    sqlite3.SQLITE_NOMEM: "There is no memory left",
}
_KEEPS_CONNECTION = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PROTOCOL,
}


def connect(path: Path, *, busy_seconds: float, read_only: bool = False) -> sqlite3.Connection:
    """A connection that begins and ends its transactions itself. Raises sqlite3.Error.

    No mmap: a bad sector would then kill the process with SIGBUS instead of raising an error.
    """
    connection = sqlite3.connect(
        path,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=1024,
    )
    try:
        connection.execute("PRAGMA journal_mode=WAL").fetchone()
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA wal_autocheckpoint=0").fetchone()
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute(f"PRAGMA cache_size={-16_000 if read_only else -64_000}")
        connection.execute(f"PRAGMA query_only={int(read_only)}")
    except BaseException:
        connection.close()
        raise
    return connection


def primary_code(error: BaseException | None) -> int | None:
    """The primary result code (https://sqlite.org/rescode.html), or None when SQLite did not raise it."""
    code: int | None = getattr(error, "sqlite_errorcode", None) if isinstance(error, sqlite3.Error) else None
    return None if code is None else code & 0xFF


def is_sick(error: BaseException | None) -> bool:
    """The store is at fault, not the unit."""
    return primary_code(error) in _SENTENCES


def spoils_connection(error: BaseException) -> bool:
    """A new connection may see what this one never will, such as a file that became writable again."""
    code = primary_code(error)
    return code in _SENTENCES and code not in _KEEPS_CONNECTION


def unavailable(error: BaseException) -> Unavailable:
    """The sentence for the caller and for /readyz."""
    sentence = _SENTENCES.get(primary_code(error) or 0, "The database does not take this")
    answer = Unavailable(f"{sentence}: {error}")
    answer.__cause__ = error
    return answer


class SqliteTx:
    """One unit's view. After a failed statement it refuses the rest, as PostgreSQL does: SQLite may have rolled back
    everything, and the next statement would then be stored on its own.
    """

    __slots__ = ("_cursor", "_execute", "broken", "clock", "hints", "now")
    engine: Engine = "sqlite"

    def __init__(self, cursor: sqlite3.Cursor, clock: Clock) -> None:
        self._cursor = cursor
        self._execute = cursor.execute
        self.clock = clock
        self.now = clock.now()
        self.hints: list[Hint] = []
        self.broken: sqlite3.Error | None = None

    def one(self, statement: Statement, /, **values: Any) -> Row | None:
        text, literals = statement.text("sqlite")
        try:
            row: Row | None = self._execute(text, {**literals, **values} if literals else values).fetchone()
        except sqlite3.Error as error:
            self._break(error)
        return row

    def all(self, statement: Statement, /, **values: Any) -> list[Row]:
        text, literals = statement.text("sqlite")
        try:
            return self._execute(text, {**literals, **values} if literals else values).fetchall()
        except sqlite3.Error as error:
            self._break(error)

    def run(self, statement: Statement, /, **values: Any) -> int:
        text, literals = statement.text("sqlite")
        try:
            return self._execute(text, {**literals, **values} if literals else values).rowcount
        except sqlite3.Error as error:
            self._break(error)

    def hint(self, hint: Hint) -> None:
        self.hints.append(hint)

    def _break(self, error: sqlite3.Error) -> NoReturn:
        if self.broken is None:
            self.broken = error
            self._execute = self._refuse
        raise error

    def _refuse(self, *_: object) -> NoReturn:
        raise sqlite3.OperationalError("a statement of this unit failed before: no further statement is run")
