"""What is joined and parted while other things go on: who waits is routed, who does not is not, and no place is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from gateway.errors import GatewayError
from gateway.flow import asking, bulk, join, merge, spam, split
from gateway.flow.bulk import Wish
from gateway.model import Agent, Conversation, MessageId
from gateway.store import agents
from tests.flow.story import AINO, AINO_MAIL, BINO, Story, outcome


async def _two(story: Story) -> tuple[Conversation, Conversation]:
    first = (await story.says(AINO_MAIL, "The lamp is broken", subject="Lamp")).conversation
    return first, (await story.says(AINO_MAIL, "And the bill?", subject="Bill")).conversation


async def test_asked_for_in_a_joined_conversation_the_other_one_opens(story: Story) -> None:
    agent = await story.agent(cap=9)
    first = (await story.says(AINO)).conversation
    await story.replies(agent, first)
    other = (await story.says(BINO)).conversation
    await story.db.run(merge.merge, agent.id, first.contact_id, other.contact_id)
    await story.resolves(agent, first)
    await story.db.run(asking.for_person, BINO)
    found = await story.conversation(first)
    assert found.state == "open" and found.waiting_since is not None


async def _call(story: Story, staff: list[Agent], number: int, turn: int, rows: list[Conversation]) -> Awaitable[Any]:
    """What somebody does to this row, not begun yet."""
    row, actor = rows[number], staff[number % 3].id
    mates = [one for one in rows if one.contact_id == row.contact_id and one.id != row.id]
    said = [message.id for message in await story.messages(row) if message.direction == "in"]
    match (number + turn) % 6:
        case 0 | 5 if mates:
            return story.db.run(join.join, actor, row.id, row.version, mates[0].id)
        case 1:
            return story.db.run(split.split, actor, row.id, row.version, [MessageId(said[-1])])
        case 2:
            return story.db.run(bulk.do, actor, Wish(act="assign", agent=staff[turn % 3].id), row.id, row.version, story.policy)
        case 4 if mates:
            return story.db.run(join.join, actor, mates[0].id, mates[0].version, row.id)
    return story.db.run(spam.mark, actor, row.id, row.version)


async def test_every_place_is_counted_after_joins_splits_spam_and_bulk(story: Story) -> None:
    """Whatever meets whatever: loads are what the conversations say, and nobody gets an error of the database."""
    staff = [await story.agent(name, role="lead", cap=2) for name in ("Ritva", "Olli", "Aada")]
    people = [type(AINO)(f"mailto:n{number}@example.fi") for number in range(4)]
    for turn in range(5):
        for person in people:
            await story.says(person, "one", subject=f"Lamp {turn}")
            await story.says(person, "two", subject=f"Bill {turn}")
            await story.says(person, "three", subject=f"Bill {turn}", thread="x")
        rows = [Conversation(**row) for row in await story.rows("conversation") if row["state"] in ("open", "snoozed", "resolved")]
        for number, row in enumerate(rows):
            if number % 3:
                await outcome(story.takes(staff[number % 3], row))
        rows = [await story.conversation(row) for row in rows]
        calls = [await _call(story, staff, number, turn, rows) for number in range(len(rows))]
        calls += [story.accept(story.fact(person, "again", subject=f"Lamp {turn}")) for person in people]
        told = await asyncio.gather(*(outcome(call) for call in calls))
        assert all(isinstance(one, GatewayError) for one in told if isinstance(one, Exception)), told
        for kept in await story.rows("conversation", state="joined"):
            await story.db.run(join.part, staff[0].id, kept["id"], kept["version"])
        story.clock.advance(60)
    assert await story.db.run(agents.reconcile) == [], "no load has drifted"
    for kept in await story.rows("conversation"):
        assert not (kept["holds"] and kept["assignee_id"] is None), kept
        assert kept["assignee_id"] is None or kept["route_at"] is None, kept
        assert kept["state"] in ("open", "snoozed") or (kept["route_at"] is None and kept["waiting_since"] is None), kept
