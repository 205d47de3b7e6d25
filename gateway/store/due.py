"""Conversations that want something now: an agent, waking up, or their place back."""

from __future__ import annotations

from sqlalchemy import and_, func, literal_column, select

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import conversation
from gateway.db.statement import Statement
from gateway.model import AgentId, Conversation
from gateway.store.sql import is_now, p

c = conversation.c
_ROUTABLE = and_(is_now(c.state, "open"), c.assignee_id.is_(None), c.route_at.is_not(None), c.route_at <= p("due"))
_LIST_ROUTABLE = Statement(
    "conversation.routable",
    select(conversation).where(_ROUTABLE).order_by(func.coalesce(c.waiting_since, c.route_at), c.id).limit(p("limit")),
)
_DUE_SNOOZED = Statement(
    "conversation.due_snoozed",
    select(conversation).where(is_now(c.state, "snoozed"), c.snoozed_until <= p("due")).order_by(c.snoozed_until).limit(p("limit")),
)
_UNANSWERED_OF = Statement(
    "conversation.unanswered_of",
    select(conversation)
    .where(c.assignee_id == p("agent_id"), is_now(c.state, "open"), c.waiting_since.is_not(None))
    .order_by(c.waiting_since),
)
_HELD_OF = Statement(
    "conversation.held_of",
    select(conversation).where(c.assignee_id == p("agent_id"), is_now(c.state, "open"), c.holds == literal_column("1")),
)
_IDLE_HOLDS = Statement(
    "conversation.idle_holds",
    select(conversation)
    .where(
        c.assignee_id.is_not(None),
        is_now(c.state, "open"),
        c.holds == literal_column("1"),
        c.waiting_since.is_(None),
        c.last_at <= p("before"),
    )
    .order_by(c.last_at)
    .limit(p("limit")),
)


def list_routable(tx: Tx, due: Micros, limit: int = 500) -> list[Conversation]:
    """Those that want an agent now, oldest place first."""
    return [Conversation(*row) for row in tx.all(_LIST_ROUTABLE, due=due, limit=limit)]


def list_due_snoozed(tx: Tx, due: Micros, limit: int = 100) -> list[Conversation]:
    return [Conversation(*row) for row in tx.all(_DUE_SNOOZED, due=due, limit=limit)]


def list_unanswered_of(tx: Tx, agent_id: AgentId) -> list[Conversation]:
    """What this agent has and whose customer waits."""
    return [Conversation(*row) for row in tx.all(_UNANSWERED_OF, agent_id=agent_id)]


def list_held_of(tx: Tx, agent_id: AgentId) -> list[Conversation]:
    """What takes a place of this agent, whoever waits."""
    return [Conversation(*row) for row in tx.all(_HELD_OF, agent_id=agent_id)]


def list_idle_holds(tx: Tx, before: Micros, limit: int = 100) -> list[Conversation]:
    """Places held by conversations that wait for the customer since `before`."""
    return [Conversation(*row) for row in tx.all(_IDLE_HOLDS, before=before, limit=limit)]
