"""An agent leaves, or may only read from now on: what they had finds somebody else when its customer is back."""

from __future__ import annotations

from gateway.flow import accounts, staff
from tests.flow.story import AINO, Story


async def test_whoever_left_does_not_get_it_back(story: Story) -> None:
    ritva = await story.agent(cap=9)
    where = (await story.says(AINO)).conversation
    await story.replies(ritva, where)
    await story.resolves(ritva, where)
    await story.db.run(accounts.disable, ritva.id)
    await story.says(AINO, "again")
    found = await story.conversation(where)
    assert found.state == "open" and found.assignee_id is None and found.route_at is not None
    assert await story.load(ritva) == 0


async def test_whoever_may_only_read_does_not_get_it_back(story: Story) -> None:
    ritva, boss = await story.agent("Ritva", cap=9), await story.agent("Boss", role="admin", cap=0)
    where = (await story.says(AINO)).conversation
    await story.replies(ritva, where)
    await story.db.run(staff.change, boss.id, ritva.id, staff.Change(role="viewer"))
    await story.says(AINO, "again")
    found = await story.conversation(where)
    assert found.assignee_id is None and found.route_at is not None
    assert await story.load(ritva) == 0
