"""One thing done to many: by the same flows, each for itself, and only by who may."""

from __future__ import annotations

import pytest

from gateway.clock import HOUR
from gateway.errors import Conflict, Forbidden, Invalid
from gateway.flow import bulk
from gateway.flow.bulk import Wish
from gateway.model import Agent, Conversation
from gateway.store import tags
from tests.flow.story import AINO, Story, outcome


async def _do(story: Story, agent: Agent, where: Conversation, wish: Wish) -> Conversation:
    found = await story.conversation(where)
    return await story.db.run(bulk.do, agent.id, wish, found.id, found.version, story.policy)


async def test_each_act_is_the_one_of_a_single_conversation(story: Story) -> None:
    lead, ritva = await story.agent("Liisa", role="lead"), await story.agent()
    asked = (await story.says(AINO)).conversation
    assert (await _do(story, lead, asked, Wish(act="assign", agent=ritva.id))).assignee_id == ritva.id
    assert (await _do(story, lead, asked, Wish(act="priority", priority=1))).priority == 1
    await _do(story, lead, asked, Wish(act="tag", tag="VIP"))
    assert await story.db.read(tags.list_tags, [asked.id]) == {asked.id: ("vip",)}
    until = story.clock.now() + HOUR
    assert (await _do(story, lead, asked, Wish(act="snooze", until=until))).snoozed_until == until
    assert (await _do(story, lead, asked, Wish(act="reopen"))).state == "open"
    assert (await _do(story, lead, asked, Wish(act="assign"))).assignee_id is None
    assert (await _do(story, lead, asked, Wish(act="resolve", category="question"))).state == "resolved"
    assert (await _do(story, lead, asked, Wish(act="spam"))).spam_at is not None
    assert await story.load(ritva) == 0 == await story.load(lead)


async def test_it_takes_a_lead_and_the_version_that_was_seen(story: Story) -> None:
    lead, ritva = await story.agent("Liisa", role="lead"), await story.agent()
    asked = (await story.says(AINO)).conversation
    before = await story.dump()
    for act in bulk.ACTS:
        wish = Wish(act=act, until=story.clock.now() + HOUR, priority=1, tag="vip", category="question")
        assert isinstance(await outcome(_do(story, ritva, asked, wish)), Forbidden), act
        stale = story.db.run(bulk.do, lead.id, wish, asked.id, asked.version + 1, story.policy)
        assert isinstance(await outcome(stale), Conflict), act
    assert await story.dump() == before


def test_a_wish_that_nothing_could_grant_is_refused_whole() -> None:
    for wish, field in (
        (Wish(act="dance"), "act"),
        (Wish(act="snooze"), "until"),
        (Wish(act="priority"), "priority"),
        (Wish(act="tag"), "tag"),
        (Wish(act="tag", tag=" "), "add"),
    ):
        with pytest.raises(Invalid) as told:
            bulk.require_whole(wish)
        assert told.value.detail["field"] == field
    for act in bulk.ACTS:
        bulk.require_whole(Wish(act=act, until=1, priority=1, tag="vip"))
