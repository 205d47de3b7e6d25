"""The outbox: order per lane, five outcomes, pauses, and when it wants to be asked again."""

from __future__ import annotations

import asyncio

import pytest

from gateway.clock import SECOND
from gateway.flow import tidy
from gateway.store import messages
from tests.flow.post import LINE, SAFE, Post
from tests.flow.story import AINO, BINO


async def test_sent_in_order_and_settled(post: Post) -> None:
    where = await post.meet()
    sent = await post.write(where, "one", "two", "three")
    for _ in range(3):
        assert await post.outbox.step() is not None or len(post.line.sent) == 3
    assert [message.text for message in post.line.sent] == ["one", "two", "three"]
    rows = [await post.row(delivery) for delivery in sent]
    assert [(row.state, row.external_id, row.attempts, row.holder) for row in rows] == [
        ("sent", f"pretend-{n}", 1, None) for n in (1, 2, 3)
    ]
    assert post.told == [(LINE, "sent")] * 3
    assert await post.outbox.step() is None, "nothing is left to do"


async def test_one_step_takes_one_of_each_lane_in_parallel(post: Post) -> None:
    first, second = await post.meet(), await post.meet(BINO)
    await post.write(first, "a1", "a2")
    await post.write(second, "b1", "b2")
    post.line.gate = asyncio.Event()
    step = asyncio.ensure_future(post.outbox.step())
    while len(post.line.tried) < 2:
        await asyncio.sleep(0.001)
    assert sorted(message.text for message in post.line.tried) == ["a1", "b1"]
    post.line.gate.set()
    await step
    await post.outbox.step()
    assert sorted(message.text for message in post.line.sent[2:]) == ["a2", "b2"]


async def test_a_retry_holds_its_lane_and_no_other(post: Post) -> None:
    first, second = await post.meet(), await post.meet(BINO)
    one, two = await post.write(first, "a1", "a2")
    post.line.script.append("later:30")
    await post.outbox.step()
    await post.write(second, "b1")
    await post.outbox.step()
    assert ([message.text for message in post.line.sent], await post.state(one), await post.state(two)) == (["b1"], "retry", "queued")
    due = await post.outbox.step()
    assert due is not None
    assert due - post.story.clock.now() > 25 * SECOND, "what is held up does not make the loop spin"
    post.story.clock.advance(31)
    await post.outbox.step()
    await post.outbox.step()
    assert [message.text for message in post.line.sent] == ["b1", "a1", "a2"]


@pytest.mark.parametrize(
    ("step", "state", "event"),
    [("sent", "sent", 0), ("delivered", "delivered", 0), ("later", "retry", 0), ("never", "failed", 1), ("unreachable", "failed", 1), ("broken", "paused", 0), ("unknown", "unknown", 1), ("lost", "unknown", 1)],
)  # fmt: skip
async def test_outcomes(post: Post, step: str, state: str, event: int) -> None:
    where = await post.meet()
    [delivery] = await post.write(where, "hello")
    post.line.script.append(step)
    await post.outbox.step()
    assert (await post.state(delivery), len(await post.events(where))) == (state, event)
    if event:
        assert (await post.row(delivery)).detail == f"The provider said: {step}."


async def test_unknown_is_tried_again_where_that_is_safe(post: Post) -> None:
    where = await post.meet(channel_id=SAFE)
    [delivery] = await post.write(where, "hello")
    post.safe.script.extend(["lost"])
    await post.outbox.step()
    assert await post.state(delivery) == "retry"
    post.story.clock.advance(60)
    await post.outbox.step()
    assert ([message.delivery_id for message in post.safe.sent], await post.state(delivery)) == ([delivery.id] * 2, "sent")


async def test_backoff_grows_and_obeys_the_provider(post: Post) -> None:
    where = await post.meet()
    [delivery] = await post.write(where, "hello")
    waits = []
    for step in ("later", "later", "later", "later:500"):
        post.line.script.append(step)
        post.story.clock.advance(max(0, (await post.row(delivery)).due_at - post.story.clock.now()) / SECOND)
        await post.outbox.step()
        waits.append(((await post.row(delivery)).due_at - (await post.row(delivery)).updated_at) / SECOND)
    for wait, ideal in zip(waits, (5, 10, 20), strict=False):
        assert 0.74 * ideal <= wait <= 1.26 * ideal
    assert 499 <= waits[3] <= 501
    before = len(post.line.tried)
    post.story.clock.advance(490)
    await post.outbox.step()
    assert len(post.line.tried) == before, "not sooner than the provider said"


