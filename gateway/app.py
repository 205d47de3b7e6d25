"""The composition root: settings become objects, started in order and stopped in reverse. The only place where a mode is chosen."""

from __future__ import annotations

import asyncio
import logging
import shutil
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any

import aiohttp

from channels import http as channel_http
from channels import registry
from channels.contract import Address, Channel, ChannelId, Cursor, Fact, Listening, Tools
from gateway import folder
from gateway.blobs import Blobs, DiskBlobs, PostgresBlobs
from gateway.clock import DAY, MINUTE, SECOND, Clock, SystemClock
from gateway.config import Settings, keys
from gateway.db import revision
from gateway.db.database import Database, Hint
from gateway.db.sqlite import SqliteDatabase
from gateway.errors import ConfigError, Unavailable
from gateway.flow import staffing
from gateway.flow.compose import Composer
from gateway.flow.deliver import Outbox
from gateway.flow.files import Fetcher
from gateway.flow.index import Index
from gateway.flow.intake import Intake
from gateway.flow.listen import Listener
from gateway.flow.loops import Loop
from gateway.flow.policy import Policy
from gateway.flow.references import References
from gateway.flow.route import Router
from gateway.flow.tidy import Tidy
from gateway.front import Addresses, Front
from gateway.live.bus import Arrived, Bus, LocalBus, Notice
from gateway.live.redis import RedisBus
from gateway.store import inbox
from gateway.web import forwarded
from gateway.web.context import Bounds, Context, Site
from gateway.web.health import Readiness
from gateway.web.metrics import Metrics
from gateway.web.passwords import Passwords
from gateway.web.rates import Rate, Rates
from gateway.web.visitor_tokens import VisitorTokens

log = logging.getLogger("throughline")

ROLES = ("web", "worker", "listen", "router")
_LEAST_FREE = 50_000_000


def policy_of(settings: Settings) -> Policy:
    routing, rules = settings.routing, settings.rules
    return Policy(
        reopen_within=round(rules.reopen_days * DAY),
        undo=round(rules.undo_seconds * SECOND),
        presence=routing.presence_seconds * SECOND,
        offer=routing.offer_seconds * SECOND,
        idle_frees=routing.idle_minutes * MINUTE,
        intake_kept=rules.intake_days * DAY,
        category_required=rules.category_required,
        caps={"chat": routing.chats, "text": routing.texts, "mail": routing.mails, "call": 1},
    )


def check_roles(settings: Settings, roles: Sequence[str]) -> None:
    """Several processes need a database and a bus that all of them see. Raises ConfigError with what to set."""
    if set(roles) >= set(ROLES):
        return
    missing = []
    if settings.is_embedded:
        missing.append("PostgreSQL (THROUGHLINE_DATABASE_URL=postgresql://…)")
    if not settings.redis_url.get_secret_value():
        missing.append("Redis (THROUGHLINE_REDIS_URL=redis://…)")
    if missing:
        raise ConfigError(
            f"The role “{' '.join(roles)}” alone needs {' and '.join(missing)}: with SQLite everything runs in one process, "
            "so start it with “throughline run”."
        )


def open_database(settings: Settings, clock: Clock, publish: Callable[[Sequence[Hint]], None]) -> Database:
    if settings.is_embedded:
        path = settings.data.resolve() / "throughline.db"
        url = settings.database.removeprefix("sqlite:///")
        return SqliteDatabase(type(path)(url), clock, publish)
    from gateway.db.postgres import PostgresDatabase

    return PostgresDatabase(settings.database, clock, publish)


