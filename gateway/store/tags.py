"""The words agents put on conversations: which bears which, and how often each is used."""

from __future__ import annotations

from sqlalchemy import func, select, union_all

from gateway.db.database import Tx
from gateway.db.schema import conversation, conversation_tag
from gateway.db.statement import Statement, in_list
from gateway.json import dumps
from gateway.model import ConversationId
from gateway.store.sql import insert_row, p

c, t = conversation.c, conversation_tag.c

_ADD = Statement("tag.add", insert_row(conversation_tag).on_conflict_do_nothing(index_elements=["conversation_id", "tag"]).returning(t.tag))
_REMOVE = Statement(
    "tag.remove",
    conversation_tag.delete().where(t.conversation_id == p("which"), t.tag == p("word")).returning(t.tag),
)
_OF = Statement(
    "tag.of", select(t.conversation_id, t.tag).where(in_list(t.conversation_id, "conversation_ids")).order_by(t.conversation_id, t.tag)
)
_HIDDEN = union_all(
    select(c.id).where(c.spam_at.is_not(None)),
    select(c.id).where(c.joined_to.is_not(None)),
)
_MOST_USED = Statement(
    "tag.most_used",
    select(t.tag, func.count().label("uses"))
    .where(t.conversation_id.not_in(_HIDDEN))
    .group_by(t.tag)
    .order_by(func.count().desc(), t.tag)
    .limit(p("limit")),
)


def add_tag(tx: Tx, conversation_id: ConversationId, tag: str) -> bool:
    """False when it bears it already."""
    return tx.one(_ADD, conversation_id=conversation_id, tag=tag) is not None


def delete_tag(tx: Tx, conversation_id: ConversationId, tag: str) -> bool:
    """False when it does not bear it."""
    return tx.one(_REMOVE, which=conversation_id, word=tag) is not None


def list_tags(tx: Tx, conversation_ids: list[ConversationId]) -> dict[ConversationId, tuple[str, ...]]:
    """Of each that bears any, by the alphabet."""
    found: dict[ConversationId, tuple[str, ...]] = {}
    for conversation_id, tag in tx.all(_OF, conversation_ids=dumps(conversation_ids)):
        found[conversation_id] = (*found.get(conversation_id, ()), str(tag))
    return found


def list_most_used(tx: Tx, limit: int) -> list[tuple[str, int]]:
    """(tag, how many conversations bear it), the most used first; spam and what was joined into another one does not count."""
    return [(str(row[0]), int(row[1])) for row in tx.all(_MOST_USED, limit=limit)]
