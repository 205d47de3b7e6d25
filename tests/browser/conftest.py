"""A gateway of its own and a real Chromium for each story."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.gateway import ROOT, GatewayProcess
from tests.servers import CHROMIUM_ARGS

SEEN = ROOT / "test-results"
"""Screenshots of the last run, to be looked at."""


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[GatewayProcess]:
    with GatewayProcess(tmp_path / "installation") as running:
        yield running


@pytest.fixture
async def browser(chromium_path: Path) -> AsyncIterator[Browser]:
    expect.set_options(timeout=15_000)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=str(chromium_path), args=list(CHROMIUM_ARGS))
        yield launched
        await launched.close()


@pytest.fixture
def seen() -> Path:
    SEEN.mkdir(exist_ok=True)
    return SEEN
