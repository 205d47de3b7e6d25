"""The inbox's lists: every filter and order of docs/api.md, a page at a time, as statements made of known parts and kept by their shape."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, tuple_, union_all

from gateway.db.database import Tx
from gateway.db.schema import conversation, conversation_tag
from gateway.db.statement import Statement, in_list
from gateway.json import dumps
from gateway.model import AgentId, ConversationId
from gateway.store.inbox import OFFER, Row, completed, rows_of, select_rows
from gateway.store.sql import is_now, one_of, p

c, t = conversation.c, conversation_tag.c
k = conversation.alias("kept").c

VIEWS = ("mine", "unassigned", "waiting", "due", "all")
STATES = ("open", "snoozed", "resolved", "closed", "any", "spam")
SORTS = ("newest", "oldest", "waiting", "priority", "due")
SORT_OF = {"unassigned": "waiting", "waiting": "waiting", "due": "due"}
"""The order of a view where none is asked for; `newest` for the others."""
NONE = "none"
"""As a filter's value: what has no team, category or owner."""

_FAR: ColumnElement[int] = literal_column(str(1 << 62))


def _keys(sort: str, of: Any) -> tuple[ColumnElement[Any], ...]:
    """What each order goes by, and by the id where that is equal. Whoever does not wait, or is not due, stands last."""
    wait, due = func.coalesce(of.waiting_since, _FAR), func.coalesce(of.due_at, _FAR)
    keys: dict[str, tuple[ColumnElement[Any], ...]] = {
        "newest": (of.last_at,), "oldest": (of.last_at,), "waiting": (wait,), "priority": (of.priority, due, wait), "due": (due,),
    }  # fmt: skip
    return keys[sort]


_WIDTHS = {sort: len(_keys(sort, c)) for sort in SORTS}


class Filters(NamedTuple):
    """What a list shows. Empty texts and 0 let everything pass; `NONE` asks for what has none. `view` and `state` are of VIEWS and STATES."""

    view: str = "all"
    state: str = "open"
    team: str = ""
    tag: str = ""
    category: str = ""
    priority: int = 0
    owner: str = ""
    channel: str = ""
    found: tuple[ConversationId, ...] | None = None
    """Only these: what a search found."""


Cursor = tuple[int | str, ...]
"""What the last row seen was sorted by, its id last."""


class _Shape(NamedTuple):
    """What a statement's text depends on: a few hundred different ones at most."""

    state: str
    owner: Literal["any", "one", "none"]
    only: Literal["", "waiting", "due"]
    tagged: bool
    found: bool
    sort: str


_LIVE = ("open", "snoozed", "resolved", "closed")


def _in_state(state: str, *, by_index: bool) -> ColumnElement[bool]:
    """Not `by_index`: where fewer are found by id, in a spelling for which no engine takes the index on states."""
    if state == "spam":
        return and_(k.spam_at.is_not(None), k.joined_to.is_(None))
    column = k.state if by_index else k.state.op("||")(literal_column("''"))
    return and_(one_of(column, *_LIVE) if state == "any" else is_now(column, state), k.spam_at.is_(None))


