"""Who takes part in a conversation, and from which message on: what a customer may see of it."""

from __future__ import annotations

from sqlalchemy import func, select

from gateway.db.database import Tx
from gateway.db.schema import conversation, message, participant
from gateway.db.statement import Statement
from gateway.model import Address, Conversation, ConversationId
from gateway.store.sql import insert_row, p

c = conversation.c
_WIDTH = len(conversation.columns)

_ADD_PARTICIPANT = Statement(
    "participant.add", insert_row(participant).on_conflict_do_nothing(index_elements=["address", "conversation_id"])
)
_FIRST_PUB = Statement(
    "participant.first_pub",
    select(participant.c.first_pub).where(participant.c.address == p("address"), participant.c.conversation_id == p("conversation_id")),
)
_PARTICIPANTS = Statement("participant.list", select(participant.c.address).where(participant.c.conversation_id == p("conversation_id")))
# By what was last said to or by the customer: a note of ours must not change which conversation their widget shows.
_SAID = select(message.c.at).where(message.c.conversation_id == c.id, message.c.pub == c.last_pub).scalar_subquery()
_TAKEN_PART = Statement(
    "participant.conversations",
    select(conversation, participant.c.first_pub)
    .select_from(participant.join(conversation, c.id == participant.c.conversation_id))
    .where(participant.c.address == p("address"))
    .order_by(func.coalesce(_SAID, c.last_at).desc(), c.id.desc())
    .limit(p("limit")),
)


def add_participant(tx: Tx, conversation_id: ConversationId, address: Address, first_pub: int) -> None:
    """From which `pub` on this address has taken part; the first one stays."""
    tx.run(_ADD_PARTICIPANT, conversation_id=conversation_id, address=address, first_pub=first_pub)


def find_first_pub(tx: Tx, conversation_id: ConversationId, address: Address) -> int | None:
    row = tx.one(_FIRST_PUB, conversation_id=conversation_id, address=address)
    return None if row is None else int(row[0])


def list_participants(tx: Tx, conversation_id: ConversationId) -> list[Address]:
    return [Address(row[0]) for row in tx.all(_PARTICIPANTS, conversation_id=conversation_id)]


def list_taken_part(tx: Tx, address: Address, limit: int = 20) -> list[tuple[Conversation, int]]:
    """Conversations this address took part in, latest first, each with its first pub there."""
    return [(Conversation(*row[:_WIDTH]), int(row[_WIDTH])) for row in tx.all(_TAKEN_PART, address=address, limit=limit)]
