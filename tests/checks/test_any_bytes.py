"""Any bytes at the website chat's adapter and at the edge's parser, and any text through the store and back (R-58)."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from channels import registry
from channels.contract import Address, IntakeError, Received, Request
from channels.text import clean
from channels.webchat import Webchat
from gateway.errors import GatewayError
from gateway.web import limits, server
from tests.adapters.tools import Recorded
from tests.api.house import House

many = settings(
    max_examples=2_000, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
VISITOR = Address("visitor:0191aaaa-aaaa-aaaa")
FIELDS = ["client_id", "text", "files", "page", "locale", "name", "time_zone"]
# Without half characters, which no JSON in UTF-8 can carry.
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300).filter(lambda text: bool(text.strip()))


def _said(value: Any) -> bytes:
    """JSON as Python writes it: NaN and half characters included."""
    return json.dumps(value, ensure_ascii=True).encode()


def _word(draw: random.Random) -> str:
    """A few characters of anywhere, half ones included."""
    return "".join(
        chr(draw.choice([draw.randint(0, 0x7F), draw.randint(0, 0xFFFF), draw.randint(0, 0x10FFFF)])) for _ in range(draw.randint(0, 12))
    )


def _value(draw: random.Random, depth: int = 0) -> Any:
    """Any JSON value, and what JSON does not know."""
    kind = draw.randint(0, 10 if depth < 3 else 7)
    if kind < 8:
        plain = (
            None,
            True,
            False,
            draw.randint(-(2**70), 2**70),
            draw.choice([1.5, 1e308, float("nan"), float("inf")]),
            _word(draw),
            _word(draw),
            "x" * draw.randint(0, 70),
        )
        return plain[kind]
    inner = [_value(draw, depth + 1) for _ in range(draw.randint(0, 3))]
    return inner if kind < 10 else {_word(draw): value for value in inner}


def _body(seed: int) -> bytes:
    """Something like a body of ours: some of our fields with anything in them, and, in one of two, a few bytes changed."""
    draw = random.Random(seed)
    names = draw.choice([FIELDS, _NAMES])
    value = {draw.choice(names): _value(draw) for _ in range(draw.randint(0, 5))} if draw.random() < 0.9 else _value(draw)
    if isinstance(value, dict) and draw.random() < 0.5:
        value |= {"client_id": "0191aaaa-bbbb", "text": _word(draw)}
    body = bytearray(_said(value))
    for _ in range(draw.choice([0, 0, 1, 3])):
        at = draw.randint(0, len(body))
        body[at : at + draw.randint(0, 2)] = draw.randbytes(draw.randint(0, 3))
    return bytes(body)


def _adapter() -> Webchat:
    found = registry.make("webchat", {"id": "webchat"}, Recorded().tools)
    assert isinstance(found, Webchat)
    return found


ADAPTER = _adapter()
LOOP = asyncio.new_event_loop()


def _read(body: bytes) -> Received | IntakeError:
    """Only an IntakeError with a sentence may come out of the adapter."""
    request = Request(method="POST", url="", headers={}, body=body, identity=VISITOR)
    try:
        intake = LOOP.run_until_complete(ADAPTER.read(request))
    except IntakeError as error:
        return error
    (fact,) = intake.facts
    assert isinstance(fact, Received)
    return fact


@many
@given(text=_TEXT, name=_TEXT.map(lambda text: text[:200]), ascii_only=st.booleans())
def test_any_text_comes_out_of_the_adapter_as_it_went_in(text: str, name: str, ascii_only: bool) -> None:
    body = json.dumps({"client_id": "0191aaaa-bbbb", "text": text, "name": name}, ensure_ascii=ascii_only).encode()
    found = _read(body)
    assert isinstance(found, Received)
    assert found.text == clean(text) and found.name == clean(name)


def _models() -> list[type[BaseModel]]:
    """Every body the edge knows: each subclass of limits.Body that a route's module has made."""
    assert server.__name__ in sys.modules, "it imports every module with routes"

    def below(model: type[BaseModel]) -> list[type[BaseModel]]:
        return [found for one in model.__subclasses__() for found in (one, *below(one))]

    return [model for model in below(limits.Body) if model.__module__.startswith("gateway.")]


MODELS = _models()
_NAMES = sorted({name for model in MODELS for name in model.model_fields})


