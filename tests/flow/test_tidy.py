"""What time alone changes, each chore safe twice and beside itself."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from gateway.blobs import DiskBlobs
from gateway.clock import DAY, HOUR, SECOND
from gateway.db.database import Tx
from gateway.db.schema import agent_load
from gateway.db.statement import Statement
from gateway.flow import accounts, lifecycle, tidy, uploads
from gateway.flow.policy import Policy
from gateway.flow.route import Router
from gateway.flow.tidy import Tidy
from gateway.store import deliveries
from gateway.store.sql import p
from tests.flow.story import AINO, BINO, CHAT, Story, uploaded

_DRIFT = Statement("test.drift", agent_load.update().where(agent_load.c.agent_id == p("which")).values(load=p("to")))


@pytest.fixture
def blobs(tmp_path: Path, story: Story) -> DiskBlobs:
    return DiskBlobs(tmp_path / "blobs", story.clock)


def _tidy(story: Story, blobs: DiskBlobs) -> Tidy:
    return Tidy(story.db, story.clock, story.policy, blobs)


async def _everywhere(story: Story, blobs: DiskBlobs) -> None:
    """Three processes at once, then one of them again."""
    chores = [_tidy(story, blobs) for _ in range(3)]
    await asyncio.gather(*(chore.step() for chore in chores))
    await chores[0].step()


async def test_snoozes_end_once(story: Story, blobs: DiskBlobs) -> None:
    ritva = await story.agent()
    slept = [(await story.says(who)).conversation for who in (AINO, BINO)]
    for found, seconds in zip(slept, (10, 100), strict=True):
        await story.snoozes(ritva, found, seconds)
    story.clock.advance(11)
    await _everywhere(story, blobs)
    assert [(await story.conversation(found)).state for found in slept] == ["open", "snoozed"]
    assert (await story.kinds(slept[0])).count("woken") == 1


async def test_offers_run_out_once(story: Story, blobs: DiskBlobs) -> None:
    story.policy = Policy(offer=30 * SECOND)
    ritva = await story.agent()
    waiting = (await story.says(AINO)).conversation
    await Router(story.db, story.clock, story.policy, "one").step()
    await _everywhere(story, blobs)
    assert [row["state"] for row in await story.rows("offer")] == ["open"]
    story.clock.advance(31)
    await _everywhere(story, blobs)
    assert ([row["state"] for row in await story.rows("offer")], await story.load(ritva)) == (["expired"], 0)
    assert (await story.kinds(waiting)).count("declined") == 1


async def test_idle_places_are_freed_and_the_owner_stays(story: Story, blobs: DiskBlobs) -> None:
    ritva = await story.agent()
    answered, waits = (await story.says(AINO)).conversation, (await story.says(BINO)).conversation
    await story.replies(ritva, answered)
    await story.takes(ritva, waits)
    story.clock.advance(590)
    await _everywhere(story, blobs)
    assert await story.load(ritva) == 2, "not yet"
    story.clock.advance(20)
    await _everywhere(story, blobs)
    stored = await story.conversation(answered)
    assert (stored.assignee_id, stored.holds, await story.load(ritva)) == (ritva.id, 0, 1), "whoever waits for us is held"
    await story.says(AINO)
    assert await story.load(ritva) == 2


async def test_absent_agents_give_back(story: Story, blobs: DiskBlobs) -> None:
    ritva = await story.agent()
    waiting = (await story.says(AINO)).conversation
    await story.takes(ritva, waiting)
    await story.here(ritva, story.clock.now())
    await _everywhere(story, blobs)
    assert ((await story.conversation(waiting)).assignee_id, await story.load(ritva)) == (None, 0)
    assert (await story.kinds(waiting)).count("released") == 1


async def test_pauses_end(story: Story, blobs: DiskBlobs) -> None:
    ritva = await story.agent()
    said = await story.replies(ritva, (await story.says(AINO)).conversation)
    assert said.delivery is not None
    delivery = said.delivery

    def pause(tx: Tx) -> None:
        deliveries.claim_due(tx, "one", tx.now + 1, 0, 9)
        deliveries.mark_settled(tx, delivery.id, "one", "paused", due=tx.now, external_id=None, detail="no credit")
        deliveries.mark_paused(tx, CHAT, "no credit", tx.now + 60 * SECOND)

    await story.db.run(pause)
    await _everywhere(story, blobs)
    assert [row["state"] for row in await story.rows("delivery")] == ["paused"]
    story.clock.advance(61)
    await _everywhere(story, blobs)
    assert [row["state"] for row in await story.rows("delivery")] == ["retry"]


async def test_drifted_loads_are_mended_and_told(story: Story, blobs: DiskBlobs, caplog: pytest.LogCaptureFixture) -> None:
    ritva = await story.agent()
    await story.takes(ritva, (await story.says(AINO)).conversation)
    await story.db.run(lambda tx: tx.run(_DRIFT, which=ritva.id, to=7))
    await _everywhere(story, blobs)
    assert [await story.load(ritva, kind) for kind in ("chat", "mail", "text", "call")] == [1, 0, 0, 0]
    assert "drifted" in caplog.text
    caplog.clear()
    story.clock.advance(600)
    await _everywhere(story, blobs)
    assert "drifted" not in caplog.text


async def test_old_rows_go(story: Story, blobs: DiskBlobs) -> None:
    ritva = await story.agent()
    await story.says(AINO)
    await story.db.run(accounts.new_link, ritva.id, "link")
    await story.db.run(accounts.open_session, ritva.id, "session")
    story.clock.advance(29 * DAY / SECOND)
    await _everywhere(story, blobs)
    assert [await story.count(name) for name in ("intake", "session", "login_link", "message")] == [1, 0, 0, 1]
    story.clock.advance(2 * DAY / SECOND)
    await _everywhere(story, blobs)
    assert [await story.count(name) for name in ("intake", "message")] == [0, 1]


async def test_uploads_that_were_never_sent(story: Story, blobs: DiskBlobs) -> None:
    shared, alone, sent = [await blobs.put(content) for content in (b"both", b"one", b"sent")]

    async def upload(blob: str) -> str:
        return (await story.db.run(uploads.new_file, AINO, CHAT, "a.txt", "text/plain", 4, blob)).id

    kept = [await upload(sent), await upload(shared)]
    await story.says(AINO, files=tuple(uploaded(file_id) for file_id in kept))
    await upload(shared)
    await upload(alone)
    await _everywhere(story, blobs)
    assert await story.count("file") == 4, "not yet"
    story.clock.advance(25 * HOUR / SECOND)
    await _everywhere(story, blobs)
    assert sorted(str(row["id"]) for row in await story.rows("file")) == sorted(kept)
    assert [await blobs.exists(name) for name in (shared, alone, sent)] == [True, False, True]


async def test_each_chore_twice_is_nothing(story: Story, blobs: DiskBlobs) -> None:
    ritva = await story.agent()
    found = (await story.says(AINO)).conversation
    await story.replies(ritva, found)
    story.clock.advance(700)
    calls: list[Any] = [
        (tidy.free_idle, found.id, story.policy), (lifecycle.wake, found.id), (tidy.resume_channels,), (tidy.reconcile,), (tidy.expire, story.policy),
        (tidy.drop_orphans, story.policy),
    ]  # fmt: skip
    for unit, *args in calls:
        await story.db.run(unit, *args)
    before = await story.dump()
    told = [await story.db.run(unit, *args) for unit, *args in calls]
    assert (told, await story.dump()) == ([False, False, [], [], (0, 0), []], before)
