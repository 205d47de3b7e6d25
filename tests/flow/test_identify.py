"""A visitor signs in while other things happen to them: nothing is lost, nothing is shown to who comes after (T-24)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from channels.contract import Address
from gateway.db.database import Tx
from gateway.errors import Unauthorised
from gateway.flow import identify, merge, people
from gateway.flow.identify import Vouched
from gateway.model import Contact, MergeId
from gateway.store import takeover
from tests.flow.story import AINO_MAIL, BINO, CHAT, Story, outcome

USER = Address("user:shop/aino")
VISITOR = Address("visitor:aaaaaaaaaaaaaaaaaaaaaaaa")


async def sign_in(story: Story, visitor: Address | None = VISITOR, **more: Any) -> Contact:
    contact = await story.db.run(identify.sign_in, Vouched(USER, **more), visitor)
    story.clock.advance(1)
    return contact


def _parts(tx: Tx, address: Address) -> set[str]:
    return set(takeover.list_parts(tx, address))


async def test_a_message_that_races_with_the_sign_in_goes_before_it_or_is_refused(story: Story) -> None:
    for number in range(12):
        visitor = Address(f"visitor:{number:024}")
        user = Address(f"user:shop/{number}")
        first = await story.says(visitor, "one")
        told, contact = await asyncio.gather(
            outcome(story.accept(story.fact(visitor, "two"))), outcome(story.db.run(identify.sign_in, Vouched(user), visitor))
        )
        assert isinstance(contact, Contact), contact
        said = [message.text for message in await story.messages(first.conversation)]
        assert said == (["one"] if isinstance(told, Unauthorised) else ["one", "two"])
        assert await story.db.read(_parts, visitor) == set()
        assert await story.db.read(_parts, user) == {first.conversation.id}
        story.clock.advance(1)


async def test_what_is_settled_is_not_written_again(story: Story) -> None:
    await story.says(VISITOR)
    vouched = Vouched(USER, "Aino", AINO_MAIL, True)
    assert not await story.db.read(identify.is_settled, vouched, VISITOR)
    await story.db.run(identify.sign_in, vouched, VISITOR)
    assert await story.db.read(identify.is_settled, vouched, VISITOR)
    before = await story.dump()
    await story.db.run(identify.sign_in, vouched, VISITOR)
    assert await story.dump() == before, "not even when it is asked for"
    await story.says(BINO)
    assert not await story.db.read(identify.is_settled, vouched, BINO), "another visitor's words wait to be taken over"


async def test_a_merge_beside_a_sign_in_ends_one_way_or_the_other(story: Story) -> None:
    ritva = await story.agent()
    for number in range(6):
        visitor, user = Address(f"visitor:{number:024}"), Address(f"user:shop/{number}")
        mail = Address(f"mailto:n{number}@example.fi")
        theirs = (await story.says(visitor)).conversation.contact_id
        other = (await story.says(mail, subject="Hi")).conversation.contact_id
        merged, contact = await asyncio.gather(
            outcome(story.db.run(merge.merge, ritva.id, other, theirs)), outcome(story.db.run(identify.sign_in, Vouched(user), visitor))
        )
        assert not isinstance(merged, Exception) and isinstance(contact, Contact), (merged, contact)
        assert {(await story.identity(one)).contact_id for one in (visitor, user, mail)} == {other}
        story.clock.advance(1)


async def test_an_undone_merge_gives_the_visitor_everything_back(story: Story) -> None:
    ritva = await story.agent(cap=9)
    await sign_in(story, None)
    home = await story.says(USER, "home")
    work = await story.says(VISITOR, "work", name="Somebody")
    await story.replies(ritva, work.conversation, "to work")
    before = {name: await story.rows(name) for name in ("participant", "delivery", "file")}
    await sign_in(story)
    assert await story.db.read(_parts, VISITOR) == set()
    [record] = await story.rows("merge")
    assert record["by_agent"] is None and record["gone"] == work.conversation.contact_id
    await story.db.run(merge.undo, ritva.id, MergeId(record["id"]))
    assert {name: await story.rows(name) for name in before} == before
    assert (await story.conversation(work.conversation)).contact_id == work.conversation.contact_id
    again = await story.says(VISITOR, "it is me")
    assert again.conversation.id == work.conversation.id != home.conversation.id


async def test_replies_reach_who_the_visitor_has_become(story: Story) -> None:
    ritva = await story.agent()
    where = (await story.says(VISITOR)).conversation
    await sign_in(story)
    said = await story.replies(ritva, where)
    assert said.message.address == USER and said.delivery is not None and said.delivery.address == USER
    assert await story.db.read(_parts, VISITOR) == set()
    await story.db.run(people.prove, AINO_MAIL, where.contact_id, "code", 1)
    await story.says(AINO_MAIL, "by mail now")
    assert (await story.replies(ritva, where)).message.address == AINO_MAIL
    chosen = await story.replies(ritva, where, address=USER)
    assert (chosen.message.address, chosen.message.channel_id) == (USER, CHAT)
    with pytest.raises(Unauthorised):
        await story.says(VISITOR, "who is there")