def _parse(which: type[BaseModel], body: bytes) -> BaseModel | GatewayError:
    """Only a GatewayError may come out of the edge's parser."""
    try:
        return limits.parse(which, body)
    except GatewayError as error:
        return error


@many
@given(body=st.binary(max_size=300) | st.integers(0, 2**40).map(_body), which=st.sampled_from(MODELS))
@example(body=b"", which=MODELS[0])
@example(body=b'{"client_id":"12345678","text":"\xed\xa0\x80"}', which=MODELS[0])
@example(body=b'{"client_id":"12345678","text":"\\ud83d"}', which=MODELS[0])
@example(body=b"[" * 100_000, which=MODELS[0])
def test_any_bytes_are_taken_or_refused_with_a_sentence(body: bytes, which: type[BaseModel]) -> None:
    found = _read(body)
    if isinstance(found, IntakeError):
        assert str(found)[0].isupper() and str(found).endswith(".")
    else:
        assert found.sender == VISITOR and found.dedup_key.startswith(f"{VISITOR}/") and len(found.dedup_key) <= 255
        assert found.text == clean(found.text) and len(found.text) <= 10_000
        found.text.encode()
    parsed = _parse(which, body)
    if isinstance(parsed, GatewayError):
        assert parsed.status == 400 and str(parsed).endswith(".") and len(str(parsed)) < 400
    else:
        parsed.model_dump_json().encode()


def test_the_edge_has_bodies_to_try() -> None:
    assert len(MODELS) > 10 and {"SessionBody", "SayBody"} <= {model.__name__ for model in MODELS}


def _texts(number: int) -> list[str]:
    """Texts of all planes, with marks, controls, joins and directions in between."""
    draw = random.Random(58)
    ranges = [(0x20, 0x7E), (0xA0, 0x2AF), (0x300, 0x36F), (0x590, 0x6FF), (0x900, 0xDFF), (0x1100, 0x11FF), (0x2000, 0x206F), (0x3040, 0x30FF), (0x4E00, 0x9FFF), (0xE000, 0xF8FF),
        (0xFB50, 0xFFFF), (0x10000, 0x10FFFF), (0x1F300, 0x1FAFF), (0xE0000, 0xE007F), (0, 0x1F), (0x7F, 0x9F)]  # fmt: skip
    found: list[str] = []
    while len(found) < number:
        low, high = draw.choice(ranges)
        text = "".join(
            chr(draw.randint(low, high)) if draw.random() < 0.8 else chr(draw.randint(0, 0x10FFFF)) for _ in range(draw.randint(1, 80))
        )
        text = "".join(char for char in text if not 0xD800 <= ord(char) <= 0xDFFF)
        if text.strip():
            found.append(text)
    return found


async def test_a_thousand_texts_come_back_out_of_the_store(house: House) -> None:
    """Stored, listed to the visitor and to the agent, put into previews and searched: as it was written, and no call fails."""
    texts, visitors = _texts(1_000), [await house.visitor() for _ in range(20)]
    agent = await house.agent("Reader")
    threads: list[str] = []
    for at, visitor in enumerate(visitors):
        told: list[Any] = []
        own = texts[at::20]
        for start in range(0, len(own), 10):
            # Ten at a time share a commit; the first of each visitor opens the conversation.
            told = await asyncio.gather(
                *(
                    visitor.say(text, name=text[:50], client_id=f"text-{at:02}-{start + place:04}")
                    for place, text in enumerate(own[start : start + 10])
                )
            )
        threads.append(told[0]["thread"]["id"])
        items = await visitor.items()
        assert sorted(item["text"] for item in items) == sorted(clean(text) for text in own)
    for at, (thread, own) in enumerate(zip(threads, (texts[at::20] for at in range(20)), strict=True)):
        entries = [entry["text"] for entry in await agent.entries(thread, "?limit=200") if entry["kind"] == "message"]
        assert sorted(entries) == sorted(clean(text) for text in own), at
    rows = (await agent.get("/api/conversations?limit=200")).ok()["rows"]
    assert len(rows) == 20 and all(len(row["preview"]) <= 140 for row in rows)
    for text in texts[:100]:
        assert (await agent.get(f"/api/conversations?q={quote(text, safe='')}")).status in (200, 400)
