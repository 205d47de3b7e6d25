"""The inbox's lists against a plain description of them: every filter, every order, every page, on both engines (R20)."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text as clause

from gateway.clock import FakeClock
from gateway.db.database import Database, Tx
from gateway.db.statement import Statement
from gateway.model import Agent, AgentId, Category, ConversationId, Team, TeamId
from gateway.store import agents, categories, conversations, inbox, listing, tags, teams
from gateway.store.inbox import Row
from gateway.store.listing import NONE, SORTS, STATES, VIEWS, Filters
from tests.store.said import person, talk

RITVA, MIKKO = AgentId("ritva"), AgentId("mikko")
SALES = TeamId("sales")
FAR = 1 << 62


def _people(tx: Tx) -> None:
    for agent_id in (RITVA, MIKKO):
        record = Agent(agent_id, agent_id.title(), f"{agent_id}@desk.example", "agent", None, "away", "[]", 60, 0, None, tx.now)
        assert agents.add_agent(tx, record)
    teams.add_team(tx, Team(SALES, "Sales", tx.now, ""))
    categories.add_category(tx, Category("refund", "Refund", 99, 0))


def _one(tx: Tx, seed: int) -> ConversationId:
    """Some conversation, with what lists look at drawn from a few values so that many are equal."""
    dice = random.Random(seed)
    which = talk(tx, person(tx, f"Customer {seed}"))
    state = dice.choice(("open", "open", "open", "snoozed", "resolved", "closed"))
    spam = state == "closed" and dice.random() < 0.5
    made = conversations.get_conversation(tx, which)._replace(
        state=state,
        assignee_id=None if spam else dice.choice((None, RITVA, MIKKO)),
        team_id=dice.choice((None, SALES)),
        category_id=dice.choice((None, "refund")),
        priority=dice.choice((1, 2, 3)),
        waiting_since=None if spam else dice.choice((None, 100, 200, 300)),
        due_at=dice.choice((None, 400, 500)),
        spam_at=tx.now if spam else None,
    )
    conversations.save(tx, made)
    if dice.random() < 0.5:
        conversations.mark_noted(tx, which, "a note")
    for tag in dice.sample(("vip", "angry", "déjà vu"), dice.choice((0, 0, 1, 2))):
        tags.add_tag(tx, which, tag)
    return which


async def _fill(db: Database, clock: FakeClock, count: int = 40) -> list[Row]:
    await db.run(_people)
    made = []
    for seed in range(count):
        made.append(await db.run(_one, seed))
        clock.advance(seed % 2)
    return await db.read(inbox.list_rows_of, RITVA, made)


def _passes(row: Row, filters: Filters) -> bool:
    """docs/api.md in Python."""
    c = row.conversation
    owner = RITVA if filters.view == "mine" else None
    named: tuple[tuple[str, Any], ...] = (
        (filters.team, c.team_id), (filters.category, c.category_id), (filters.channel, c.channel_id), (filters.owner, c.assignee_id),
    )  # fmt: skip
    return (
        (c.spam_at is not None) == (filters.state == "spam")
        and (filters.state in ("any", "spam") or c.state == filters.state)
        and (owner is None or c.assignee_id == owner)
        and (filters.view != "unassigned" or c.assignee_id is None)
        and (filters.view != "waiting" or c.waiting_since is not None)
        and (filters.view != "due" or c.due_at is not None)
        and all(not wanted or (have is None if wanted == NONE else have == wanted) for wanted, have in named)
        and (not filters.tag or filters.tag in row.tags)
        and (not filters.priority or c.priority == filters.priority)
        and (filters.found is None or c.id in filters.found)
    )


def _far(time: int | None) -> int:
    return FAR if time is None else time


ORDERS: dict[str, Callable[[Row], tuple[Any, ...]]] = {
    "newest": lambda row: (row.conversation.last_at, row.conversation.id),
    "oldest": lambda row: (row.conversation.last_at, row.conversation.id),
    "waiting": lambda row: (_far(row.conversation.waiting_since), row.conversation.id),
    "due": lambda row: (_far(row.conversation.due_at), row.conversation.id),
    "priority": lambda row: (
        row.conversation.priority, _far(row.conversation.due_at), _far(row.conversation.waiting_since), row.conversation.id,
    ),
}  # fmt: skip


def _expected(rows: list[Row], filters: Filters, sort: str) -> list[str]:
    ordered = sorted((row for row in rows if _passes(row, filters)), key=ORDERS[sort], reverse=sort == "newest")
    return [row.conversation.id for row in ordered]


def _listed(tx: Tx, filters: Filters, sort: str, limit: int) -> list[str]:
    """Page by page, until there is nothing more."""
    found: list[str] = []
    after = None
    while True:
        page = listing.list_rows(tx, RITVA, filters, sort, after=after, limit=limit)
        found += [row.conversation.id for row in page]
        if len(page) < limit:
            return found
        after = listing.cursor_of(sort, page[-1])
        assert listing.fits(sort, after)


async def test_every_view_and_state_in_every_order_page_by_page(db: Database, clock: FakeClock) -> None:
    rows = await _fill(db, clock)
    for view, state, sort in itertools.product(VIEWS, STATES, SORTS):
        filters = Filters(view=view, state=state)
        assert await db.read(_listed, filters, sort, 7) == _expected(rows, filters, sort), (view, state, sort)


async def test_filters_go_together(db: Database, clock: FakeClock) -> None:
    rows = await _fill(db, clock)
    some = tuple(row.conversation.id for row in rows[::2])
    dice = random.Random(1)
    asked = [
        Filters(
            view=dice.choice(VIEWS), state=dice.choice(("open", "any", "any", "spam")), team=dice.choice(("", SALES, NONE)),
            tag=dice.choice(("", "", "vip", "déjà vu", "none")), category=dice.choice(("", "refund", NONE)), priority=dice.choice((0, 0, 1, 3)),
            owner=dice.choice(("", "", RITVA, MIKKO, NONE)), channel=dice.choice(("", "", "web", "mail")),
            found=dice.choice((None, None, some, ())),
        )
        for _ in range(250)
    ]  # fmt: skip
    shown = 0
    for filters in asked:
        sort = dice.choice(SORTS)
        found = await db.read(_listed, filters, sort, 5)
        shown += len(found)
        assert found == _expected(rows, filters, sort), (filters, sort)
    assert shown > 100, "the filters were not all of the kind that lets nothing pass"


async def test_no_value_is_ever_part_of_a_statement(db: Database, clock: FakeClock) -> None:
    """The texts are as many as there are shapes, however many values there are; and no value breaks one."""
    await _fill(db, clock, 3)
    before = listing.page.cache_info().currsize
    for odd in ("' OR 1=1 --", '"; DROP TABLE contact', "%", "\\", ":owner", "{0}", "x" * 1000, "ä\u0301🙂", "NULL"):
        asked = Filters(team=odd, tag=odd, category=odd, owner=odd, channel=odd, found=(ConversationId(odd),))
        assert await db.read(_listed, asked, "newest", 5) == []
    assert listing.page.cache_info().currsize - before <= 1
    assert len(await db.read(_listed, Filters(state="any"), "newest", 5)) <= 3


async def test_a_cursor_of_another_order_does_not_fit(db: Database, clock: FakeClock) -> None:
    rows = await _fill(db, clock, 3)
    for sort, other in itertools.product(SORTS, SORTS):
        cursor = listing.cursor_of(sort, rows[0])
        assert listing.fits(other, cursor) == ((sort == "priority") == (other == "priority"))
    wrongs: tuple[tuple[object, ...], ...] = (
        (), (1,), ("a", "b"), (1, 2), (True, "id"), (1.5, "id"), (1 << 63, "id"), (1, "i\0d"), (1, "ä"), (1, "x" * 65), ([], "id"),
    )  # fmt: skip
    for wrong in wrongs:
        assert not listing.fits("newest", wrong), wrong


async def test_a_page_does_not_repeat_what_came_in_meanwhile(db: Database, clock: FakeClock) -> None:
    rows = await _fill(db, clock, 12)
    filters = Filters(state="any")
    first = await db.read(listing.list_rows, RITVA, filters, "newest", limit=5)
    clock.advance(60)
    await db.run(_one, 99)
    after = listing.cursor_of("newest", first[-1])
    second = await db.read(listing.list_rows, RITVA, filters, "newest", after=after, limit=5)
    assert [row.conversation.id for row in [*first, *second]] == _expected(rows, filters, "newest")[:10]


async def test_next_is_the_most_urgent_and_the_same_again(db: Database, clock: FakeClock) -> None:
    assert await db.read(listing.find_next, RITVA) is None
    rows = await _fill(db, clock)
    mine = [
        row for row in rows
        if row.conversation.state == "open" and row.conversation.waiting_since is not None and row.conversation.assignee_id in (None, RITVA)
    ]  # fmt: skip
    first = min(mine, key=ORDERS["priority"])
    for _ in range(3):
        found = await db.read(listing.find_next, RITVA)
        assert found is not None and found.conversation.id == first.conversation.id
    await db.run(lambda tx: conversations.save(tx, first.conversation._replace(state="resolved", waiting_since=None)))
    second = min((row for row in mine if row is not first), key=ORDERS["priority"])
    found = await db.read(listing.find_next, RITVA)
    assert found is not None and found.conversation.id == second.conversation.id


async def test_counts_are_what_the_lists_hold(db: Database, clock: FakeClock) -> None:
    rows = await _fill(db, clock)
    counts = await db.read(inbox.count, RITVA)
    for view in VIEWS:
        assert getattr(counts, view) == len(_expected(rows, Filters(view=view), "newest")), view
    assert counts.spam == len(_expected(rows, Filters(state="spam"), "newest")) > 0
    assert counts.teams == {SALES: len(_expected(rows, Filters(team=SALES), "newest"))}
    assert counts.longest_since == 100
    empty = await db.read(inbox.count_queue)
    assert empty == len([row for row in rows if _passes(row, Filters(view="waiting", owner=NONE))])


async def test_tags_by_how_often_they_are_used(db: Database, clock: FakeClock) -> None:
    rows = await _fill(db, clock)
    borne = [tag for row in rows if row.conversation.spam_at is None for tag in row.tags]
    wanted = sorted(((tag, borne.count(tag)) for tag in set(borne)), key=lambda pair: (-pair[1], pair[0]))
    assert await db.read(tags.list_most_used, 200) == wanted
    assert await db.read(tags.list_most_used, 1) == wanted[:1]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_default_lists_walk_an_index_in_its_order(db: Database, clock: FakeClock) -> None:
    """Those that are asked for all day, whatever is stored: a page is read from the index, the table is not walked through."""
    await _fill(db, clock, 3)
    for state in ("open", "closed", "any"):
        shape = listing._Shape(state, "any", "", False, False, "newest")
        text, literals = listing.page(shape).text("sqlite")
        values = {"reader": RITVA, "limit": 50, "team": "", "category": "", "channel": "", "priority": 0, "after_0": FAR, "after_1": ""}
        plan = await db.read(_plan, text, {**literals, **values})
        assert "SEARCH kept USING INDEX ix_conversation_list (state=? AND last_at<?)" in plan, plan
        assert not any(word in plan for word in ("SCAN kept", "SCAN conversation")), plan


def _plan(tx: Tx, text: str, values: dict[str, Any]) -> str:
    return "\n".join(str(row[3]) for row in tx.all(Statement("test.plan", clause("EXPLAIN QUERY PLAN " + text)), **values))
