"""Conversations of one person become one and stand alone again; some messages get a conversation of their own."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.clock import HOUR
from gateway.errors import Conflict, Forbidden, Invalid
from gateway.flow import join, lifecycle, merge, receipts, split, views
from gateway.model import Agent, Conversation, ConversationId, MessageId
from gateway.store import messages
from tests.flow.story import AINO, AINO_MAIL, BINO, Story


async def _two(story: Story) -> tuple[Conversation, Conversation]:
    """Two open conversations of Aino: a mail on one subject, then one on another."""
    first = (await story.says(AINO_MAIL, "The lamp is broken", subject="Lamp")).conversation
    second = (await story.says(AINO_MAIL, "And the bill?", subject="Bill")).conversation
    assert first.id != second.id and first.contact_id == second.contact_id
    return first, second


async def _joins(story: Story, agent: Agent, target: Conversation, other: Conversation) -> Conversation:
    now = await story.conversation(target)
    return await story.db.run(join.join, agent.id, target.id, now.version, other.id)


async def _parts(story: Story, agent: Agent, which: Conversation) -> Conversation:
    now = await story.conversation(which)
    return await story.db.run(join.part, agent.id, which.id, now.version)


async def _splits(story: Story, agent: Agent, source: Conversation | ConversationId, *chosen: str, subject: str = "") -> Conversation:
    now = await story.conversation(source)
    return await story.db.run(split.split, agent.id, now.id, now.version, [MessageId(which) for which in chosen], subject)


async def test_joined_and_parted_as_it_was(story: Story) -> None:
    agent = await story.agent(cap=5)
    first, second = await _two(story)
    before = await story.conversation(second)
    kept = await _joins(story, agent, first, second)
    joined = await story.conversation(second)
    assert (joined.state, joined.joined_to, joined.waiting_since) == ("joined", first.id, None)
    assert kept.waiting_since == first.waiting_since
    assert (await story.kinds(first))[-1] == "joined"
    back = await _parts(story, agent, second)
    assert (back.state, back.joined_to, back.topic, back.waiting_since) == ("open", None, before.topic, before.waiting_since)
    assert back.route_at is not None, "it waits in the queue again"
    assert [len(await story.messages(one)) for one in (first, second)] == [1, 1], "messages never moved"
    assert "parted" in await story.kinds(first) and "parted" in await story.kinds(second)


async def test_what_was_answered_in_the_union_does_not_wait_after_parting(story: Story) -> None:
    agent = await story.agent(cap=5)
    first, second = await _two(story)
    await _joins(story, agent, first, second)
    await story.replies(agent, first, "Both are on their way")
    assert (await _parts(story, agent, second)).waiting_since is None


async def test_whoever_had_the_other_one_goes_on_with_both(story: Story) -> None:
    agent, actor = await story.agent("Ritva", cap=5), await story.agent("Olli", cap=5)
    first, second = await _two(story)
    await story.takes(agent, second)
    kept = await _joins(story, actor, first, second)
    assert kept.assignee_id == agent.id
    assert await story.load(agent, "mail") == 1, "one place for the two of them"


async def test_a_resolved_one_comes_back_resolved(story: Story) -> None:
    agent = await story.agent(cap=5)
    first, second = await _two(story)
    await story.resolves(agent, second)
    await _joins(story, agent, first, second)
    assert (await _parts(story, agent, second)).state == "resolved"


async def test_what_cannot_be_joined(story: Story) -> None:
    agent, viewer = await story.agent(cap=5), await story.agent("Vilja", role="viewer")
    first, second = await _two(story)
    stranger = (await story.says(BINO)).conversation
    with pytest.raises(Conflict, match="Merge the people first"):
        await _joins(story, agent, first, stranger)
    with pytest.raises(Invalid):
        await _joins(story, agent, first, first)
    with pytest.raises(Forbidden):
        await _joins(story, viewer, first, second)
    with pytest.raises(Conflict, match="changed"):
        await story.db.run(join.join, agent.id, first.id, first.version + 7, second.id)
    with pytest.raises(Conflict, match="not joined"):
        await _parts(story, agent, first)
    await story.resolves(agent, first)
    with pytest.raises(Conflict, match="Reopen it first"):
        await _joins(story, agent, first, second)
    assert (await story.conversation(second)).state == "open", "nothing is half done"


async def test_a_topic_taken_meanwhile_gives_the_parted_one_a_topic_of_its_own(story: Story) -> None:
    agent = await story.agent(cap=5)
    first, second = await _two(story)
    await _joins(story, agent, first, second)
    third = (await story.says(AINO_MAIL, "The bill once more", subject="Bill")).conversation
    assert third.topic == "subject:bill"
    back = await _parts(story, agent, second)
    assert back.state == "open" and back.topic.startswith("split:")


async def test_people_told_apart_do_not_keep_each_others_conversations(story: Story) -> None:
    agent = await story.agent(cap=5)
    mine, theirs = (await story.says(AINO_MAIL, "Hi", subject="A")).conversation, (await story.says(BINO)).conversation
    record = await story.db.run(merge.merge, agent.id, mine.contact_id, theirs.contact_id)
    other = (await story.says(AINO_MAIL, "Another", subject="B")).conversation
    target = await story.conversation(theirs)
    into = target if target.joined_to is None else await story.conversation(ConversationId(target.joined_to))
    await _joins(story, agent, into, other)
    await story.db.run(merge.undo, agent.id, record.id)
    for row in await story.rows("conversation"):
        if row["joined_to"] is not None:
            assert (await story.conversation(row["joined_to"])).contact_id == row["contact_id"]


async def test_split_takes_messages_along_and_join_puts_them_back(story: Story) -> None:
    agent = await story.agent(cap=5)
    source = (await story.says(AINO, "The lamp is broken")).conversation
    await story.takes(agent, source)
    await story.replies(agent, source, "Which lamp?")
    wrong = await story.says(AINO, "And where is my bill?")
    noted = await story.notes(agent, source, "Ask accounting")
    made = await _splits(story, agent, source, wrong.message.id, noted.message.id, subject="Bill")
    assert (made.subject, made.linked_to, made.contact_id, made.assignee_id) == ("Bill", source.id, source.contact_id, agent.id)
    assert made.topic.startswith("split:") and made.state == "open"
    assert [(one.direction, one.seq, one.pub) for one in await story.messages(made)] == [("in", 1, 1), ("note", 2, None)]
    assert made.waiting_since == wrong.message.at
    left = await story.conversation(source)
    assert left.waiting_since is None, "what is left was answered"
    assert [one.text for one in await story.messages(source)] == ["The lamp is broken", "Which lamp?"]
    assert await story.load(agent) == 2
    back = await _joins(story, agent, left, made)
    assert back.id == source.id and await story.load(agent) == 1


async def test_the_widget_shows_the_one_that_goes_on_and_writes_into_it(story: Story) -> None:
    agent = await story.agent(cap=5)
    source = (await story.says(AINO, "The lamp")).conversation
    wrong = await story.says(AINO, "The bill")
    made = await _splits(story, agent, source, wrong.message.id)
    await story.replies(agent, source, "About the lamp")
    await story.replies(agent, made, "About the bill")
    shown = await story.db.read(receipts.current, AINO)
    assert shown is not None and shown.id == made.id
    await story.notes(agent, source, "A note changes nothing for the customer")
    shown = await story.db.read(receipts.current, AINO)
    assert shown is not None and shown.id == made.id
    answer = await story.says(AINO, "Thanks for the bill")
    assert answer.conversation.id == made.id
    items = await story.db.read(views.read_history, await story.conversation(made), AINO, 0, 50)
    assert [item["text"] for item in items] == ["The bill", "About the bill", "Thanks for the bill"]
    earlier = await story.db.read(views.read_earlier, AINO, made.id, 100)
    assert [item["text"] for item in earlier[0]["items"]] == ["The lamp", "About the lamp"]


async def test_what_cannot_be_split(story: Story) -> None:
    agent = await story.agent(cap=5)
    source = (await story.says(AINO, "One")).conversation
    stranger = await story.says(BINO, "Other")
    [only] = await story.messages(source)
    wrong: list[Any] = [(), (only.id,), (stranger.message.id,), ("0191",)]
    for chosen in wrong:
        with pytest.raises(Invalid):
            await _splits(story, agent, source, *chosen)
    second = await story.says(AINO, "Two")
    viewer = await story.agent("Vilja", role="viewer")
    with pytest.raises(Forbidden):
        await _splits(story, viewer, source, second.message.id)
    assert await story.count("conversation") == 2


async def test_deliveries_follow_their_messages(story: Story) -> None:
    agent = await story.agent(cap=5)
    source = (await story.says(AINO, "One")).conversation
    said = await story.replies(agent, source, "Answer to the second matter")
    await story.says(AINO, "Two")
    made = await _splits(story, agent, source, said.message.id)
    assert said.delivery is not None
    [row] = await story.rows("delivery", id=said.delivery.id)
    assert row["conversation_id"] == made.id
    assert await story.db.read(messages.count_public, made.id) == 1
    assert made.waiting_since is None


async def test_snooze_of_a_joined_one_is_kept(story: Story) -> None:
    agent = await story.agent(cap=5)
    first, second = await _two(story)
    now = await story.conversation(second)
    asleep = await story.db.run(lifecycle.snooze, agent.id, second.id, now.version, story.clock.now() + HOUR)
    await _joins(story, agent, first, second)
    back = await _parts(story, agent, second)
    assert (back.state, back.snoozed_until) == ("snoozed", asleep.snoozed_until)
