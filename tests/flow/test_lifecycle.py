"""Taking, handing over, resolving, sleeping: one owner at a time, every place counted, nobody surprised."""

from __future__ import annotations

import asyncio

import pytest

from gateway.errors import Conflict, Forbidden, Invalid, NotFound
from gateway.flow import accounts, lifecycle
from gateway.flow.policy import Policy
from gateway.json import loads
from gateway.store import agents
from tests.flow.story import AINO, AINO_MAIL, BINO, Story, outcome


async def test_take(story: Story) -> None:
    ritva = await story.agent()
    accepted = await story.says(AINO)
    taken = await story.takes(ritva, accepted.conversation)
    assert (taken.assignee_id, taken.holds, taken.route_at, taken.waiting_since) == (ritva.id, 1, None, accepted.message.at)
    [row] = await story.rows("assignment")
    assert (row["agent_id"], row["decided_by"], row["reason"], row["ended_at"]) == (ritva.id, ritva.id, "Taken by hand.", None)
    assert (await story.takes(ritva, taken)).version == taken.version, "again is nothing"
    assert await story.load(ritva) == 1


async def test_version_guard_names_who_has_it(story: Story) -> None:
    ritva, olli = await story.agent(), await story.agent("Olli")
    accepted = await story.says(AINO)
    await story.takes(ritva, accepted.conversation)
    stale = accepted.conversation
    for call in (
        story.db.run(lifecycle.take, olli.id, stale.id, stale.version),
        story.db.run(lifecycle.hand_over, olli.id, stale.id, stale.version, olli.id, None),
        story.db.run(lifecycle.resolve, olli.id, stale.id, stale.version, None, story.policy),
        story.db.run(lifecycle.snooze, olli.id, stale.id, stale.version, story.clock.now() + 1_000_000),
        story.db.run(lifecycle.reopen, olli.id, stale.id, stale.version),
    ):
        told = await outcome(call)
        assert isinstance(told, Conflict)
        assert "Ritva has it now." in str(told)
        assert told.detail["assignee"] == {"id": ritva.id, "name": "Ritva"}


async def test_two_take_at_once(story: Story) -> None:
    """R33: fifty rounds, exactly one winner each, and the other is told who has it."""
    ritva, olli = await story.agent(cap=100), await story.agent("Olli", cap=100)
    for number in range(50):
        found = (await story.says(type(AINO)(f"visitor:site/{number}"))).conversation
        calls = [story.db.run(lifecycle.take, agent.id, found.id, found.version) for agent in (ritva, olli)]
        told = await asyncio.gather(*(outcome(call) for call in calls))
        lost = [one for one in told if isinstance(one, Conflict)]
        [won] = [one for one in told if not isinstance(one, Exception)]
        assert len(lost) == 1
        assert (await story.conversation(found)).assignee_id == won.assignee_id
        assert ("Ritva" if won.assignee_id == ritva.id else "Olli") in str(lost[0])
    assert await story.load(ritva) + await story.load(olli) == 50
    assert await story.count("assignment", ended_at=None) == 50


async def test_agents_who_take_from_each_other(story: Story) -> None:
    ritva, olli = await story.agent(cap=100), await story.agent("Olli", cap=100)
    for number in range(10):
        one, other = [(await story.says(type(AINO)(f"visitor:site/{number}{side}"))).conversation for side in "ab"]
        await story.takes(ritva, one)
        await story.takes(olli, other)
        told = await asyncio.gather(outcome(story.takes(olli, one)), outcome(story.takes(ritva, other)))
        assert not [one for one in told if isinstance(one, Exception)]
    assert (await story.load(ritva), await story.load(olli)) == (10, 10)


async def test_passing_the_cap_is_an_override(story: Story) -> None:
    ritva = await story.agent(cap=1)
    for sender in (AINO, BINO):
        await story.takes(ritva, (await story.says(sender)).conversation)
    events = [loads(row["payload"]) for row in await story.rows("event", kind="taken")]
    assert sorted(event.get("override", False) for event in events) == [False, True]
    assert await story.load(ritva) == 2


async def test_hand_over_to_a_colleague_carries_the_note(story: Story) -> None:
    ritva, olli = await story.agent(), await story.agent("Olli")
    accepted = await story.says(AINO)
    await story.takes(ritva, accepted.conversation)
    given = await story.hands_over(ritva, accepted.conversation, olli, text="Speaks Hindi")
    assert (given.assignee_id, await story.load(ritva), await story.load(olli)) == (olli.id, 0, 1)
    assert [message.text for message in await story.messages(given)] == ["Hello", "Speaks Hindi"]
    rows = sorted(await story.rows("assignment"), key=lambda row: str(row["id"]))
    assert [(row["agent_id"], row["from_agent"], row["end_reason"]) for row in rows] == [
        (ritva.id, None, "handed_over"),
        (olli.id, ritva.id, None),
    ]
    assert given.waiting_since == accepted.message.at, "the customer has not been answered"


