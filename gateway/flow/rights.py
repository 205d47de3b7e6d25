"""What a role may do: one table, asked by REST, sockets and every flow that acts for an agent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.db.database import Tx
from gateway.errors import Forbidden
from gateway.model import Agent, AgentId
from gateway.store import agents

ROLES: Final = ("viewer", "agent", "lead", "manager", "admin")
"""From the least to the most: each may do what the one before may."""

RIGHTS: Final[Mapping[str, str]] = {
    "read": "viewer",
    "reply": "agent",
    "merge": "agent",
    "block": "agent",
    "bulk": "lead",
    "share": "lead",
    "places": "lead",
    "people": "manager",
    "settings": "manager",
    "audit": "manager",
    "admins": "admin",
}
"""right → the least role that has it. `reply` is everything an agent does to a conversation, notes and tags included; `share` is texts and
searches for everybody; `places` is how much and what an agent takes; `admins` is making and changing managers and admins."""

_WORDS: Final[Mapping[str, str]] = {
    "reply": "write",
    "merge": "merge or split",
    "block": "block customers",
    "bulk": "change many conversations at once",
    "share": "change what everybody uses",
    "places": "change what agents take",
    "people": "manage people",
    "settings": "change settings",
    "audit": "read the audit",
    "admins": "make or change managers and admins",
}


def rank(role: str) -> int:
    return ROLES.index(role)


def has(agent: Agent, right: str) -> bool:
    """Whether this agent, as they are now, may."""
    return agent.disabled_at is None and rank(agent.role) >= rank(RIGHTS[right])


def rights_of(agent: Agent) -> list[str]:
    return [right for right in RIGHTS if has(agent, right)]


def require(agent: Agent, right: str) -> Agent:
    """The agent back. Raises Forbidden with a sentence that names the role it takes."""
    if has(agent, right):
        return agent
    if right == "reply":
        raise Forbidden("Your role may read, not write. Ask an admin to make you an agent.")
    raise Forbidden(f"Your role may not {_WORDS.get(right, right)}: that takes a {RIGHTS[right]} or more.")


def actor(tx: Tx, agent_id: AgentId, right: str = "reply") -> Agent:
    """The agent who acts, read in this unit. Raises NotFound, Forbidden."""
    return require(agents.get_agent(tx, agent_id), right)
