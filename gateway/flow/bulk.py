"""One thing done to many conversations: each in a unit of its own, by the same flow as when it is done to one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.errors import Invalid
from gateway.flow import lifecycle, mark, rights, spam
from gateway.flow.policy import Policy
from gateway.model import AgentId, Conversation, ConversationId, TeamId

ACTS: Final = ("resolve", "reopen", "assign", "snooze", "priority", "tag", "spam")
MOST: Final = 100
"""Conversations at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be done. `assign` without agent and team: back to the queue."""

    act: str
    agent: AgentId | None = None
    team: TeamId | None = None
    category: str | None = None
    until: Micros | None = None
    priority: int | None = None
    tag: str | None = None


def require_whole(wish: Wish) -> None:
    """Raises Invalid for a wish that could be granted for no conversation at all."""
    if wish.act not in ACTS:
        raise Invalid(f"“act” is one of {', '.join(ACTS)}.", field="act")
    needed = {"snooze": "until", "priority": "priority", "tag": "tag"}.get(wish.act)
    if needed is not None and getattr(wish, needed) is None:
        raise Invalid(f"“{needed}” is missing.", field=needed)
    if wish.tag is not None:
        mark.tag_of(wish.tag)
    if wish.agent is not None and wish.team is not None:
        raise Invalid("Hand over to an agent or to a team, not to both.", field="team")


def do(tx: Tx, agent_id: AgentId, wish: Wish, conversation_id: ConversationId, version: int, policy: Policy) -> Conversation:
    """To one of them. Raises what the flow of that act raises."""
    rights.actor(tx, agent_id, "bulk")
    match wish.act:
        case "resolve":
            return lifecycle.resolve(tx, agent_id, conversation_id, version, wish.category, policy)
        case "reopen":
            return lifecycle.reopen(tx, agent_id, conversation_id, version)
        case "assign":
            return lifecycle.hand_over(tx, agent_id, conversation_id, version, wish.agent, wish.team)
        case "snooze":
            return lifecycle.snooze(tx, agent_id, conversation_id, version, wish.until or 0)
        case "priority":
            return mark.change(tx, agent_id, conversation_id, version, {"priority": wish.priority or 0})
        case "tag":
            return mark.tag(tx, agent_id, conversation_id, [wish.tag or ""], version=version)
        case "spam":
            return spam.mark(tx, agent_id, conversation_id, version)
    raise Invalid(f"“act” is one of {', '.join(ACTS)}.", field="act")
