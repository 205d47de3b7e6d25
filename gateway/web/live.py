"""Hints become socket events: read again from the store where a name is missing, dropped where nobody listens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

from channels.contract import Address
from gateway.db.database import Tx
from gateway.errors import Unavailable
from gateway.flow import staffing, views
from gateway.live.bus import Arrived, Notice
from gateway.model import Event, Message
from gateway.web import shapes
from gateway.web.agents import read_agents
from gateway.web.context import Context, Site
from gateway.web.rows import Rows
from gateway.web.sockets import AGENT, AGENTS, VISITOR, Sockets
from gateway.web.visits import read_thread

log = logging.getLogger("throughline.live")

_WAITING = 10_000
"""Notices kept while the store is slow. Beyond that they are dropped, and every client is made to fetch."""

_ALWAYS = ("presence", "signed_out", "rights_changed", "changed")
"""What concerns this process although none of its inboxes may be open."""


def read_services(tx: Tx, sites: Mapping[str, Site]) -> dict[str, dict[str, Any]]:
    """Service by site."""
    return {key: staffing.read(tx, site.staffing) for key, site in sites.items()}


class Live:
    """One consumer keeps the order of notices; the lists' rows go beside it."""

    def __init__(self, ctx: Context, sockets: Sockets) -> None:
        self._ctx = ctx
        self._sockets = sockets
        self._queue: asyncio.Queue[Notice] = asyncio.Queue(_WAITING)
        self._rows = Rows(ctx, sockets)
        self._missed = False
        """Some hint was dropped: nobody knows whom it was for, so every client must fetch once the store answers again."""
        self._services: dict[str, dict[str, Any]] = {}
        """What the customers of each site were told last."""
        self._here: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._end: Callable[[], None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="live")
        self._rows.start()
        self._end = self._ctx.bus.subscribe(self.hear)

    async def stop(self) -> None:
        if self._end is not None:
            self._end()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._rows.stop()

    def hear(self, notice: Notice) -> None:
        """Called for every hint of every process: decides at once whether anybody here cares.

        After a gap between the processes nobody knows what was missed: every client connects again, which makes it fetch.
        """
        if not self._is_wanted(notice):
            return
        if notice.kind == "row":
            self._rows.changed(str(notice.payload["conversation_id"]))
            return
        try:
            self._queue.put_nowait(notice)
        except asyncio.QueueFull:
            self._ctx.metrics.drop("overload")
            self._missed = True

    async def look_again(self) -> None:
        """Every now and then: who is gone without a goodbye is told, and hours that began or ended; dropped hints are made good."""
        here = {agent["id"] for agent in await self._ctx.db.read(read_agents) if agent["here"]}
        for agent_id in self._here - here:
            self.hear(Arrived(AGENTS, "presence", {"agent_id": agent_id}))
        self._here = here
        await self._tell_services()
        if self._missed or self._rows.missed:
            self._missed = self._rows.missed = False
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
            return notice.kind in _ALWAYS or self._sockets.has(AGENT, AGENTS)
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
            case "agents", kind:
                await self._agents(kind, payload)
            case "address", kind:
                await self._customer(notice.topic, rest, kind, payload)

    async def _agents(self, kind: str, payload: dict[str, Any]) -> None:
        match kind:
            case "typing":
                await self._sockets.emit(AGENT, AGENTS, "typing", payload)
            case "presence":
                await self._presence(str(payload["agent_id"]))
            case "changed":
                await self._sockets.emit(AGENT, AGENTS, "changed", {"what": payload["what"]})
                await self._tell_services()
            case "rights_changed":
                await self._sockets.reconnect(str(payload["agent_id"]))
                await self._tell_services()
            case "signed_out":
                await self._sockets.sign_out(str(payload["agent_id"]), payload["token_hash"])

    async def _delivery(self, room: str, which: str, payload: dict[str, Any]) -> None:
        state = {"state": payload["state"], "detail": payload["detail"], "at": payload["at"]}
        for message_id, _ in payload["messages"]:
            await self._sockets.emit(AGENT, room, "delivery", {"conversation_id": which, "message_id": message_id, "delivery": state})

    async def _presence(self, agent_id: str) -> None:
        for agent in await self._ctx.db.read(read_agents):
            if agent["here"]:
                self._here.add(agent["id"])
            if agent["id"] == agent_id:
                await self._sockets.emit(AGENT, AGENTS, "presence", {"agent": agent})
        await self._tell_services()

    async def _tell_services(self) -> None:
        """Each site's customers, when it is not what they were told last."""
        for key, service in (await self._ctx.db.read(read_services, self._ctx.sites)).items():
            if service != self._services.get(key):
                self._services[key] = service
                await self._sockets.emit(VISITOR, f"site:{key}", "service", {"service": service})

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
                thread = await self._ctx.db.read(read_thread, Address(address))
                if thread is not None:
                    await self._sockets.emit(VISITOR, room, "thread", {"thread": thread})
            case "receipt":
                for _, pub in payload["messages"]:
                    await self._sockets.emit(VISITOR, room, "receipt", {"pub": pub, "state": payload["state"]})
            case "typing":
                await self._sockets.emit(VISITOR, room, "typing", payload)
