"""Socket.IO: who is connected to what. Clients send typing and what they look at; everything they must not lose goes by HTTP."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from socketio.exceptions import ConnectionRefusedError as Refused

from channels.contract import Address, Micros
from gateway.db.database import Tx
from gateway.errors import NotFound
from gateway.flow import accounts, presence, receipts, rights
from gateway.live.bus import Arrived
from gateway.model import AgentId, Conversation, ConversationId
from gateway.store import contacts, participants
from gateway.web import audit, forwarded, security
from gateway.web.auth import COOKIE
from gateway.web.context import Context
from gateway.web.guard import GuardedServer, SocketLimits

VISITOR, AGENT = "/visitor", "/agent"
EVENTS = {VISITOR: frozenset({"typing"}), AGENT: frozenset({"typing", "watch", "replying"})}
AGENTS = "agents"
TYPING_EVERY = 0.5
"""Seconds between two notices of one window that somebody types; that they stopped is passed on once after each."""
REPLYING_SECONDS = 60.0
"""How long "an answer stands in this window's field" counts, unless the window says it again."""


@dataclass(slots=True)
class Guest:
    """An open widget; a signed-in customer's closes when what they signed in with ends."""

    address: Address
    until: Micros | None


@dataclass(slots=True)
class Viewer:
    """An open inbox window."""

    agent_id: AgentId
    name: str
    session: str
    role: str
    writes: bool
    wants: str | None = None
    """What it asked to watch last; `watches` once that was allowed and written down."""
    watches: str | None = None
    replying_until: float = 0.0


class Sockets:
    """The sockets of this process. Rooms: `address:<address>`, `site:<key>`, `agents`, `conversation:<id>`."""

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
        self._guests: dict[str, Guest] = {}
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
        self.server.on("replying", self._replies, namespace=AGENT)

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
        self._guests[sid] = Guest(known.address, known.expires_at)
        await self.server.enter_room(sid, f"address:{known.address}", namespace=VISITOR)
        await self.server.enter_room(sid, f"site:{known.site}", namespace=VISITOR)
        self._ctx.metrics.sockets.inc()
        return True

    async def _visitor_left(self, sid: str, *_: Any) -> None:
        self._typed.pop(sid, None)
        if self._guests.pop(sid, None) is not None:
            self._ctx.metrics.sockets.dec()

    async def _visitor_types(self, sid: str, data: dict[str, Any]) -> None:
        guest = self._guests.get(sid)
        if guest is None or self._too_soon(sid, data):
            return
        conversation = await self._ctx.db.read(_typed_in, guest.address)
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
        self.viewers[sid] = Viewer(agent.id, agent.name, session, agent.role, writes=rights.has(agent, "reply"))
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
        viewer.wants = which
        await self._unwatch(sid, viewer)
        if which is not None and await self._may_watch(sid, viewer, ConversationId(which)) and viewer.wants == which:
            viewer.watches = which
            self._watching[which].add(sid)
            await self.server.enter_room(sid, f"conversation:{which}", namespace=AGENT)
            await self._tell_watchers(which)

    async def _may_watch(self, sid: str, viewer: Viewer, which: ConversationId) -> bool:
        """Whoever watches reads what is said from now on: their session is looked at again, and the reading is written down first."""
        found = await self._ctx.db.read(accounts.find_session, viewer.session)
        if found is None:
            await self.expel(sid)
            return False
        try:
            await audit.note(self._ctx, found[0], "read", conversation=which)
        except NotFound:
            return False
        return True

    async def _unwatch(self, sid: str, viewer: Viewer) -> None:
        which, viewer.watches, viewer.replying_until = viewer.watches, None, 0.0
        if which is None:
            return
        self._watching[which].discard(sid)
        if sid in self.viewers:
            await self.server.leave_room(sid, f"conversation:{which}", namespace=AGENT)
        if self._watching[which]:
            await self._tell_watchers(which)
        else:
            del self._watching[which]

    async def _replies(self, sid: str, data: dict[str, Any]) -> None:
        viewer, which, on = self.viewers.get(sid), data.get("conversation_id"), data.get("on") is True
        if viewer is None or not viewer.writes or not isinstance(which, str) or viewer.watches != which:
            return
        before = viewer.replying_until > 0
        viewer.replying_until = self._ctx.clock.monotonic() + REPLYING_SECONDS if on else 0.0
        if before != on:
            await self._tell_watchers(which)

    async def _tell_watchers(self, which: str) -> None:
        """Who else has it open, and in one of their windows writes an answer: the collision warning."""
        windows = [viewer for sid in self._watching[which] if (viewer := self.viewers.get(sid)) is not None]
        replying = {viewer.agent_id for viewer in windows if viewer.replying_until > 0}
        found = {viewer.agent_id: viewer.name for viewer in windows}
        told = [{"id": agent_id, "name": name, "replying": agent_id in replying} for agent_id, name in sorted(found.items())]
        await self.emit(AGENT, f"conversation:{which}", "watching", {"conversation_id": which, "agents": told})

    # ---------------------------------------------------------------- time

    async def renew(self) -> None:
        """Every few seconds: open windows keep their agents here; windows whose session has ended are closed, widgets as well."""
        await self._forget_replying()
        now = self._ctx.clock.now()
        for sid in [sid for sid, guest in self._guests.items() if guest.until is not None and guest.until <= now]:
            await self.server.drop_one(sid, VISITOR)
        alive: set[AgentId] = set()
        for sid, viewer in list(self.viewers.items()):
            found = await self._ctx.db.read(accounts.find_session, viewer.session)
            if found is None:
                await self.expel(sid)
                continue
            alive.add(viewer.agent_id)
            if found[0].role != viewer.role:  # changed at the command line, which tells nobody
                await self.reconnect(viewer.agent_id)
        for agent_id in alive:
            await self._ctx.db.run(presence.renew, agent_id, self.surface, self._ctx.policy)

    async def sign_out(self, agent_id: str, session_hash: str | None) -> None:
        """A session ended, or all of an agent's: windows whose session is no longer good are closed."""
        for sid, viewer in list(self.viewers.items()):
            if viewer.agent_id != agent_id or (session_hash is not None and accounts.hashed(viewer.session) != session_hash):
                continue
            if session_hash is not None or await self._ctx.db.read(accounts.find_session, viewer.session) is None:
                await self.expel(sid)

    async def _forget_replying(self) -> None:
        """A window that fell silent no longer counts as writing."""
        now = self._ctx.clock.monotonic()
        silent = [viewer for viewer in self.viewers.values() if 0 < viewer.replying_until <= now]
        for viewer in silent:
            viewer.replying_until = 0.0
        for which in {viewer.watches for viewer in silent if viewer.watches is not None}:
            await self._tell_watchers(which)

    async def reconnect(self, agent_id: str) -> None:
        """What an agent may do has changed: their windows connect again and are asked anew."""
        for sid, viewer in list(self.viewers.items()):
            if viewer.agent_id == agent_id:
                viewer.writes = False
                await self.server.drop_one(sid, AGENT)

    async def expel(self, sid: str) -> None:
        await self.emit(AGENT, sid, "signed_out", {})
        await self.server.disconnect(sid, AGENT)


def _typed_in(tx: Tx, address: Address) -> Conversation | None:
    """Where the agents see that they type; None for a visitor from whom nothing is taken."""
    return None if contacts.is_blocked(tx, address) else receipts.current(tx, address)


def _participants(tx: Tx, which: str) -> list[Address]:
    return participants.list_participants(tx, ConversationId(which))
