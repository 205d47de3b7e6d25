"""The pretend channel: a complete adapter of a provider that exists only here, signed webhooks and all five outcomes included.

The core is tested with it, so it does what real providers do: batches, poisonous entries, receipts, files, answers that get lost.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from channels import payload
from channels.contract import (
    Address,
    Broken,
    Can,
    ChannelId,
    DeliveryId,
    Fact,
    Forged,
    IncomingFile,
    Intake,
    Later,
    Malformed,
    Micros,
    Never,
    OptedOut,
    Outgoing,
    Receipt,
    Received,
    Request,
    Revised,
    Sent,
    Tools,
    Unknown,
    Unreachable,
    Withdrawn,
)

SECRET = "pretend-signing-secret"
OTHER_SECRET = "the-secret-of-another-channel"
TOLERANCE_SECONDS = 300
MAX_BYTES = 1_000_000


class Provider:
    """The fake provider. `script` what the next sends meet, look at what arrived in `sent`.

    A scripted step is "sent", "delivered", "later", "later:<seconds>", "never", "unreachable", "broken", "unknown" (nothing
    arrived) or "lost" (it arrived, the answer did not). With no step left everything is sent.
    """

    def __init__(self) -> None:
        self.script: deque[str] = deque()
        self.sent: list[Outgoing] = []
        self.tried: list[Outgoing] = []
        self.files: dict[str, bytes] = {}
        self.remembers = True
        self.on_send: Callable[[], None] | None = None
        self.gate: asyncio.Event | None = None
        """Set one to hold every send until it is set: for crashes and timeouts in the middle of a send."""

    async def take(self, message: Outgoing) -> Sent:
        """Plays the next step. Raises SendError."""
        self.tried.append(message)
        if self.on_send is not None:
            self.on_send()
        if self.gate is not None:
            await self.gate.wait()
        step, _, detail = (self.script.popleft() if self.script else "sent").partition(":")
        if step in ("sent", "delivered", "lost"):
            self.sent.append(message)
        if step in ("sent", "delivered"):
            return Sent(external_id=f"pretend-{len(self.sent)}", state=step)
        if step == "later":
            raise Later("The provider is busy.", float(detail) if detail else None)
        raise {"never": Never, "unreachable": Unreachable, "broken": Broken, "unknown": Unknown, "lost": Unknown}[step](
            f"The provider said: {step}."
        )

    def times_sent(self, delivery_id: str) -> int:
        return sum(message.delivery_id == delivery_id for message in self.sent)


class Pretend:
    """The adapter. Text, files, receipts, edits; no promise that the same delivery may be sent twice."""

    can = Can.FILES | Can.RECEIPTS | Can.EDITS | Can.THREADS
    max_chars: int | None = 5_000

    def __init__(self, channel_id: str, secret: str, provider: Provider, tools: Tools) -> None:
        self.id = ChannelId(channel_id)
        self.redact: tuple[str, ...] = (secret,)
        self.provider = provider
        self.closed = False
        self._secret = secret.encode()
        self._clock = tools.clock

    async def read(self, request: Request) -> Intake:
        self._verify(request)
        body = payload.loads(request.body, max_bytes=MAX_BYTES)
        payload.only(body, {"events"})
        facts: list[Fact] = []
        poisoned: list[bytes] = []
        for event in payload.sequence(body, "events", max_items=1_000):
            try:
                facts.append(self._fact(event))
            except Malformed:
                poisoned.append(json.dumps(event).encode())
        return Intake(facts=tuple(facts), poisoned=tuple(poisoned))

    async def send(self, message: Outgoing) -> Sent:
        return await self.provider.take(message)

    async def was_sent(self, delivery_id: DeliveryId, address: Address) -> bool | None:
        return self.provider.times_sent(delivery_id) > 0 if self.provider.remembers else None

    async def fetch_file(self, source: str, limit: int) -> bytes:
        found = self.provider.files.get(source)
        if found is None:
            raise Never("The provider does not have this file.")
        if len(found) > limit:
            raise Never(f"The file is larger than {limit:,} bytes.")
        return found

    async def close(self) -> None:
        self.closed = True

    def _verify(self, request: Request) -> None:
        stamp = request.headers.get("pretend-timestamp", "")
        given = request.headers.get("pretend-signature", "")
        expected = _signature(self._secret, stamp, request.body)
        if not hmac.compare_digest(given.encode(errors="replace"), expected.encode()):
            raise Forged("The signature is missing or wrong.")
        if not stamp.isdecimal() or abs(self._clock.now() // 1_000_000 - int(stamp[:12])) > TOLERANCE_SECONDS:
            raise Forged("The call is too old.")

    def _fact(self, event: object) -> Fact:
        if type(event) is not dict:
            raise Malformed("An event has to be an object.")
        read = _KINDS.get(payload.text(event, "kind", max_chars=20))
        if read is None:
            raise Malformed("An event of this kind is not known.", field="kind")
        at = payload.optional_integer(event, "at")
        return read(event, {"channel_id": self.id, "dedup_key": payload.text(event, "id", max_chars=100), "at": at})


def make(settings: Mapping[str, Any], tools: Tools) -> Pretend:
    """Settings: `id`, `secret`, `provider` (a Provider)."""
    return Pretend(settings.get("id", "pretend"), settings.get("secret", SECRET), settings.get("provider") or Provider(), tools)


def message(event_id: str, sender: str, text: str, **more: object) -> dict[str, object]:
    """An event as the provider sends it: somebody wrote."""
    return {"kind": "message", "id": event_id, "from": sender, "text": text, **more}


def batch(*events: object) -> bytes:
    """The body of a call that carries `events`."""
    return json.dumps({"events": events}, ensure_ascii=False).encode()


def signed(body: bytes, now: Micros, secret: str = SECRET) -> Request:
    """The call that the provider would make with `body` at `now`."""
    stamp = str(now // 1_000_000)
    headers = {"content-type": "application/json", "pretend-timestamp": stamp}
    headers["pretend-signature"] = _signature(secret.encode(), stamp, body)
    return Request(method="POST", url="https://gateway.example/hooks/pretend", headers=headers, body=body, remote="203.0.113.9")


def _signature(secret: bytes, stamp: str, body: bytes) -> str:
    return hmac.new(secret, stamp.encode(errors="replace") + b"." + body, sha256).hexdigest()


def _files(event: dict[str, Any]) -> tuple[IncomingFile, ...]:
    found: Sequence[str] = payload.texts(event, "files", max_items=10, max_chars=200)
    return tuple(IncomingFile(name=source.rpartition("/")[2], media_type="application/octet-stream", source=source) for source in found)


def _from(event: dict[str, Any]) -> Address:
    return Address("pretend:" + payload.text(event, "from", max_chars=64))


def _received(event: dict[str, Any], base: dict[str, Any]) -> Fact:
    return Received(
        **base,
        sender=_from(event),
        text=payload.text(event, "text", max_chars=100_000),
        name=payload.optional_text(event, "name", max_chars=200),
        thread=payload.optional_text(event, "thread", max_chars=200),
        external_id=base["dedup_key"],
        files=_files(event),
        proof="provider",
    )


def _receipt(event: dict[str, Any], base: dict[str, Any]) -> Fact:
    state = payload.text(event, "state", max_chars=20)
    if state not in ("sent", "delivered", "read", "failed"):
        raise Malformed("A receipt in this state is not known.", field="state")
    delivery = payload.optional_text(event, "delivery", max_chars=100)
    external = payload.optional_text(event, "message", max_chars=100)
    return Receipt(**base, state=state, delivery_id=DeliveryId(delivery) if delivery else None, external_id=external)


def _revised(event: dict[str, Any], base: dict[str, Any]) -> Fact:
    return Revised(**base, external_id=payload.text(event, "message", max_chars=100), text=payload.text(event, "text", max_chars=100_000))


def _withdrawn(event: dict[str, Any], base: dict[str, Any]) -> Fact:
    return Withdrawn(**base, external_id=payload.text(event, "message", max_chars=100))


def _opted(event: dict[str, Any], base: dict[str, Any]) -> Fact:
    return OptedOut(**base, address=_from(event), out=payload.boolean(event, "out"))


_KINDS: dict[str, Callable[[dict[str, Any], dict[str, Any]], Fact]] = {
    "message": _received,
    "receipt": _receipt,
    "edit": _revised,
    "withdraw": _withdrawn,
    "opt": _opted,
}
