"""A customer's message is stored once and for ever, with everything it brings, or not at all."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from channels.contract import IncomingFile
from gateway.clock import FakeClock
from gateway.db.database import Hint, Tx
from gateway.db.schema import contact as contact_table
from gateway.db.statement import Statement
from gateway.errors import Forbidden, Invalid
from gateway.flow import publish, receive, topics, uploads
from gateway.flow.intake import Intake
from gateway.model import Conversation
from gateway.store import conversations
from gateway.store.sql import p
from tests.flow.story import AINO, AINO_MAIL, BINO, CHAT, Story, outcome, uploaded
from tests.stores import migrated_database

_BLOCK = Statement("test.block", contact_table.update().where(contact_table.c.id == p("which")).values(blocked_at=p("at")))


async def test_first_message_makes_person_conversation_and_event(story: Story, hints: list[Hint]) -> None:
    accepted = await story.says(AINO, "My invoice is wrong", name="Aino", locale="fi", external_id="m-1", context={"page_url": "https://x"})
    message, conversation = accepted.message, accepted.conversation
    assert (conversation.number, conversation.state, conversation.rule, conversation.topic) == (1001, "open", "new", "")
    assert (message.seq, message.pub, message.direction, message.address) == (1, 1, "in", AINO)
    assert (message.author_kind, message.author_name, message.text) == ("customer", "Aino", "My invoice is wrong")
    assert conversation.waiting_since == conversation.route_at == message.at
    [contact] = await story.rows("contact")
    assert (contact["name"], contact["locale"], contact["page"]) == ("Aino", "fi", '{"url":"https://x"}')
    identity = await story.identity(AINO)
    assert (identity.contact_id, identity.proof_method, identity.shared) == (contact["id"], "session", 0)
    assert await story.rows("participant") == [{"conversation_id": conversation.id, "address": AINO, "first_pub": 1}]
    assert await story.rows("external_ref") == [{"channel_id": CHAT, "external_id": "m-1", "message_id": message.id}]
    assert await story.kinds(conversation) == ["received"]
    told = {(hint.topic, hint.kind) for hint in hints}
    assert {(f"conversation:{conversation.id}", "message"), (f"address:{AINO}", "item"), ("agents", "row")} <= told
    assert publish.WAKE_ROUTE in hints


async def test_second_message_goes_on_in_the_same_place(story: Story) -> None:
    first = await story.says(AINO, "One", name="Aino")
    second = await story.says(AINO, "Two", name="Somebody else")
    assert second.conversation.id == first.conversation.id
    assert (second.message.seq, second.message.pub, second.conversation.rule) == (2, 2, "new")
    assert second.conversation.waiting_since == first.message.at, "the place in the queue is that of the first message"
    assert (await story.count("contact"), second.message.author_name) == (1, "Aino")


async def test_duplicates_get_the_first_answer(story: Story, hints: list[Hint]) -> None:
    fact = story.fact(AINO)
    first = await story.accept(fact)
    hints.clear()
    again = [await story.accept(fact) for _ in range(3)]
    assert {one.message for one in again} == {first.message}
    assert all(one.duplicate and one.conversation.id == first.conversation.id for one in again)
    assert (await story.count("message"), await story.count("intake"), await story.count("event")) == (1, 1, 1)
    assert hints == []


async def test_five_at_once_are_one(story: Story) -> None:
    fact = story.fact(AINO)
    told = await asyncio.gather(*(story.accept(fact) for _ in range(5)))
    assert len({one.message.id for one in told}) == 1
    assert sorted(one.duplicate for one in told) == [False, True, True, True, True]
    assert (await story.count("message"), await story.count("contact"), await story.count("identity")) == (1, 1, 1)


async def test_duplicate_after_a_restart(migrated_url: str, clock: FakeClock) -> None:
    async with migrated_database(migrated_url, clock, lambda _: None) as before:
        story = Story(before, clock)
        fact = story.fact(AINO)
        first = await story.accept(fact)
    async with migrated_database(migrated_url, clock, lambda _: None) as after:
        story = Story(after, clock)
        again = await story.accept(fact)
        assert (again.duplicate, again.message) == (True, first.message)
        assert await story.count("message") == 1


async def test_two_hundred_first_messages_of_one_person(story: Story) -> None:
    facts = [story.fact(AINO, f"Picture {number}") for number in range(200)]
    await asyncio.gather(*(story.accept(fact) for fact in facts))
    assert (await story.count("contact"), await story.count("identity"), await story.count("conversation")) == (1, 1, 1)
    found = await story.rows("message")
    assert sorted(row["pub"] for row in found) == sorted(row["seq"] for row in found) == list(range(1, 201))
    assert {row["text"] for row in found} == {fact.text for fact in facts}
    [conversation] = await story.rows("conversation")
    assert (conversation["last_seq"], conversation["last_pub"], conversation["number"]) == (200, 200, 1001)


async def test_many_people_at_once(story: Story) -> None:
    await asyncio.gather(*(story.accept(story.fact(type(AINO)(f"visitor:site/{number}"))) for number in range(40)))
    numbers = sorted(row["number"] for row in await story.rows("conversation"))
    assert (numbers, await story.count("contact")) == (list(range(1001, 1041)), 40)


async def _upload(story: Story, owner: str) -> str:
    file = await story.db.run(uploads.new_file, owner, CHAT, "scan.pdf", "application/pdf", 7, "0" * 64)
    return file.id


async def test_own_upload_is_attached_once(story: Story) -> None:
    file_id = await _upload(story, AINO)
    accepted = await story.says(AINO, "", files=(uploaded(file_id),))
    assert [row["message_id"] for row in await story.rows("file")] == [accepted.message.id]
    assert accepted.conversation.preview == "scan.pdf"
    with pytest.raises(Invalid):
        await story.says(AINO, "Again", files=(uploaded(file_id),))
    assert await story.count("message") == 1


async def test_foreign_file_stores_nothing_at_all(story: Story, hints: list[Hint]) -> None:
    file_id = await _upload(story, BINO)
    before = await story.dump()
    fact = story.fact(AINO, "Mine!", files=(uploaded(file_id),))
    with pytest.raises(Invalid) as refused:
        await story.accept(fact)
    assert refused.value.detail == {"field": "files"}
    assert await story.dump() == before
    assert hints == []
    again = await outcome(story.accept(fact))
    assert isinstance(again, Invalid), "the refused event was not written down as taken"


async def test_files_elsewhere_are_wanted(story: Story, hints: list[Hint]) -> None:
    there = IncomingFile(name="../../photo.jpg", media_type="image/jpeg", source="https://provider/1")
    accepted = await story.says(AINO, "", files=(there,))
    [file] = await story.rows("file")
    assert (file["state"], file["source"], file["message_id"], file["due_at"]) == (
        "wanted",
        there.source,
        accepted.message.id,
        file["created_at"],
    )
    assert "/" not in file["name"]
    assert publish.WAKE_FILES in hints


@pytest.mark.parametrize(
    "text",
    ["Hyvää päivää, äö", "नमस्ते, मुझे मदद चाहिए", "నమస్కారం", "আমার চালান ভুল", "👩‍👩‍👧‍👦 🇫🇮 e\u0301", "مرحبا\u200f", "日本語テスト", "a\n\n\tb  ", "'; DROP TABLE message; --", "%s {0} \\u09"],
)  # fmt: skip
async def test_any_script_comes_back_as_it_was(story: Story, text: str) -> None:
    accepted = await story.says(AINO, text, name=text)
    [stored] = await story.messages(accepted.conversation)
    assert (stored.text, stored.author_name) == (text, " ".join(text.split())), "a name is one line"


async def test_blocked_sender_leaves_no_trace(story: Story) -> None:
    accepted = await story.says(AINO)
    await story.db.run(lambda tx: tx.run(_BLOCK, which=accepted.message.author_id, at=tx.now))
    before = await story.dump()
    with pytest.raises(Forbidden):
        await story.says(AINO, "Let me in")
    assert await story.dump() == before


async def test_raw_bytes_are_kept(story: Story) -> None:
    await story.says(AINO, raw=b"\x00\xff raw")
    assert [bytes(row["raw"]) for row in await story.rows("intake")] == [b"\x00\xff raw"]


async def test_proof_is_learned_later_and_name_is_kept(story: Story) -> None:
    await story.says(AINO_MAIL, proof=None, name="Aino", thread="t", subject="Hi")
    assert (await story.identity(AINO_MAIL)).proof_method is None
    await story.says(AINO_MAIL, name="aino@example.fi", subject="Hi")
    assert (await story.identity(AINO_MAIL)).proof_method == "dmarc"
    assert [row["name"] for row in await story.rows("contact")] == ["Aino"]


def _accept_with_stale_view(tx: Tx, story: Story, stale: Conversation, fact: Any) -> receive.Accepted:
    """As when an agent's unit commits between reading the open conversations and numbering the message."""
    choose, choice = topics.choose, topics.Choice("open", stale, 1)
    try:
        topics.choose = lambda *_: choice
        return receive.accept(tx, fact, story.policy, story.references)
    finally:
        topics.choose = choose