async def test_hand_over_to_a_team_and_to_the_queue(story: Story) -> None:
    ritva = await story.agent()
    team = await story.db.run(accounts.add_team, "Billing")
    accepted = await story.says(AINO)
    await story.replies(ritva, accepted.conversation)
    given = await story.hands_over(ritva, accepted.conversation, team=team.id)
    assert (given.assignee_id, given.team_id, given.holds, await story.load(ritva)) == (None, team.id, 0, 0)
    assert given.waiting_since == given.route_at, "whose customer does not wait queues from now"
    assert await story.count("assignment", ended_at=None) == 0
    again = await story.hands_over(ritva, given)
    assert (again.assignee_id, again.team_id) == (None, team.id)
    before = await story.conversation(again)
    assert isinstance(await outcome(story.hands_over(ritva, again, team="none")), NotFound)
    assert await story.conversation(again) == before


async def test_hand_over_to_a_viewer(story: Story) -> None:
    ritva, viewer = await story.agent(), await story.agent("Vera", role="viewer")
    accepted = await story.says(AINO)
    with pytest.raises(Forbidden):
        await story.hands_over(ritva, accepted.conversation, viewer, text="For you")
    assert await story.count("message") == 1, "nor is the note kept"


async def test_resolve_needs_a_category_and_frees_the_place(story: Story) -> None:
    ritva = await story.agent()
    accepted = await story.says(AINO)
    await story.takes(ritva, accepted.conversation)
    for category in (None, "nonsense"):
        refused = await outcome(story.resolves(ritva, accepted.conversation, category))
        assert isinstance(refused, Invalid)
        assert refused.detail == {"field": "category"}
    done = await story.resolves(ritva, accepted.conversation)
    assert (done.state, done.holds, done.assignee_id, done.waiting_since, done.category_id) == ("resolved", 0, ritva.id, None, "question")
    assert await story.load(ritva) == 0
    assert isinstance(await outcome(story.resolves(ritva, done)), Conflict)
    story.policy = Policy(category_required=False)
    other = await story.says(BINO)
    assert (await story.resolves(ritva, other.conversation, None)).category_id is None


async def test_customer_says_whether_it_helped(story: Story) -> None:
    ritva = await story.agent()
    accepted = await story.says(AINO)
    await story.takes(ritva, accepted.conversation)
    await story.resolves(ritva, accepted.conversation)
    with pytest.raises(Forbidden):
        await story.db.run(lifecycle.solved, accepted.conversation.id, BINO, False)
    again = await story.db.run(lifecycle.solved, accepted.conversation.id, AINO, False)
    assert (again.state, again.assignee_id, again.holds, await story.load(ritva)) == ("open", ritva.id, 1, 1)
    assert again.waiting_since is not None
    assert (await story.db.run(lifecycle.solved, again.id, AINO, True)).state == "open", "nobody asked"
    await story.resolves(ritva, again)
    closed = await story.db.run(lifecycle.solved, again.id, AINO, True)
    assert (closed.state, closed.asked_solved_at) == ("closed", None)
    assert [kind for kind in await story.kinds(again) if kind in ("solved", "not_solved")] == ["not_solved", "solved"]
    later = await story.says(AINO)
    assert later.conversation.id != closed.id


async def test_customer_disagrees_about_an_old_one(story: Story) -> None:
    ritva = await story.agent()
    first = await story.says(AINO)
    await story.takes(ritva, first.conversation)
    await story.resolves(ritva, first.conversation)
    story.clock.advance(8 * 86400)
    await story.says(AINO)
    assert isinstance(await outcome(story.db.run(lifecycle.solved, first.conversation.id, AINO, False)), Conflict)


@pytest.mark.parametrize("closed", [False, True])
async def test_reopen_keeps_the_owner_unless_another_is_open(story: Story, closed: bool) -> None:
    ritva, olli = await story.agent(), await story.agent("Olli")
    first = (await story.says(AINO)).conversation
    await story.takes(ritva, first)
    await story.resolves(ritva, first)
    if closed:
        await story.db.run(lifecycle.solved, first.id, AINO, True)
    found = await story.conversation(first)
    again = await story.db.run(lifecycle.reopen, olli.id, first.id, found.version)
    assert (again.state, again.assignee_id, await story.load(ritva)) == ("open", ritva.id, 1)
    assert isinstance(await outcome(story.db.run(lifecycle.reopen, olli.id, first.id, again.version)), Conflict)
    await story.resolves(ritva, first)
    story.clock.advance(8 * 86400)
    second = await story.says(AINO)
    found = await story.conversation(first)
    for call in (
        story.db.run(lifecycle.reopen, olli.id, first.id, found.version),
        story.takes(olli, first),
        story.hands_over(ritva, first, olli),
    ):
        told = await outcome(call)
        assert isinstance(told, Conflict)
        assert f"#{second.conversation.number}" in str(told)


