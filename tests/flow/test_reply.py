"""An answer goes out once, a note never: it has no number the customer could count and nothing that could carry it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.errors import Conflict, Forbidden, Invalid
from gateway.flow import lifecycle, people, uploads
from gateway.flow.policy import Policy
from gateway.flow.route import Router, accept_offer
from gateway.web import visitors
from tests.flow.story import AINO, AINO_MAIL, AINO_PHONE, BINO_MAIL, CHAT, MAIL, Story, outcome


async def test_reply_takes_what_nobody_has_and_queues_one_delivery(story: Story) -> None:
    ritva = await story.agent()
    accepted = await story.says(AINO)
    said = await story.replies(ritva, accepted.conversation, "Let me look")
    assert (said.message.seq, said.message.pub, said.message.direction, said.message.author_name) == (2, 2, "out", "Ritva")
    stored = await story.conversation(accepted.conversation)
    assert (stored.assignee_id, stored.waiting_since, stored.route_at, stored.holds) == (ritva.id, None, None, 1)
    assert (await story.load(ritva), await story.kinds(stored)) == (1, ["received", "taken", "replied"])
    [delivery] = await story.rows("delivery")
    assert (delivery["channel_id"], delivery["address"], delivery["state"], delivery["seq"]) == (CHAT, AINO, "queued", 1)
    assert delivery["due_at"] == delivery["created_at"], "a person is looking: no pause to undo"
    assert await story.rows("delivery_message") == [{"delivery_id": delivery["id"], "message_id": said.message.id}]


async def test_reply_is_taken_once(story: Story) -> None:
    ritva, olli = await story.agent(), await story.agent("Olli")
    accepted = await story.says(AINO)
    told = await asyncio.gather(*(story.reply(ritva, accepted.conversation, client_id="same") for _ in range(5)))
    assert ({one.message.id for one in told}, sorted(one.duplicate for one in told)) == (
        {told[0].message.id},
        [False, True, True, True, True],
    )
    assert (await story.count("message"), await story.count("delivery")) == (2, 1)
    other = await story.replies(olli, accepted.conversation, client_id="same")
    assert not other.duplicate, "the key is the agent's own"


async def test_lanes_count_per_address(story: Story) -> None:
    ritva = await story.agent()
    chat, mail = await story.says(AINO), await story.says(BINO_MAIL, subject="Hi")
    for where in (chat, mail, chat, chat, mail):
        await story.replies(ritva, where.conversation)
    lanes = sorted((row["lane"], row["seq"]) for row in await story.rows("delivery"))
    assert lanes == [(f"chat {AINO}", 1), (f"chat {AINO}", 2), (f"chat {AINO}", 3), (f"mail {BINO_MAIL}", 1), (f"mail {BINO_MAIL}", 2)]


async def test_mail_waits_for_second_thoughts(story: Story) -> None:
    ritva = await story.agent()
    mail = await story.says(AINO_MAIL, subject="Hi")
    said = await story.replies(ritva, mail.conversation)
    assert said.delivery is not None
    assert said.delivery.due_at - said.delivery.created_at == story.policy.undo


async def test_parallel_replies_get_numbers_without_holes(story: Story) -> None:
    ritva = await story.agent()
    accepted = await story.says(AINO)
    await asyncio.gather(*(story.reply(ritva, accepted.conversation, f"Answer {number}") for number in range(30)))
    assert [message.pub for message in await story.messages(accepted.conversation)] == list(range(1, 32))
    assert sorted(row["seq"] for row in await story.rows("delivery")) == list(range(1, 31))


async def test_the_answer_goes_where_the_customer_is_now(story: Story) -> None:
    ritva = await story.agent()
    mail = await story.says(AINO_MAIL, subject="Hi")
    await story.db.run(people.prove, AINO, mail.conversation.contact_id, "code", 1)
    await story.says(AINO)
    said = await story.replies(ritva, mail.conversation)
    assert (said.message.channel_id, said.message.address) == (CHAT, AINO)


async def test_a_chosen_identity_is_reached_over_its_own_channel(story: Story) -> None:
    ritva = await story.agent()
    mail = await story.says(AINO_MAIL, subject="Hi")
    await story.db.run(people.prove, AINO, mail.conversation.contact_id, "code", 1)
    await story.says(AINO)
    said = await story.replies(ritva, mail.conversation, address=AINO_MAIL)
    assert (said.message.channel_id, said.message.address) == (MAIL, AINO_MAIL)
    assert said.delivery is not None
    assert said.delivery.lane == f"mail {AINO_MAIL}"


async def test_addresses_that_cannot_be_reached(story: Story) -> None:
    ritva = await story.agent()
    chat, other = await story.says(AINO), await story.says(BINO_MAIL, subject="Hi")
    await story.db.run(people.claim, chat.conversation.contact_id, AINO_MAIL, None)
    await story.db.run(people.prove, AINO_PHONE, chat.conversation.contact_id, "code", 1)
    before = await story.dump()
    for address in (BINO_MAIL, AINO_MAIL, AINO_PHONE, "mailto:nobody@example.fi"):
        refused = await outcome(story.replies(ritva, chat.conversation, address=address))
        assert isinstance(refused, Invalid), "another's, claimed only, never used, unknown"
    assert (await story.dump(), other.conversation.number) == (before, 1002)


async def test_channel_that_is_off(story: Story) -> None:
    ritva = await story.agent()
    accepted = await story.says(AINO, channel_id="x")
    with pytest.raises(Invalid):
        await story.replies(ritva, accepted.conversation)
    assert await story.count("intake") == 1, "the client id may be used again"


@pytest.mark.parametrize("text", ["", "  \n\t"])
async def test_empty(story: Story, text: str) -> None:
    ritva = await story.agent()
    accepted = await story.says(AINO)
    for call in (story.replies, story.notes):
        with pytest.raises(Invalid):
            await call(ritva, accepted.conversation, text)


async def test_who_may_not_write(story: Story) -> None:
    viewer = await story.agent("Vera", role="viewer")
    accepted = await story.says(AINO)
    for call in (story.replies(viewer, accepted.conversation), story.notes(viewer, accepted.conversation)):
        with pytest.raises(Forbidden):
            await call
    with pytest.raises(Forbidden):
        await story.takes(viewer, accepted.conversation)
    assert await story.count("message") == 1


async def test_closed_takes_notes_but_no_replies(story: Story) -> None:
    ritva = await story.agent()
    accepted = await story.says(AINO)
    await story.takes(ritva, accepted.conversation)
    await story.resolves(ritva, accepted.conversation)
    await story.db.run(lifecycle.solved, accepted.conversation.id, AINO, True)
    with pytest.raises(Conflict):
        await story.replies(ritva, accepted.conversation)
    assert (await story.notes(ritva, accepted.conversation)).message.seq == 2


async def test_reply_opens_what_slept(story: Story) -> None:
    ritva = await story.agent()
    accepted = await story.says(AINO)
    await story.takes(ritva, accepted.conversation)
    for put_aside, kind in ((story.resolves, "reopened"), (story.snoozes, "woken")):
        await put_aside(ritva, accepted.conversation)
        assert await story.load(ritva) == 0
        await story.replies(ritva, accepted.conversation)
        stored = await story.conversation(accepted.conversation)
        assert (stored.state, stored.holds, await story.load(ritva)) == ("open", 1, 1)
        assert kind in await story.kinds(stored)


async def test_reply_into_an_old_one_while_another_is_open(story: Story) -> None:
    ritva = await story.agent()
    first = await story.says(AINO)
    await story.takes(ritva, first.conversation)
    await story.resolves(ritva, first.conversation)
    story.clock.advance(8 * 86400)
    second = await story.says(AINO)
    with pytest.raises(Conflict) as told:
        await story.replies(ritva, first.conversation)
    assert f"#{second.conversation.number}" in str(told.value)


async def test_reply_ends_an_offer_to_somebody_else(story: Story) -> None:
    story.policy = Policy(offer=30_000_000)
    ritva = await story.agent("Ritva")
    accepted = await story.says(AINO)
    await Router(story.db, story.clock, story.policy, "one").step()
    offered = await story.conversation(accepted.conversation)
    olli = await story.agent("Olli")
    await story.replies(olli, accepted.conversation)
    assert [row["state"] for row in await story.rows("offer")] == ["withdrawn"]
    assert (await story.load(ritva), await story.load(olli)) == (0, 1)
    assert isinstance(await outcome(story.db.run(accept_offer, ritva.id, offered.id, offered.version)), Conflict)


async def test_files_of_an_agent(story: Story) -> None:
    ritva, olli = await story.agent(), await story.agent("Olli")
    accepted = await story.says(AINO)
    file = await story.db.run(uploads.new_file, ritva.id, CHAT, "a.pdf", "application/pdf", 3, "0" * 64)
    before = await story.dump()
    assert isinstance(await outcome(story.replies(olli, accepted.conversation, files=(file.id,))), Invalid)
    assert await story.dump() == before
    said = await story.replies(ritva, accepted.conversation, "", files=(file.id,))
    assert [row["message_id"] for row in await story.rows("file")] == [said.message.id]


async def test_odd_texts_of_agents(story: Story) -> None:
    ritva = await story.agent()
    accepted = await story.says(AINO)
    said = await story.replies(ritva, accepted.conversation, "zero \0 byte, नमस्ते, 👩‍👩‍👧‍👦")
    assert said.message.text == "zero \ufffd byte, नमस्ते, 👩‍👩‍👧‍👦"
    assert isinstance(await outcome(story.replies(ritva, accepted.conversation, "half \ud800")), Exception)
    assert await story.count("message") == 2


async def test_a_note_is_nowhere_a_customer_looks(story: Story, hints: list[Any]) -> None:
    ritva = await story.agent()
    accepted = await story.says(AINO)
    hints.clear()
    said = await story.notes(ritva, accepted.conversation, "He sounds angry")
    assert (said.message.pub, said.delivery, said.message.seq, said.conversation.last_pub) == (None, None, 2, 1)
    assert await story.count("delivery") == 0
    assert not [hint for hint in hints if hint.topic.startswith("address:")]
    assert (await story.notes(ritva, accepted.conversation, client_id="n")).duplicate is False
    assert (await story.notes(ritva, accepted.conversation, client_id="n")).duplicate is True
    stored = await story.conversation(accepted.conversation)
    assert (stored.assignee_id, stored.waiting_since) == (None, accepted.message.at), "a note answers nobody"


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(["in", "out", "note"]), max_size=12))
async def test_no_order_of_events_shows_a_note(story: Story, acts: list[str]) -> None:
    """R24: whatever the order, the customer's items are the public messages, counted without a hole."""
    key = story.key()
    ritva, sender = await story.agent(key), type(AINO)(f"visitor:site/{key}")
    conversation = (await story.says(sender, "public 0")).conversation
    expected = ["public 0"]
    for number, act in enumerate(acts, 1):
        text = f"{'secret' if act == 'note' else 'public'} {number}"
        if act == "in":
            await story.says(sender, text)
        else:
            await (story.replies if act == "out" else story.notes)(ritva, conversation, text)
        expected += [] if act == "note" else [text]
    seen = await story.db.read(visitors.read_items, sender, 0, 200)
    assert [item["text"] for item in seen["items"]] == expected
    assert [item["pub"] for item in seen["items"]] == list(range(1, len(expected) + 1))
    assert "secret" not in repr(seen)
    carried = {row["message_id"] for row in await story.rows("delivery_message")}
    assert not carried & {message.id for message in await story.messages(conversation) if message.direction == "note"}
