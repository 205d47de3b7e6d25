"""What the tests of the web share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from tests.web.sockets import OPEN, Stage, Stand, Wire


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    """stand(**limits) → the stage and a function that opens raw sockets to it."""
    servers: list[TestServer] = []
    session = aiohttp.ClientSession()

    async def make(**limits: Any) -> tuple[Stage, Callable[..., Awaitable[Wire]]]:
        stage = Stage(**limits)
        server = await stage.start()
        servers.append(server)

        async def dial(path: str = OPEN, **kwargs: Any) -> Wire:
            return Wire(await session.ws_connect(server.make_url("/").join(server.make_url(path)), **kwargs))

        return stage, dial

    yield make
    await session.close()
    for server in servers:
        await server.close()
