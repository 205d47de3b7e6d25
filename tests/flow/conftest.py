"""Every flow test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from gateway.clock import FakeClock
from gateway.db.database import Database
from gateway.db.schema import metadata
from tests.flow.post import Post
from tests.flow.story import Story
from tests.servers import fresh_database
from tests.stores import copy_file, migrated_database

_SEEDED = {"category"}


@pytest.fixture(scope="session")
def flow_database(postgres_url: str, postgres_template: str) -> Iterator[str]:
    """One PostgreSQL database for all flow tests: emptying it takes milliseconds, making another most of a second."""
    with fresh_database(postgres_url, postgres_template) as url:
        yield url


@pytest.fixture
def migrated_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """As for all tests, but on PostgreSQL emptied instead of made anew."""
    if engine == "sqlite":
        return copy_file(request.getfixturevalue("migrated_file"), tmp_path / "throughline.db")
    url = str(request.getfixturevalue("flow_database"))
    with psycopg.connect(url) as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name not in _SEEDED:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))
    return url


@pytest.fixture
def story(db: Database, clock: FakeClock) -> Story:
    return Story(db, clock)


@pytest.fixture
async def second_db(engine: str, request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> AsyncIterator[Database]:
    """Another empty house beside `db`, to compare with."""
    if engine == "sqlite":
        url = copy_file(request.getfixturevalue("migrated_file"), tmp_path / "second.db")
        async with migrated_database(url, clock, lambda _: None) as database:
            yield database
        return
    with fresh_database(request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres_template")) as url:
        async with migrated_database(url, clock, lambda _: None) as database:
            yield database


@pytest.fixture
async def post(story: Story) -> Post:
    return Post(story, await story.agent(cap=50))
