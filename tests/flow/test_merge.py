"""Two contacts become one: people, places and the queue, and what is refused."""

from __future__ import annotations

import asyncio

import pytest

from gateway.errors import Conflict, Forbidden, Invalid
from gateway.flow import merge, people, receipts
from gateway.model import Agent, ContactId, Conversation, Merge
from gateway.store import conversations, messages
from gateway.web import visitors
from tests.flow.story import AINO, AINO_MAIL, BINO, BINO_MAIL, Story, outcome


async def _fold(story: Story, agent: Agent, kept: Conversation, gone: Conversation) -> Merge:
    folded = await story.db.run(merge.merge, agent.id, kept.contact_id, gone.contact_id)
    story.clock.advance(1)
    return folded


async def _undo(story: Story, agent: Agent, folded: Merge) -> None:
    await story.db.run(merge.undo, agent.id, folded.id)
    story.clock.advance(1)


async def test_merge_moves_everything_but_messages(story: Story) -> None:
    ritva = await story.agent()
    aino = (await story.says(AINO, "First", name="Aino")).conversation
    bino = (await story.says(BINO, "Second", name="Bino")).conversation
    await story.db.run(people.claim, bino.contact_id, BINO_MAIL, None)
    await _fold(story, ritva, aino, bino)
    assert {(await story.identity(who)).contact_id for who in (AINO, BINO)} == {aino.contact_id}
    assert {row["contact_id"] for row in await story.rows("claim")} == {aino.contact_id}
    joined = await story.conversation(bino)
    assert (joined.state, joined.joined_to, joined.contact_id, joined.waiting_since) == ("joined", aino.id, aino.contact_id, None)
    assert [message.text for message in await story.messages(bino)] == ["Second"]
    union = await story.db.read(messages.list_of_conversations, [aino.id, bino.id])
    assert [message.text for message in union] == ["First", "Second"]
    assert [found.id for found in await story.db.read(conversations.list_joined, aino.id)] == [bino.id]
    for who in (AINO, BINO):
        assert (await story.says(who)).conversation.id == aino.id
    assert (await story.conversation(aino)).number == 1001


async def test_older_conversation_stays_whoever_is_kept(story: Story) -> None:
    ritva = await story.agent()
    aino = (await story.says(AINO)).conversation
    bino = (await story.says(BINO)).conversation
    await _fold(story, ritva, bino, aino)
    assert (await story.conversation(bino)).joined_to == aino.id
    assert (await story.conversation(aino)).contact_id == bino.contact_id


async def test_places_and_journal_are_given_back(story: Story) -> None:
    ritva, olli = await story.agent(), await story.agent("Olli")
    aino = (await story.says(AINO)).conversation
    bino = (await story.says(BINO)).conversation
    await story.takes(olli, bino)
    await _fold(story, ritva, aino, bino)
    joined = await story.conversation(bino)
    assert (joined.assignee_id, joined.holds, await story.load(olli)) == (None, 0, 0)
    assert [row["end_reason"] for row in await story.rows("assignment")] == ["joined"]
    with pytest.raises(Conflict):
        await story.takes(ritva, bino)


async def test_the_earlier_place_in_the_queue_is_kept(story: Story) -> None:
    ritva, olli = await story.agent(), await story.agent("Olli")
    aino = (await story.says(AINO)).conversation
    await story.replies(ritva, aino)
    bino = (await story.says(BINO)).conversation
    await story.says(AINO, "Later")
    await _fold(story, olli, aino, bino)
    assert (await story.conversation(aino)).waiting_since == bino.waiting_since


async def test_one_that_waits_wakes_the_one_it_joins(story: Story) -> None:
    ritva = await story.agent()
    aino = (await story.says(AINO)).conversation
    await story.takes(ritva, aino)
    await story.snoozes(ritva, aino)
    bino = (await story.says(BINO)).conversation
    await _fold(story, ritva, aino, bino)
    stored = await story.conversation(aino)
    assert (stored.state, stored.snoozed_until, stored.holds, await story.load(ritva)) == ("open", None, 1, 1)


async def test_what_is_refused(story: Story) -> None:
    ritva, viewer = await story.agent(), await story.agent("Vera", role="viewer")
    aino, bino = (await story.says(AINO)).conversation, (await story.says(BINO)).conversation
    cino = (await story.says(BINO_MAIL, subject="Hi")).conversation
    assert isinstance(await outcome(_fold(story, ritva, aino, aino)), Invalid)
    assert isinstance(await outcome(_fold(story, viewer, aino, bino)), Forbidden)
    folded = await _fold(story, ritva, aino, bino)
    for kept, gone in ((cino, bino), (bino, cino), (aino, bino)):
        assert isinstance(await outcome(_fold(story, ritva, kept, gone)), Conflict), "it is part of another contact"
    await _undo(story, ritva, folded)
    assert isinstance(await outcome(_undo(story, ritva, folded)), Conflict), "twice"
    await _fold(story, ritva, cino, bino)


async def test_crossed_merges_do_not_wait_for_each_other(story: Story) -> None:
    ritva = await story.agent()
    for number in range(10):
        one, other = [(await story.says(type(AINO)(f"visitor:site/{number}-{side}"))).conversation for side in "ab"]
        calls = [story.db.run(merge.merge, ritva.id, *pair) for pair in _crossed(one, other)]
        told = await asyncio.gather(*(outcome(call) for call in calls))
        assert sorted(type(one).__name__ for one in told) == ["Conflict", "Merge"]


def _crossed(one: Conversation, other: Conversation) -> list[tuple[ContactId, ContactId]]:
    return [(one.contact_id, other.contact_id), (other.contact_id, one.contact_id)]


async def test_merges_beside_takes(story: Story) -> None:
    """Two agents with places in both: nobody waits in a circle."""
    ritva, olli = await story.agent(cap=50), await story.agent("Olli", cap=50)
    for number in range(8):
        pair = [(await story.says(type(AINO)(f"visitor:site/{number}-{side}"))).conversation for side in "ab"]
        for found in pair:
            await story.takes(ritva, found)
        await asyncio.gather(
            outcome(story.db.run(merge.merge, ritva.id, pair[0].contact_id, pair[1].contact_id)),
            *(outcome(story.takes(olli, found)) for found in pair),
        )
        holders = await story.rows("conversation")
        for agent in (ritva, olli):
            assert await story.load(agent) == sum(row["holds"] for row in holders if row["assignee_id"] == agent.id)


async def test_visitor_of_a_joined_conversation_goes_on_in_the_other(story: Story) -> None:
    ritva = await story.agent()
    aino = (await story.says(AINO_MAIL, "Secret", subject="Hi")).conversation
    bino = (await story.says(BINO, "Mine")).conversation
    await _fold(story, ritva, aino, bino)
    await story.says(BINO, "Still mine")
    current = await story.db.read(receipts.current, BINO)
    assert current is not None
    assert current.id == aino.id
    seen = await story.db.read(visitors.read_items, BINO, 0, 200)
    assert [item["text"] for item in seen["items"]] == ["Still mine"], "from the first message of their own on"


async def test_a_merge_does_not_lift_a_block(story: Story) -> None:
    agent = await story.agent(cap=5)
    one, other = (await story.says(AINO)).conversation, (await story.says(BINO)).conversation
    await story.db.run(people.block, agent.id, other.contact_id)
    with pytest.raises(Conflict, match="blocked"):
        await story.db.run(merge.merge, agent.id, one.contact_id, other.contact_id)
    await story.db.run(merge.merge, agent.id, other.contact_id, one.contact_id)
    with pytest.raises(Forbidden):
        await story.says(AINO)
