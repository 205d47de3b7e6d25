"""The pretend channel keeps what every adapter keeps, and plays what the core's tests need of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from channels import registry
from channels.contract import Address, DeliveryId, Forged, Later, Malformed, Never, Receipt, Received, SendError, Unknown
from tests.adapters import pretend
from tests.adapters.case import Case
from tests.adapters.suite import AdapterSuite
from tests.adapters.tools import Recorded
from tests.adapters.watched import Watched


@pytest.fixture
def case() -> Case:
    recorded = Recorded()
    provider = pretend.Provider()

    def make() -> pretend.Pretend:
        return pretend.make({"id": "pretend", "provider": provider}, recorded.tools)

    def script(outcome: type[SendError] | None) -> None:
        provider.script.append(outcome.__name__.lower() if outcome else "sent")

    now = recorded.clock.now()
    return Case(
        channel=make(),
        make=make,
        to=Address("pretend:aino"),
        authentic=lambda body: pretend.signed(body, now),
        says=lambda text: pretend.batch(pretend.message("e1", "aino", text)),
        arrived=lambda: [message.text for message in provider.sent],
        script=script,
        stranger=pretend.signed(pretend.batch(pretend.message("e1", "aino", "Hello")), now, pretend.OTHER_SECRET),
        signed_by=("pretend-signature", "pretend-timestamp"),
        secrets=(pretend.SECRET,),
    )


@pytest.fixture
def channel(case: Case) -> pretend.Pretend:
    assert isinstance(case.channel, pretend.Pretend)
    return case.channel


class TestPretend(AdapterSuite):
    pass


async def test_a_poisonous_entry_does_not_take_the_batch_with_it(case: Case, channel: pretend.Pretend) -> None:
    events: list[object] = [pretend.message(f"e{n}", "aino", f"text {n}") for n in range(49)]
    events.insert(7, {"kind": "message", "id": "bad", "from": 3})
    intake = await channel.read(case.authentic(pretend.batch(*events)))
    assert [fact.dedup_key for fact in intake.facts] == [f"e{n}" for n in range(49)]
    assert len(intake.poisoned) == 1
    assert b'"bad"' in intake.poisoned[0]


async def test_an_old_call_is_not_replayed(channel: pretend.Pretend, case: Case) -> None:
    request = case.authentic(case.says("Hello"))
    stale = pretend.signed(request.body, 1_700_000_000_000_000 - 301_000_000)
    with pytest.raises(Forged):
        await channel.read(stale)


async def test_signed_nonsense_is_malformed_and_names_the_field(case: Case, channel: pretend.Pretend) -> None:
    with pytest.raises(Malformed) as caught:
        await channel.read(case.authentic(b'{"events": 3}'))
    assert caught.value.field == "events"


async def test_receipts_edits_and_opt_outs_are_facts(case: Case, channel: pretend.Pretend) -> None:
    body = pretend.batch(
        {"kind": "receipt", "id": "r1", "state": "read", "delivery": "d-1", "at": 5},
        {"kind": "edit", "id": "r2", "message": "e1", "text": "new"},
        {"kind": "withdraw", "id": "r3", "message": "e1"},
        {"kind": "opt", "id": "r4", "from": "aino", "out": True},
    )
    facts = (await channel.read(case.authentic(body))).facts
    assert [type(fact).__name__ for fact in facts] == ["Receipt", "Revised", "Withdrawn", "OptedOut"]
    assert isinstance(facts[0], Receipt)
    assert (facts[0].delivery_id, facts[0].state, facts[0].at) == ("d-1", "read", 5)


async def test_a_lost_answer_is_remembered_by_the_provider(case: Case, channel: pretend.Pretend) -> None:
    channel.provider.script.append("lost")
    with pytest.raises(Unknown):
        await channel.send(case.outgoing("Hello", "d-9"))
    assert await channel.was_sent(DeliveryId("d-9"), case.to) is True
    assert await channel.was_sent(DeliveryId("d-8"), case.to) is False
    channel.provider.remembers = False
    assert await channel.was_sent(DeliveryId("d-9"), case.to) is None


async def test_the_provider_names_the_time_to_wait(case: Case, channel: pretend.Pretend) -> None:
    channel.provider.script.append("later:30")
    with pytest.raises(Later) as caught:
        await channel.send(case.outgoing("Hello"))
    assert caught.value.after == 30


async def test_a_send_can_be_held_in_the_middle(case: Case, channel: pretend.Pretend) -> None:
    channel.provider.gate = asyncio.Event()
    sending = asyncio.ensure_future(channel.send(case.outgoing("Hello")))
    while not channel.provider.tried:
        await asyncio.sleep(0)
    assert channel.provider.sent == []
    channel.provider.gate.set()
    assert (await sending).external_id == "pretend-1"


async def test_files_are_fetched_up_to_a_limit(case: Case, channel: pretend.Pretend) -> None:
    channel.provider.files["media/1.png"] = b"12345"
    body = pretend.batch(pretend.message("e1", "aino", "look", files=["media/1.png"]))
    (fact,) = (await channel.read(case.authentic(body))).facts
    assert isinstance(fact, Received)
    assert fact.files[0].source == "media/1.png"
    watched = Watched(channel, lambda: None)
    assert await watched.fetch_file("media/1.png", 5) == b"12345"
    for source, limit in (("media/1.png", 4), ("media/2.png", 5)):
        with pytest.raises(Never):
            await watched.fetch_file(source, limit)


async def test_another_identity_of_the_edge_is_no_signature(case: Case, channel: pretend.Pretend) -> None:
    request = case.authentic(case.says("Hello"))
    with pytest.raises(Forged):
        await channel.read(replace(request, headers={}, identity=Address("visitor:1")))


def test_the_registry_makes_it_and_forgets_it() -> None:
    undo = registry.register("pretend", pretend.make)
    try:
        assert registry.make("pretend", {"id": "p1"}, Recorded().tools).id == "p1"
    finally:
        undo()
    with pytest.raises(ValueError, match="webchat"):
        registry.make("pretend", {}, Recorded().tools)
