"""An address somebody typed is a claim: it routes nothing, shows nothing, and becomes an identity only by proof."""

from __future__ import annotations

import asyncio

import pytest

from channels.contract import Seen
from gateway.db.database import Tx
from gateway.errors import Conflict, Forbidden
from gateway.flow import people, receipts, views
from gateway.model import ContactId
from gateway.store import contacts
from gateway.web import visitors
from tests.flow.story import AINO, AINO_MAIL, BINO, CHAT, Story, outcome


def _claims(tx: Tx, contact_id: ContactId) -> list[str]:
    return [claim.address for claim in contacts.list_claims(tx, contact_id)]


async def test_a_claim_gets_nothing_of_the_one_it_names(story: Story) -> None:
    """R75: a visitor who says they are aino@… sees nothing of hers, and her mail goes to her."""
    secret = await story.says(AINO_MAIL, "My password is swordfish", subject="Account", name="Aino")
    visitor = await story.says(BINO, "Hello, I am Aino")
    visitor_contact = (await story.identity(BINO)).contact_id
    assert await story.db.run(people.claim, visitor_contact, AINO_MAIL, visitor.conversation.id)
    assert (await story.identity(AINO_MAIL)).contact_id == secret.conversation.contact_id
    seen = await story.db.read(visitors.read_items, BINO, 0, 200)
    assert [item["text"] for item in seen["items"]] == ["Hello, I am Aino"]
    assert await story.db.read(views.read_history, secret.conversation, BINO, 0, 200) == []
    more = await story.says(AINO_MAIL, "And my card is 4000", subject="Account")
    assert more.conversation.id == secret.conversation.id
    assert [message.text for message in await story.messages(visitor.conversation)] == ["Hello, I am Aino"]
    again = await story.says(BINO, "Well?")
    assert again.conversation.id == visitor.conversation.id


async def test_claim_of_nobody_known_does_not_route_either(story: Story) -> None:
    visitor = await story.says(BINO)
    await story.db.run(people.claim, visitor.conversation.contact_id, AINO_MAIL, visitor.conversation.id)
    mail = await story.says(AINO_MAIL, subject="Hi")
    assert mail.conversation.contact_id != visitor.conversation.contact_id
    assert "claimed" in await story.kinds(visitor.conversation)


async def test_claim_is_written_once_and_can_be_cut(story: Story) -> None:
    visitor = await story.says(BINO)
    contact_id = visitor.conversation.contact_id
    told = [await story.db.run(people.claim, contact_id, AINO_MAIL, None) for _ in range(2)]
    assert (told, await story.db.read(_claims, contact_id)) == ([True, False], [AINO_MAIL])
    assert not await story.db.run(people.claim, contact_id, BINO, None), "it is theirs already"
    [claim] = await story.rows("claim")
    await story.db.run(people.cut_claim, claim["id"])
    assert await story.db.read(_claims, contact_id) == []
    assert await story.db.run(people.claim, contact_id, AINO_MAIL, None)


async def test_proof_turns_the_claim_into_an_identity(story: Story) -> None:
    visitor = await story.says(BINO)
    contact_id = visitor.conversation.contact_id
    await story.db.run(people.claim, contact_id, AINO_MAIL, visitor.conversation.id)
    proved = await story.db.run(people.prove, AINO_MAIL, contact_id, "code", story.clock.now())
    assert (proved.contact_id, (await story.identity(AINO_MAIL)).proof_method) == (contact_id, "code")
    assert await story.db.read(_claims, contact_id) == []
    mail = await story.says(AINO_MAIL, subject="Hi")
    assert mail.conversation.id == visitor.conversation.id, "one person, one conversation"
    await story.db.run(people.prove, AINO_MAIL, contact_id, "link", story.clock.now())
    assert (await story.identity(AINO_MAIL)).proof_method == "link"


async def test_proving_what_is_somebody_elses_is_a_conflict(story: Story) -> None:
    await story.says(AINO_MAIL, subject="Hi")
    visitor = await story.says(BINO)
    before = await story.dump()
    with pytest.raises(Conflict):
        await story.db.run(people.prove, AINO_MAIL, visitor.conversation.contact_id, "code", 1)
    assert await story.dump() == before


async def test_two_prove_the_same_address_at_once(story: Story) -> None:
    told = [await story.says(who) for who in (AINO, BINO)]
    owners = [one.conversation.contact_id for one in told]
    for _ in range(5):
        results = await asyncio.gather(*(outcome(story.db.run(people.prove, AINO_MAIL, who, "code", 1)) for who in owners))
        owner = (await story.identity(AINO_MAIL)).contact_id
        for who, result in zip(owners, results, strict=True):
            assert isinstance(result, Conflict) is (who != owner), "whoever lost is told"


async def test_visitor_sees_from_the_first_message_of_their_own_on(story: Story) -> None:
    ritva = await story.agent()
    first = await story.says(AINO_MAIL, "Old", subject="Hi")
    await story.replies(ritva, first.conversation, "Old answer")
    await story.db.run(people.prove, AINO, first.conversation.contact_id, "code", 1)
    second = await story.says(AINO, "New")
    await story.replies(ritva, second.conversation, "New answer")
    assert second.conversation.id == first.conversation.id
    seen = await story.db.read(visitors.read_items, AINO, 0, 200)
    assert [item["text"] for item in seen["items"]] == ["New", "New answer"]
    await story.db.run(receipts.seen, Seen(channel_id=CHAT, dedup_key="", reader=AINO, pub=99), "read")
    states = {row["address"]: row["state"] for row in await story.rows("delivery")}
    assert states == {AINO_MAIL: "queued", AINO: "read"}


async def test_rename_by_hand(story: Story) -> None:
    ritva, viewer = await story.agent(), await story.agent("Vera", role="viewer")
    contact_id = (await story.says(AINO)).conversation.contact_id
    assert (await story.db.run(people.change, ritva.id, contact_id, {"name": "  Aino \0 "})).name == "Aino \ufffd"
    with pytest.raises(Forbidden):
        await story.db.run(people.change, viewer.id, contact_id, {"name": "Bino"})
    assert [row["name"] for row in await story.rows("contact")] == ["Aino \ufffd"]
