"""What agents say of two conversations: related, duplicate of, blocked by."""

from __future__ import annotations

from sqlalchemy import and_, func, or_, select

from gateway.db.database import Tx
from gateway.db.schema import conversation_link
from gateway.db.statement import Statement
from gateway.model import ConversationId, Link
from gateway.store.sql import insert_row, p

link = conversation_link.c

_EITHER = or_(link.from_id == p("which"), link.to_id == p("which"))
_ADD = Statement(
    "link.add", insert_row(conversation_link).on_conflict_do_nothing(index_elements=["from_id", "to_id", "kind"]).returning(link.kind)
)
_BETWEEN = and_(
    link.kind == p("sort"),
    or_(and_(link.from_id == p("one"), link.to_id == p("other")), and_(link.from_id == p("other"), link.to_id == p("one"))),
)
_DELETE = Statement("link.delete", conversation_link.delete().where(_BETWEEN).returning(*conversation_link.columns))
_FIND = Statement("link.find", select(conversation_link).where(_BETWEEN).limit(1))
_OF = Statement("link.of", select(conversation_link).where(_EITHER).order_by(link.at, link.from_id, link.to_id, link.kind))
_COUNT = Statement("link.count", select(func.count()).select_from(conversation_link).where(_EITHER))


def add_link(tx: Tx, record: Link) -> bool:
    """False when it is there already."""
    return tx.one(_ADD, **record._asdict()) is not None


def find_link(tx: Tx, one: ConversationId, other: ConversationId, kind: str) -> Link | None:
    """Of this kind between the two, whichever way it reads."""
    row = tx.one(_FIND, one=one, other=other, sort=kind)
    return None if row is None else Link(*row)


def delete_links(tx: Tx, one: ConversationId, other: ConversationId, kind: str) -> list[Link]:
    """Both ways; gives what was there."""
    return [Link(*row) for row in tx.all(_DELETE, one=one, other=other, sort=kind)]


def list_links(tx: Tx, conversation_id: ConversationId) -> list[Link]:
    """From it and to it, oldest first."""
    return [Link(*row) for row in tx.all(_OF, which=conversation_id)]


def count_links(tx: Tx, conversation_id: ConversationId) -> int:
    row = tx.one(_COUNT, which=conversation_id)
    return 0 if row is None else int(row[0])
