"""One round of routing: every waiting conversation against every agent, oldest first, without ever giving a place away twice."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from heapq import heapify, heappop, heappush

from router.pick import Rank, in_order, pick, rank, why, why_again
from router.queue import oldest_first
from router.rules import excluded, no_room, unfit
from router.types import Candidate, Capacity, Decision, Waiting

__all__ = ["decide"]

_SECOND = 1_000_000

_Kind = tuple[str | None, frozenset[str], str]
"""Team, skills, load class: conversations of one kind ask for the same agents."""


def decide(
    waiting: Sequence[Waiting], candidates: Sequence[Candidate], now: int, *, verdicts_for: Container[str] = frozenset()
) -> list[Decision]:
    """One decision per waiting conversation, oldest first; the order of the arguments does not matter.

    Each decision counts for the next ones, so a round never overbooks an agent. A conversation nobody can take does not hold up the
    ones behind it. `now` is in microseconds. `verdicts_for`: the conversations whose decision lists a verdict on every agent.
    Raises ValueError if a conversation or an agent is there twice.
    """
    ordered = oldest_first(waiting)
    if len({one.id for one in ordered}) != len(ordered):
        raise ValueError("A conversation is among the waiting twice.")
    round_ = _Round(candidates, now)
    return [round_.decide(one, one.id in verdicts_for) for one in ordered]


class _Lineup:
    """The agents fit for one kind of conversation, best first.

    Within a round loads and last assignments only rise, and with them the ranks: an entry that is out of date stands too far in
    front, never too far behind, and can be put right when it surfaces. Nothing has to be told when an agent's load changes.
    """

    def __init__(self, agents: Iterable[Candidate], load_class: str) -> None:
        self._load_class = load_class
        self._heap: list[Rank] = [rank(agent, load_class) for agent in agents]
        heapify(self._heap)

    def first_two(self, agents: Mapping[str, Candidate], declined: frozenset[str]) -> list[Candidate]:
        """The best and the runner-up among those who have room and have not declined; they stay in the line-up."""
        found: list[Candidate] = []
        surfaced: list[Rank] = []
        while self._heap and len(found) < 2:
            entry = heappop(self._heap)
            agent = agents[entry[2]]
            if no_room(agent, self._load_class) is not None:
                continue
            current = rank(agent, self._load_class)
            if current != entry:
                heappush(self._heap, current)
                continue
            surfaced.append(entry)
            if agent.id not in declined:
                found.append(agent)
        for entry in surfaced:
            heappush(self._heap, entry)
        return found


class _Round:
    """The agents as they stand after the decisions made so far."""

    def __init__(self, candidates: Iterable[Candidate], now: int) -> None:
        self._agents = {agent.id: agent for agent in in_order(candidates)}
        self._now = now
        self._lineups: dict[_Kind, _Lineup] = {}
        self._shortages: dict[tuple[_Kind, frozenset[str]], str] = {}

    def decide(self, waiting: Waiting, with_verdicts: bool) -> Decision:
        decision = self._decision(waiting)
        if with_verdicts:
            decision = replace(decision, verdicts=pick(waiting, self._agents.values()).verdicts)
        if decision.agent_id is not None:
            self._give(decision.agent_id, waiting.load_class)
        return decision

    def _decision(self, waiting: Waiting) -> Decision:
        if waiting.not_before > self._now:
            left = -(-(waiting.not_before - self._now) // _SECOND)
            return Decision(waiting.id, waiting.version, None, f"held back for another {left} s")
        last = self._agents.get(waiting.last_agent_id) if waiting.last_agent_id is not None else None
        if last is not None and excluded(last, waiting) is None:
            return Decision(waiting.id, waiting.version, last.id, why_again(last, waiting.load_class))
        best, next_best = self._best(waiting)
        if best is None:
            return Decision(waiting.id, waiting.version, None, self._shortage(waiting))
        return Decision(waiting.id, waiting.version, best.id, why(best, next_best, waiting.load_class))

    def _best(self, waiting: Waiting) -> tuple[Candidate | None, Candidate | None]:
        kind = _kind(waiting)
        lineup = self._lineups.get(kind)
        if lineup is None:
            fit = (agent for agent in self._agents.values() if unfit(agent, waiting) is None)
            lineup = self._lineups[kind] = _Lineup(fit, waiting.load_class)
        first, second, *_ = *lineup.first_two(self._agents, waiting.declined), None, None
        return first, second

    def _shortage(self, waiting: Waiting) -> str:
        key = _kind(waiting), waiting.declined
        if key not in self._shortages:
            self._shortages[key] = pick(waiting, self._agents.values()).reason
        return self._shortages[key]

    def _give(self, agent_id: str, load_class: str) -> None:
        agent = self._agents[agent_id]
        held = agent.capacities[load_class]
        capacities = {**agent.capacities, load_class: Capacity(load_class, held.load + 1, held.cap)}
        # A clock that stepped back must not lower a rank: the line-ups rely on ranks that only rise.
        assigned = max(self._now, agent.last_assigned_at)
        self._agents[agent_id] = replace(agent, capacities=capacities, last_assigned_at=assigned)
        self._shortages.clear()


def _kind(waiting: Waiting) -> _Kind:
    return waiting.team_id, waiting.skills, waiting.load_class