async def test_message_that_meets_a_resolve_reopens(story: Story) -> None:
    ritva = await story.agent()
    accepted = await story.says(AINO)
    stale = await story.takes(ritva, accepted.conversation)
    await story.resolves(ritva, accepted.conversation)
    met = await story.db.run(_accept_with_stale_view, story, stale, story.fact(AINO, "One more thing"))
    stored = await story.conversation(met.conversation)
    assert (stored.state, stored.assignee_id, stored.holds) == ("open", ritva.id, 1)
    assert await story.load(ritva) == 1


async def test_class_change_that_meets_a_take_counts_for_the_new_owner(story: Story) -> None:
    ritva, olli = await story.agent("Ritva"), await story.agent("Olli")
    accepted = await story.says(AINO)
    stale = await story.takes(ritva, accepted.conversation)
    await story.takes(olli, accepted.conversation)
    await story.db.run(_accept_with_stale_view, story, stale, story.fact(AINO, "By mail", load_class="mail"))
    loads = [await story.load(one, kind) for one in (ritva, olli) for kind in ("chat", "mail")]
    assert loads == [0, 0, 0, 1]


async def test_batch_and_cursor_are_one_commit(story: Story) -> None:
    intake = Intake(story.db, story.policy, story.references)
    await intake.deliver([story.fact(AINO), story.fact(BINO)], ("listen mail", "uid 7"))
    assert await story.count("message") == 2
    assert [row["cursor"] for row in await story.rows("lease")] == ["uid 7"]


