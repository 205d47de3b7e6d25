"""Spam and blocks: out of every list but one, no place taken, nothing asked; from a blocked contact nothing is stored, whichever way it comes."""

from __future__ import annotations

import pytest

from channels.contract import ChannelId, Revised
from gateway.db.database import Hint, Tx
from gateway.errors import Conflict, Forbidden
from gateway.flow import asking, intake, lifecycle, people, rating, receipts, spam, uploads
from gateway.flow.people import Blocked
from gateway.model import Agent, Conversation
from gateway.store import assignments, due, inbox, listing
from gateway.store.listing import STATES, VIEWS, Filters
from tests.flow.story import AINO, AINO_MAIL, AINO_PHONE, CHAT, MAIL, Story


async def _spam(story: Story, agent: Agent, where: Conversation, block: bool = False) -> Conversation:
    found = await story.conversation(where)
    return await story.db.run(spam.mark, agent.id, found.id, found.version, block)


async def _unspam(story: Story, agent: Agent, where: Conversation) -> Conversation:
    found = await story.conversation(where)
    return await story.db.run(spam.unmark, agent.id, found.id, found.version)


async def _lists(story: Story, agent: Agent) -> set[tuple[str, str]]:
    """Where anything is shown."""
    return {
        (view, state)
        for view in VIEWS
        for state in STATES
        if await story.db.read(listing.list_rows, agent.id, Filters(view=view, state=state), "newest")
    }


async def test_spam_is_closed_without_a_question_and_gives_its_place_back(story: Story, hints: list[Hint]) -> None:
    ritva, asked = await story.agent(), (await story.says(AINO)).conversation
    await story.takes(ritva, asked)
    assert await story.load(ritva) == 1
    hints.clear()
    marked = await _spam(story, ritva, asked)
    assert (marked.state, marked.assignee_id, marked.waiting_since, marked.route_at, marked.asked_solved_at) == (
        "closed",
        None,
        None,
        None,
        None,
    )
    assert marked.spam_at is not None and await story.load(ritva) == 0
    assert [row["end_reason"] for row in await story.rows("assignment")] == ["spam"]
    assert {hint.kind for hint in hints} >= {"row", "event", "thread"}
    assert (await story.kinds(asked))[-1] == "spam"
    assert await _lists(story, ritva) == {("all", "spam"), ("unassigned", "spam")}
    counts = await story.db.read(inbox.count, ritva.id)
    assert (counts.all, counts.spam) == (0, 1)
    assert await story.db.read(listing.find_next, ritva.id) is None and await story.db.read(due.list_routable, story.clock.now()) == []
    with pytest.raises(Conflict):
        await _spam(story, ritva, asked)


async def test_an_offer_ends_with_it(story: Story) -> None:
    ritva, asked = await story.agent(), (await story.says(AINO)).conversation
    await story.db.run(_offer, asked, ritva)
    await _spam(story, ritva, asked)
    assert await story.load(ritva) == 0 and [row["state"] for row in await story.rows("offer")] == ["withdrawn"]


def _offer(tx: Tx, asked: Conversation, agent: Agent) -> None:
    from gateway.model import Offer, OfferId
    from gateway.store import agents

    assert agents.occupy(tx, agent.id, "chat")
    until = tx.now + 10**9
    assignments.add_offer(tx, Offer(OfferId("offer"), asked.id, agent.id, asked.version, "open", "", "[]", "chat", until, tx.now))


async def test_not_spam_queues_again_with_the_place_it_had(story: Story) -> None:
    ritva, asked = await story.agent(), (await story.says(AINO)).conversation
    await story.takes(ritva, asked)
    await _spam(story, ritva, asked, block=True)
    back = await _unspam(story, ritva, asked)
    assert (back.state, back.spam_at, back.assignee_id, back.waiting_since) == ("open", None, None, asked.last_at)
    assert back.route_at is not None and [row["blocked_at"] for row in await story.rows("contact")] == [None]
    assert (await story.kinds(asked))[-5:] == ["spam", "blocked", "not_spam", "unblocked", "reopened"]
    with pytest.raises(Conflict):
        await _unspam(story, ritva, asked)
    assert (await story.says(AINO, "I am real")).conversation.id == asked.id


