"""Brings a database to the tables this program knows: whole or not at all, on both engines, one program at a time."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect
from sqlalchemy.exc import DBAPIError

from gateway.db import postgres_connection, revision, sqlite_connection
from gateway.db.backup import keep_backup
from gateway.errors import ConfigError, Unavailable

log = logging.getLogger("throughline.db")

_LOCK = 0x7468_726F_7567_68
"""Our advisory lock on PostgreSQL ("through"): two migrations of one database run one after the other."""
LOCK_TIMEOUT = "10s"
"""A table lock that is waited for on PostgreSQL blocks all who come after: rather give up and be run again."""


def upgrade(url: str, *, backup: Path | None = None, say: Callable[[str], None] = log.info) -> list[str]:
    """Applies what is missing, in one transaction; gives the revisions applied, oldest first, [] when there was nothing to do.

    `url` is sqlite:///path or postgresql://…. An existing SQLite database is copied first, into the folder `backup` or beside
    itself. `say` gets a sentence per step. Raises ConfigError when the database is newer than this program, is not ours or would
    have broken links; Unavailable when it is locked, full or away. Then nothing is changed.
    """
    if revision.current(url) == revision.head():
        return []
    applied: list[str] = []

    def note(*, step: Any, **_: Any) -> None:
        applied.append(step.up_revision_id)

    with _said(), _writing(url) as connection:
        present = _present(connection)
        script = _script()
        _refuse_foreign(connection, present, script)
        if present == script.get_current_head():
            return []
        if present is not None:
            _keep_backup(url, present, backup, say)
        config = Config(attributes={"connection": connection, "applied": note})
        with EnvironmentContext(config, script, fn=lambda revisions, _: script._upgrade_revs("head", revisions)):
            script.run_env()
        if connection.dialect.name == "sqlite":
            _check_links(connection)
    for name in applied:
        say(f"Applied {name}.")
    return applied


def _script() -> ScriptDirectory:
    return ScriptDirectory(str(revision.FOLDER), version_locations=[str(folder) for folder in revision.VERSIONS])


def _present(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _is_known(script: ScriptDirectory, revision: str) -> bool:
    return any(known.revision == revision for known in script.walk_revisions())


def _refuse_foreign(connection: Connection, present: str | None, script: ScriptDirectory) -> None:
    if present is None:
        if inspect(connection).has_table("conversation"):
            raise ConfigError("The database has tables already, and not by a migration of ours: use an empty one.")
    elif not _is_known(script, present):
        raise ConfigError(revision.newer(present))


def _keep_backup(url: str, present: str, folder: Path | None, say: Callable[[str], None]) -> None:
    """The write lock is held already, so nothing can be stored between the copy and the change."""
    if revision.is_sqlite(url):
        path = revision.sqlite_path(url)
        say(f"The database before the change is kept in {keep_backup(path, folder or path.parent, present)}.")
    else:
        say("PostgreSQL is not backed up from here: a change is applied whole or not at all, and pg_dump makes copies.")


def _check_links(connection: Connection) -> None:
    """Foreign keys were off, so nothing else would notice a row that points nowhere."""
    broken: dict[str, int] = {}
    for table, _, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        broken[f"{table} → {parent}"] = broken.get(f"{table} → {parent}", 0) + 1
    if broken:
        found = ", ".join(f"{pair}: {count} rows" for pair, count in sorted(broken.items()))
        raise ConfigError(f"Nothing was changed: after the migration rows would point to what is not there ({found}).")


@contextmanager
def _writing(url: str) -> Iterator[Connection]:
    """A connection in one transaction that keeps other migrations out; committed at the end, rolled back on any error."""
    if revision.is_sqlite(url):
        path = revision.sqlite_path(url)
        path.parent.mkdir(parents=True, exist_ok=True)
        with _open_sqlite(path).connect() as connection, connection.begin():
            # The driver begins nothing itself (isolation_level=None): it would commit before some statements that change tables.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
    else:
        postgres_connection.check_server(url)
        with _open_postgres(url).connect() as connection, connection.begin():
            # This first wait is for another migration, which may take long.
            connection.exec_driver_sql("SET LOCAL lock_timeout = '15min'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            yield connection


def _open_sqlite(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        uri = f"{path.absolute().as_uri()}?mode=rwc"
        connection = sqlite3.connect(uri, uri=True, timeout=revision.BUSY_SECONDS, isolation_level=None)
        # Else a table that is built anew and dropped takes the rows that point to it along, without an error.
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    return create_engine("sqlite://", creator=connect, poolclass=NullPool)


def _open_postgres(url: str) -> Engine:
    """No limit on how long a statement may take: building an index takes what it takes."""
    options = postgres_connection.CONNECT | {"autocommit": False, "application_name": "throughline migrate"}
    return create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(postgres_connection.driver_url(url), **options), poolclass=NullPool
    )


@contextmanager
def _said() -> Iterator[None]:
    """A sick store is answered with a sentence; a mistake in a revision keeps its own error."""
    try:
        yield
    except OSError as error:
        raise Unavailable(f"The disk does not take this: {error}") from error
    except (DBAPIError, sqlite3.Error, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, sqlite3.Error) and sqlite_connection.is_sick(cause):
            raise sqlite_connection.unavailable(cause) from error
        if isinstance(cause, psycopg.Error) and postgres_connection.is_away(cause):
            raise postgres_connection.unavailable(cause) from error
        raise
