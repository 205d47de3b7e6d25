"""Socket.IO clients that remember what they heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import socketio

from tests.api.house import Visitor, Worker

SECONDS = 8.0
Told = dict[str, Any]


class Refused(Exception):
    """With what the server said, if it said something."""


class Ear:
    """One open socket. `heard` is everything in order; `hear` waits for the first one that fits and was not asked for before."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self.heard: list[tuple[str, Told]] = []
        self.closed = asyncio.Event()
        self._news = asyncio.Event()
        self._known: set[int] = set()
        self.io = socketio.AsyncClient(reconnection=False)
        self.io.on("*", self._take, namespace=namespace)
        self.io.on("disconnect", self._left, namespace=namespace)
        self.io.on("connect_error", self._refused, namespace=namespace)
        self.refusal: Any = None

    async def _take(self, name: str, told: Told) -> None:
        self.heard.append((name, told))
        self._news.set()

    async def _left(self, *_: Any) -> None:
        self.closed.set()

    async def _refused(self, told: Any) -> None:
        self.refusal = told

    async def hear(self, name: str, fits: Callable[[Told], bool] = lambda _: True, seconds: float = SECONDS) -> Told:
        """The first event of this name that fits and was not given before."""
        async with asyncio.timeout(seconds):
            while True:
                for at, (found, told) in enumerate(self.heard):
                    if at not in self._known and found == name and fits(told):
                        self._known.add(at)
                        return told
                self._news.clear()
                await self._news.wait()

    def names(self) -> list[str]:
        return [name for name, _ in self.heard]

    async def say(self, name: str, data: Any) -> None:
        await self.io.emit(name, data, namespace=self.namespace)


@asynccontextmanager
async def listening(url: str, namespace: str, headers: dict[str, str] | None = None, auth: Any = None) -> AsyncIterator[Ear]:
    """Raises Refused when the socket is refused."""
    ear = Ear(namespace)
    try:
        try:
            await ear.io.connect(url, headers=headers or {}, auth=auth, transports=["websocket"], namespaces=[namespace], wait_timeout=5)
        except socketio.exceptions.ConnectionError as error:
            raise Refused(ear.refusal or error) from error
        yield ear
    finally:
        await ear.io.disconnect()


@asynccontextmanager
async def widget(visitor: Visitor, url: str = "") -> AsyncIterator[Ear]:
    async with listening(url or visitor.url, "/visitor", auth={"token": visitor.token}) as ear:
        yield ear


@asynccontextmanager
async def inbox(agent: Worker, watches: str | None = None, url: str = "") -> AsyncIterator[Ear]:
    """The agent's window, looking at a conversation if one is named."""
    url = url or agent.url
    async with listening(url, "/agent", {"Cookie": agent.headers["Cookie"], "Origin": url}) as ear:
        if watches is not None:
            await ear.say("watch", {"conversation_id": watches})
            await ear.hear("watching", lambda told: told["conversation_id"] == watches)
        yield ear
