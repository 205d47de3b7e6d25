"""Every flow test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.clock import FakeClock
from gateway.db.database import Database
from tests.flow.post import Post
from tests.flow.story import Story
from tests.servers import fresh_database
from tests.stores import copy_file, migrated_database


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
