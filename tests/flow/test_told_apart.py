"""Splits, sign-ins and merges that are undone, one between the others: nobody sees what is somebody else's (T-24)."""

from __future__ import annotations

from channels.contract import Address
from gateway.db.database import Tx
from gateway.flow import identify, merge, receipts, split, views
from gateway.flow.identify import Vouched
from gateway.model import Agent, Conversation, MergeId, MessageId
from tests.flow.story import AINO, AINO_MAIL, BINO, Story

USER = Address("user:shop/aino")
VISITOR = Address("visitor:aaaaaaaaaaaaaaaaaaaaaaaa")


def _sees(tx: Tx, reader: Address) -> list[str]:
    """Every text this address can read: the current conversation and those before it."""
    current = receipts.current(tx, reader)
    now = [] if current is None else views.read_history(tx, current, reader, 0, 200)
    before = views.read_earlier(tx, reader, current.id if current else None, 100)
    return [item["text"] for told in before for item in told["items"]] + [item["text"] for item in now]


async def _splits(story: Story, agent: Agent, source: Conversation, *chosen: str) -> Conversation:
    now = await story.conversation(source)
    made = await story.db.run(split.split, agent.id, now.id, now.version, [MessageId(which) for which in chosen])
    story.clock.advance(1)
    return made


async def test_a_split_keeps_what_a_signed_in_customer_said_before_from_the_old_visitor(story: Story) -> None:
    agent = await story.agent(cap=9)
    first = await story.says(VISITOR, "one")
    second = await story.says(VISITOR, "two")
    await story.db.run(identify.sign_in, Vouched(USER), VISITOR)
    made = await _splits(story, agent, first.conversation, second.message.id)
    said = await story.replies(agent, made, "about two")
    assert said.message.address == USER
    assert await story.db.read(_sees, VISITOR) == []
    assert await story.db.read(_sees, USER) == ["one", "two", "about two"]


async def test_after_a_split_and_an_undone_merge_nobody_reads_on(story: Story) -> None:
    agent = await story.agent(cap=9)
    home = await story.says(AINO, "I am Aino")
    bino = (await story.says(BINO, "I am Bino")).conversation
    record = await story.db.run(merge.merge, agent.id, home.conversation.contact_id, bino.contact_id)
    story.clock.advance(1)
    other = await story.says(BINO, "about another matter")
    assert other.conversation.id == home.conversation.id
    made = await _splits(story, agent, home.conversation, other.message.id)
    await story.db.run(merge.undo, agent.id, record.id)
    story.clock.advance(1)
    assert (await story.conversation(made)).contact_id == bino.contact_id
    await story.says(AINO, "my secret")
    assert "my secret" not in await story.db.read(_sees, BINO)
    assert await story.db.read(_sees, AINO) == ["I am Aino", "my secret"]


async def test_what_was_split_off_after_a_merge_goes_back_with_it(story: Story) -> None:
    agent = await story.agent(cap=9)
    home = await story.says(AINO_MAIL, "I am Aino", subject="Aino")
    await story.resolves(agent, home.conversation)
    one = await story.says(BINO, "one")
    two = await story.says(BINO, "two")
    record = await story.db.run(merge.merge, agent.id, home.conversation.contact_id, one.conversation.contact_id)
    story.clock.advance(1)
    made = await _splits(story, agent, one.conversation, two.message.id)
    await story.db.run(merge.undo, agent.id, record.id)
    assert (await story.conversation(made)).contact_id == one.conversation.contact_id


async def test_a_customer_who_signed_in_after_a_merge_goes_with_the_visitor_they_were(story: Story) -> None:
    agent = await story.agent(cap=9)
    await story.says(AINO_MAIL, "I am Aino", subject="Aino")
    home = await story.says(AINO, "and I, too")
    guest = (await story.says(VISITOR, "I am somebody")).conversation
    record = await story.db.run(merge.merge, agent.id, home.conversation.contact_id, guest.contact_id)
    story.clock.advance(1)
    await story.db.run(identify.sign_in, Vouched(USER), VISITOR)
    story.clock.advance(1)
    await story.db.run(merge.undo, agent.id, record.id)
    assert (await story.identity(USER)).contact_id == guest.contact_id
    assert await story.db.read(_sees, USER) == ["I am somebody"]


async def test_a_split_between_a_sign_in_and_its_undoing_goes_back_to_the_visitor(story: Story) -> None:
    agent = await story.agent(cap=9)
    await story.db.run(identify.sign_in, Vouched(USER), None)
    await story.says(USER, "home")
    work = await story.says(VISITOR, "work")
    other = await story.says(VISITOR, "other")
    story.clock.advance(1)
    await story.resolves(agent, work.conversation)
    await story.db.run(identify.sign_in, Vouched(USER), VISITOR)
    story.clock.advance(1)
    made = await _splits(story, agent, work.conversation, other.message.id)
    [record] = await story.rows("merge")
    await story.db.run(merge.undo, agent.id, MergeId(record["id"]))
    assert (await story.conversation(made)).contact_id == work.conversation.contact_id
    assert sorted(await story.db.read(_sees, VISITOR)) == ["other", "work"]
    assert await story.db.read(_sees, USER) == ["home"]
