"""A gateway for each check: `house` in this process, `gateway` as the real program."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from unittest import mock

import pytest
from argon2 import PasswordHasher

from gateway.web.passwords import Passwords
from tests.api.house import House, open_house
from tests.checks.live import TOLD
from tests.gateway import GatewayProcess
from tests.stores import copy_file


@pytest.fixture
async def house(migrated_file: Path, tmp_path: Path) -> AsyncIterator[House]:
    # Thousands of calls hash a password: with the least work that argon2 knows.
    with mock.patch("gateway.app.Passwords", partial(Passwords, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))):
        async with open_house(tmp_path, copy_file(migrated_file, tmp_path / "throughline.db")) as opened:
            yield opened


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    """`throughline run` with every secret set, every rate wide, and every line logged; one for all checks, which leave it running."""
    with GatewayProcess(tmp_path_factory.mktemp("checks") / "installation", roles=(), **TOLD) as running:
        yield running
