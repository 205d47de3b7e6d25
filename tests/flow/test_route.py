"""The router leads under a lease, decides on a snapshot, and is overruled by the database when the snapshot was stale."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gateway.flow import accounts, presence, route
from gateway.flow.route import Lost, Router
from gateway.json import loads
from gateway.model import Conversation
from gateway.store import leases
from router.decide import decide
from router.types import Decision
from tests.flow.story import AINO, AINO_MAIL, BINO, Story, outcome


def _router(story: Story, holder: str = "one") -> Router:
    return Router(story.db, story.clock, story.policy, holder)


async def _visitors(story: Story, count: int) -> list[Conversation]:
    """Oldest first."""
    return [(await story.says(type(AINO)(f"visitor:site/{number}"))).conversation for number in range(count)]


async def test_the_free_one_gets_it_within_one_step(story: Story) -> None:
    """R28: three agents, one away, one full, one free."""
    await story.agent("Away", away=True)
    full, free = await story.agent("Full", cap=1), await story.agent("Free")
    await story.agent("Gone", here=False)
    await story.takes(full, (await story.says(AINO)).conversation)
    waiting = (await story.says(BINO)).conversation
    await _router(story).step()
    stored = await story.conversation(waiting)
    assert (stored.assignee_id, stored.holds, await story.load(free)) == (free.id, 1, 1)
    [row] = await story.rows("assignment", conversation_id=waiting.id)
    assert (row["decided_by"], row["agent_id"]) == ("router", free.id)
    assert "Free" in row["reason"] or row["reason"], "every assignment says why"
    verdicts = {verdict["agent_id"]: verdict["out"] for verdict in loads(row["verdicts"])}
    assert len(verdicts) == 4
    assert [agent_id for agent_id, out in verdicts.items() if out is None] == [free.id]
    assert "assigned" in await story.kinds(waiting)


async def test_nobody_free_waits_and_the_oldest_goes_first(story: Story) -> None:
    ritva = await story.agent(cap=2, away=True)
    waiting = await _visitors(story, 4)
    router = _router(story)
    await router.step()
    assert await story.count("assignment") == 0
    await story.db.run(presence.declare, ritva.id, "available")
    await router.step()
    held = [row["number"] for row in await story.rows("conversation", assignee_id=ritva.id)]
    assert sorted(held) == [waiting[0].number, waiting[1].number]
    await story.resolves(ritva, waiting[0])
    await router.step()
    assert (await story.conversation(waiting[2])).assignee_id == ritva.id
    assert (await story.conversation(waiting[3])).assignee_id is None


async def test_cap_holds_and_least_loaded_goes_first(story: Story) -> None:
    """R29: three chats each, the seventh waits; a call counts as full."""
    ritva, olli = await story.agent(), await story.agent("Olli")
    await _visitors(story, 7)
    await _router(story).step()
    assert (await story.load(ritva), await story.load(olli)) == (3, 3)
    assert await story.count("conversation", assignee_id=None) == 1


async def test_an_agent_on_a_call_gets_no_chat(story: Story) -> None:
    ritva = await story.agent()
    await story.takes(ritva, (await story.says(BINO, load_class="call")).conversation)
    waiting = (await story.says(AINO)).conversation
    await _router(story).step()
    assert (await story.conversation(waiting)).assignee_id is None


async def test_team_queue(story: Story) -> None:
    ritva, olli = await story.agent(), await story.agent("Olli")
    team = await story.db.run(accounts.add_team, "Billing", [olli.id])
    waiting = (await story.says(AINO)).conversation
    await story.hands_over(ritva, waiting, team=team.id)
    await _router(story).step()
    assert (await story.conversation(waiting)).assignee_id == olli.id


async def _decided(story: Story) -> list[Decision]:
    taken = await story.db.read(route.snapshot, story.policy)
    return decide(taken.waiting, taken.candidates, story.clock.now())


async def _lease(story: Story, holder: str = "one") -> int:
    lease = await story.db.run(leases.claim_lease, route.LEASE, holder, story.clock.now() + route.LEASE_TIME)
    assert lease is not None
    return lease.epoch


async def _carried(story: Story, decision: Decision, epoch: int, holder: str = "one") -> Any:
    return await outcome(story.db.run(route.carry_out, decision, holder, epoch, story.policy))


@pytest.mark.parametrize("change", ["full", "away", "gone", "taken", "snoozed", "disabled"])
async def test_guards_overrule_a_stale_snapshot(story: Story, change: str) -> None:
    ritva, olli = await story.agent(cap=1), await story.agent("Olli", away=True)
    other, waiting = await _visitors(story, 2)
    await story.snoozes(olli, other)
    epoch = await _lease(story)
    [decision] = await _decided(story)
    match change:
        case "full":
            await story.takes(ritva, other)
        case "away":
            await story.db.run(presence.declare, ritva.id, "away")
        case "gone":
            await story.here(ritva, story.clock.now())
        case "taken":
            await story.takes(olli, waiting)
        case "snoozed":
            await story.snoozes(olli, waiting)
        case "disabled":
            await story.db.run(accounts.disable, ritva.id)
    before = await story.dump()
    assert isinstance(await _carried(story, decision, epoch), Lost)
    assert await story.dump() == before, "rolled back whole"


async def test_old_epoch_is_refused(story: Story) -> None:
    await story.agent()
    await _visitors(story, 1)
    old = await _lease(story)
    [decision] = await _decided(story)
    story.clock.advance(11)
    new = await _lease(story, "two")
    assert isinstance(await _carried(story, decision, old), Lost), "a paused leader wakes up too late"
    assert isinstance(await _carried(story, decision, old, "two"), Lost)
    assert not isinstance(await _carried(story, decision, new, "two"), Exception)


async def test_one_decision_is_carried_out_once(story: Story) -> None:
    ritva = await story.agent()
    await _visitors(story, 1)
    epoch = await _lease(story)
    [decision] = await _decided(story)
    told = await asyncio.gather(*(_carried(story, decision, epoch) for _ in range(6)))
    assert [isinstance(one, Lost) for one in told].count(False) == 1
    assert (await story.load(ritva), await story.count("assignment")) == (1, 1)


async def test_two_routers_one_leads(story: Story) -> None:
    ritva = await story.agent(cap=50)
    one, two = _router(story, "one"), _router(story, "two")
    await asyncio.gather(one.step(), two.step())
    [lease] = await story.rows("lease")
    leader, standby = (one, two) if lease["holder"] == "one" else (two, one)
    await _visitors(story, 3)
    await standby.step()
    assert await story.load(ritva) == 0
    await leader.step()
    assert await story.load(ritva) == 3
    story.clock.advance(11)
    await story.says(AINO)
    await standby.step()
    await leader.step()
    [after] = await story.rows("lease")
    assert (after["holder"] != lease["holder"], after["epoch"], await story.load(ritva)) == (True, lease["epoch"] + 1, 4)


async def test_leaving_hands_the_lead_over_at_once(story: Story) -> None:
    ritva = await story.agent()
    one, two = _router(story, "one"), _router(story, "two")
    await one.step()
    await one.leave()
    await _visitors(story, 1)
    await two.step()
    assert await story.load(ritva) == 1


async def test_many_routers_never_overbook(story: Story) -> None:
    team = [await story.agent(name, cap=2) for name in ("Ritva", "Olli", "Anna")]
    await _visitors(story, 10)
    routers = [_router(story, str(number)) for number in range(3)]
    for _ in range(4):
        await asyncio.gather(*(router.step() for router in routers))
        story.clock.advance(6)
    assert [await story.load(agent) for agent in team] == [2, 2, 2]
    assert await story.count("assignment", ended_at=None) == 6


async def test_stranger_mail_waits_in_its_own_class(story: Story) -> None:
    ritva = await story.agent(cap=0)
    chat, mail = (await story.says(AINO)).conversation, (await story.says(AINO_MAIL, subject="Hi")).conversation
    await _router(story).step()
    assert ((await story.conversation(chat)).assignee_id, (await story.conversation(mail)).assignee_id) == (None, ritva.id)
