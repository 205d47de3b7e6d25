"""Everything an adapter author must know: facts in, messages out, outcomes, abilities."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Flag, auto
from typing import Any, Protocol, runtime_checkable

from channels.facts import Address, Bound, CallEvent, ChannelId, DeliveryId, Fact, IncomingFile, Micros

# isort: split
from channels.facts import OptedOut, Receipt, Received, Revised, Seen, Withdrawn

__all__ = [
    "Address", "Bound", "CallEvent", "ChannelId", "DeliveryId", "Fact", "IncomingFile", "Micros", "OptedOut", "Receipt", "Received", "Revised", "Seen", "Withdrawn",
    "Answer", "Answers", "Asked", "Broken", "Can", "Channel", "Clock", "Cursor", "Deliver", "Fetch", "Forged", "HoldsFiles", "Hooked", "Intake", "IntakeError", "Later",
    "Listening", "Malformed", "Never", "Outgoing", "OutgoingFile", "Pulls", "Push", "Readable", "RemembersSends", "Request", "SendError", "Sent", "Tools", "Unknown", "Unreachable", "Window",
]  # fmt: skip


class Can(Flag):
    """What a channel can carry; the core degrades to what is there."""

    NOTHING = 0
    HTML = auto()
    SUBJECT = auto()
    FILES = auto()
    THREADS = auto()
    RECEIPTS = auto()
    EDITS = auto()
    SAFE_RESEND = auto()  # sending the same delivery id twice reaches the person once
    INSTANT = auto()  # a person is looking at it: no undo pause before sending


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingFile:
    id: str
    name: str
    media_type: str
    size: int
    read: Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One delivery: what to say to whom. Never holds a note."""

    delivery_id: DeliveryId
    address: Address
    text: str
    html: str | None = None
    subject: str | None = None
    thread: str | None = None
    author: str | None = None
    files: tuple[OutgoingFile, ...] = ()
    items: tuple[Mapping[str, Any], ...] = ()  # as the customer's API shows them (`pub`, `text`, `at`, …), for channels with a timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The provider has it. `state` is "sent", or "delivered" where the answer already says so."""

    external_id: str | None = None
    state: str = "sent"


class SendError(Exception):
    """Five outcomes, because five different things must happen next."""


class Later(SendError):
    """Not now: try again, no sooner than `after` seconds when the provider said so."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Never(SendError):
    """Refused for good: this message will not go through here."""


class Unreachable(SendError):
    """The person is not to be reached here: offer another identity."""


class Broken(SendError):
    """Our account is at fault: pause the channel and tell the admin."""


class Unknown(SendError):
    """Bytes left, no verdict came back."""


class IntakeError(Exception):
    """The provider's call is not taken. The text goes back to the caller: a sentence, no secrets."""


class Forged(IntakeError):
    """The signature is missing or wrong: 403, nothing is stored."""


class Malformed(IntakeError):
    """Signed but not understood. `raw` is kept for replay when it is not None."""

    def __init__(self, reason: str, raw: bytes | None = None, field: str | None = None) -> None:
        super().__init__(reason)
        self.raw = raw
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP call as the exact bytes that came. Header names are lower case; `url` is the public one."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    remote: str = ""
    identity: Address | None = None  # whom the edge has authenticated (a widget session), None where the adapter has to verify


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back to the caller after the commit."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the caller wants to be told besides "taken": rendered by `Answers.answer` after the commit."""

    kind: str
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What one call holds: the facts to commit, and what to answer afterwards."""

    facts: tuple[Fact, ...] = ()
    answer: Answer = field(default_factory=Answer)
    asked: Asked | None = None
    poisoned: tuple[bytes, ...] = ()  # entries of a batch that were signed but not understood; each is parked raw


Cursor = str
Deliver = Callable[[Sequence[Fact], Cursor | None], Awaitable[None]]  # returns after one commit of both; raises when nothing was stored
Fetch = Callable[[str, int, float], Awaitable[bytes]]  # the one safe fetcher for addresses from outside: url, limit in bytes, seconds
Push = Callable[[Address, Mapping[str, Any]], Awaitable[bool]]  # to the open widgets of an address; True when one was connected here


class Clock(Protocol):
    """Time, randomness and sleep. Adapters get it as `tools.clock` and use nothing else for these."""

    def now(self) -> Micros: ...
    def monotonic(self) -> float: ...
    async def sleep(self, seconds: float) -> None: ...
    def new_id(self) -> str: ...
    def token(self, size: int = 32) -> str: ...
    def random(self) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What an adapter may use. Made by gateway.app; nothing else is reachable from an adapter."""

    clock: Clock
    session: Any  # a shared aiohttp.ClientSession; typed Any so that the contract stays free of aiohttp
    fetch: Fetch
    deliver: Deliver
    push: Push


class Channel(Protocol):
    """The small core every adapter has; made by its factory `make(settings, tools)`."""

    id: ChannelId
    can: Can
    max_chars: int | None
    redact: tuple[str, ...]  # secrets of this account: replaced by *** wherever the house logs or stores a detail

    async def send(self, message: Outgoing) -> Sent:
        """Raises only SendError. Called outside any transaction, under a deadline, in lane order."""

    async def close(self) -> None: ...


@runtime_checkable
class Hooked(Protocol):
    """The provider calls us. `read` verifies over the raw bytes and parses, nothing else; raises IntakeError."""

    async def read(self, request: Request) -> Intake: ...


@runtime_checkable
class Answers(Protocol):
    """The answer needs what we know: flow commits, reads `view` (position, wait, names), the adapter renders."""

    def answer(self, asked: Asked, view: Mapping[str, str]) -> Answer: ...


@runtime_checkable
class Listening(Protocol):
    """Keeps a connection and hands over what comes until cancelled; runs under the channel's lease."""

    async def listen(self, cursor: Cursor | None, deliver: Deliver) -> None: ...


@runtime_checkable
class HoldsFiles(Protocol):
    """Media to fetch after the commit, with the account's own credentials."""

    async def fetch_file(self, source: str, limit: int) -> bytes: ...


@runtime_checkable
class RemembersSends(Protocol):
    """Can tell, after a crash, whether a send happened; None when it cannot tell this time."""

    async def was_sent(self, delivery_id: DeliveryId, address: Address) -> bool | None: ...


@runtime_checkable
class Pulls(Protocol):
    """Lists what happened since a watermark: every provider loses webhooks."""

    async def pull(self, since: Cursor | None, deliver: Deliver) -> Cursor: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """May I write to this person now, until when, and if not, why."""

    open: bool
    until: Micros | None = None
    why_not: str | None = None


@runtime_checkable
class Readable(Protocol):
    """Knows reply windows (24-hour rules, STOP): asked before the agent types and again before the send."""

    def window(self, address: Address, last_in_at: Micros | None, opted_out: bool) -> Window: ...
