"""Migrated databases in no time: each engine is migrated once per run and copied for every test."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from gateway.clock import Clock
from gateway.db import migrate, revision
from gateway.db.database import Database, Publish
from gateway.db.postgres import PostgresDatabase
from gateway.db.sqlite import SqliteDatabase
from tests.servers import fresh_database

ENGINES = ("sqlite", "postgresql")


def migrate_file(path: Path) -> Path:
    """A new SQLite file at head, for `copy_file`."""
    migrate.upgrade(f"sqlite:///{path}")
    return path


def copy_file(template: Path, path: Path) -> str:
    """The URL of a copy."""
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


@contextmanager
def migrated_template(server_url: str) -> Iterator[str]:
    """The name of a PostgreSQL database at head that nobody is connected to, for `fresh_database(server_url, name)`."""
    with fresh_database(server_url) as url:
        migrate.upgrade(url)
        yield url.rsplit("/", 1)[1]


def make_database(url: str, clock: Clock, publish: Publish) -> SqliteDatabase | PostgresDatabase:
    """Not started."""
    if revision.is_sqlite(url):
        return SqliteDatabase(revision.sqlite_path(url), clock, publish)
    return PostgresDatabase(url, clock, publish)


@asynccontextmanager
async def migrated_database(url: str, clock: Clock, publish: Publish) -> AsyncIterator[Database]:
    """A started database on what the fixture `migrated_url` gives; stopped at the end."""
    database = make_database(url, clock, publish)
    await database.start()
    try:
        yield database
    finally:
        await database.stop()