class Gateway:
    """One process with its roles."""

    def __init__(self, settings: Settings, roles: Sequence[str] = ROLES, clock: Clock | None = None) -> None:
        check_roles(settings, roles)
        self.settings = settings
        self.roles = tuple(roles)
        self.clock: Clock = clock or SystemClock()
        self.holder = f"{socket.gethostname()}-{self.clock.token(6)}"
        redis_url = settings.redis_url.get_secret_value()
        self.bus: Bus = RedisBus(redis_url, self.clock) if redis_url else LocalBus()
        self.db = open_database(settings, self.clock, self.bus.publish)
        self.blobs: Blobs = DiskBlobs(settings.data.resolve() / "files", self.clock) if settings.is_embedded else PostgresBlobs(self.db)
        self.policy = policy_of(settings)
        signing = keys(settings)
        self.references = References(signing)
        self.intake = Intake(self.db, self.policy, self.references)
        self.metrics = Metrics()
        self.channels: dict[ChannelId, Channel] = {}
        self.loops: dict[str, Loop] = {}
        self._visitors = VisitorTokens(signing)
        self._stack = AsyncExitStack()
        self._router: Router | None = None
        self.context: Context | None = None

    # ---------------------------------------------------------------- start and stop

    async def start(self) -> Addresses:
        """Raises ConfigError, or Unavailable when the database does not answer; then everything that was started is stopped again."""
        try:
            return await self._start()
        except BaseException:
            await self.stop()
            raise

    async def _start(self) -> Addresses:
        if self.settings.is_embedded:
            self._stack.enter_context(folder.alone(self.settings.data))
        complaint = await asyncio.to_thread(revision.check, self.settings.database)
        if complaint is not None:
            raise ConfigError(complaint)
        await self._opened(self.bus.start, self.bus.stop)
        await self._opened(self.db.start, self.db.stop)
        await self._open_channels()
        self._make_loops()
        addresses = await self._serve()
        if self.settings.is_embedded:
            await asyncio.to_thread(folder.note_address, self.settings.data, addresses.gateway)
        for loop in self.loops.values():
            loop.start()
            self._stack.push_async_callback(loop.stop)
        if self._router is not None:
            self._stack.push_async_callback(self._router.leave)
        self.bus.subscribe(self._wake)
        return addresses

    async def stop(self) -> None:
        """In reverse: no new calls, loops end, channels close, the database last."""
        await self._stack.aclose()

    async def _opened(self, start: Callable[[], Awaitable[None]], stop: Callable[[], Awaitable[None]]) -> None:
        self._stack.push_async_callback(stop)
        await start()

    async def _open_channels(self) -> None:
        session = await self._stack.enter_async_context(aiohttp.ClientSession())
        fetch = channel_http.SafeFetch()
        self._stack.push_async_callback(fetch.close)
        tools = Tools(clock=self.clock, session=session, fetch=fetch, deliver=self._deliver, push=self._push)
        for name, wanted in self.settings.channels.items():
            if not wanted.enabled:
                continue
            given = {"id": name, "max_chars": self.settings.limits.text_chars, **(wanted.model_extra or {})}
            try:
                channel = registry.make(wanted.kind, given, tools)
            except ValueError as error:
                raise ConfigError(f"The channel “{name}” cannot be opened: {error}") from error
            self.channels[channel.id] = channel
            self._stack.push_async_callback(channel.close)

    async def _deliver(self, facts: Sequence[Fact], cursor: Cursor | None = None) -> None:
        await self.intake.deliver(facts)

    async def _push(self, address: Address, item: Mapping[str, Any]) -> bool:
        """To the open widgets of every process; whether one is connected is known for this process only."""
        self.bus.publish([Arrived(f"address:{address}", "items", item)])
        return False

    # ---------------------------------------------------------------- loops

    def _make_loops(self) -> None:
        if "worker" in self.roles:
            composer = Composer(self.db, self.blobs)
            outbox = Outbox(self.db, self.clock, self.channels, composer, self.policy, self.holder, told=self._settled)
            self._loop("outbox", outbox.begin, at_most=2.0)
            self._stack.push_async_callback(outbox.drain, 5.0)
            self._loop("tidy", Tidy(self.db, self.clock, self.policy, self.blobs).step, at_most=5.0)
            self._loop("files", Fetcher(self.db, self.clock, self.channels, self.blobs, self.policy, self.settings.limits.file_bytes).step)
            self._loop("search", Index(self.db, self.clock).step, at_most=1.0)
        if "router" in self.roles:
            self._router = Router(self.db, self.clock, self.policy, self.holder)
            self._loop("router", self._router.step, at_most=2.0)
            self._loop("numbers", self._count_waiting, at_most=5.0)
        if "listen" in self.roles:
            for channel_id, channel in self.channels.items():
                if isinstance(channel, Listening):
                    listener = Listener(self.db, self.clock, self.intake, channel_id, channel, self.holder, channel.redact)
                    self._stack.push_async_callback(listener.stop)
                    self._loop(f"listen {channel_id}", listener.step, at_most=5.0)

    def _loop(self, name: str, step: Callable[[], Awaitable[int | None]], at_most: float = 5.0) -> None:
        self.loops[name] = Loop(name, step, self.clock, at_most=at_most, told=self._round)

    def _round(self, name: str, outcome: str) -> None:
        self.metrics.loop_runs.labels(name, outcome).inc()

    async def _count_waiting(self) -> None:
        """For the gauge: how many wait for an agent."""
        self.metrics.queue_waiting.set(await self.db.read(inbox.count_queue))

    def _settled(self, channel_id: str, state: str) -> None:
        self.metrics.deliveries.labels(channel_id, state).inc()

    def _wake(self, notice: Notice) -> None:
        names = {"deliver": "outbox", "route": "router", "files": "files"}
        if notice.topic == "wake" and (loop := self.loops.get(names.get(notice.kind, ""))) is not None:
            loop.wake()
        if notice.topic == "bus":
            for loop in self.loops.values():
                loop.wake()

    # ---------------------------------------------------------------- web

    async def _serve(self) -> Addresses:
        front = Front(self.settings, self.clock, self.metrics, Readiness(self._checks(), self.clock), self._stack)
        shop = front.open(with_shop="web" in self.roles)
        self.context = self._context(shop)
        return await front.serve(self.context, with_pages="web" in self.roles)

    def _context(self, shop: str | None) -> Context:
        settings = self.settings
        bounds = settings.limits
        rates = {
            "message": Rate.per_minute(bounds.messages_per_minute),
            "mark": Rate.per_minute(bounds.messages_per_minute * 4),
            "read": Rate.per_minute(600, burst=200),
            "session": Rate.per_minute(bounds.sessions_per_minute),
            "file": Rate.per_minute(bounds.files_per_minute),
            "claim": Rate.per_minute(6),
            "ask": Rate.per_minute(12),
            "sign_in": Rate.per_minute(20),
            "sign_in_account": Rate.per_minute(6, burst=10),
        }
        return Context(
            db=self.db, clock=self.clock, bus=self.bus, blobs=self.blobs, intake=self.intake, policy=self.policy, channels=self.channels,
            sites={key: self._site(key, shop) for key in settings.sites},
            bounds=Bounds(bounds.text_chars, bounds.file_bytes, frozenset(bounds.file_types), bounds.body_seconds),
            rates=Rates(self.clock, rates), passwords=Passwords(), visitors=self._visitors, metrics=self.metrics,
            public_url=settings.public_url, trusted=forwarded.trusted_proxies(settings.trusted_proxies), holder=self.holder,
            abilities={channel_id: channel.can for channel_id, channel in self.channels.items()},
            kinds=frozenset(wanted.kind for wanted in settings.channels.values() if wanted.enabled),
        )  # fmt: skip

    def _site(self, key: str, shop: str | None) -> Site:
        site = self.settings.sites[key]
        origins = site.origins
        if key == "demo" and shop is not None:
            origins = (*origins, shop, shop.replace("127.0.0.1", "localhost"))
        return Site(
            key, site.title, site.accent, site.greeting, site.position, site.locale, site.suggestions, origins, ChannelId(site.channel),
            site.fields, staffing.made(key, site.team, site.hours), tuple(secret.get_secret_value() for secret in site.identity_keys),
        )  # fmt: skip

    # ---------------------------------------------------------------- health

    def _checks(self) -> dict[str, Callable[[], Awaitable[str | None]]]:
        checks: dict[str, Callable[[], Awaitable[str | None]]] = {
            "database": self._check_database,
            "migrations": self._check_schema,
            "loops": self._check_loops,
        }
        if self.settings.is_embedded:
            checks["disk"] = self._check_disk
        return checks

    async def _check_database(self) -> str | None:
        """Anybody may read it: what is wrong, not where the server is. The log has the rest."""
        complaint = await self.db.probe()
        return None if complaint is None else complaint.partition(": ")[0].rstrip(".") + "."

    async def _check_schema(self) -> str | None:
        try:
            return await asyncio.to_thread(revision.check, self.settings.database)
        except Unavailable:
            return "The schema cannot be looked at: the database does not answer."

    async def _check_loops(self) -> str | None:
        stuck = [name for name, loop in self.loops.items() if loop.failures >= 5]
        return f"These keep failing: {', '.join(stuck)}. See the log." if stuck else None

    async def _check_disk(self) -> str | None:
        free = (await asyncio.to_thread(shutil.disk_usage, self.settings.data.resolve())).free
        return f"Only {free // 1_000_000} MB are free in the data folder." if free < _LEAST_FREE else None
