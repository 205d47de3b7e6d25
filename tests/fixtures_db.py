"""Fixtures for tests that need the house's tables: `db` is started, migrated and empty but for the seeds, once per engine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from gateway.clock import FakeClock
from gateway.db.database import Database, Hint
from tests.servers import fresh_database
from tests.stores import ENGINES, copy_file, migrate_file, migrated_database, migrated_template


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """sqlite, then postgresql. A test for one of them: `@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)`."""
    return str(request.param)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy it, do not change it."""
    return migrate_file(tmp_path_factory.mktemp("migrated") / "template.db")


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[str]:
    """The name of a migrated PostgreSQL database, for CREATE DATABASE … TEMPLATE."""
    with migrated_template(postgres_url) as name:
        yield name


@pytest.fixture
def migrated_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """sqlite:///… or postgresql://… of a migrated database of the test's own."""
    if engine == "sqlite":
        yield copy_file(request.getfixturevalue("migrated_file"), tmp_path / "throughline.db")
    else:
        # The template first: it needs the server, and must not be open when it is copied.
        template = request.getfixturevalue("postgres_template")
        with fresh_database(request.getfixturevalue("postgres_url"), template) as url:
            yield url


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def hints() -> list[Hint]:
    """What was published so far, in commit order; `hints.clear()` forgets it."""
    return []


@pytest.fixture
async def db(migrated_url: str, clock: FakeClock, hints: list[Hint]) -> AsyncIterator[Database]:
    """A started Database at head. `await db.run(unit, …)` as in the house; its clock stands still until told."""
    async with migrated_database(migrated_url, clock, hints.extend) as database:
        yield database
