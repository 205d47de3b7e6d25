"""What the handlers work with: made once by gateway.app, reached through the application's key."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import cast

from aiohttp import web

from channels.contract import Can, Channel, ChannelId, Hooked
from gateway.blobs import Blobs
from gateway.clock import Clock
from gateway.db.database import Database
from gateway.flow.audit import Recent
from gateway.flow.intake import Intake
from gateway.flow.policy import Policy
from gateway.flow.staffing import Staffing
from gateway.live.bus import Bus
from gateway.web import forwarded
from gateway.web.metrics import Metrics
from gateway.web.passwords import Passwords
from gateway.web.rates import Rates
from gateway.web.visitor_tokens import VisitorTokens

ANYBODY = Staffing()


@dataclass(frozen=True, slots=True)
class Site:
    """One website with the chat on it, as the widget needs to know it."""

    key: str
    title: str
    accent: str
    greeting: str
    position: str
    locale: str
    suggestions: tuple[str, ...]
    origins: tuple[str, ...]
    channel_id: ChannelId
    fields: tuple[str, ...] = ()
    staffing: Staffing = ANYBODY
    identity_keys: tuple[str, ...] = field(default=(), repr=False)
    """With which the site signs who its customers are. Secret: never logged, never sent."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits on what comes from outside. Sizes in bytes or characters."""

    text_chars: int
    file_bytes: int
    file_types: frozenset[str]
    body_seconds: float


@dataclass(frozen=True, slots=True)
class Context:
    db: Database
    clock: Clock
    bus: Bus
    blobs: Blobs
    intake: Intake
    policy: Policy
    channels: Mapping[ChannelId, Channel]
    sites: Mapping[str, Site]
    bounds: Bounds
    rates: Rates
    passwords: Passwords
    visitors: VisitorTokens
    metrics: Metrics
    public_url: str = ""
    trusted: Sequence[forwarded.Network] = ()
    holder: str = ""
    abilities: Mapping[ChannelId, Can] = field(default_factory=dict)
    recent: Recent = field(default_factory=Recent)
    kinds: Collection[str] = ()
    """Of the channels that are on."""

    def peer(self, request: web.Request) -> str:
        """What rate limits count by."""
        return forwarded.limit_key(forwarded.peer(request, self.trusted))

    def hooked(self, channel_id: ChannelId) -> Hooked | None:
        """The channel if it is on and takes calls."""
        channel = self.channels.get(channel_id)
        return cast(Hooked, channel) if channel is not None and _takes_calls(type(channel)) else None

    def base(self, request: web.Request) -> str:
        return forwarded.public_base(request, self.trusted, self.public_url or None)


@cache
def _takes_calls(kind: type[Channel]) -> bool:
    """Asked once per adapter: a look at a protocol costs as much as reading a message."""
    return issubclass(kind, Hooked)


CONTEXT: web.AppKey[Context] = web.AppKey("context", Context)
