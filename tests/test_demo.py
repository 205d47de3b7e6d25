"""The demo's house: it fills, it hurts nobody else's folder, and it listens on this machine only."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from click.testing import CliRunner

from gateway.app import policy_of
from gateway.blobs import DiskBlobs
from gateway.cli import main
from gateway.clock import FakeClock, SystemClock
from gateway.commands import demo
from gateway.db import migrate
from gateway.db.sqlite import SqliteDatabase
from gateway.demo.cast import CUSTOMERS, SNIPPETS, WORKERS
from gateway.demo.life import TURNS, Life, awake
from gateway.demo.past import PAST
from gateway.demo.present import PRESENT
from gateway.demo.seed import BEFORE, seed, steps_of
from gateway.demo.steps import House
from gateway.flow import placeholders
from gateway.flow.policy import Policy
from gateway.flow.references import References
from gateway.live.bus import LocalBus
from gateway.model import Conversation
from gateway.store import agents, conversations, inbox, tags
from tests.flow.story import KEY


def test_every_step_lies_in_the_past_and_names_known_people() -> None:
    known = {customer.key for customer in CUSTOMERS}
    assert {talk.who for talk in (*PAST, *PRESENT)} <= known and {turn.customer for turn in TURNS} <= known
    now = SystemClock().now()
    assert all(now - BEFORE < at <= now for at, *_ in steps_of([*PAST, *PRESENT], now))


async def test_the_house_is_full_at_the_first_look(tmp_path: Path) -> None:
    settings = demo._settings(tmp_path, 0, None)
    assert settings.host == "127.0.0.1" and settings.is_embedded
    migrate.upgrade(settings.database, say=lambda _: None)
    now = SystemClock().now()
    clock = FakeClock(now - BEFORE)
    db = SqliteDatabase(tmp_path / "throughline.db", clock, lambda _: None)
    await db.start()
    try:
        house = await seed(
            db, DiskBlobs(tmp_path / "files", clock), clock, now, policy_of(settings), References([KEY]), lambda done, of: None
        )
        you = house.agents["elina"]
        counts = await db.read(inbox.count, you)
        assert counts.mine >= 4 and counts.unassigned >= 4 and counts.all > counts.mine + counts.unassigned
        assert counts.spam == 1 and counts.due == 1
        states = Counter(row.state for row in await _everything(db))
        assert min(states[state] for state in ("open", "snoozed", "resolved", "closed")) >= 1
        assert {tag for tag, _ in await db.read(tags.list_most_used, 50)} >= {"damage", "refund", "vip"}
        loads = {load.agent_id: load for load in await db.read(agents.list_loads) if load.load_class == "chat"}
        rooms = {worker.key: loads[house.agents[worker.key]].cap - loads[house.agents[worker.key]].load for worker in WORKERS}
        assert rooms.pop("elina") == 2 and set(rooms.values()) == {0}
        await _lives(db, clock, awake(house, db), policy_of(settings))
    finally:
        await db.stop()


async def _everything(db: SqliteDatabase) -> list[Conversation]:
    return [await db.read(conversations.get_named, str(number)) for number in range(1001, 1001 + len(PAST) + len(PRESENT))]


async def _lives(db: SqliteDatabase, clock: FakeClock, house: House, policy: Policy) -> None:
    """Every turn happens within a few minutes, and colleagues stay here."""
    life = Life(db, LocalBus(), clock, policy, References([KEY]), house)
    before = await _said(db)
    for _ in range(80):
        await life.step()
        clock.advance(6)
    assert await _said(db) == before + len(TURNS)
    assert len(await db.read(agents.list_present)) == 4


async def _said(db: SqliteDatabase) -> int:
    return sum(one.last_pub for one in await _everything(db))


def test_snippets_hold_no_unknown_placeholder() -> None:
    for _, text, _ in SNIPPETS:
        placeholders.require_known(text)


def test_a_folder_that_is_no_demos_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "throughline.db"
    kept.write_text("somebody's")
    result = CliRunner().invoke(main, ["--data", str(tmp_path), "demo", "--port", "0"])
    assert result.exit_code == 1 and "not a demo's folder" in result.output
    assert kept.read_text() == "somebody's"


def test_a_demos_folder_is_made_anew(tmp_path: Path) -> None:
    demo._empty(tmp_path)
    (tmp_path / "throughline.db").write_text("old")
    (tmp_path / "files").mkdir()
    demo._empty(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lock", demo.MARK]
