"""What a request was about: the standard categories and own ones, in the order they are offered."""

from __future__ import annotations

from sqlalchemy import func, select, update

from gateway.db.database import Tx
from gateway.db.schema import category
from gateway.db.statement import Statement
from gateway.errors import NotFound
from gateway.model import Category
from gateway.store.sql import insert_row, p

_ADD = Statement("category.add", insert_row(category).on_conflict_do_nothing(index_elements=["id"]).returning(category.c.id))
_LIST = Statement("category.list", select(category).order_by(category.c.position, category.c.id))
_FIND = Statement("category.find", select(category).where(category.c.id == p("category_id")))
_LAST = Statement("category.last", select(func.coalesce(func.max(category.c.position), 0)))
_UPDATE = Statement("category.update", update(category).where(category.c.id == p("which")).values(name=p("called"), hidden=p("away")))


def add_category(tx: Tx, record: Category) -> bool:
    """False when the id is there already."""
    return tx.one(_ADD, **record._asdict()) is not None


def list_categories(tx: Tx) -> list[Category]:
    """All of them, hidden ones too, in the order they are offered."""
    return [Category(*row) for row in tx.all(_LIST)]


def get_category(tx: Tx, category_id: str) -> Category:
    row = tx.one(_FIND, category_id=category_id)
    if row is None:
        raise NotFound("There is no such category.")
    return Category(*row)


def is_offered(tx: Tx, category_id: str) -> bool:
    """Whether it exists and is not hidden."""
    row = tx.one(_FIND, category_id=category_id)
    return row is not None and not Category(*row).hidden


def last_position(tx: Tx) -> int:
    """Of the one offered last; 0 while there are none."""
    return int(tx.all(_LAST)[0][0])


def mark_category(tx: Tx, record: Category) -> None:
    """Stores name and whether it is hidden."""
    tx.run(_UPDATE, which=record.id, called=record.name, away=record.hidden)
