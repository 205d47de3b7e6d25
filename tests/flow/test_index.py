"""The index takes in everything that was said, whatever the order of the commits, and follows what becomes of it."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from gateway.clock import HOUR, SECOND, FakeClock
from gateway.db.database import Database, Tx
from gateway.flow import index
from gateway.flow.index import Index
from gateway.model import ConversationId, MessageId
from gateway.store import contacts, conversations, merges, search
from tests.store.said import person, revise, say, talk, tell


async def settle(loop: Index, clock: FakeClock) -> int:
    """Steps until there is nothing to do at once; gives how many."""
    for count in range(1, 1000):
        if await loop.step() > clock.now():
            return count
    raise AssertionError("the index finds no end")


async def found(db: Database, query: str) -> list[ConversationId]:
    return await db.read(search.list_matches, query, 50)


@pytest.fixture
async def ready(db: Database, clock: FakeClock) -> Index:
    """Its first round is over."""
    loop = Index(db, clock)
    await settle(loop, clock)
    return loop


async def test_a_message_is_found_after_the_next_step(db: Database, clock: FakeClock, ready: Index) -> None:
    told = await tell(db, "The parcel is late")
    assert await found(db, "parcel") == []
    due = await ready.step()
    assert await found(db, "parcel") == [told]
    assert 0 < due - clock.now() <= SECOND // 2


async def test_more_of_the_same_conversation_is_found(db: Database, clock: FakeClock, ready: Index) -> None:
    told = await tell(db, "one")
    await settle(ready, clock)
    await db.run(say, told, "two", out=True)
    clock.advance(1)
    await settle(ready, clock)
    assert await found(db, "one") == await found(db, "two") == [told]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_what_commits_late_with_a_smaller_id_is_found(db: Database, clock: FakeClock, ready: Index) -> None:
    slow, quick = await tell(db, "first"), await tell(db, "second")
    await settle(ready, clock)
    said, commit = threading.Event(), threading.Event()

    def wait(tx: Tx) -> MessageId:
        message_id = say(tx, slow, "tortoise")
        said.set()
        assert commit.wait(20)
        return message_id

    waiting = asyncio.ensure_future(db.run(wait))
    await asyncio.to_thread(said.wait, 20)
    clock.advance(1)
    later = await db.run(say, quick, "hare")
    for _ in range(5):
        await settle(ready, clock)
        clock.advance(1)
    assert await found(db, "hare") == [quick]
    commit.set()
    assert await waiting < later
    await ready.step()
    assert await found(db, "tortoise") == [slow]


@pytest.mark.parametrize("beyond", [60, HOUR // SECOND])
async def test_what_carries_a_time_beyond_the_overlap_is_found_by_the_patrol(
    db: Database, clock: FakeClock, ready: Index, beyond: int
) -> None:
    """A unit that took that long, or a machine whose clock is that far behind, leaves just this."""
    started = clock.now()
    clock.advance(beyond)
    await settle(ready, clock)
    ahead, clock._now = clock.now(), started
    told = await tell(db, "straggler")
    clock._now = ahead
    clock.advance(index.PATROL_EVERY / SECOND)
    await settle(ready, clock)
    assert await found(db, "straggler") == [told]


async def test_an_edit_changes_what_is_found_and_a_withdrawal_ends_it(db: Database, clock: FakeClock, ready: Index) -> None:
    told = await tell(db, "hello")
    message_id = await db.run(say, told, "apples")
    await settle(ready, clock)
    clock.advance(60)
    await db.run(revise, message_id, "edited", "pears")
    await settle(ready, clock)
    assert await found(db, "apples") == []
    assert await found(db, "pears") == [told]
    await db.run(revise, message_id, "withdrawn")
    await settle(ready, clock)
    assert await found(db, "pears") == await found(db, "apples") == []
    assert await found(db, "hello") == [told]


async def test_an_edit_before_the_first_look_counts(db: Database, clock: FakeClock, ready: Index) -> None:
    told = await tell(db, "hello")
    message_id = await db.run(say, told, "apples")
    await db.run(revise, message_id, "edited", "pears")
    await settle(ready, clock)
    assert (await found(db, "apples"), await found(db, "pears")) == ([], [told])


async def test_name_address_subject_number_and_files_are_found(db: Database, clock: FakeClock, ready: Index) -> None:
    def unit(tx: Tx) -> tuple[ConversationId, int]:
        conversation_id = talk(
            tx, person(tx, "Mäkinen Aino", "mailto:aino@shop.example", "tel:+358401234567", "visitor:secret"), "Broken lamp"
        )
        say(tx, conversation_id, "Please help", by="Mäkinen Aino", files_named=("receipt_2024.pdf",))
        return conversation_id, conversations.get_conversation(tx, conversation_id).number

    told, number = await db.run(unit)
    await tell(db, "something else")
    await settle(ready, clock)
    for query in ("mäkinen", "AINO", "shop.example", "+358401234567", "lamp", str(number), f"#{number}", "receipt_2024.pdf", "aino help"):
        assert await found(db, query) == [told], query
    assert await found(db, "secret") == []


async def test_a_new_name_is_found_by_the_patrol(db: Database, clock: FakeClock, ready: Index) -> None:
    told = await tell(db, "hello", name="Visitor")
    await settle(ready, clock)
    contact_id = (await db.read(conversations.get_conversation, told)).contact_id
    await db.run(contacts.mark_name, contact_id, "Grace")
    clock.advance(index.PATROL_EVERY / SECOND)
    await settle(ready, clock)
    assert await found(db, "grace") == [told]


async def test_a_joined_conversation_is_found_as_the_one_it_was_joined_into(db: Database, clock: FakeClock, ready: Index) -> None:
    first, second, third = [await tell(db, text) for text in ("north", "south", "west")]
    await settle(ready, clock)
    for gone, kept in ((third, second), (second, first)):
        conversation = await db.read(conversations.get_conversation, gone)
        await db.run(conversations.save, conversation._replace(state="joined", joined_to=kept))
    for query in ("north", "south", "west"):
        assert await found(db, query) == [first]


async def test_a_message_given_back_is_found_where_it_is_now(db: Database, clock: FakeClock, ready: Index) -> None:
    kept, returned = await tell(db, "north"), await tell(db, "south")
    message_id = await db.run(say, kept, "compass")
    await settle(ready, clock)

    def rehome(tx: Tx) -> None:
        numbered = conversations.mark_rehomed_in(tx, returned, at=tx.now - HOUR)
        merges.mark_rehomed(tx, message_id, returned, numbered.last_seq, numbered.last_pub)

    clock.advance(60)
    await db.run(rehome)
    await settle(ready, clock)
    assert await found(db, "compass") == [returned]


async def test_an_empty_index_is_filled_from_nothing(db: Database, clock: FakeClock, ready: Index) -> None:
    told = [await tell(db, f"word{number} common") for number in range(250)]
    await settle(ready, clock)
    clock.advance(HOUR / SECOND)
    await ready.rebuild()
    assert await found(db, "common") == []
    await settle(ready, clock)
    assert await db.read(search.list_matches, "common", 1000) == told[::-1]


async def test_a_program_started_later_takes_in_what_was_there(db: Database, clock: FakeClock) -> None:
    told = await tell(db, "yesterday")
    clock.advance(24 * HOUR / SECOND)
    await settle(Index(db, clock), clock)
    assert await found(db, "yesterday") == [told]


async def test_deleted_entries_are_gone(db: Database, clock: FakeClock, ready: Index) -> None:
    told = await tell(db, "erase me")
    await settle(ready, clock)
    await db.run(search.delete_entries, [told])
    assert await found(db, "erase") == []


async def test_two_at_once_are_as_good_as_one(db: Database, clock: FakeClock, ready: Index) -> None:
    others = [Index(db, clock) for _ in range(3)]
    told = [await tell(db, f"shared word{number}") for number in range(60)]
    await asyncio.gather(*(settle(each, clock) for each in [ready, *others]))
    assert set(await db.read(search.list_matches, "shared", 100)) == set(told)


async def test_one_conversation_with_more_than_a_read_takes_in(
    db: Database, clock: FakeClock, ready: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MESSAGES", 7)
    monkeypatch.setattr(index, "CONVERSATIONS", 3)

    def unit(tx: Tx) -> list[ConversationId]:
        made = [talk(tx, person(tx)) for _ in range(5)]
        for number in range(20):
            for conversation_id in made:
                say(tx, conversation_id, f"line{number}")
        return made

    made = await db.run(unit)
    await settle(ready, clock)
    for number in range(20):
        assert set(await found(db, f"line{number} ")) >= set(made)


@pytest.mark.parametrize(
    "text", ["x" * 200_000, " ".join(f"{n:x}ü" * 9 for n in range(50_000)), "漢" * 50_000, "\ufffd", "", "\u200d\u0301"]
)
async def test_any_text_is_taken_in(db: Database, clock: FakeClock, ready: Index, text: str) -> None:
    told = await tell(db, f"start {text} end")
    await settle(ready, clock)
    assert await found(db, "start") == [told]


async def test_five_thousand_messages_are_taken_in_at_a_good_pace(db: Database, clock: FakeClock, ready: Index) -> None:
    words = [f"sana{number}" for number in range(300)]

    def unit(tx: Tx, start: int) -> None:
        for number in range(start, start + 100):
            conversation_id = talk(tx, person(tx, f"Name{number}"))
            for line in range(10):
                say(tx, conversation_id, " ".join(words[(number * 7 + line * 13 + step * 11) % 300] for step in range(12)))

    for start in range(0, 500, 100):
        await db.run(unit, start)
    began = time.perf_counter()
    await settle(ready, clock)
    seconds = time.perf_counter() - began
    assert len(await db.read(search.list_matches, "sana1", 1000)) == 500
    assert seconds < 20, f"{5000 / seconds:.0f} messages/s"
