"""The outbox when something goes wrong in the middle: nothing twice in silence, nothing lost in silence, no secret told."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from channels.contract import Never, Outgoing, Receipt
from gateway.clock import SECOND
from gateway.db.database import Tx
from gateway.flow import receipts
from gateway.flow.deliver import claim, redacted
from gateway.model import Delivery
from tests.adapters.pretend import SECRET, Provider
from tests.adapters.tools import Recorded
from tests.adapters.watched import Watched
from tests.flow.post import LINE, SAFE, Forgetful, Post
from tests.flow.story import AINO, BINO


async def _crash(post: Post, delivery: Delivery, *, arrived: bool, provider: Provider) -> None:
    """A worker claims, sends (or not), and is never heard of again."""
    claimed = await post.story.db.run(claim, "dead", post.story.policy, 16)
    assert [one.id for one in claimed] == [delivery.id]
    if arrived:
        provider.sent.append(Outgoing(delivery_id=delivery.id, address=delivery.address, text="hello"))
    post.story.clock.advance(post.story.policy.send_lease / SECOND + 1)


@pytest.mark.parametrize(("arrived", "remembers", "state", "sends"), [(True, True, "sent", 1), (False, True, "sent", 1), (True, False, "unknown", 1), (False, False, "unknown", 0)])  # fmt: skip
async def test_lease_ran_out(post: Post, arrived: bool, remembers: bool, state: str, sends: int) -> None:
    where = await post.meet()
    [delivery] = await post.write(where, "hello")
    post.line.remembers = remembers
    await _crash(post, delivery, arrived=arrived, provider=post.line)
    await post.outbox.step()
    assert (await post.state(delivery), post.line.times_sent(delivery.id)) == (state, sends)
    assert len(await post.events(where)) == int(state == "unknown"), "never lost in silence"


async def test_lease_ran_out_where_resending_is_safe(post: Post) -> None:
    where = await post.meet(channel_id=SAFE)
    [delivery] = await post.write(where, "hello")
    await _crash(post, delivery, arrived=True, provider=post.safe)
    await post.outbox.step()
    assert (await post.state(delivery), post.safe.times_sent(delivery.id)) == ("sent", 2)


async def test_lease_not_run_out_is_left_alone(post: Post) -> None:
    where = await post.meet()
    [delivery] = await post.write(where, "hello")
    await post.story.db.run(claim, "slow", post.story.policy, 16)
    post.story.clock.advance(post.story.policy.send_lease / SECOND - 1)
    await post.outbox.step()
    assert (await post.state(delivery), post.line.tried) == ("sending", [])


async def test_adapter_that_breaks_while_being_asked(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    where = await post.meet()
    [delivery] = await post.write(where, "hello")
    await _crash(post, delivery, arrived=True, provider=post.line)
    broken = Forgetful(LINE, SECRET, post.line, Recorded(clock=post.story.clock).tools)
    await post.beside("two", {LINE: broken}).step()
    assert await post.state(delivery) == "unknown"
    assert SECRET not in caplog.text


async def test_the_late_first_sender_changes_nothing(post: Post) -> None:
    where = await post.meet()
    [delivery] = await post.write(where, "hello")
    post.line.gate = asyncio.Event()
    late = asyncio.ensure_future(post.outbox.step())
    while not post.line.tried:
        await asyncio.sleep(0.001)
    post.story.clock.advance(61)
    post.line.remembers = False
    gate, post.line.gate = post.line.gate, None
    await post.beside("two").step()
    assert await post.state(delivery) == "unknown"
    gate.set()
    await late
    assert (await post.state(delivery), len(await post.events(where))) == ("unknown", 1)


async def test_receipt_before_settle_wins(post: Post) -> None:
    where = await post.meet()
    [delivery] = await post.write(where, "hello")
    post.line.gate = asyncio.Event()
    step = asyncio.ensure_future(post.outbox.step())
    while not post.line.tried:
        await asyncio.sleep(0.001)
    fast = Receipt(channel_id=LINE, dedup_key="r1", state="delivered", delivery_id=delivery.id)
    assert await post.story.db.run(receipts.receipt, fast)
    post.line.gate.set()
    await step
    assert await post.state(delivery) == "delivered"
    later = Receipt(channel_id=LINE, dedup_key="r2", state="read", external_id="pretend-1")
    assert await post.story.db.run(receipts.receipt, later), "the provider's own name is known all the same"
    assert await post.state(delivery) == "read"


async def test_no_transaction_is_open_while_sending(post: Post) -> None:
    """Every unit is counted while it runs: at the moment of a send there is none."""
    running = 0
    run, read = post.story.db.run, post.story.db.read

    def counted(call: Any) -> Any:
        async def wrapped(unit: Any, *args: Any) -> Any:
            def inside(tx: Tx, *values: Any) -> Any:
                nonlocal running
                running += 1
                try:
                    return unit(tx, *values)
                finally:
                    running -= 1

            return await call(inside, *args)

        return wrapped

    def check() -> None:
        assert running == 0, "a transaction is open"

    post.story.db.run, post.story.db.read = counted(run), counted(read)  # type: ignore[method-assign]
    where = await post.meet()
    [delivery] = await post.write(where, "hello")
    watched = Watched(post.channels[LINE], check)
    await post.beside("one", {LINE: watched}).step()
    assert (watched.calls, await post.state(delivery)) == (1, "sent")


async def test_secrets_are_redacted(post: Post, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = await post.meet(), await post.meet(BINO)
    [one] = await post.write(first, "hello")
    [two] = await post.write(second, "hello")
    kinds = iter([RuntimeError, None])

    async def leaks(message: Outgoing) -> Any:
        if next(kinds) is RuntimeError:
            raise RuntimeError(f"GET https://api/?key={SECRET}")
        raise Never(f"refused {SECRET} " + "x" * 1000)

    monkeypatch.setattr(post.line, "take", leaks)
    caplog.set_level(logging.DEBUG)
    await post.outbox.step()
    dump = repr(await post.story.dump()) + caplog.text
    assert SECRET not in dump
    assert {await post.state(one), await post.state(two)} == {"unknown", "failed"}
    assert "RuntimeError" in caplog.text
    details = {row["detail"] for row in await post.story.rows("delivery")}
    assert all(len(detail) <= 500 for detail in details)
    assert any(detail.startswith("refused *** ") for detail in details)


def test_redacting_nothing() -> None:
    assert redacted("as it was", ("", "secret")) == "as it was"


async def test_two_outboxes_never_send_one_twice(post: Post) -> None:
    for number in range(20):
        where = await post.meet(type(AINO)(f"visitor:site/{number}"))
        await post.write(where, "first", "second")
    boxes = [post.beside(name, width=5) for name in ("one", "two", "three")]
    while len(post.line.sent) < 40:
        await asyncio.gather(*(box.step() for box in boxes))
    assert len({message.delivery_id for message in post.line.tried}) == len(post.line.tried) == 40
    order: dict[str, list[str]] = {}
    for message in post.line.sent:
        order.setdefault(message.address, []).append(message.text)
    assert set(map(tuple, order.values())) == {("first", "second")}
