"""What happened, as a provider tells it: the facts that adapters hand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NewType

ChannelId = NewType("ChannelId", str)
"""One configured account: "support-mail", "webchat"."""
DeliveryId = NewType("DeliveryId", str)
Address = NewType("Address", str)
"""A handle in canonical form: tel:+358…, mailto:…, x:123, slack:<team>/<user>, visitor:…, user:<site>/<id>."""

Micros = int
"""Microseconds since 1970-01-01 UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """`dedup_key` is the provider's event id: the same event gives the same key, always."""

    channel_id: ChannelId
    dedup_key: str
    at: Micros | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingFile:
    """A file that came with a message. Either `blob` (already stored by us) or `source` (to fetch after commit)."""

    name: str
    media_type: str
    size: int | None = None
    blob: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Fact):
    """A customer wrote."""

    sender: Address
    text: str
    name: str | None = None
    html: str | None = None
    subject: str | None = None
    thread: str | None = None
    reference: str | None = None
    """A signed thread reference of ours that came back, unverified."""
    external_id: str | None = None
    """The provider's name of the message: what an edit or a reaction will point at."""
    client_id: str | None = None
    """The sender's own name of the message, given back with it."""
    files: tuple[IncomingFile, ...] = ()
    proof: str | None = None
    """How the provider proved the sender ("provider", "dmarc", "token"); None when it did not."""
    shared: bool = False
    """The handle is a role mailbox, a form or a relay: many people behind one address."""
    locale: str | None = None
    load_class: str = "chat"
    context: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Fact):
    """The provider tells how a delivery fared; names it by our id or by its own."""

    state: str
    """sent | delivered | read | failed"""
    delivery_id: DeliveryId | None = None
    external_id: str | None = None
    detail: str | None = None
    at: Micros | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(Fact):
    """The customer has read everything up to `pub` in the conversation that `reader` takes part in."""

    reader: Address
    pub: int
    at: Micros | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised(Fact):
    """The customer edited a message."""

    external_id: str
    text: str
    at: Micros | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Fact):
    """The customer took a message back."""

    external_id: str
    at: Micros | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound(Fact):
    """A one-time code of ours came back over another handle: both belong to one person."""

    code: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class OptedOut(Fact):
    """The person said STOP (`out`) or START (not `out`) on this handle."""

    address: Address
    out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent(Fact):
    """Something happened on a call: ringing, answered, ended, recorded …"""

    call_id: str
    caller: Address
    kind: str
    detail: Mapping[str, str] = field(default_factory=dict)
