"""Which of the agents who may take a conversation gets it, and the words that say why."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest
from itertools import pairwise

from router.rules import excluded, shortage
from router.types import Candidate, Decision, Verdict, Waiting

__all__ = ["Rank", "in_order", "pick", "rank", "why", "why_again"]

Rank = tuple[float, int, str]
"""Load ratio, last assignment, id: the smallest is the best."""


def pick(waiting: Waiting, candidates: Iterable[Candidate]) -> Decision:
    """Decide one conversation, with a verdict on every agent; the order of `candidates` does not matter.

    Raises ValueError if two candidates carry the same id. `not_before` is not looked at: that takes a clock, see `decide`.
    """
    agents = in_order(candidates)
    verdicts = tuple(Verdict(agent.id, excluded(agent, waiting)) for agent in agents)
    passed = [agent for agent, verdict in zip(agents, verdicts, strict=True) if verdict.out is None]
    if not passed:
        return Decision(waiting.id, waiting.version, None, shortage(verdicts), verdicts)
    for agent in passed:
        if agent.id == waiting.last_agent_id:
            return Decision(waiting.id, waiting.version, agent.id, why_again(agent, waiting.load_class), verdicts)
    best, *others = nsmallest(2, passed, key=lambda agent: rank(agent, waiting.load_class))
    reason = why(best, others[0] if others else None, waiting.load_class)
    return Decision(waiting.id, waiting.version, best.id, reason, verdicts)


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates by id. Raises ValueError if an id is there twice: two snapshots of one agent would be two capacities."""
    agents = sorted(candidates, key=lambda agent: agent.id)
    for one, other in pairwise(agents):
        if one.id == other.id:
            raise ValueError(f"Agent {one.id} is among the candidates twice.")
    return agents


def rank(candidate: Candidate, load_class: str) -> Rank:
    """Least load ratio, then longest idle, then id. For agents who take `load_class` (a cap above 0)."""
    capacity = candidate.capacities[load_class]
    # IEEE division rounds correctly, so equal ratios (1 of 3, 2 of 6) are equal floats and ties are real ties.
    return capacity.load / capacity.cap, candidate.last_assigned_at, candidate.id


def why(best: Candidate, next_best: Candidate | None, load_class: str) -> str:
    """What set `best` apart from the runner-up: "least loaded (1 of 3), idle longest"."""
    if next_best is None:
        return f"the only one who can take it ({_load(best, load_class)})"
    ratio, assigned, _ = rank(best, load_class)
    next_ratio, next_assigned, _ = rank(next_best, load_class)
    reason = f"least loaded ({_load(best, load_class)})"
    if ratio < next_ratio:
        return reason
    return f"{reason}, idle longest" if assigned < next_assigned else f"{reason}, idle as long as others, first by id"


def why_again(agent: Candidate, load_class: str) -> str:
    """The words for an agent who gets the conversation because they had it before."""
    return f"had it last and has room ({_load(agent, load_class)})"


def _load(agent: Candidate, load_class: str) -> str:
    capacity = agent.capacities[load_class]
    return f"{capacity.load} of {capacity.cap}"
