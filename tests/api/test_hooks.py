"""Providers' calls over the pretend channel: verified, stored once, and answered only after the commit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from channels import registry
from gateway.db.database import Tx
from tests.adapters import pretend
from tests.api.house import Answer, House, open_house
from tests.api.test_faults import locked
from tests.stores import copy_file

CHANNELS = {"webchat": {"kind": "webchat"}, "pretend": {"kind": "pretend"}, "asleep": {"kind": "pretend", "enabled": False}}


def opened(tmp_path: Path, url: str) -> AbstractAsyncContextManager[House]:
    return open_house(tmp_path, url, channels=CHANNELS)


@pytest.fixture
async def hooked(migrated_file: Path, tmp_path: Path) -> AsyncIterator[House]:
    undo = registry.register("pretend", pretend.make)
    try:
        async with opened(tmp_path, copy_file(migrated_file, tmp_path / "throughline.db")) as house:
            yield house
    finally:
        undo()


async def call(
    house: House, *events: object, body: bytes | None = None, channel: str = "pretend", changed: dict[str, str] | None = None
) -> Answer:
    body = pretend.batch(*events) if body is None else body
    headers = {**pretend.signed(body, house.clock.now()).headers, **(changed or {})}
    return await house.stranger().call("POST", f"/hooks/{channel}", raw=body, headers=headers)


async def _texts(house: House) -> list[str]:
    agent = await house.agent()
    rows = (await agent.get("/api/conversations")).ok()["rows"]
    return sorted(row["preview"] for row in rows)


def _parked(tx: Tx) -> list[bytes]:
    from sqlalchemy import text

    from gateway.db.statement import Statement

    return [bytes(row[0]) for row in tx.all(Statement("test.parked", text("SELECT raw FROM intake WHERE outcome = 'parked'")))]


async def test_what_was_said_is_stored_and_answered(hooked: House) -> None:
    answer = await call(hooked, pretend.message("e1", "anna", "hei"), pretend.message("e2", "bertil", "hej"))
    assert answer.status == 200
    assert await _texts(hooked) == ["hei", "hej"]


async def test_a_forged_call_leaves_nothing(hooked: House) -> None:
    event = pretend.message("e1", "anna", "hei")
    body = pretend.batch(event)
    good = pretend.signed(body, hooked.clock.now()).headers["pretend-signature"]
    elsewhere = pretend.signed(body, hooked.clock.now(), pretend.OTHER_SECRET).headers["pretend-signature"]
    for signature in ("", "x", good[:-1], good + "0", elsewhere, good.upper(), "é"):
        (await call(hooked, event, changed={"pretend-signature": signature})).problem(403)
    (await call(hooked, body=body + b" ", changed={"pretend-signature": good})).problem(403)
    (await call(hooked, event, changed={"pretend-timestamp": "1"})).problem(403)
    late = pretend.signed(body, hooked.clock.now() - 10**9).headers
    (await hooked.stranger().call("POST", "/hooks/pretend", raw=body, headers=dict(late))).problem(403)
    (await hooked.stranger().get("/hooks/pretend")).problem(403)
    for table in ("message", "intake", "contact"):
        assert await hooked.count(table) == 0


async def test_what_is_signed_but_not_understood_is_kept_for_later(hooked: House) -> None:
    for body in (b"{", b'{"events": 1}', b"[]", b"", b'{"events": [], "x": 1}'):
        (await call(hooked, body=body)).problem(400)
    assert await hooked.count("message") == 0


async def test_a_poisonous_entry_does_not_hold_the_others_up(hooked: House) -> None:
    events = (
        pretend.message("e1", "anna", "hei"),
        {"kind": "nonsense", "id": "e2"},
        "not even an object",
        pretend.message("e3", "bertil", "hej"),
    )
    for _ in range(2):
        assert (await call(hooked, *events)).status == 200
    assert await _texts(hooked) == ["hei", "hej"]
    parked = await hooked.gateway.db.read(_parked)
    assert len(parked) == 2 and any(b"nonsense" in raw for raw in parked)
    assert await hooked.count("message") == 2


async def test_repeated_calls_are_answered_the_same_and_stored_once(hooked: House) -> None:
    events = (pretend.message("e1", "anna", "hei"), pretend.message("e1", "anna", "hei"))
    answers = await asyncio.gather(*(call(hooked, *events) for _ in range(5)))
    assert {(answer.status, answer.raw) for answer in answers} == {(200, b"")}
    assert await hooked.count("message") == 1


async def test_channels_that_take_no_calls_are_not_there(hooked: House) -> None:
    event = pretend.message("e1", "anna", "hei")
    for channel in ("asleep", "webchat", "nobody", "console", "%00", "..%2fpretend", "PRETEND", "x" * 3000):
        (await call(hooked, event, channel=channel)).problem(404)
    (await hooked.stranger().call("PUT", "/hooks/pretend", raw=b"")).problem(405)


async def test_too_much_is_refused_before_it_is_read(hooked: House) -> None:
    (await call(hooked, body=b" " * 2_000_001)).problem(413)
    (await call(hooked, body=b"{}", changed={"Content-Encoding": "gzip"})).problem(400)


async def test_while_the_store_is_away_the_provider_is_asked_to_come_again(hooked: House) -> None:
    event = pretend.message("e1", "anna", "hei")
    with locked(hooked.gateway.settings.data / "throughline.db"):
        (await call(hooked, event)).problem(503)
    assert await hooked.count("message") == 0
    assert [(await call(hooked, event)).status for _ in range(2)] == [200, 200]
    assert await hooked.count("message") == 1


async def test_a_blocked_sender_is_answered_and_not_stored(hooked: House) -> None:
    (await call(hooked, pretend.message("e1", "anna", "hei"))).ok()

    def block(tx: Tx) -> None:
        from sqlalchemy import text

        from gateway.db.statement import Statement

        tx.run(Statement("test.block", text("UPDATE contact SET blocked_at = 1")))

    await hooked.gateway.db.run(block)
    assert (await call(hooked, pretend.message("e2", "anna", "again"), pretend.message("e3", "bertil", "hej"))).status == 200
    assert await hooked.count("message") == 2


async def test_an_answer_goes_out_over_the_channel_it_came_by(hooked: House) -> None:
    (await call(hooked, pretend.message("e1", "anna", "hei"))).ok()
    agent = await hooked.agent("Mikko")
    (row,) = (await agent.get("/api/conversations")).ok()["rows"]
    reply = await agent.say(row["id"], "Hei Anna!")
    channel: Any = hooked.gateway.channels["pretend"]  # type: ignore[index]
    assert reply["entry"]["channel"] == "pretend" and reply["entry"]["delivery"]["state"] == "queued"
    assert channel.provider.sent == [], "it waits five seconds, in case it was a mistake"
