"""A gateway for each test: `house` on SQLite, `both` on each engine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.house import House, Visitor, Worker, open_house
from tests.stores import copy_file


@pytest.fixture
async def house(migrated_file: Path, tmp_path: Path) -> AsyncIterator[House]:
    """SQLite, as people start it first."""
    async with open_house(tmp_path, copy_file(migrated_file, tmp_path / "throughline.db")) as opened:
        yield opened


@pytest.fixture
async def both(migrated_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """The same gateway on SQLite, then on PostgreSQL."""
    async with open_house(tmp_path, migrated_url) as opened:
        yield opened


@pytest.fixture
async def aino(house: House) -> Visitor:
    return await house.visitor()


@pytest.fixture
async def mikko(house: House) -> Worker:
    return await house.agent("Mikko")
