"""Places offered and not yet accepted, and places given back by who has gone: nobody loses their turn."""

from __future__ import annotations

import asyncio

import pytest

from gateway.clock import SECOND
from gateway.errors import Conflict, Forbidden
from gateway.flow import presence, route, tidy
from gateway.flow.policy import Policy
from gateway.flow.route import Router
from gateway.json import loads
from gateway.model import Conversation
from gateway.store import agents
from tests.flow.story import AINO, Story, outcome

OFFERED = Policy(offer=30 * SECOND)


def _router(story: Story, holder: str = "one") -> Router:
    return Router(story.db, story.clock, story.policy, holder)


async def _visitors(story: Story, count: int) -> list[Conversation]:
    """Oldest first."""
    return [(await story.says(type(AINO)(f"visitor:site/{number}"))).conversation for number in range(count)]


async def _offered(story: Story) -> Conversation:
    [waiting] = await _visitors(story, 1)
    await _router(story).step()
    return await story.conversation(waiting)


async def test_offer_keeps_a_place_until_the_answer(story: Story) -> None:
    story.policy = OFFERED
    ritva = await story.agent()
    waiting = await _offered(story)
    assert (waiting.assignee_id, await story.load(ritva)) == (None, 1)
    [offer] = await story.rows("offer")
    assert (offer["state"], offer["agent_id"], offer["deadline"] - offer["at"]) == ("open", ritva.id, 30 * SECOND)
    await _router(story).step()
    assert await story.count("offer") == 1, "while one is open no other is made"
    olli = await story.agent("Olli")
    assert isinstance(await outcome(story.db.run(route.accept_offer, olli.id, waiting.id, waiting.version)), Forbidden)
    taken = await story.db.run(route.accept_offer, ritva.id, waiting.id, waiting.version)
    assert (taken.assignee_id, taken.holds, await story.load(ritva)) == (ritva.id, 1, 1)
    [row] = await story.rows("assignment")
    assert (row["decided_by"], row["reason"], row["verdicts"]) == ("router", offer["reason"], offer["verdicts"])
    assert loads(row["verdicts"])
    assert isinstance(await outcome(story.db.run(route.accept_offer, ritva.id, waiting.id, taken.version)), Conflict)


@pytest.mark.parametrize("how", ["declined", "expired"])
async def test_offer_that_passes_keeps_the_place_in_the_queue(story: Story, how: str) -> None:
    story.policy = OFFERED
    ritva = await story.agent()
    waiting = await _offered(story)
    olli = await story.agent("Olli")
    if how == "declined":
        assert isinstance(await outcome(story.db.run(route.pass_offer, waiting.id, "declined", olli.id)), Conflict)
        await story.db.run(route.pass_offer, waiting.id, "declined", ritva.id)
    else:
        story.clock.advance(31)
        late = await outcome(story.db.run(route.accept_offer, ritva.id, waiting.id, waiting.version))
        assert isinstance(late, Conflict)
        assert await story.db.read(tidy.due_offers) == [waiting.id]
        await story.db.run(route.pass_offer, waiting.id, "expired")
    back = await story.conversation(waiting)
    assert (back.waiting_since, back.assignee_id, await story.load(ritva)) == (waiting.waiting_since, None, 0)
    assert [row["state"] for row in await story.rows("offer")] == [how]
    await _router(story, "two" if how == "expired" else "one").step()
    assert {row["agent_id"] for row in await story.rows("offer", state="open")} == {olli.id}, "not the same one again"


async def test_offer_ends_when_somebody_takes_it(story: Story) -> None:
    story.policy = OFFERED
    ritva = await story.agent()
    waiting = await _offered(story)
    olli = await story.agent("Olli")
    await story.takes(olli, waiting)
    assert ([row["state"] for row in await story.rows("offer")], await story.load(ritva), await story.load(olli)) == (["withdrawn"], 0, 1)
    assert isinstance(await outcome(story.db.run(route.accept_offer, ritva.id, waiting.id, waiting.version)), Conflict)


async def test_offer_accepted_after_the_customer_changed_channels(story: Story) -> None:
    story.policy = OFFERED
    ritva = await story.agent()
    waiting = await _offered(story)
    await story.says(type(AINO)("visitor:site/0"), load_class="mail")
    await story.db.run(route.accept_offer, ritva.id, waiting.id, waiting.version)
    assert (await story.load(ritva, "chat"), await story.load(ritva, "mail")) == (0, 1)
    assert await story.db.run(agents.reconcile) == []


async def test_lapsed_presence_gives_back_what_was_not_answered(story: Story) -> None:
    ritva = await story.agent()
    first, second = await _visitors(story, 2)
    await story.replies(ritva, first)
    await _router(story).step()
    assert await story.load(ritva) == 2
    place = (await story.conversation(second)).waiting_since
    assert await story.db.run(presence.give_back_absent, ritva.id) == []
    await story.here(ritva, story.clock.now() - 1)
    assert await story.db.run(presence.give_back_absent, ritva.id) == [second.id]
    back = await story.conversation(second)
    assert (back.assignee_id, back.waiting_since, back.route_at is not None) == (None, place, True)
    assert ((await story.conversation(first)).assignee_id, await story.load(ritva)) == (ritva.id, 1)
    assert await story.db.run(presence.give_back_absent, ritva.id) == []


async def test_going_away_gives_back_and_coming_back_gets_again(story: Story) -> None:
    ritva = await story.agent()
    [waiting] = await _visitors(story, 1)
    router = _router(story)
    await router.step()
    await story.db.run(presence.declare, ritva.id, "away")
    assert (await story.conversation(waiting)).assignee_id is None
    await router.step()
    assert (await story.conversation(waiting)).assignee_id is None
    await story.db.run(presence.declare, ritva.id, "available")
    await router.step()
    back = await story.conversation(waiting)
    assert (back.assignee_id, back.waiting_since) == (ritva.id, waiting.waiting_since)
    ended = [row["end_reason"] for row in await story.rows("assignment")]
    assert sorted(map(str, ended)) == ["None", "released"]


async def test_going_away_beside_a_take_over(story: Story) -> None:
    """Nobody waits in a circle when an agent's conversations go back while a colleague takes them."""
    olli = await story.agent("Olli", cap=100)
    for number in range(8):
        ritva = await story.agent(f"Ritva{number}", cap=10)
        mine = [(await story.says(type(AINO)(f"visitor:site/{number}{side}"))).conversation for side in "abcd"]
        for found in mine:
            await story.takes(ritva, found)
        told = await asyncio.gather(
            outcome(story.db.run(presence.declare, ritva.id, "away")), *(outcome(story.takes(olli, found)) for found in reversed(mine))
        )
        assert not [one for one in told if isinstance(one, Exception) and not isinstance(one, Conflict)]
        assert await story.load(ritva) == 0
    assert await story.load(olli) == await story.count("conversation", assignee_id=olli.id)


async def test_presence_of_several_surfaces(story: Story) -> None:
    ritva = await story.agent(here=False)
    await story.db.run(presence.renew, ritva.id, "inbox", story.policy)
    await story.db.run(presence.renew, ritva.id, "slack", story.policy)
    await story.db.run(presence.leave, ritva.id, "inbox", story.policy)
    story.clock.advance(30)
    assert await story.db.read(agents.list_present) == {ritva.id}
    await story.db.run(presence.leave, ritva.id, "slack", story.policy)
    story.clock.advance(31)
    assert await story.db.read(agents.list_present) == set()
