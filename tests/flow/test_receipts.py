"""What providers and customers tell about deliveries and messages: the highest word counts, in any order and any number."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from channels.contract import OptedOut, Receipt, Revised, Seen, Withdrawn
from gateway.flow import people, receipts
from gateway.model import Delivery
from gateway.store import deliveries
from tests.flow.story import AINO, AINO_MAIL, BINO, CHAT, MAIL, Story

STATES = ("sent", "delivered", "read", "failed", "queued")


async def _one(story: Story, sender: Any = AINO) -> Delivery:
    ritva = await story.agent(story.key())
    accepted = await story.says(sender)
    said = await story.replies(ritva, accepted.conversation)
    assert said.delivery is not None
    return said.delivery


async def _told(story: Story, delivery: Delivery, state: str, **more: Any) -> bool:
    fact = Receipt(channel_id=delivery.channel_id, dedup_key=story.key(), state=state, **({"delivery_id": delivery.id} | more))
    return await story.db.run(receipts.receipt, fact)


async def _state(story: Story, delivery: Delivery) -> str:
    found = await story.db.read(deliveries.find_delivery, delivery.id)
    assert found is not None
    return found.state


async def test_every_order_of_receipts_ends_the_same(story: Story) -> None:
    """120 orders of five states, each twice: "read" is the highest and stays."""
    delivery = await _one(story)

    def all_orders(tx: Any) -> set[str]:
        ended = set()
        for number, order in enumerate(itertools.permutations(STATES)):
            record = delivery._replace(id=type(delivery.id)(f"d{number}"), seq=1000 + number)
            deliveries.add_delivery(tx, record, [])
            for state in (*order, *order):
                receipts.receipt(tx, Receipt(channel_id=CHAT, dedup_key="", state=state, delivery_id=record.id))
            found = deliveries.find_delivery(tx, record.id)
            ended.add(found.state if found else "")
        return ended

    assert await story.db.run(all_orders) == {"read"}


@pytest.mark.parametrize(
    ("told", "ends"),
    [(("sent",), "sent"), (("delivered", "sent"), "delivered"), (("failed", "sent"), "failed"), (("sent", "failed"), "failed"), (("delivered", "failed"), "delivered"), (("read", "delivered", "failed", "sent"), "read"), (("queued",), "queued"), (("sending",), "queued")],
)  # fmt: skip
async def test_rank(story: Story, told: tuple[str, ...], ends: str) -> None:
    delivery = await _one(story)
    for state in told:
        await _told(story, delivery, state)
    assert await _state(story, delivery) == ends


async def test_agent_is_told_once_that_it_did_not_arrive(story: Story) -> None:
    delivery = await _one(story)
    for _ in range(3):
        await _told(story, delivery, "failed", detail="The mailbox is full.")
    kinds = await story.kinds(delivery.conversation_id)
    assert kinds.count("not_delivered") == 1
    [row] = await story.rows("delivery")
    assert row["detail"] == "The mailbox is full."


async def test_receipts_of_nobody(story: Story) -> None:
    delivery = await _one(story)
    assert not await _told(story, delivery, "read", delivery_id="none")
    assert not await _told(story, delivery, "read", delivery_id=None)
    assert not await _told(story, delivery, "read", delivery_id=None, external_id="none")
    foreign = Receipt(channel_id=MAIL, dedup_key="", state="read", delivery_id=delivery.id)
    assert not await story.db.run(receipts.receipt, foreign), "another channel's word is not taken"
    assert await _state(story, delivery) == "queued"


async def _both_ways(story: Story) -> tuple[Delivery, Delivery]:
    """One conversation, two handles, an answer to each."""
    ritva = await story.agent()
    mail = await story.says(AINO_MAIL, subject="Hi")
    first = await story.replies(ritva, mail.conversation)
    await story.db.run(people.prove, AINO, mail.conversation.contact_id, "code", 1)
    await story.says(AINO)
    second = await story.replies(ritva, mail.conversation)
    assert first.delivery is not None
    assert second.delivery is not None
    return first.delivery, second.delivery


@pytest.mark.parametrize("state", ["delivered", "read"])
async def test_seen_touches_the_readers_own_deliveries(story: Story, state: str) -> None:
    by_mail, by_chat = await _both_ways(story)
    fact = Seen(channel_id=CHAT, dedup_key="", reader=AINO, pub=1 << 40)
    assert await story.db.run(receipts.seen, fact, state) == 1
    assert [await _state(story, one) for one in (by_mail, by_chat)] == ["queued", state]
    assert await story.db.run(receipts.seen, fact, state) == 0, "again changes nothing"
    conversation = await story.conversation(by_chat.conversation_id)
    assert conversation.customer_pub == (4 if state == "read" else 0)


async def test_seen_up_to_a_number(story: Story) -> None:
    ritva = await story.agent()
    accepted = await story.says(AINO)
    said = [await story.replies(ritva, accepted.conversation) for _ in range(3)]
    await story.db.run(receipts.seen, Seen(channel_id=CHAT, dedup_key="", reader=AINO, pub=3))
    assert [await _state(story, one.delivery) for one in said if one.delivery] == ["read", "read", "queued"]
    await story.db.run(receipts.seen, Seen(channel_id=CHAT, dedup_key="", reader=AINO, pub=1))
    assert (await story.conversation(accepted.conversation)).customer_pub == 3, "never back"


async def test_seen_by_a_stranger(story: Story) -> None:
    delivery = await _one(story)
    assert await story.db.run(receipts.seen, Seen(channel_id=CHAT, dedup_key="", reader=BINO, pub=99)) == 0
    assert await _state(story, delivery) == "queued"


async def test_edit_and_withdrawal_leave_the_message(story: Story) -> None:
    accepted = await story.says(AINO, "Frist", external_id="m1")
    edit = Revised(channel_id=CHAT, dedup_key="e1", external_id="m1", text="First")
    assert [await story.db.run(receipts.revise, edit) for _ in range(2)] == [True, True]
    assert await story.db.run(receipts.revise, Withdrawn(channel_id=CHAT, dedup_key="e2", external_id="m1"))
    assert [(row["kind"], row["text"]) for row in sorted(await story.rows("revision"), key=lambda row: str(row["id"]))] == [
        ("edited", "First"),
        ("withdrawn", ""),
    ]
    assert [message.text for message in await story.messages(accepted.conversation)] == ["Frist"]
    assert not await story.db.run(receipts.revise, Withdrawn(channel_id=MAIL, dedup_key="e3", external_id="m1"))
    assert await story.count("revision") == 2


async def test_opting_out_and_in(story: Story) -> None:
    await story.says(AINO)
    out = OptedOut(channel_id=CHAT, dedup_key="", address=AINO, out=True)
    assert await story.db.run(receipts.opt, out)
    assert (await story.identity(AINO)).opted_out_at is not None
    await story.says(AINO, "Hello again")
    assert (await story.identity(AINO)).opted_out_at is not None, "writing is not consent"
    assert await story.db.run(receipts.opt, OptedOut(channel_id=CHAT, dedup_key="", address=AINO, out=False))
    assert (await story.identity(AINO)).opted_out_at is None
    assert not await story.db.run(receipts.opt, OptedOut(channel_id=CHAT, dedup_key="", address=BINO, out=True))
    assert await story.count("identity") == 1
