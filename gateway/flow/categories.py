"""What requests can be about, as managers keep it: names, and what is offered no more. Nothing is deleted: old requests keep theirs."""

from __future__ import annotations

import re
import unicodedata

from gateway.db.database import Tx
from gateway.errors import Conflict
from gateway.flow import accounts, audit, publish, rights
from gateway.model import AgentId, Category
from gateway.store import categories

_MISSING = "A category needs a name."


def add(tx: Tx, actor_id: AgentId, name: str) -> Category:
    """Offered last. Raises Forbidden, Invalid, Conflict for a name that is taken."""
    actor = rights.actor(tx, actor_id, "settings")
    called = accounts.named(name, _MISSING)
    _check_free(tx, called, "")
    position = categories.last_position(tx) + 1
    made = Category(_slug(called), called, position, 0)
    if not made.id or not categories.add_category(tx, made):
        made = made._replace(id=tx.clock.new_id())
        categories.add_category(tx, made)
    _changed(tx, actor.id, "category_added", made)
    return made


def change(tx: Tx, actor_id: AgentId, category_id: str, name: str | None, hidden: bool | None) -> Category:
    """None leaves it as it is. Raises Forbidden, Invalid, Conflict, NotFound."""
    actor = rights.actor(tx, actor_id, "settings")
    found = categories.get_category(tx, category_id)
    if name is not None:
        found = found._replace(name=accounts.named(name, _MISSING))
        _check_free(tx, found.name, found.id)
    if hidden is not None:
        found = found._replace(hidden=int(hidden))
    categories.mark_category(tx, found)
    _changed(tx, actor.id, "category_changed", found)
    return found


def _check_free(tx: Tx, name: str, but: str) -> None:
    if any(other.name.casefold() == name.casefold() and other.id != but for other in categories.list_categories(tx)):
        raise Conflict(f"There is a category “{name}” already.")


def _slug(name: str) -> str:
    """For people who read reports; empty when the name has no Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")


def _changed(tx: Tx, actor_id: AgentId, act: str, category: Category) -> None:
    audit.note(tx, actor_id, act, detail={"category": {"id": category.id, "name": category.name}, "hidden": bool(category.hidden)})
    publish.shelf_changed(tx, "categories")
