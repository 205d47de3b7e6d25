"""Links between two conversations: both ends show them, both timelines tell them, and they cannot lead in circles of one."""

from __future__ import annotations

import pytest

from channels.contract import Address
from gateway.errors import Conflict, Forbidden, Invalid, NotFound
from gateway.flow import merge, relate
from gateway.json import loads
from gateway.model import Conversation, Link
from gateway.store import links
from tests.flow.story import AINO, AINO_MAIL, BINO, Story, outcome


async def _of(story: Story, where: Conversation) -> list[tuple[str, str, str]]:
    found = await story.db.read(links.list_links, where.id)
    return [(link.from_id, link.to_id, link.kind) for link in found]


async def _told(story: Story, where: Conversation, kind: str) -> list[tuple[str, str, str, int]]:
    found = [loads(row["payload"]) for row in await story.rows("event", conversation_id=where.id, kind=kind)]
    return [(payload["kind"], payload["direction"], payload["other"], payload["number"]) for payload in found]


async def test_a_link_stands_at_both_ends_by_id_or_number(story: Story) -> None:
    ritva = await story.agent()
    one, other = (await story.says(AINO)).conversation, (await story.says(BINO)).conversation
    await story.db.run(relate.link, ritva.id, one.id, other.id, "duplicate_of")
    await story.db.run(relate.link, ritva.id, one.id, f"#{other.number}", "blocked_by")
    assert await _of(story, one) == await _of(story, other) != []
    assert sorted(await _of(story, one)) == [(one.id, other.id, "blocked_by"), (one.id, other.id, "duplicate_of")]
    assert ("duplicate_of", "to", other.id, other.number) in await _told(story, one, "linked")
    assert ("duplicate_of", "from", one.id, one.number) in await _told(story, other, "linked")
    before = await story.dump()
    await story.db.run(relate.link, ritva.id, one.id, str(other.number), "blocked_by")
    assert await story.dump() == before, "twice is once"
    await story.db.run(relate.unlink, ritva.id, other.id, one.id, "duplicate_of")
    assert await _of(story, one) == [(one.id, other.id, "blocked_by")], "from the other end, too"
    assert await _told(story, one, "unlinked") == [("duplicate_of", "to", other.id, other.number)]
    with pytest.raises(NotFound):
        await story.db.run(relate.unlink, ritva.id, one.id, other.id, "duplicate_of")


async def test_related_has_no_direction_and_the_others_cannot_be_said_both_ways(story: Story) -> None:
    ritva = await story.agent()
    one, other = (await story.says(AINO)).conversation, (await story.says(BINO)).conversation
    await story.db.run(relate.link, ritva.id, one.id, other.id, "related")
    await story.db.run(relate.link, ritva.id, other.id, one.id, "related")
    assert await _of(story, one) == [(one.id, other.id, "related")]
    await story.db.run(relate.link, ritva.id, one.id, other.id, "blocked_by")
    with pytest.raises(Conflict):
        await story.db.run(relate.link, ritva.id, other.id, one.id, "blocked_by")


async def test_what_cannot_be_linked(story: Story) -> None:
    ritva, viewer = await story.agent(), await story.agent("Vera", role="viewer")
    one, other = (await story.says(AINO)).conversation, (await story.says(BINO)).conversation
    for name in (one.id, str(one.number)):
        with pytest.raises(Invalid):
            await story.db.run(relate.link, ritva.id, one.id, name, "related")
    for name in ("0191", "999999", "9" * 40, "²", ""):
        with pytest.raises(NotFound):
            await story.db.run(relate.link, ritva.id, one.id, name, "related")
    with pytest.raises(Invalid):
        await story.db.run(relate.link, ritva.id, one.id, other.id, "loves")
    for act in (relate.link, relate.unlink):
        with pytest.raises(Forbidden):
            await story.db.run(act, viewer.id, one.id, other.id, "related")
    assert await story.count("conversation_link") == 0


async def test_a_joined_one_stands_for_what_it_was_joined_into(story: Story) -> None:
    ritva = await story.agent()
    whole, part = (await story.says(AINO)).conversation, (await story.says(AINO_MAIL)).conversation
    await story.db.run(merge.merge, ritva.id, whole.contact_id, part.contact_id)
    other = (await story.says(BINO)).conversation
    await story.db.run(relate.link, ritva.id, other.id, str(part.number), "related")
    assert await _of(story, whole) == [(other.id, whole.id, "related")]
    with pytest.raises(Conflict):
        await story.db.run(relate.link, ritva.id, part.id, other.id, "related")


async def test_fifty_links_are_the_most_at_either_end(story: Story) -> None:
    ritva = await story.agent()
    hub = (await story.says(AINO)).conversation
    others = [(await story.says(Address(f"visitor:site/v{number}"))).conversation for number in range(relate.MOST + 1)]
    await story.db.run(lambda tx: [links.add_link(tx, Link(hub.id, other.id, "related", tx.now)) for other in others[: relate.MOST - 1]])
    await story.db.run(relate.link, ritva.id, others[-2].id, hub.id, "related")
    for ends in ((hub, others[-1]), (others[-1], hub)):
        failed = await outcome(story.db.run(relate.link, ritva.id, ends[0].id, ends[1].id, "related"))
        assert isinstance(failed, Invalid) and f"#{hub.number}" in str(failed)