async def test_spam_stays_what_it_is_until_somebody_says_otherwise(story: Story) -> None:
    ritva, asked = await story.agent(), (await story.says(AINO)).conversation
    await _spam(story, ritva, asked)
    found = await story.conversation(asked)
    for act in (lifecycle.take, lifecycle.reopen):
        with pytest.raises(Conflict, match="spam"):
            await story.db.run(act, ritva.id, found.id, found.version)
    again = (await story.says(AINO, "Hello?")).conversation
    assert again.id != asked.id and again.spam_at is None, "an unblocked contact writes anew"
    with pytest.raises(Conflict, match=str(again.number)):
        await _unspam(story, ritva, asked)


async def test_who_may_mark_and_block(story: Story) -> None:
    viewer, asked = await story.agent("Vera", role="viewer"), (await story.says(AINO)).conversation
    for block in (False, True):
        with pytest.raises(Forbidden):
            await _spam(story, viewer, asked, block)
    for act in (people.block, people.unblock):
        with pytest.raises(Forbidden):
            await story.db.run(act, viewer.id, asked.contact_id)


async def test_blocking_twice_is_once_and_is_told_in_the_latest_conversation(story: Story) -> None:
    ritva, first = await story.agent(), (await story.says(AINO)).conversation
    contact = await story.db.run(people.block, ritva.id, first.contact_id)
    before = await story.dump()
    assert (await story.db.run(people.block, ritva.id, first.contact_id)).blocked_at == contact.blocked_at
    assert await story.dump() == before and (await story.kinds(first))[-1] == "blocked"
    await story.db.run(people.unblock, ritva.id, first.contact_id)
    before = await story.dump()
    await story.db.run(people.unblock, ritva.id, first.contact_id)
    assert await story.dump() == before and (await story.kinds(first))[-1] == "unblocked"


async def test_nothing_is_taken_from_a_blocked_contact_whichever_way_it_comes(story: Story) -> None:
    ritva, asked = await story.agent(), (await story.says(AINO)).conversation
    mail = (await story.says(AINO_MAIL, external_id="mail-1")).conversation
    await story.takes(ritva, asked)
    await story.resolves(ritva, asked)
    for conversation in (asked, mail):
        await story.db.run(people.block, ritva.id, conversation.contact_id)
    before = await story.dump()
    for sender in (AINO, AINO_MAIL):
        with pytest.raises(Blocked):
            await story.says(sender, "Let me in")
        with pytest.raises(Blocked):
            await story.db.run(uploads.new_file, sender, CHAT, "a.png", "image/png", 3, "blob")
    with pytest.raises(Blocked):
        await story.db.run(people.claim, asked.contact_id, AINO_PHONE, asked.id)
    with pytest.raises(Blocked):
        await story.db.run(lifecycle.solved, asked.id, AINO, False)
    with pytest.raises(Blocked):
        await story.db.run(asking.for_person, AINO)
    with pytest.raises(Blocked):
        await story.db.run(rating.rate, AINO, 1, "Hear me")
    edit = Revised(channel_id=MAIL, dedup_key="edit-1", external_id="mail-1", text="Let me in")
    assert await story.db.run(receipts.revise, edit) is False
    assert await story.dump() == before


async def test_a_blocked_senders_mail_is_not_parked_and_stops_nobody(story: Story) -> None:
    ritva, asked = await story.agent(), (await story.says(AINO_MAIL)).conversation
    await story.db.run(people.block, ritva.id, asked.contact_id)
    taken = intake.Intake(story.db, story.policy, story.references)
    before = {table: await story.count(table) for table in ("intake", "message")}
    await taken.deliver([story.fact(AINO_MAIL, "Let me in"), story.fact(AINO, "I am somebody else")], ("listener", "cursor-2"))
    assert {table: await story.count(table) for table in before} == {table: count + 1 for table, count in before.items()}
    assert [row["cursor"] for row in await story.rows("lease")] == ["cursor-2"]
    assert not [row for row in await story.rows("intake") if row["channel_id"] == ChannelId("mail") and row["raw"]]
