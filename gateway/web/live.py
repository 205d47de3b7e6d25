"""Hints become socket events: read again from the store where a name is missing, dropped where nobody listens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from channels.contract import Address
from gateway.errors import Unavailable
from gateway.flow import views
from gateway.live.bus import Arrived, Notice
from gateway.model import ConversationId, Event, Message
from gateway.store import agents
from gateway.web import shapes
from gateway.web.agents import read_agents
from gateway.web.context import Context
from gateway.web.sockets import AGENT, AGENTS, VISITOR, Sockets
from gateway.web.visitors import read_state

log = logging.getLogger("throughline.live")

_WAITING = 10_000
"""Notices kept while the store is slow. Beyond that they are dropped, and every client is made to fetch."""


class Live:
    """One consumer keeps the order of notices; bursts about one conversation's row are folded into one."""

    def __init__(self, ctx: Context, sockets: Sockets) -> None:
        self._ctx = ctx
        self._sockets = sockets
        self._queue: asyncio.Queue[Notice] = asyncio.Queue(_WAITING)
        self._rows: set[str] = set()
        self._missed = False
        """Some hint was dropped: nobody knows whom it was for, so every client must fetch once the store answers again."""
        self._somebody: bool | None = None
        self._here: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._end: Callable[[], None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="live")
        self._end = self._ctx.bus.subscribe(self.hear)

    async def stop(self) -> None:
        if self._end is not None:
            self._end()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def hear(self, notice: Notice) -> None:
        """Called for every hint of every process: decides at once whether anybody here cares.

        After a gap between the processes nobody knows what was missed: every client connects again, which makes it fetch.
        """
        if not self._is_wanted(notice):
            return
        if notice.kind == "row":
            which = str(notice.payload["conversation_id"])
            if which in self._rows:
                return
            self._rows.add(which)
        try:
            self._queue.put_nowait(notice)
        except asyncio.QueueFull:
            self._rows.discard(str(notice.payload.get("conversation_id")))
            self._ctx.metrics.drop("overload")
            self._missed = True

    async def look_again(self) -> None:
        """Every now and then: whoever's lease ran out is told like one who said goodbye, and dropped hints are made good."""
        here = {agent["id"] for agent in await self._ctx.db.read(read_agents) if agent["here"]}
        for agent_id in self._here - here:
            self.hear(Arrived(AGENTS, "presence", {"agent_id": agent_id}))
        self._here = here
        if self._missed:
            self._missed = False
            await self._sockets.server.drop_all()

    def _is_wanted(self, notice: Notice) -> bool:
        topic = notice.topic
        if topic.startswith("address:"):
            return self._sockets.has(VISITOR, topic)
        if topic.startswith("conversation:"):
            return self._sockets.has(AGENT, topic)
        if topic == "bus":
            return len(self._sockets.server) > 0
        if topic == AGENTS:
            return notice.kind in ("presence", "signed_out") or self._sockets.has(AGENT, AGENTS)
        return False

    async def _run(self) -> None:
        while True:
            notice = await self._queue.get()
            try:
                await self._tell(notice)
            except Unavailable:
                self._missed = True
                log.warning("a hint was dropped because the store is away", extra={"topic": notice.topic, "kind": notice.kind})
            except Exception:
                self._missed = True
                log.exception("a hint could not be told", extra={"topic": notice.topic, "kind": notice.kind})

    async def _tell(self, notice: Notice) -> None:
        topic, _, rest = notice.topic.partition(":")
        payload = dict(notice.payload)
        match topic, notice.kind:
            case "conversation", "message":
                entries = await self._ctx.db.read(shapes.read_message_entries, [Message(**payload)])
                await self._sockets.emit(AGENT, notice.topic, "entry", {"conversation_id": rest, "entry": entries[0]})
            case "conversation", "event":
                if payload["kind"] not in ("received", "replied"):
                    told = {"conversation_id": rest, "entry": shapes.event_entry(Event(**payload))}
                    await self._sockets.emit(AGENT, notice.topic, "entry", told)
            case "conversation", "delivery":
                await self._delivery(notice.topic, rest, payload)
            case "bus", "gap":
                await self._sockets.server.drop_all()
            case "agents", "row":
                await self._row(str(payload["conversation_id"]))
            case "agents", "typing":
                await self._sockets.emit(AGENT, AGENTS, "typing", payload)
            case "agents", "presence":
                await self._presence(str(payload["agent_id"]))
            case "agents", "signed_out":
                await self._sockets.sign_out(str(payload["agent_id"]), payload["token_hash"])
            case "address", kind:
                await self._customer(notice.topic, rest, kind, payload)

    async def _delivery(self, room: str, which: str, payload: dict[str, Any]) -> None:
        state = {"state": payload["state"], "detail": payload["detail"], "at": payload["at"]}
        for message_id, _ in payload["messages"]:
            await self._sockets.emit(AGENT, room, "delivery", {"conversation_id": which, "message_id": message_id, "delivery": state})

    async def _row(self, which: str) -> None:
        self._rows.discard(which)
        row = await self._ctx.db.read(shapes.read_row, "", ConversationId(which))
        if row is not None:
            await self._sockets.emit(AGENT, AGENTS, "row", {"row": row})

    async def _presence(self, agent_id: str) -> None:
        for agent in await self._ctx.db.read(read_agents):
            if agent["here"]:
                self._here.add(agent["id"])
            if agent["id"] == agent_id:
                await self._sockets.emit(AGENT, AGENTS, "presence", {"agent": agent})
        somebody = await self._ctx.db.read(agents.is_somebody_here)
        if somebody != self._somebody:
            self._somebody = somebody
            await self._sockets.emit(VISITOR, None, "agents", {"available": somebody})

    async def _customer(self, room: str, address: str, kind: str, payload: dict[str, Any]) -> None:
        match kind:
            case "item":
                items = await self._ctx.db.read(views.read_items, [Message(**payload)], Address(address))
                await self._sockets.emit(VISITOR, room, "item", {"item": items[0]})
            case "items":
                for item in payload["items"]:
                    await self._sockets.emit(VISITOR, room, "item", {"item": item})
            case "thread":
                # As GET /thread answers it: after a merge the named conversation may not be the one they take part in.
                state = await self._ctx.db.read(read_state, Address(address))
                if state["thread"] is not None:
                    await self._sockets.emit(VISITOR, room, "thread", {"thread": state["thread"]})
            case "receipt":
                for _, pub in payload["messages"]:
                    await self._sockets.emit(VISITOR, room, "receipt", {"pub": pub, "state": payload["state"]})
            case "typing":
                await self._sockets.emit(VISITOR, room, "typing", payload)
