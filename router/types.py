"""The snapshots the router reads and the decisions it hands back: plain values, so that a decision can be replayed and explained.

Ids are plain strings, times integer microseconds since 1970 UTC. Nothing here knows the database or the clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["CALL", "Candidate", "Capacity", "Decision", "Verdict", "Waiting"]

CALL = "call"
"""The load class of live telephone calls: one of them takes an agent out for everything else."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation that waits for an agent.

    `version` is the one the snapshot was read at; the write that follows a decision is guarded by it.
    `waiting_since` is the place in the queue and survives offers and re-queues. `skills` are all required.
    `last_agent_id`, if set, is offered first while they pass every rule. Before `not_before` it is not routed at all.
    `declined` holds the agents who let an offer of this conversation pass. `priority` (1 urgent … 3 low) does not change the order yet.
    """

    id: str
    version: int
    load_class: str
    waiting_since: int
    priority: int = 2
    team_id: str | None = None
    skills: frozenset[str] = frozenset()
    last_agent_id: str | None = None
    not_before: int = 0
    declined: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many conversations of one load class an agent holds (open offers included) and may hold."""

    load_class: str
    load: int
    cap: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent as the router sees them.

    `available` is what the agent declared, `here` whether a presence lease of theirs has not run out; both are needed.
    A load class without an entry in `capacities`, or with a cap of 0, is one this agent does not take.
    """

    id: str
    available: bool
    here: bool
    teams: frozenset[str]
    skills: frozenset[str]
    capacities: Mapping[str, Capacity]
    last_assigned_at: int
    can_reply: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules said about one agent: `out` is the rule that took them out, None for an agent who passed."""

    agent_id: str
    out: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """Who gets a conversation, or None if nobody can take it now, and why, as a phrase for people.

    `verdicts` are sorted by agent id; they are empty where nobody asked for them.
    """

    conversation_id: str
    version: int
    agent_id: str | None
    reason: str
    verdicts: tuple[Verdict, ...] = ()
