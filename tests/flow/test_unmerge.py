"""A merge is taken back: afterwards everything is with the person whose handle carried it."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.clock import FakeClock
from gateway.db.database import Database
from gateway.errors import Conflict
from gateway.flow import merge, people
from gateway.model import Agent, Conversation, Merge, MergeId
from gateway.web import visitors
from tests.flow.story import AINO, AINO_MAIL, BINO, BINO_MAIL, Story, outcome, without_ids


async def _fold(story: Story, agent: Agent, kept: Conversation, gone: Conversation) -> Merge:
    folded = await story.db.run(merge.merge, agent.id, kept.contact_id, gone.contact_id)
    story.clock.advance(1)
    return folded


_LEFT_OUT = {"merge", "event", "intake", "search_entry", "search_mark", "lease"}
_OWN_TO_A_RUN = {
    "version",
    "seq",
    "pub",
    "last_seq",
    "last_pub",
    "route_at",
    "created_at",
    "updated_at",
    "due_at",
    "last_assigned_at",
    "at",
}


async def _undo(story: Story, agent: Agent, folded: Merge) -> None:
    await story.db.run(merge.undo, agent.id, folded.id)
    story.clock.advance(1)


async def _twenty(story: Story, agent: Agent, one: Any, other: Any) -> None:
    """Twenty messages on both handles; answers go to where the last one came from."""
    for number in range(10):
        sender = one if number % 3 else other
        accepted = await story.says(sender, f"{sender} in {number}")
        await story.replies(agent, accepted.conversation, f"{sender} out {number}")


@pytest.mark.parametrize("older_is_kept", [True, False])
async def test_after_undo_every_message_is_with_its_person(story: Story, older_is_kept: bool) -> None:
    ritva = await story.agent()
    aino = (await story.says(AINO, f"{AINO} first", name="Aino")).conversation
    bino = (await story.says(BINO, f"{BINO} first", name="Bino")).conversation
    folded = await _fold(story, ritva, *((aino, bino) if older_is_kept else (bino, aino)))
    await _twenty(story, ritva, AINO, BINO)
    await _undo(story, ritva, folded)
    for sender, name, other in ((AINO, "Aino", BINO), (BINO, "Bino", AINO)):
        contact_id = (await story.identity(sender)).contact_id
        own = {row["id"]: row for row in await story.rows("conversation", contact_id=contact_id)}
        found = [row for row in await story.rows("message") if row["conversation_id"] in own]
        assert {row["address"] for row in found} == {sender}
        assert all(row["text"].startswith(sender) for row in found), "nothing foreign, not in the text either"
        assert {row["author_name"] for row in found if row["direction"] == "in"} == {name}
        assert {row["author_id"] for row in found if row["direction"] == "in"} == {contact_id}
        assert all(row["preview"].startswith(sender) for row in own.values()), "the list shows nothing foreign"
        deliveries = [row for row in await story.rows("delivery") if row["conversation_id"] in own]
        assert {row["address"] for row in deliveries} == {sender}
        seen = await story.db.read(visitors.read_items, sender, 0, 200)
        assert other not in repr(seen)
        assert len(seen["items"]) == len(found)
        participants = {row["address"] for row in await story.rows("participant") if row["conversation_id"] in own}
        assert participants == {sender}
    assert await story.count("message") == 22
    for sender, conversation in ((AINO, aino), (BINO, bino)):
        assert (await story.says(sender)).conversation.id == conversation.id


async def _run(story: Story, *, merged: bool) -> dict[str, list[Any]]:
    """The same story with and without a merge in the middle that is undone at the end."""
    ritva = await story.agent()
    aino = (await story.says(AINO, "a", name="Aino")).conversation
    bino = (await story.says(BINO, "b", name="Bino")).conversation
    await story.says(AINO_MAIL, "a mail", subject="Hi", name="Aino by mail")
    await story.replies(ritva, aino, "to a")
    folded = await _fold(story, ritva, aino, bino) if merged else None
    for number in range(10):
        await story.says(AINO if number % 2 else BINO, f"{number}")
    if folded is not None:
        await _undo(story, ritva, folded)
    dump = await story.dump()
    kept = {name: rows for name, rows in dump.items() if name not in _LEFT_OUT}
    return {name: sorted(_shown(row) for row in rows) for name, rows in kept.items()}


def _shown(row: dict[str, Any]) -> str:
    told = {key: without_ids(value) for key, value in row.items() if key not in _OWN_TO_A_RUN}
    times = {key for key, value in told.items() if isinstance(value, int) and value > 10**12}
    return repr({key: "a time" if key in times else value for key, value in told.items()})


async def test_undone_merge_equals_no_merge(db: Database, clock: FakeClock, second_db: Database) -> None:
    without = await _run(Story(second_db, clock), merged=False)
    assert await _run(Story(db, clock), merged=True) == without


async def test_conversation_begun_meanwhile_goes_whole(story: Story) -> None:
    ritva = await story.agent()
    aino = (await story.says(AINO_MAIL, subject="Zero")).conversation
    bino = (await story.says(BINO_MAIL, subject="One")).conversation
    folded = await _fold(story, ritva, aino, bino)
    begun = (await story.says(BINO_MAIL, subject="Two")).conversation
    await story.notes(ritva, begun, "About Bino")
    assert begun.contact_id == aino.contact_id
    await _undo(story, ritva, folded)
    assert (await story.conversation(begun)).contact_id == bino.contact_id
    assert len(await story.messages(begun)) == 2


async def test_undo_while_both_have_begun_another(story: Story) -> None:
    """The joined ones cannot stand alone where their person has another open by now: they stay joined, into that one."""
    ritva = await story.agent()
    aino = (await story.says(AINO)).conversation
    bino = (await story.says(BINO)).conversation
    folded = await _fold(story, ritva, bino, aino)
    await story.takes(ritva, aino)
    await story.resolves(ritva, aino)
    story.clock.advance(8 * 86400)
    begun = (await story.says(BINO)).conversation
    assert begun.id not in (aino.id, bino.id)
    await _undo(story, ritva, folded)
    stored = await story.conversation(bino)
    assert (stored.state, stored.joined_to) == ("joined", begun.id)
    assert (await story.conversation(aino)).contact_id == aino.contact_id


async def test_name_that_was_lent_goes_back(story: Story) -> None:
    ritva = await story.agent()
    aino, bino = (await story.says(AINO)).conversation, (await story.says(BINO, name="Bino")).conversation
    folded = await _fold(story, ritva, aino, bino)
    names = {row["id"]: row["name"] for row in await story.rows("contact")}
    assert names == {aino.contact_id: "Bino", bino.contact_id: "Bino"}
    await _undo(story, ritva, folded)
    assert {row["id"]: row["name"] for row in await story.rows("contact")}[aino.contact_id] == ""


async def test_name_given_by_hand_since_stays(story: Story) -> None:
    ritva = await story.agent()
    aino, bino = (await story.says(AINO)).conversation, (await story.says(BINO, name="Bino")).conversation
    folded = await _fold(story, ritva, aino, bino)
    await story.db.run(people.change, ritva.id, aino.contact_id, {"name": "Aino Virtanen"})
    await _undo(story, ritva, folded)
    assert {row["id"]: row["name"] for row in await story.rows("contact")}[aino.contact_id] == "Aino Virtanen"


async def test_nested_merges_come_apart_in_order(story: Story) -> None:
    ritva = await story.agent()
    aino, bino = (await story.says(AINO)).conversation, (await story.says(BINO)).conversation
    cino = (await story.says(BINO_MAIL, subject="Hi")).conversation
    inner = await _fold(story, ritva, bino, cino)
    outer = await _fold(story, ritva, aino, bino)
    for sender in (AINO, BINO, BINO_MAIL):
        await story.says(sender, f"{sender} meanwhile")
    assert isinstance(await outcome(_undo(story, ritva, inner)), Conflict), "the outer one first"
    await _undo(story, ritva, outer)
    await _undo(story, ritva, inner)
    owners = {sender: (await story.identity(sender)).contact_id for sender in (AINO, BINO, BINO_MAIL)}
    assert list(owners.values()) == [aino.contact_id, bino.contact_id, cino.contact_id]
    for row in await story.rows("message"):
        [home] = await story.rows("conversation", id=row["conversation_id"])
        assert home["contact_id"] == owners[row["address"]]


async def test_two_merged_into_one_come_apart_last_first(story: Story) -> None:
    ritva = await story.agent()
    aino, bino = (await story.says(AINO)).conversation, (await story.says(BINO)).conversation
    cino = (await story.says(BINO_MAIL, subject="Hi")).conversation
    first, second = await _fold(story, ritva, aino, bino), await _fold(story, ritva, aino, cino)
    assert isinstance(await outcome(_undo(story, ritva, first)), Conflict)
    await _undo(story, ritva, second)
    await _undo(story, ritva, first)
    assert {row["state"] for row in await story.rows("conversation")} == {"open"}


async def test_undo_of_nothing(story: Story) -> None:
    ritva = await story.agent()
    told = await outcome(story.db.run(merge.undo, ritva.id, MergeId("none")))
    assert type(told).__name__ == "NotFound"