async def test_backoff_is_bounded_and_ends_after_a_day(post: Post) -> None:
    where = await post.meet()
    [delivery] = await post.write(where, "hello")
    post.line.script.extend(["later"] * 500)
    while await post.state(delivery) in ("queued", "retry"):
        row = await post.row(delivery)
        assert row.due_at - row.updated_at <= post.story.policy.backoff_most * 1.26
        post.story.clock.advance(max(1.0, (row.due_at - post.story.clock.now()) / SECOND))
        await post.outbox.step()
    row = await post.row(delivery)
    assert (row.state, len(await post.events(where))) == ("failed", 1)
    day = post.story.policy.give_up_after
    assert day < row.updated_at - row.created_at < day + 2 * post.story.policy.backoff_most


async def test_broken_pauses_the_channel_and_nothing_else(post: Post) -> None:
    first, second, other = await post.meet(), await post.meet(BINO), await post.meet(type(AINO)("visitor:site/c"), SAFE)
    [broken, behind] = await post.write(first, "a1", "a2")
    post.line.script.append("broken")
    await post.outbox.step()
    await post.write(second, "b1")
    await post.write(other, "c1")
    due = await post.outbox.step()
    assert ([message.text for message in post.safe.sent], post.line.sent) == (["c1"], [])
    assert due is not None
    assert due > post.story.clock.now() + 50 * SECOND, "a pause does not make the loop spin"
    post.story.clock.advance(61)
    post.line.script.append("broken")
    await post.story.db.run(tidy.resume_channels)
    await post.outbox.step()
    [pause] = await post.story.rows("channel_pause")
    assert (pause["times"], round((pause["until"] - post.story.clock.now()) / SECOND)) == (2, 120), "twice as long each time"
    post.story.clock.advance(121)
    for _ in range(4):
        await post.story.db.run(tidy.resume_channels)
        await post.outbox.step()
    assert sorted(message.text for message in post.line.sent) == ["a1", "a2", "b1"]
    assert [message.text for message in post.line.sent if message.text.startswith("a")] == ["a1", "a2"], "the order is kept"
    assert (await post.story.rows("channel_pause"), await post.state(broken), await post.state(behind)) == ([], "sent", "sent")


async def test_unknown_holds_its_lane_two_minutes_at_most(post: Post) -> None:
    where = await post.meet()
    await post.write(where, "a1", "a2")
    post.line.script.append("unknown")
    await post.outbox.step()
    due = await post.outbox.step()
    assert due is not None
    assert 100 * SECOND < due - post.story.clock.now() <= 120 * SECOND
    assert len(post.line.tried) == 1
    post.story.clock.advance(121)
    await post.outbox.step()
    assert [message.text for message in post.line.sent] == ["a2"]


async def test_channel_that_was_switched_off(post: Post) -> None:
    where = await post.meet()
    [delivery] = await post.write(where, "hello")
    await post.beside("one", {}).step()
    assert (await post.state(delivery), len(await post.events(where))) == ("failed", 1)


async def test_undo_pause_is_respected(post: Post) -> None:
    ritva = post.agent
    mail = (await post.story.says(type(AINO)("mailto:aino@example.fi"), subject="Hi")).conversation
    said = await post.story.reply(ritva, mail)
    assert said.delivery is not None
    due = await post.outbox.step()
    assert (due, await post.state(said.delivery)) == (said.delivery.due_at, "queued")


async def test_two_with_one_external_id(post: Post) -> None:
    """A provider that repeats itself: the second keeps its state and goes without the name."""
    where = await post.meet()
    [one] = await post.write(where, "a")
    await post.outbox.step()
    post.line.sent.clear()
    [two] = await post.write(where, "b")
    await post.outbox.step()
    assert [(await post.row(found)).external_id for found in (one, two)] == ["pretend-1", None]
    assert await post.state(two) == "sent"
    assert len(await post.story.db.read(messages.list_after, where.id, 0, 9)) == 3
