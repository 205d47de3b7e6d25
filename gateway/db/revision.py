"""Which tables a database has and which ones this program knows, told without the migration machinery: every start and every health check asks."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from gateway.db import sqlite_connection
from gateway.errors import ConfigError, Unavailable

FOLDER = Path(__file__).parent / "migrations"
VERSIONS: tuple[Path, ...] = (FOLDER / "versions",)
"""Where the revisions are, one file each, named after its revision; they follow each other by name. Tests add a folder of made-up ones."""

BUSY_SECONDS = 60.0
"""How long another program's write is waited for on SQLite."""
_ASK = "SELECT version_num FROM alembic_version"


def list_known() -> list[str]:
    """The revisions of this program, oldest first."""
    return sorted(path.stem for folder in VERSIONS for path in folder.glob("[0-9]*.py"))


def head() -> str:
    """The revision this program was written for."""
    known = list_known()
    if not known:
        raise ConfigError("This installation has no migrations: install it again")
    return known[-1]


def current(url: str) -> str | None:
    """The revision the database is at; None when it is empty or, on SQLite, not there. Creates nothing. Raises Unavailable."""
    if not is_sqlite(url):
        from gateway.db import postgres_connection

        return postgres_connection.read_one(url, _ASK)
    path = sqlite_path(url)
    try:
        if not path.exists():
            return None
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)) as connection:
            row = connection.execute(_ASK).fetchone()
    except OSError as error:
        raise Unavailable(f"The disk does not take this: {error}") from error
    except sqlite3.Error as error:
        if "no such table" in str(error):
            return None
        if sqlite_connection.is_sick(error):
            raise sqlite_connection.unavailable(error) from error
        raise
    return None if row is None else str(row[0])


def check(url: str) -> str | None:
    """None when the database has the tables this program knows, else a sentence that says what to do."""
    present = current(url)
    if present == head():
        return None
    if present is None:
        return "The database has no tables yet. Run throughline migrate."
    if present not in list_known():
        return newer(present)
    return f"The database is at {present}, this program needs {head()}. Run throughline migrate."


def newer(present: str) -> str:
    """What to say of a revision this program does not know."""
    return f"The database is newer than this program: it is at {present}, which this program does not know. Install the newer version, or restore a backup."


def is_sqlite(url: str) -> bool:
    """Raises ConfigError for any other store than SQLite and PostgreSQL."""
    kind = url.partition(":")[0]
    if kind == "sqlite":
        return True
    if kind in ("postgresql", "postgresql+psycopg", "postgres"):
        return False
    raise ConfigError(f"The database URL starts with {kind!r}: use sqlite:///path or postgresql://…")


def sqlite_path(url: str) -> Path:
    """sqlite:///relative/path or sqlite:////absolute/path. Raises ConfigError."""
    path = url.removeprefix("sqlite:///")
    if path in ("", url, ":memory:"):
        raise ConfigError(f"{url} names no file: use sqlite:///path")
    return Path(path)
