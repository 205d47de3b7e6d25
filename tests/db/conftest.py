"""The engines under test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.db.database import Database
from tests.db.stores import Store, open_postgres, open_sqlite


@pytest.fixture
def engine_place(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A file, or the address of an empty database on a real server."""
    return str(tmp_path / "store.db") if engine == "sqlite" else str(request.getfixturevalue("postgres_database"))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def store(engine: str, engine_place: str) -> AsyncIterator[Store]:
    """An open database of each engine, with small tables."""
    opening = open_sqlite(Path(engine_place)) if engine == "sqlite" else open_postgres(engine_place)
    async with opening as opened:
        yield opened


@pytest.fixture
def database(store: Store) -> Database:
    return store.database
