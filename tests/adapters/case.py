"""How an adapter is presented to the shared suite, and how calls to it are forged, read and judged."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from channels.contract import (
    Address,
    Broken,
    Channel,
    DeliveryId,
    Forged,
    Hooked,
    Intake,
    IntakeError,
    Later,
    Never,
    Outgoing,
    Received,
    Request,
    SendError,
    Unknown,
    Unreachable,
)
from channels.text import clean

OUTCOMES: tuple[type[SendError], ...] = (Later, Never, Unreachable, Broken, Unknown)

SCRIPTS = (
    "Hyvää päivää, tilaukseni ei ole saapunut – missä se on?",
    "नमस्ते, मेरा ऑर्डर नहीं आया है। क्षत्रिय ज़िंदगी",
    "నమస్కారం, నా ఆర్డర్ ఇంకా రాలేదు",
    "নমস্কার, আমার অর্ডার আসেনি",
    "السلام عليكم، أين طلبي؟ کتاب\u200cها",
    "שלום, איפה ההזמנה שלי?",
    "こんにちは、注文が届きません。", "您好，我的订单还没到", "주문이 아직 안 왔어요", "สวัสดีค่ะ ของยังไม่มา",
    "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁷󠁬󠁳󠁿 🇫🇮 👍🏽 ❤️ z̵̢͎̈́a̶l̷g̸o",
    "line one\nline two\n\n  indented\ttab",
    "<b>&amp; \"quoted\" 'single' \\u0928 \\n %0A {{constructor}} </Message>",
    "e\u0301 is not \u00e9, \u202eabc\u202c, \ufffe, \u2028",
)  # fmt: skip
"""R72: what goes in comes out, code point by code point."""


@dataclass(kw_only=True)
class Case:
    """One configured adapter and the means to play its provider.

    `make`         a new instance with the same settings, as after a restart
    `authentic`    any body as the provider would send it: signed, fresh, to the right address
    `says`         the body of a call in which one person says `text`
    `stranger`     a call that is authentic for another account of the same kind
    `signed_by`    names of the headers that carry the signature; () where the edge has authenticated
    `secrets`      what must never be seen: all of it has to be in `channel.redact`
    `script`       makes the provider answer the next send like this (None: takes it); `outcomes` says which it can play
    `arrived`      the texts that reached the provider, in order
    `to`           an address of this channel
    """

    channel: Channel
    make: Callable[[], Channel]
    to: Address
    authentic: Callable[[bytes], Request]
    says: Callable[[str], bytes]
    arrived: Callable[[], Sequence[str]]
    script: Callable[[type[SendError] | None], None] = lambda outcome: None
    stranger: Request | None = None
    signed_by: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    outcomes: tuple[type[SendError], ...] = OUTCOMES
    texts: Sequence[str] = field(default=SCRIPTS)

    def outgoing(self, text: str, delivery_id: str = "d-1") -> Outgoing:
        items = ({"pub": 1, "id": "m-1", "text": text},)
        return Outgoing(delivery_id=DeliveryId(delivery_id), address=self.to, text=text, author="Mikko", items=items)


async def read(channel: Channel, request: Request) -> Intake:
    assert isinstance(channel, Hooked), "the suite plays webhooks; a channel without them overrides what it says about reading"
    return await channel.read(request)


async def is_forged(case: Case, request: Request) -> bool:
    try:
        await read(case.channel, request)
    except Forged:
        return True
    return False


async def said(case: Case, text: str) -> Received:
    """The one fact that comes of somebody saying `text`."""
    intake = await read(case.channel, case.authentic(case.says(text)))
    assert not intake.poisoned
    (fact,) = intake.facts
    assert isinstance(fact, Received)
    return fact


async def read_or_refuse(case: Case, body: bytes, request: Request | None = None) -> None:
    """R-58: an IntakeError with a sentence, or facts that are whole; never another exception."""
    refused: IntakeError | None = None
    intake = Intake()
    try:
        intake = await read(case.channel, request or case.authentic(body))
    except IntakeError as error:
        refused = error
    assert refused is None or str(refused).endswith("."), "whoever is refused is told a sentence"
    for fact in intake.facts:
        assert fact.channel_id == case.channel.id
        assert fact.dedup_key
        if isinstance(fact, Received):
            assert fact.text == clean(fact.text)


def forgeries(case: Case, genuine: Request) -> list[tuple[str, Request]]:
    """T-29: calls that look like `genuine` and are not."""
    found = [("authentic for another account", case.stranger)] if case.stranger is not None else []
    if not case.signed_by:
        return [*found, ("nobody authenticated", replace(genuine, identity=None))]
    for name in case.signed_by:
        value = genuine.headers[name]
        flipped = value[:-1] + ("0" if value[-1] != "0" else "1")
        for what, other in (
            ("wrong", flipped),
            ("truncated", value[:-1]),
            ("half", value[: len(value) // 2]),
            ("empty", ""),
            ("odd", "\u20ac\x00"),
        ):
            found.append((f"{what} {name}", replace(genuine, headers={**genuine.headers, name: other})))
        found.append((f"missing {name}", replace(genuine, headers={key: kept for key, kept in genuine.headers.items() if key != name})))
    body = genuine.body
    found += [
        (f"byte {at} changed", replace(genuine, body=body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]))
        for at in (0, len(body) // 2, len(body) - 1)
    ]
    return [
        *found,
        ("re-encoded", replace(genuine, body=body + b" ")),
        ("cut", replace(genuine, body=body[:-1])),
        ("emptied", replace(genuine, body=b"")),
    ]


def told(error: BaseException) -> list[str]:
    """Everything a log could show of an error."""
    return [str(error), repr(error), *traceback.format_exception(error)]
