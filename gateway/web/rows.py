"""Changed lines of the inbox lists: gathered for a moment, read together, told to every window. A busy house changes them all the time."""

from __future__ import annotations

import asyncio
import logging

from gateway.db.database import Tx
from gateway.errors import Unavailable
from gateway.model import ConversationId
from gateway.store import inbox
from gateway.web import shapes
from gateway.web.context import Context
from gateway.web.sockets import AGENT, AGENTS, Sockets

log = logging.getLogger("throughline.live")

GATHER_SECONDS = 0.02
"""One read for what changes in that time: each read costs several changes of thread, and nobody sees 20 ms in a list."""
_AT_ONCE = 200
_MOST = 10_000
"""Conversations waiting to be told while the store is slow."""


class Rows:
    """A task beside the other hints, so that a message on an open page does not wait behind the lists."""

    def __init__(self, ctx: Context, sockets: Sockets) -> None:
        self._ctx = ctx
        self._sockets = sockets
        self._changed: dict[str, None] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.missed = False
        """Some were dropped, or could not be read."""

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="rows")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def changed(self, conversation_id: str) -> None:
        """Often the same one in a burst: then it is told once, as it stands in the end."""
        if len(self._changed) >= _MOST and conversation_id not in self._changed:
            self._ctx.metrics.drop("overload")
            self.missed = True
            return
        self._changed[conversation_id] = None
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            await self._ctx.clock.sleep(GATHER_SECONDS)
            ids = [ConversationId(which) for which in list(self._changed)[:_AT_ONCE]]
            for which in ids:
                del self._changed[which]
            if not self._changed:
                self._wake.clear()
            await self._tell(ids)

    async def _tell(self, ids: list[ConversationId]) -> None:
        try:
            for row in await self._ctx.db.read(_read, ids):
                await self._sockets.emit(AGENT, AGENTS, "row", {"row": row})
        except Unavailable:
            self.missed = True
            log.warning("changed rows were not told because the store is away")
        except Exception:
            self.missed = True
            log.exception("changed rows could not be told")


def _read(tx: Tx, ids: list[ConversationId]) -> list[dict[str, object]]:
    """Nobody's read marks: each window keeps its own."""
    return [shapes.row(found) for found in inbox.list_rows_of(tx, "", ids)]