def _if_asked(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """By columns that have no index: one text for all three cases."""
    return or_(p(name) == "", column == p(name), and_(p(name) == NONE, column.is_(None)))


def _passing(shape: _Shape, state: str) -> Select[tuple[str]]:
    """The ids of one page: sorted as narrow as can be, names are looked up for what is shown only."""
    conditions = [_in_state(state, by_index=not shape.tagged and not shape.found)]
    if shape.owner != "any":
        conditions.append(k.assignee_id.is_(None) if shape.owner == "none" else k.assignee_id == p("owner"))
    if shape.only:
        conditions.append((k.waiting_since if shape.only == "waiting" else k.due_at).is_not(None))
    if shape.tagged:
        conditions.append(k.id.in_(select(t.conversation_id).where(t.tag == p("tag"))))
    if shape.found:
        conditions.append(in_list(k.id, "found"))
    conditions += [
        _if_asked(column, name) for column, name in ((k.team_id, "team"), (k.category_id, "category"), (k.channel_id, "channel"))
    ]
    conditions.append(or_(p("priority") == literal_column("0"), k.priority == p("priority")))
    keys = (*_keys(shape.sort, k), k.id)
    after = tuple_(*(p(f"after_{place}") for place in range(len(keys))))
    conditions.append(tuple_(*keys) < after if shape.sort == "newest" else tuple_(*keys) > after)
    return select(k.id).where(*conditions).order_by(*_ordered(shape.sort, keys)).limit(p("limit"))


def _ordered(sort: str, keys: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    return [key.desc() for key in keys] if sort == "newest" else list(keys)


@cache
def page(shape: _Shape) -> Statement:
    """The one statement of this shape. Values are parameters, always."""
    if shape.state == "any" and shape.sort in ("newest", "oldest") and not shape.tagged and not shape.found:
        # A page of each state by its index, then the best of them: the index knows the order within one state only.
        parts = [_passing(shape, state).subquery(f"part_{state}") for state in _LIVE]
        chosen = c.id.in_(union_all(*(select(part.c.id) for part in parts)))
    else:
        chosen = c.id.in_(select(_passing(shape, shape.state).subquery("part").c.id))
    shown = select_rows().where(chosen).order_by(*_ordered(shape.sort, (*_keys(shape.sort, c), c.id))).limit(p("limit"))
    return Statement(f"listing.{'.'.join(str(part) for part in shape)}", shown)


def _shape(filters: Filters, reader: AgentId, sort: str) -> tuple[_Shape, str] | None:
    """The shape and the owner asked for; None where the view and the filter ask for two different ones, so that nothing fits."""
    asked = {filters.owner} - {""}
    if filters.view in ("mine", "unassigned"):
        asked.add(str(reader) if filters.view == "mine" else NONE)
    if len(asked) > 1:
        return None
    owner = next(iter(asked), "")
    kind: Literal["any", "one", "none"] = "any" if not owner else "none" if owner == NONE else "one"
    only: Literal["", "waiting", "due"] = "waiting" if filters.view == "waiting" else "due" if filters.view == "due" else ""
    return _Shape(filters.state, kind, only, bool(filters.tag), filters.found is not None, sort), owner


def list_rows(tx: Tx, reader: AgentId, filters: Filters, sort: str, *, after: Cursor | None = None, limit: int = 50) -> list[Row]:
    """The rows behind `after` in the order of `sort` (one of SORTS); `after` must fit it."""
    found = _shape(filters, reader, sort)
    if found is None:
        return []
    shape, owner = found
    start: Cursor = (1 << 62, "") if sort == "newest" else (*[-1] * _WIDTHS[sort], "")
    values: dict[str, Any] = {f"after_{place}": value for place, value in enumerate(after or start)}
    named = (("owner", shape.owner == "one", owner), ("tag", shape.tagged, filters.tag), ("found", shape.found, dumps(filters.found or ())))
    values |= {name: value for name, wanted, value in named if wanted}
    asked = {"team": filters.team, "category": filters.category, "channel": filters.channel, "priority": filters.priority}
    return completed(tx, rows_of(tx.all(page(shape), reader=reader, limit=limit, **asked, **values)))


def fits(sort: str, cursor: tuple[object, ...]) -> bool:
    """Whether it can be a cursor of this order: as many numbers as it goes by and an id."""
    if len(cursor) != _WIDTHS[sort] + 1:
        return False
    *numbers, last = cursor
    in_range = all(type(number) is int and abs(number) <= 1 << 62 for number in numbers)
    return in_range and isinstance(last, str) and len(last) <= 64 and last.isascii() and "\0" not in last


def cursor_of(sort: str, row: Row) -> Cursor:
    """What to hand in as `after` for the rows behind this one."""
    found = row.conversation
    far = 1 << 62
    wait, due = (far if time is None else time for time in (found.waiting_since, found.due_at))
    keys: dict[str, tuple[int, ...]] = {
        "newest": (found.last_at,),
        "oldest": (found.last_at,),
        "waiting": (wait,),
        "priority": (found.priority, due, wait),
        "due": (due,),
    }
    return (*keys[sort], found.id)


_NEXT = Statement(
    "listing.next",
    select_rows()
    .where(
        is_now(c.state, "open"),
        c.waiting_since.is_not(None),
        or_(c.assignee_id == p("reader"), c.assignee_id.is_(None)),
        or_(OFFER.agent_id.is_(None), OFFER.agent_id == p("reader")),
    )
    .order_by(*_keys("priority", c), c.id)
    .limit(1),
)


def find_next(tx: Tx, reader: AgentId) -> Row | None:
    """What to do next (R20): of one's own and of what nobody has (nor is being offered), whose customers wait, the first by priority,
    then due, then wait. The same again until something changes."""
    found = completed(tx, rows_of(tx.all(_NEXT, reader=reader)))
    return found[0] if found else None
