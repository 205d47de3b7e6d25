"""What a request was about: the standard categories and own ones, in the order they are offered."""

from __future__ import annotations

from sqlalchemy import select

from gateway.db.database import Tx
from gateway.db.schema import category
from gateway.db.statement import Statement
from gateway.store.sql import insert, p

_ADD = Statement("category.add", insert(category).values(id=p("category_id"), name=p("called"), position=p("place")).on_conflict_do_nothing(index_elements=["id"]))
_LIST = Statement("category.list", select(category.c.id, category.c.name).order_by(category.c.position, category.c.id))
_FIND = Statement("category.find", select(category.c.id).where(category.c.id == p("category_id")))


def add_category(tx: Tx, category_id: str, name: str, position: int) -> None:
    """Does nothing when the id is there already."""
    tx.run(_ADD, category_id=category_id, called=name, place=position)


def list_categories(tx: Tx) -> list[tuple[str, str]]:
    """(id, name) in the order they are offered."""
    return [(str(row[0]), str(row[1])) for row in tx.all(_LIST)]


def is_category(tx: Tx, category_id: str) -> bool:
    return tx.one(_FIND, category_id=category_id) is not None
