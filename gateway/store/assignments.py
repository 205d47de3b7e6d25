"""Who has a conversation and why, and the places offered but not yet accepted."""

from __future__ import annotations

from sqlalchemy import select, update

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import assignment, offer
from gateway.db.statement import Statement, in_list
from gateway.json import dumps
from gateway.model import Assignment, ConversationId, Offer
from gateway.store.sql import insert_row, is_now, p

_ADD = Statement("assignment.add", insert_row(assignment))
_END = Statement(
    "assignment.end",
    update(assignment)
    .where(assignment.c.conversation_id == p("which"), assignment.c.ended_at.is_(None))
    .values(ended_at=p("at"), end_reason=p("why")),
)
_OF = Statement(
    "assignment.of", select(assignment).where(assignment.c.conversation_id == p("which")).order_by(assignment.c.at, assignment.c.id)
)
_ADD_OFFER = Statement("offer.add", insert_row(offer))
_OPEN_OFFER = Statement("offer.open", select(offer).where(offer.c.conversation_id == p("which"), is_now(offer.c.state, "open")))
_OPEN_OFFERS = Statement(
    "offer.open_of", select(offer).where(in_list(offer.c.conversation_id, "conversation_ids"), is_now(offer.c.state, "open"))
)
_END_OFFER = Statement(
    "offer.end",
    update(offer)
    .where(offer.c.conversation_id == p("which"), is_now(offer.c.state, "open"))
    .values(state=p("to"))
    .returning(*offer.columns),
)
_DUE_OFFERS = Statement(
    "offer.due",
    select(offer).where(is_now(offer.c.state, "open"), offer.c.deadline <= p("at")).order_by(offer.c.deadline).limit(p("limit")),
)
_PASSED = Statement(
    "offer.passed",
    select(offer.c.conversation_id, offer.c.agent_id).where(
        in_list(offer.c.conversation_id, "conversation_ids"), offer.c.at >= p("since"), offer.c.state.in_([p("declined"), p("expired")])
    ),
)


def add_assignment(tx: Tx, record: Assignment) -> None:
    tx.run(_ADD, **record._asdict())


def mark_ended(tx: Tx, conversation_id: ConversationId, reason: str) -> None:
    tx.run(_END, which=conversation_id, at=tx.now, why=reason)


def list_assignments(tx: Tx, conversation_id: ConversationId) -> list[Assignment]:
    """Oldest first."""
    return [Assignment(*row) for row in tx.all(_OF, which=conversation_id)]


def add_offer(tx: Tx, record: Offer) -> None:
    tx.run(_ADD_OFFER, **record._asdict())


def find_open_offer(tx: Tx, conversation_id: ConversationId) -> Offer | None:
    row = tx.one(_OPEN_OFFER, which=conversation_id)
    return None if row is None else Offer(*row)


def list_open_offers(tx: Tx, conversation_ids: list[ConversationId]) -> dict[ConversationId, Offer]:
    return {Offer(*row).conversation_id: Offer(*row) for row in tx.all(_OPEN_OFFERS, conversation_ids=dumps(conversation_ids))}


def mark_offer_ended(tx: Tx, conversation_id: ConversationId, state: str) -> Offer | None:
    """accepted, declined, expired or withdrawn; None when no offer was open."""
    row = tx.one(_END_OFFER, which=conversation_id, to=state)
    return None if row is None else Offer(*row)


def list_due_offers(tx: Tx, at: Micros, limit: int = 100) -> list[Offer]:
    return [Offer(*row) for row in tx.all(_DUE_OFFERS, at=at, limit=limit)]


def list_passed(tx: Tx, conversation_ids: list[ConversationId], since: Micros) -> list[tuple[ConversationId, str]]:
    """(conversation, agent) of offers that were declined or ran out since `since`."""
    rows = tx.all(_PASSED, conversation_ids=dumps(conversation_ids), since=since, declined="declined", expired="expired")
    return [(ConversationId(row[0]), str(row[1])) for row in rows]