async def test_a_refused_fact_is_parked_and_does_not_stop_the_listener(story: Story) -> None:
    intake = Intake(story.db, story.policy, story.references)
    bad = story.fact(AINO, files=(uploaded("nobody's"),))
    for _ in range(2):
        await intake.deliver([story.fact(BINO, dedup_key="fine-1"), bad, story.fact(BINO, dedup_key="fine-2")], ("listen mail", "uid 9"))
    assert await story.count("message") == 2
    assert [row["cursor"] for row in await story.rows("lease")] == ["uid 9"]
    parked = [row["dedup_key"] for row in await story.rows("intake") if row["outcome"] == "parked"]
    assert parked == [f"refused/{bad.dedup_key}"]


async def test_parked_entries_are_kept_once(story: Story) -> None:
    intake = Intake(story.db, story.policy, story.references)
    for _ in range(2):
        await intake.park("mail", "odd-1", b"?")
    assert [(row["outcome"], bytes(row["raw"])) for row in await story.rows("intake")] == [("parked", b"?")]


async def test_crossing_batches_do_not_wait_for_each_other(story: Story) -> None:
    await story.says(AINO)
    await story.says(BINO)
    intake = Intake(story.db, story.policy, story.references)
    batches = [[story.fact(one), story.fact(other)] for one, other in ((AINO, BINO), (BINO, AINO)) * 10]
    await asyncio.gather(*(intake.deliver(batch) for batch in batches))
    last = [await story.db.read(conversations.list_latest_of, (await story.identity(one)).contact_id) for one in (AINO, BINO)]
    assert [found[0].last_seq for found in last] == [21, 21]
