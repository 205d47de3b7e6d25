"""A TCP proxy before PostgreSQL that cuts the line when COMMIT passes, before or after the server has seen it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

COMMIT = b"COMMIT\0"


class _LineEnds(Exception):
    """One side has gone, so the other goes too."""


@dataclass
class Proxy:
    """`url` is what the client uses. Set `cut`; it falls back to None after one cut."""

    url: str
    target: tuple[str, int]
    cut: Literal["before", "after"] | None = None
    cuts: int = 0
    lines: set[asyncio.Task[None]] = field(default_factory=set)
    _swallow: bool = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.lines.add(task)
        server_reader, server_writer = await asyncio.open_connection(*self.target)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._questions(reader, server_writer))
                group.create_task(self._answers(server_reader, writer))
        except* (_LineEnds, ConnectionError):
            pass
        finally:
            for side in (writer, server_writer):
                side.transport.abort()
                with contextlib.suppress(ConnectionError):
                    await side.wait_closed()

    async def _questions(self, reader: asyncio.StreamReader, server: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if COMMIT in data and self.cut == "before":
                self._count()
                break
            self._swallow = COMMIT in data and self.cut == "after"
            server.write(data)
        raise _LineEnds

    async def _answers(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if self._swallow:
                # The server's answer is the proof that it has committed; the client never sees it.
                self._count()
                break
            client.write(data)
        raise _LineEnds

    def _count(self) -> None:
        self._swallow, self.cut, self.cuts = False, None, self.cuts + 1


@contextlib.asynccontextmanager
async def cutting_proxy(url: str) -> AsyncIterator[Proxy]:
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    proxy = Proxy("", (parts.hostname, parts.port))
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    proxy.url = url.replace(f":{parts.port}/", f":{port}/")
    try:
        yield proxy
    finally:
        server.close()
        await server.wait_closed()
        await asyncio.wait_for(asyncio.gather(*proxy.lines), 20)
