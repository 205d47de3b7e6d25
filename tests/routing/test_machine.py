"""A desk at work: people arrive, leave, answer, go away and let offers pass in any order, and after every round the promises hold."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from router.decide import decide
from router.queue import Queue, oldest_first
from router.types import Candidate, Capacity, Waiting
from tests.routing.oracle import Room, route
from tests.routing.samples import AGENTS, CLASSES, NOW, SKILLS, TEAMS

_SECOND = 1_000_000
_someone = st.sampled_from(AGENTS)


class Desk(RuleBasedStateMachine):
    """The caller's side of routing, as `flow` plays it: rows, guards and hints, without a database."""

    given_out = Bundle("given_out")

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.count = 0
        self.queue = Queue()
        self.rows: dict[str, Waiting] = {}
        self.agents: dict[str, Candidate] = {}
        self.held: dict[str, str] = {}
        self.places: dict[str, int] = {}

    @initialize(caps=st.lists(st.integers(1, 3), min_size=len(AGENTS), max_size=len(AGENTS)))
    def come_to_work(self, caps: list[int]) -> None:
        for n, (name, cap) in enumerate(zip(AGENTS, caps, strict=True)):
            capacities = {load_class: Capacity(load_class, 0, 1 if load_class == "call" else cap) for load_class in CLASSES}
            teams, skills = frozenset(TEAMS[: 1 + n % 2]), frozenset(SKILLS[: n % 3])
            self.agents[name] = Candidate(name, True, True, teams, skills, capacities, NOW)

    @rule(
        load_class=st.sampled_from(CLASSES),
        team=st.sampled_from((None, None, *TEAMS)),
        skills=st.frozensets(st.sampled_from(SKILLS), max_size=1),
        last=st.one_of(st.none(), _someone),
        same_moment=st.booleans(),
    )
    def arrive(self, load_class: str, team: str | None, skills: frozenset[str], last: str | None, same_moment: bool) -> None:
        self.count += 1
        self.now += 0 if same_moment else _SECOND
        name = f"c{self.count}"
        row = Waiting(name, 1, load_class, self.now, team_id=team, skills=skills, last_agent_id=last)
        self.rows[name], self.places[name] = row, self.now
        self.queue.put(row)

    @rule(data=st.data())
    def give_up(self, data: st.DataObject) -> None:
        if len(self.queue):
            gone = data.draw(st.sampled_from([one.id for one in self.queue]))
            assert self.queue.remove(gone) == self.rows.pop(gone)

    @rule(name=_someone)
    def come_or_go(self, name: str) -> None:
        self.agents[name] = replace(self.agents[name], available=not self.agents[name].available)

    @rule(name=_someone)
    def lose_or_find_the_network(self, name: str) -> None:
        self.agents[name] = replace(self.agents[name], here=not self.agents[name].here)

    @rule(name=_someone, skills=st.frozensets(st.sampled_from(SKILLS)), teams=st.frozensets(st.sampled_from(TEAMS)))
    def be_moved(self, name: str, skills: frozenset[str], teams: frozenset[str]) -> None:
        self.agents[name] = replace(self.agents[name], skills=skills, teams=teams)

    @rule(name=_someone, load_class=st.sampled_from(CLASSES), cap=st.integers(0, 3))
    def be_given_another_cap(self, name: str, load_class: str, cap: int) -> None:
        self._set(name, Capacity(load_class, self.agents[name].capacities[load_class].load, cap))

    @rule(conversation_id=consumes(given_out))
    def finish(self, conversation_id: str) -> None:
        self._release(conversation_id)
        del self.rows[conversation_id]

    @rule(conversation_id=consumes(given_out), patience=st.sampled_from((0, 0, 2)))
    def let_it_pass(self, conversation_id: str, patience: int) -> None:
        agent_id = self._release(conversation_id)
        row = self.rows[conversation_id]
        row = replace(row, version=row.version + 1, declined=row.declined | {agent_id}, not_before=self.now + patience * _SECOND)
        self.rows[conversation_id] = row
        self.queue.put(row)

    @rule(data=st.data())
    def hear_it_again(self, data: st.DataObject) -> None:
        if len(self.queue):
            row = data.draw(st.sampled_from(list(self.queue)))
            self.queue.put(replace(row, waiting_since=self.now))
            self.queue.put(replace(row, version=row.version - 1, load_class="fax"))

    @rule(target=given_out, wait=st.integers(0, 2))
    def route(self, wait: int) -> object:
        self.now += wait * _SECOND
        waiting, candidates = list(self.queue), list(self.agents.values())
        decisions = decide(waiting[::-1], candidates[::-1], self.now)
        assert [(one.conversation_id, one.agent_id) for one in decisions] == route(waiting, candidates, self.now)
        taken = [(one.conversation_id, one.agent_id) for one in decisions if one.agent_id is not None]
        for conversation_id, agent_id in taken:
            self._assign(conversation_id, agent_id)
        self._nobody_waits_in_vain()
        return multiple(*(conversation_id for conversation_id, _ in taken))

    @invariant()
    def places_are_kept(self) -> None:
        assert all(one.waiting_since == self.places[one.id] for one in self.queue)
        first = self.queue.peek()
        assert list(self.queue) == oldest_first(row for name, row in self.rows.items() if name not in self.held)
        assert first == next(iter(self.queue), None)

    @invariant()
    def loads_are_what_is_held(self) -> None:
        for name, agent in self.agents.items():
            classes = [self.rows[conversation_id].load_class for conversation_id, holder in self.held.items() if holder == name]
            assert all(capacity.load == classes.count(load_class) for load_class, capacity in agent.capacities.items())

    def _assign(self, conversation_id: str, agent_id: str) -> None:
        row, agent = self.rows[conversation_id], self.agents[agent_id]
        capacity = agent.capacities[row.load_class]
        assert agent.available
        assert agent.here
        assert capacity.load < capacity.cap
        assert agent.capacities["call"].load == 0
        assert row.team_id is None or row.team_id in agent.teams
        assert row.skills <= agent.skills
        assert agent_id not in row.declined
        assert self.queue.remove(conversation_id) == row
        self.held[conversation_id] = agent_id
        self._set(agent_id, replace(capacity, load=capacity.load + 1))
        self.agents[agent_id] = replace(self.agents[agent_id], last_assigned_at=self.now)

    def _release(self, conversation_id: str) -> str:
        agent_id = self.held.pop(conversation_id)
        capacity = self.agents[agent_id].capacities[self.rows[conversation_id].load_class]
        self._set(agent_id, replace(capacity, load=capacity.load - 1))
        return agent_id

    def _set(self, agent_id: str, capacity: Capacity) -> None:
        agent = self.agents[agent_id]
        self.agents[agent_id] = replace(agent, capacities={**agent.capacities, capacity.load_class: capacity})

    def _nobody_waits_in_vain(self) -> None:
        room = Room(list(self.agents.values()))
        for one in self.queue:
            assert one.not_before > self.now or not any(room.takes(name, one) for name in AGENTS)


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=40, stateful_step_count=40, deadline=None, derandomize=True)
