"""Whatever people do, in any order: loads are what is held, one owner each, nobody falls out of the queue."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, AsyncExitStack, ExitStack, contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from gateway.clock import DAY, SECOND, FakeClock
from gateway.errors import Conflict, Forbidden, Invalid
from gateway.flow import lifecycle, merge, presence, route, tidy
from gateway.flow.policy import Policy
from gateway.flow.route import Router
from gateway.json import loads
from gateway.model import Agent, Merge
from tests.flow.story import AINO, AINO_MAIL, BINO, BINO_MAIL, Story
from tests.servers import fresh_database
from tests.stores import copy_file, migrated_database

SENDERS = (AINO, AINO_MAIL, BINO, BINO_MAIL)
SOME = st.integers(0, 7)


class Desk(RuleBasedStateMachine):
    """Four customers' handles, two agents, a router and the clock."""

    place: ClassVar[Callable[[], AbstractContextManager[str]]]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        url = self.stack.enter_context(type(self).place())
        self.runner = self.stack.enter_context(asyncio.Runner())
        self.house = AsyncExitStack()
        self.clock = FakeClock()
        db = self.runner.run(self.house.enter_async_context(migrated_database(url, self.clock, lambda _: None)))
        self.story = Story(db, self.clock)
        self.agents: list[Agent] = [self.runner.run(self.story.agent(name, cap=cap)) for name, cap in (("Ritva", 2), ("Olli", 1))]
        self.merges: list[Merge] = []
        self.undone = False
        self.loads: Counter[tuple[str, str]] = Counter()
        self.overrides = 0
        self.moved_class = False

    def teardown(self) -> None:
        self.runner.run(self.house.aclose())
        self.stack.close()

    def do(self, call: Any) -> Any:
        """What people may be told is no failure; everything else is."""
        self.moved_class = False
        try:
            return self.runner.run(call)
        except (Conflict, Forbidden, Invalid):
            return None
        finally:
            self.clock.advance(1)

    def one(self, number: int, *states: str) -> Any:
        """One of the conversations in these states, or None."""
        found = [row for row in self.runner.run(self.story.rows("conversation")) if row["state"] in states]
        return self.runner.run(self.story.conversation(found[number % len(found)]["id"])) if found else None

    @initialize(offers=st.booleans())
    def begin(self, offers: bool) -> None:
        self.story.policy = Policy(offer=30 * SECOND if offers else 0, category_required=False)
        self.router = Router(self.story.db, self.clock, self.story.policy, "one")

    @rule(who=st.sampled_from(SENDERS), kind=st.sampled_from(["chat", "chat", "mail"]), subject=st.sampled_from(["Invoice", "Delivery"]))
    def customer_writes(self, who: Any, kind: str, subject: str) -> None:
        by_mail = {"subject": subject} if who.startswith("mailto:") else {}
        self.do(self.story.says(who, load_class=kind, **by_mail))
        self.moved_class = True

    @rule(number=SOME, agent=st.integers(0, 1))
    def replies(self, number: int, agent: int) -> None:
        if found := self.one(number, "open", "snoozed", "resolved"):
            self.do(self.story.replies(self.agents[agent], found))

    @rule(number=SOME, agent=st.integers(0, 1))
    def takes(self, number: int, agent: int) -> None:
        if found := self.one(number, "open", "snoozed", "resolved", "joined"):
            self.do(self.story.takes(self.agents[agent], found))

    @rule(number=SOME, agent=st.integers(0, 1), to=st.sampled_from([0, 1, None]))
    def hands_over(self, number: int, agent: int, to: int | None) -> None:
        if found := self.one(number, "open", "snoozed", "resolved"):
            self.do(self.story.hands_over(self.agents[agent], found, None if to is None else self.agents[to]))

    @rule(number=SOME, agent=st.integers(0, 1))
    def resolves(self, number: int, agent: int) -> None:
        if found := self.one(number, "open", "snoozed"):
            self.do(self.story.resolves(self.agents[agent], found))

    @rule(number=SOME, agent=st.integers(0, 1))
    def reopens(self, number: int, agent: int) -> None:
        if found := self.one(number, "resolved", "closed", "snoozed"):
            self.do(self.story.db.run(lifecycle.reopen, self.agents[agent].id, found.id, found.version))

    @rule(number=SOME, who=st.sampled_from(SENDERS), helped=st.booleans())
    def customer_says_solved(self, number: int, who: Any, helped: bool) -> None:
        if found := self.one(number, "resolved"):
            self.do(self.story.db.run(lifecycle.solved, found.id, who, helped))

    @rule(number=SOME, agent=st.integers(0, 1))
    def snoozes(self, number: int, agent: int) -> None:
        if found := self.one(number, "open"):
            self.do(self.story.snoozes(self.agents[agent], found, 600))

    @rule(agent=st.integers(0, 1), to=st.sampled_from(["away", "available"]))
    def goes_or_comes(self, agent: int, to: str) -> None:
        self.do(self.story.db.run(presence.declare, self.agents[agent].id, to))

    @rule()
    def routes(self) -> None:
        self.do(self.router.step())

    @rule(number=SOME, accepted=st.booleans())
    def answers_an_offer(self, number: int, accepted: bool) -> None:
        if offers := self.runner.run(self.story.rows("offer", state="open")):
            offer = offers[number % len(offers)]
            if accepted:
                version = self.runner.run(self.story.conversation(offer["conversation_id"])).version
                self.do(self.story.db.run(route.accept_offer, offer["agent_id"], offer["conversation_id"], version))
                self.moved_class = True
            else:
                self.do(self.story.db.run(route.pass_offer, offer["conversation_id"], "declined", offer["agent_id"]))

    @rule(seconds=st.sampled_from([10, 40, 700, 8 * DAY // SECOND]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds)
        for found in self.runner.run(self.story.db.read(tidy.due_snoozed)):
            self.do(self.story.db.run(lifecycle.wake, found))
        for found in self.runner.run(self.story.db.read(tidy.due_offers)):
            self.do(self.story.db.run(route.pass_offer, found, "expired"))
        for found in self.runner.run(self.story.db.read(tidy.idle, self.story.policy)):
            self.do(self.story.db.run(tidy.free_idle, found, self.story.policy))

    @rule(one=SOME, other=SOME)
    def merges_two(self, one: int, other: int) -> None:
        contacts = [row["id"] for row in self.runner.run(self.story.rows("contact"))]
        if contacts:
            pair = contacts[one % len(contacts)], contacts[other % len(contacts)]
            if (folded := self.do(self.story.db.run(merge.merge, self.agents[0].id, *pair))) is not None:
                self.merges.append(folded)

    @rule(number=SOME)
    def undoes_a_merge(self, number: int) -> None:
        if self.merges:
            self.do(self.story.db.run(merge.undo, self.agents[0].id, self.merges[number % len(self.merges)].id))
            self.undone = True

    @invariant()
    def all_is_well(self) -> None:
        tables = {name: self.runner.run(self.story.rows(name)) for name in ("conversation", "offer", "assignment", "agent_load", "message")}
        offers = {row["conversation_id"]: row for row in tables["offer"] if row["state"] == "open"}
        owners = {row["conversation_id"]: row["agent_id"] for row in tables["assignment"] if row["ended_at"] is None}
        assert len(owners) == sum(row["ended_at"] is None for row in tables["assignment"])
        self._loads_are_what_is_held(tables, offers)
        for row in tables["conversation"]:
            assert row["assignee_id"] == owners.get(row["id"]), f"{row['state']}: who has it and the journal differ"
            _conversation_is_sound(row, offers)
            self._numbers_have_no_holes(row, [one for one in tables["message"] if one["conversation_id"] == row["id"]])

    def _loads_are_what_is_held(self, tables: dict[str, list[dict[str, Any]]], offers: dict[str, dict[str, Any]]) -> None:
        held = Counter((row["assignee_id"], row["load_class"]) for row in tables["conversation"] if row["holds"] and row["assignee_id"])
        held += Counter((row["agent_id"], row["load_class"]) for row in offers.values())
        stored = Counter({(row["agent_id"], row["load_class"]): row["load"] for row in tables["agent_load"] if row["load"]})
        assert stored == held, "I5: a load is what is held and offered"
        overrides = sum(bool(loads(row["payload"]).get("override")) for row in self.runner.run(self.story.rows("event")))
        for row in tables["agent_load"]:
            key = row["agent_id"], row["load_class"]
            if row["load"] > max(row["cap"], self.loads[key]):
                assert overrides > self.overrides or self.moved_class, "past the cap without anybody's decision"
        self.loads, self.overrides = stored, overrides

    def _numbers_have_no_holes(self, row: dict[str, Any], found: list[dict[str, Any]]) -> None:
        seqs, pubs = sorted(one["seq"] for one in found), sorted(one["pub"] for one in found if one["pub"] is not None)
        if self.undone:
            # What went back to its person leaves its number behind; numbers are never given twice.
            assert max(seqs, default=0) <= row["last_seq"]
            assert len(set(seqs)) == len(seqs)
        else:
            assert (seqs, pubs) == (list(range(1, row["last_seq"] + 1)), list(range(1, row["last_pub"] + 1)))


def _conversation_is_sound(row: dict[str, Any], offers: dict[str, Any]) -> None:
    if row["holds"]:
        assert (row["state"], row["assignee_id"] is None) == ("open", False), "only an open one that somebody has takes a place"
    if row["id"] in offers:
        assert (row["state"], row["assignee_id"]) == ("open", None), "an offer is for what nobody has"
    if row["state"] == "joined":
        assert (row["assignee_id"], row["waiting_since"], row["route_at"]) == (None, None, None)
    if row["state"] == "open" and row["assignee_id"] is None:
        assert row["route_at"] is not None, "it fell out of the queue"
    if row["state"] != "open":
        assert row["route_at"] is None
    if row["assignee_id"] is not None and row["state"] == "open" and row["waiting_since"] is not None:
        assert row["holds"], "somebody waits and nobody counts it"


def _run(place: Callable[[], AbstractContextManager[str]], examples: int, steps: int) -> None:
    machine = type("AnyDesk", (Desk,), {"place": staticmethod(place)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


def _on_files(template: Path, folder: Path) -> Callable[[], AbstractContextManager[str]]:
    @contextmanager
    def place() -> Iterator[str]:
        path = folder / f"{sum(1 for _ in folder.iterdir())}.db"
        yield copy_file(template, path)

    return place


def test_any_order_on_sqlite(migrated_file: Path, tmp_path: Path) -> None:
    _run(_on_files(migrated_file, tmp_path), examples=12, steps=30)


def test_any_order_on_postgresql(postgres_url: str, postgres_template: str) -> None:
    _run(lambda: fresh_database(postgres_url, postgres_template), examples=3, steps=25)


@pytest.mark.slow
def test_any_order_for_longer(migrated_file: Path, tmp_path: Path) -> None:
    _run(_on_files(migrated_file, tmp_path), examples=200, steps=50)
