"""What agents say about a conversation: only what is named changes, one event for each change, tags bounded and clean."""

from __future__ import annotations

import pytest

from gateway.clock import HOUR
from gateway.db.database import Hint
from gateway.errors import Conflict, Forbidden, Invalid
from gateway.flow import mark, publish
from gateway.json import loads
from gateway.model import Agent, Conversation
from gateway.store import inbox
from tests.flow.story import AINO, Story


async def _change(story: Story, agent: Agent, where: Conversation, **wanted: object) -> Conversation:
    found = await story.conversation(where)
    return await story.db.run(mark.change, agent.id, found.id, found.version, wanted)  # type: ignore[arg-type]  # also wrong ones


async def _tags(story: Story, agent: Agent, where: Conversation) -> tuple[str, ...]:
    [row] = await story.db.read(inbox.list_rows_of, agent.id, [where.id])
    return row.tags


async def _payloads(story: Story, where: Conversation, kind: str) -> list[dict[str, object]]:
    return [loads(row["payload"]) for row in await story.rows("event", conversation_id=where.id, kind=kind)]


async def test_only_what_is_named_changes_and_each_change_is_told(story: Story, hints: list[Hint]) -> None:
    ritva, asked = await story.agent(), (await story.says(AINO)).conversation
    due = story.clock.now() + HOUR
    hints.clear()
    changed = await _change(story, ritva, asked, priority=1, subject="  A \n sofa ", category="question", due_at=due)
    assert (changed.priority, changed.subject, changed.category_id, changed.due_at) == (1, "A sofa", "question", due)
    assert changed.version == asked.version + 1
    assert (await story.kinds(asked))[1:] == ["prioritised", "categorised", "renamed", "due_set"]
    assert Hint("agents", "row", {"conversation_id": asked.id}) in hints and publish.WAKE_ROUTE in hints, "its place in the queue changed"
    alone = await _change(story, ritva, asked, priority=3)
    assert (alone.subject, alone.category_id, alone.due_at, alone.priority) == ("A sofa", "question", due, 3)
    assert await _payloads(story, asked, "prioritised") == [{"priority": 1, "before": 2}, {"priority": 3, "before": 1}]
    cleared = await _change(story, ritva, asked, category=None, due_at=None, subject="")
    assert (cleared.category_id, cleared.due_at, cleared.subject, cleared.priority) == (None, None, "", 3)


async def test_what_is_so_already_writes_nothing(story: Story) -> None:
    ritva, asked = await story.agent(), (await story.says(AINO)).conversation
    before = await story.dump()
    await _change(story, ritva, asked, priority=2, subject=" ", category=None, due_at=None)
    await _change(story, ritva, asked)
    assert await story.dump() == before


async def test_what_cannot_be_changed(story: Story) -> None:
    ritva, viewer = await story.agent(), await story.agent("Vera", role="viewer")
    asked = (await story.says(AINO)).conversation
    now = story.clock.now()
    for wrong in ({"priority": 4}, {"priority": 0}, {"category": "no such"}, {"due_at": now - 1}, {"due_at": 0}, {"subject": "x" * 301}):
        before = await story.dump()
        with pytest.raises(Invalid) as told:
            await _change(story, ritva, asked, priority=wrong.pop("priority", 1), **wrong)
        assert told.value.detail["field"] in ("priority", "category", "due_at", "subject")
        assert await story.dump() == before, "all or nothing"
    with pytest.raises(Forbidden):
        await _change(story, viewer, asked, priority=1)
    with pytest.raises(Conflict):
        await story.db.run(mark.change, ritva.id, asked.id, asked.version + 1, {"priority": 1})


async def test_tags_are_kept_in_small_letters_once_each(story: Story) -> None:
    ritva, asked = await story.agent(), (await story.says(AINO)).conversation
    await story.db.run(mark.tag, ritva.id, asked.id, ["  VIP ", "vip", "déjà  VU", "a,b;c #d"])
    assert await _tags(story, ritva, asked) == ("a b c d", "déjà vu", "vip")
    await story.db.run(mark.tag, ritva.id, asked.id, ["vip", "angry"], ["DÉJÀ vu", "not there"])
    assert await _tags(story, ritva, asked) == ("a b c d", "angry", "vip")
    assert await _payloads(story, asked, "tagged") == [{"tags": ["vip", "déjà vu", "a b c d"]}, {"tags": ["angry"]}]
    assert await _payloads(story, asked, "untagged") == [{"tags": ["déjà vu"]}]
    before = await story.dump()
    await story.db.run(mark.tag, ritva.id, asked.id, ["vip"], ["not there"])
    assert await story.dump() == before, "nothing changed, so nothing is told"


async def test_tags_are_bounded(story: Story) -> None:
    ritva, viewer = await story.agent(), await story.agent("Vera", role="viewer")
    asked = (await story.says(AINO)).conversation
    for wrong in ("", " ", ",;#", "x" * 41, "bell\a", "\u202eabc"):
        with pytest.raises(Invalid):
            await story.db.run(mark.tag, ritva.id, asked.id, ["fine", wrong])
    assert await _tags(story, ritva, asked) == ()
    twenty = [f"tag {number}" for number in range(mark.MOST_TAGS)]
    await story.db.run(mark.tag, ritva.id, asked.id, [*twenty, "x" * 40][:20])
    with pytest.raises(Invalid):
        await story.db.run(mark.tag, ritva.id, asked.id, ["one more"])
    await story.db.run(mark.tag, ritva.id, asked.id, ["one more"], ["tag 0"])
    assert len(await _tags(story, ritva, asked)) == mark.MOST_TAGS
    with pytest.raises(Forbidden):
        await story.db.run(mark.tag, viewer.id, asked.id, ["vip"])
