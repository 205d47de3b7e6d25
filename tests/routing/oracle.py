"""Routing the slow and obvious way, written without a look at the router's own rules: what every fast decision must agree with."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from router.types import Candidate, Waiting


class Room:
    """Who holds how much, as a round goes on."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.agents = {agent.id: agent for agent in candidates}
        self.load = {(a.id, c.load_class): c.load for a in candidates for c in a.capacities.values()}
        self.cap = {(a.id, c.load_class): c.cap for a in candidates for c in a.capacities.values()}
        self.assigned = {agent.id: agent.last_assigned_at for agent in candidates}

    def takes(self, agent_id: str, waiting: Waiting) -> bool:
        agent, slot = self.agents[agent_id], (agent_id, waiting.load_class)
        return all(
            (
                agent.available and agent.here and agent.can_reply,
                waiting.team_id is None or waiting.team_id in agent.teams,
                all(skill in agent.skills for skill in waiting.skills),
                agent_id not in waiting.declined,
                self.load.get((agent_id, "call"), 0) == 0,
                self.load.get(slot, 0) < self.cap.get(slot, 0),
            )
        )

    def choose(self, waiting: Waiting, now: int) -> str | None:
        able = [agent_id for agent_id in self.agents if self.takes(agent_id, waiting)]
        if waiting.not_before > now or not able:
            return None
        if waiting.last_agent_id in able:
            return waiting.last_agent_id

        def order(agent_id: str) -> tuple[Fraction, int, str]:
            slot = agent_id, waiting.load_class
            return Fraction(self.load[slot], self.cap[slot]), self.assigned[agent_id], agent_id

        return min(able, key=order)

    def give(self, agent_id: str, waiting: Waiting, now: int) -> None:
        self.load[agent_id, waiting.load_class] += 1
        self.assigned[agent_id] = max(now, self.assigned[agent_id])


def route(waiting: Sequence[Waiting], candidates: Sequence[Candidate], now: int) -> list[tuple[str, str | None]]:
    """The conversations oldest first, each with the agent who gets it."""
    room, chosen = Room(candidates), []
    for one in sorted(waiting, key=lambda w: (w.waiting_since, w.id)):
        agent_id = room.choose(one, now)
        if agent_id is not None:
            room.give(agent_id, one, now)
        chosen.append((one.id, agent_id))
    return chosen
