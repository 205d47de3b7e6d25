"""Socket.IO: who is connected to what. Clients send typing and what they look at; everything they must not lose goes by HTTP."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from socketio.exceptions import ConnectionRefusedError as Refused

from channels.contract import Address
from gateway.db.database import Tx
from gateway.flow import accounts, presence, receipts, rights
from gateway.live.bus import Arrived
from gateway.model import AgentId, ConversationId
from gateway.store import participants
from gateway.web import forwarded, security
from gateway.web.auth import COOKIE
from gateway.web.context import Context
from gateway.web.guard import GuardedServer, SocketLimits

VISITOR, AGENT = "/visitor", "/agent"
EVENTS = {VISITOR: frozenset({"typing"}), AGENT: frozenset({"typing", "watch"})}
AGENTS = "agents"
TYPING_EVERY = 0.5
"""Seconds between two notices of one window that somebody types; that they stopped is passed on once after each."""


@dataclass(slots=True)
class Viewer:
    """An open inbox window."""

    agent_id: AgentId
    name: str
    session: str
    writes: bool
    watches: str | None = None


class Sockets:
    """The sockets of this process. Rooms: `address:<address>`, `agents`, `conversation:<id>`."""

    def __init__(self, ctx: Context, limits: SocketLimits | None = None) -> None:
        self._ctx = ctx
        self.server = GuardedServer(
            EVENTS,
            ctx.clock,
            peer_of=lambda request: forwarded.peer(request, ctx.trusted),
            origin_ok=self._origin_ok,
            drop=ctx.metrics.drop,
            limits=limits,
        )
        self.viewers: dict[str, Viewer] = {}
        self._visitors: dict[str, Address] = {}
        self._typed: dict[str, tuple[float, bool]] = {}
        """Per window: when it last said that somebody types, and whether it has said since that they stopped."""
        self._watching: dict[str, set[str]] = defaultdict(set)
        self.server.on("connect", self._visitor_came, namespace=VISITOR)
        self.server.on("disconnect", self._visitor_left, namespace=VISITOR)
        self.server.on("typing", self._visitor_types, namespace=VISITOR)
        self.server.on("connect", self._agent_came, namespace=AGENT)
        self.server.on("disconnect", self._agent_left, namespace=AGENT)
        self.server.on("typing", self._agent_types, namespace=AGENT)
        self.server.on("watch", self._watch, namespace=AGENT)

    @property
    def surface(self) -> str:
        """Presence is leased per process, so that one that ends does not sign out what another one serves."""
        return f"inbox {self._ctx.holder}"

    def _origin_ok(self, request: web.Request) -> bool:
        return security.origin_allowed(request, self._ctx.base(request))

    def has(self, namespace: str, room: str) -> bool:
        """Whether anybody here would hear it."""
        return bool(self.server.manager.rooms.get(namespace, {}).get(room))

    async def emit(self, namespace: str, room: str | None, name: str, payload: dict[str, Any]) -> None:
        await self.server.emit(name, payload, to=room, namespace=namespace)

    # ---------------------------------------------------------------- visitors

    async def _visitor_came(self, sid: str, environ: dict[str, Any], auth: Any = None) -> bool:
        token = auth.get("token") if isinstance(auth, dict) else None
        known = self._ctx.visitors.read(token, self._ctx.clock.now()) if isinstance(token, str) else None
        if known is None or known.site not in self._ctx.sites:
            raise Refused("unauthorised")
        address = Address(f"visitor:{known.visitor_id}")
        self._visitors[sid] = address
        await self.server.enter_room(sid, f"address:{address}", namespace=VISITOR)
        self._ctx.metrics.sockets.inc()
        return True

    async def _visitor_left(self, sid: str, *_: Any) -> None:
        self._typed.pop(sid, None)
        if self._visitors.pop(sid, None) is not None:
            self._ctx.metrics.sockets.dec()

    async def _visitor_types(self, sid: str, data: dict[str, Any]) -> None:
        address = self._visitors.get(sid)
        if address is None or self._too_soon(sid, data):
            return
        conversation = await self._ctx.db.read(receipts.current, address)
        if conversation is not None:
            payload = {"conversation_id": conversation.id, "who": "customer", "agent_id": None, "name": "", "on": data.get("on") is True}
            self._ctx.bus.publish([Arrived(AGENTS, "typing", payload)])

    def _too_soon(self, sid: str, data: dict[str, Any]) -> bool:
        """Whether this window said that somebody types a moment ago: each notice costs a read of the store."""
        now, on = self._ctx.clock.monotonic(), data.get("on") is True
        since, was_on = self._typed.get(sid, (-TYPING_EVERY, False))
        if now - since < TYPING_EVERY if on else not was_on:
            return True
        self._typed[sid] = (now if on else since, on)
        return False

    # ---------------------------------------------------------------- agents

    async def _agent_came(self, sid: str, environ: dict[str, Any], auth: Any = None) -> bool:
        request: web.Request = environ["aiohttp.request"]
        session = request.cookies.get(COOKIE, "")
        found = await self._ctx.db.read(accounts.find_session, session) if session else None
        if found is None:
            raise Refused("unauthorised")
        agent = found[0]
        await self._ctx.db.run(presence.renew, agent.id, self.surface, self._ctx.policy)
        self.viewers[sid] = Viewer(agent.id, agent.name, session, writes=rights.has(agent, "reply"))
        await self.server.enter_room(sid, AGENTS, namespace=AGENT)
        self._ctx.metrics.sockets.inc()
        return True

    async def _agent_left(self, sid: str, *_: Any) -> None:
        self._typed.pop(sid, None)
        viewer = self.viewers.pop(sid, None)
        if viewer is None:
            return
        self._ctx.metrics.sockets.dec()
        await self._unwatch(sid, viewer)
        if not any(other.agent_id == viewer.agent_id for other in self.viewers.values()):
            await self._ctx.db.run(presence.leave, viewer.agent_id, self.surface, self._ctx.policy)

    async def _agent_types(self, sid: str, data: dict[str, Any]) -> None:
        viewer, which = self.viewers.get(sid), data.get("conversation_id")
        if viewer is None or not viewer.writes or not isinstance(which, str) or viewer.watches != which or self._too_soon(sid, data):
            return
        on = data.get("on") is True
        payload = {"conversation_id": which, "who": "agent", "agent_id": viewer.agent_id, "name": viewer.name, "on": on}
        notices = [Arrived(AGENTS, "typing", payload)]
        told = {"name": viewer.name, "on": on}
        notices.extend(Arrived(f"address:{address}", "typing", told) for address in await self._ctx.db.read(_participants, which))
        self._ctx.bus.publish(notices)

    async def _watch(self, sid: str, data: dict[str, Any]) -> None:
        viewer, which = self.viewers.get(sid), data.get("conversation_id")
        if viewer is None or not (which is None or (isinstance(which, str) and len(which) <= 64)):
            return
        await self._unwatch(sid, viewer)
        if which is not None:
            viewer.watches = which
            self._watching[which].add(sid)
            await self.server.enter_room(sid, f"conversation:{which}", namespace=AGENT)
            await self._tell_watchers(which)

    async def _unwatch(self, sid: str, viewer: Viewer) -> None:
        which, viewer.watches = viewer.watches, None
        if which is None:
            return
        self._watching[which].discard(sid)
        if sid in self.viewers:
            await self.server.leave_room(sid, f"conversation:{which}", namespace=AGENT)
        if self._watching[which]:
            await self._tell_watchers(which)
        else:
            del self._watching[which]

    async def _tell_watchers(self, which: str) -> None:
        """Who else has it open: the collision warning."""
        found = {viewer.agent_id: viewer.name for sid in self._watching[which] if (viewer := self.viewers.get(sid)) is not None}
        told = [{"id": agent_id, "name": name, "replying": False} for agent_id, name in sorted(found.items())]
        await self.emit(AGENT, f"conversation:{which}", "watching", {"conversation_id": which, "agents": told})

    # ---------------------------------------------------------------- time

    async def renew(self) -> None:
        """Every few seconds: open windows keep their agents here; windows whose session has ended are closed."""
        alive: set[AgentId] = set()
        for sid, viewer in list(self.viewers.items()):
            if await self._ctx.db.read(accounts.find_session, viewer.session) is None:
                await self.expel(sid)
            else:
                alive.add(viewer.agent_id)
        for agent_id in alive:
            await self._ctx.db.run(presence.renew, agent_id, self.surface, self._ctx.policy)

    async def sign_out(self, agent_id: str, session_hash: str | None) -> None:
        """A session ended, or all of an agent's: windows whose session is no longer good are closed."""
        for sid, viewer in list(self.viewers.items()):
            if viewer.agent_id != agent_id or (session_hash is not None and accounts.hashed(viewer.session) != session_hash):
                continue
            if session_hash is not None or await self._ctx.db.read(accounts.find_session, viewer.session) is None:
                await self.expel(sid)

    async def expel(self, sid: str) -> None:
        await self.emit(AGENT, sid, "signed_out", {})
        await self.server.disconnect(sid, AGENT)


def _participants(tx: Tx, which: str) -> list[Address]:
    return participants.list_participants(tx, ConversationId(which))