async def test_reopen_when_every_place_is_taken(story: Story) -> None:
    ritva, olli = await story.agent(cap=1), await story.agent("Olli")
    first, second = (await story.says(AINO)).conversation, (await story.says(BINO)).conversation
    await story.takes(ritva, first)
    await story.resolves(ritva, first)
    await story.takes(ritva, second)
    found = await story.conversation(first)
    again = await story.db.run(lifecycle.reopen, olli.id, first.id, found.version)
    assert (again.assignee_id, again.route_at is not None, await story.load(ritva)) == (None, True, 1)
    assert await story.count("assignment", ended_at=None) == 1


async def test_snooze_and_wake(story: Story) -> None:
    ritva = await story.agent()
    accepted = await story.says(AINO)
    await story.takes(ritva, accepted.conversation)
    assert isinstance(await outcome(story.snoozes(ritva, accepted.conversation, -1)), Invalid)
    asleep = await story.snoozes(ritva, accepted.conversation, 100)
    assert (asleep.state, asleep.holds, await story.load(ritva)) == ("snoozed", 0, 0)
    assert isinstance(await outcome(story.snoozes(ritva, asleep)), Conflict)
    assert not await story.db.run(lifecycle.wake, asleep.id), "not yet"
    story.clock.advance(101)
    assert await story.db.run(lifecycle.wake, asleep.id)
    assert not await story.db.run(lifecycle.wake, asleep.id)
    awake = await story.conversation(asleep)
    assert (awake.state, awake.assignee_id, awake.holds, await story.load(ritva)) == ("open", ritva.id, 1, 1)


async def test_customer_wakes_it(story: Story) -> None:
    ritva = await story.agent()
    accepted = await story.says(AINO)
    await story.takes(ritva, accepted.conversation)
    await story.snoozes(ritva, accepted.conversation)
    again = await story.says(AINO)
    stored = await story.conversation(again.conversation)
    assert (stored.id, stored.state, stored.snoozed_until, stored.holds) == (accepted.conversation.id, "open", None, 1)
    assert "woken" in await story.kinds(stored)


async def test_open_by_hand(story: Story) -> None:
    ritva = await story.agent()
    made = await story.db.run(lifecycle.open_by_hand, ritva.id, AINO_MAIL, " Aino ", "Walk-in", "Came to the desk")
    assert (made.number, made.assignee_id, made.subject, made.rule, await story.load(ritva)) == (1001, ritva.id, "Walk-in", "by_hand", 1)
    assert (await story.count("identity"), await story.count("claim")) == (0, 1), "a typed address is a claim"
    assert await story.kinds(made) == ["opened", "claimed", "taken"]
    mail = await story.says(AINO_MAIL, subject="Hi")
    assert mail.conversation.contact_id != made.contact_id
    told = await outcome(story.db.run(lifecycle.open_by_hand, ritva.id, AINO_MAIL, "", "Again", ""))
    assert isinstance(told, Conflict)
    assert told.detail["conversation"] == mail.conversation.id
    await story.resolves(ritva, mail.conversation)
    second = await story.db.run(lifecycle.open_by_hand, ritva.id, AINO_MAIL, "", "Again", "")
    assert second.contact_id == mail.conversation.contact_id


async def test_read_marks(story: Story) -> None:
    ritva, olli = await story.agent(), await story.agent("Olli")
    accepted = await story.says(AINO)
    await story.notes(ritva, accepted.conversation)
    await story.takes(ritva, accepted.conversation)
    await story.db.run(lifecycle.seen_by_agent, olli.id, accepted.conversation.id, 1)
    assert (await story.conversation(accepted.conversation)).agent_pub == 0, "only the owner's reading is shown"
    await story.db.run(lifecycle.seen_by_agent, ritva.id, accepted.conversation.id, 99)
    await story.db.run(lifecycle.seen_by_agent, ritva.id, accepted.conversation.id, 1)
    assert (await story.conversation(accepted.conversation)).agent_pub == 1
    marks = {row["agent_id"]: row["seq"] for row in await story.rows("read_mark")}
    assert marks == {ritva.id: 2, olli.id: 1}


async def test_change_of_channel_moves_the_place(story: Story) -> None:
    ritva = await story.agent()
    accepted = await story.says(AINO)
    await story.takes(ritva, accepted.conversation)
    await story.says(AINO, load_class="mail")
    assert (await story.load(ritva, "chat"), await story.load(ritva, "mail")) == (0, 1)
    await story.resolves(ritva, accepted.conversation)
    assert (await story.load(ritva, "chat"), await story.load(ritva, "mail")) == (0, 0)
    assert await story.db.run(agents.reconcile) == []
