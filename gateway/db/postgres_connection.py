"""How a PostgreSQL connection is set up, what a unit sees of it, and which of its errors mean what."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from gateway.clock import Clock
from gateway.db.database import Hint, Row
from gateway.db.statement import Engine, Statement
from gateway.errors import ConfigError, Unavailable

Connection = psycopg.Connection[tuple[Any, ...]]

CONNECT: dict[str, Any] = {
    # Units begin and end their transactions themselves, so that we know whether COMMIT had been sent.
    "autocommit": True,
    "client_encoding": "UTF8",
    "application_name": "throughline",
    "connect_timeout": 5,
    # A server that vanished without a word is noticed within about 15 s instead of two hours.
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}

_LIMITS = "SET statement_timeout = '30s'; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '60s'"

_LOST_STATES = {"57P01", "57P02", "57P03", "57P05", "25P03"}
_SENTENCES = {
    "53100": "The disk of the database server is full",
    "53200": "The database server has no memory left",
    "53300": "The database server has no connection left",
    "25006": "The database server is read-only",
    "58030": "The disk of the database server does not work",
    "XX001": "The database is damaged",
    "XX002": "The database is damaged",
    "57014": "The database took too long",
    "55P03": "A lock in the database was held too long",
    "40001": "The unit met others too often",
    "40P01": "The unit met others too often",
}
_OF_THE_UNIT = {"57014", "55P03", "40001", "40P01"}


def driver_url(url: str) -> str:
    """Takes SQLAlchemy's spelling as well."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def place(url: str) -> str:
    """Where the server is, without the password."""
    parts = conninfo_to_dict(driver_url(url))
    return f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"


def connect(url: str) -> Connection:
    """Bounds what one statement, one lock and one forgotten transaction may take. Raises psycopg.Error."""
    connection = psycopg.connect(driver_url(url), **CONNECT)
    try:
        connection.execute(_LIMITS)
    except BaseException:
        connection.close()
        raise
    return connection


def check_server(url: str) -> None:
    """Connects once. Raises psycopg.Error, or ConfigError when the database cannot hold every text."""
    with connect(url) as connection:
        encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise ConfigError(f"The database at {place(url)} is encoded in {encoding}: create it with ENCODING 'UTF8'")


def read_one(url: str, query: str) -> str | None:
    """The first value of the first row; None without one, or without the table. Raises Unavailable, psycopg.Error."""
    try:
        with connect(url) as connection:
            row = connection.execute(query.encode()).fetchone()
    except errors.UndefinedTable:
        return None
    except psycopg.Error as error:
        if is_away(error):
            raise unavailable(error) from error
        raise
    return None if row is None else str(row[0])


def is_lost(connection: Connection, error: psycopg.Error) -> bool:
    """The connection is gone, or the server says that it is about to be."""
    state = error.sqlstate or ""
    return connection.closed or state in _LOST_STATES or state.startswith("08")


def is_sick(error: BaseException) -> bool:
    """The store is at fault, not the unit and not its neighbours."""
    state = getattr(error, "sqlstate", None)
    return state not in _OF_THE_UNIT and (isinstance(error, psycopg.OperationalError) or state in _SENTENCES)


def is_away(error: BaseException) -> bool:
    """The same unit may be taken later: Unavailable is the answer."""
    return isinstance(error, psycopg.OperationalError) or getattr(error, "sqlstate", None) in _SENTENCES


def met_others(error: BaseException) -> bool:
    """A deadlock or a serialisation failure: nothing is stored, and the next try has good chances."""
    return isinstance(error, errors.SerializationFailure | errors.DeadlockDetected)


def unavailable(error: BaseException) -> Unavailable:
    """The sentence for the caller and for /readyz."""
    sentence = _SENTENCES.get(getattr(error, "sqlstate", None) or "", "The database server is away")
    answer = Unavailable(f"{sentence}: {str(error).strip()}")
    answer.__cause__ = error
    return answer


class PostgresTx:
    """One unit's view. `broken` is the first error of a statement: COMMIT would then quietly roll back."""

    __slots__ = ("_execute", "broken", "clock", "hints", "now")
    engine: Engine = "postgresql"

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._execute = connection.cursor().execute
        self.clock = clock
        self.now = clock.now()
        self.hints: list[Hint] = []
        self.broken: psycopg.Error | None = None

    def one(self, statement: Statement, /, **values: Any) -> Row | None:
        return self._run(statement, values).fetchone()

    def all(self, statement: Statement, /, **values: Any) -> list[Row]:
        return self._run(statement, values).fetchall()

    def run(self, statement: Statement, /, **values: Any) -> int:
        return self._run(statement, values).rowcount

    def hint(self, hint: Hint) -> None:
        self.hints.append(hint)

    def _run(self, statement: Statement, values: dict[str, Any]) -> psycopg.Cursor[Row]:
        text, literals = statement.text("postgresql")
        try:
            return self._execute(text, {**literals, **values} if literals else values)
        except psycopg.Error as error:
            if self.broken is None:
                self.broken = error
            raise
