"""What inbox lists show: conversations with the names around them, a page at a time."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Select, and_, func, or_, select

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import agent, contact, conversation, file, message, offer, participant, read_mark, team
from gateway.db.statement import Statement, in_list
from gateway.json import dumps
from gateway.model import AgentId, Conversation, ConversationId, FileId
from gateway.store.sql import is_now, one_of, p

c = conversation.c
_WIDTH = len(conversation.columns)
VIEWS = ("mine", "unassigned", "all")
STATES = ("open", "snoozed", "resolved", "closed", "any")


class Row(NamedTuple):
    """A line of the list. `seen_seq` is the reader's own mark, None when they never opened it."""

    conversation: Conversation
    contact_name: str
    agent_name: str | None
    team_name: str | None
    seen_seq: int | None
    offered_to: str | None
    offer_deadline: Micros | None


class Counts(NamedTuple):
    mine: int
    unassigned: int
    all: int
    waiting: int
    longest_since: Micros | None


_WAITS = func.coalesce(c.waiting_since, c.created_at)


def _rows() -> Select[tuple[object, ...]]:
    source = (
        conversation.join(contact, contact.c.id == c.contact_id)
        .outerjoin(agent, agent.c.id == c.assignee_id)
        .outerjoin(team, team.c.id == c.team_id)
        .outerjoin(read_mark, and_(read_mark.c.conversation_id == c.id, read_mark.c.agent_id == p("reader")))
        .outerjoin(offer, and_(offer.c.conversation_id == c.id, is_now(offer.c.state, "open")))
    )
    named = (contact.c.name, agent.c.name, team.c.name, read_mark.c.seq, offer.c.agent_id, offer.c.deadline)
    return select(*conversation.columns, *named).select_from(source)


def _page(view: str, state: str) -> Statement:
    chosen = _rows()
    chosen = chosen.where(one_of(c.state, "open", "snoozed", "resolved", "closed") if state == "any" else is_now(c.state, state))
    chosen = chosen.where(or_(p("team_id") == "", c.team_id == p("team_id")))
    if view == "mine":
        chosen = chosen.where(c.assignee_id == p("reader"))
    if view == "unassigned":
        chosen = chosen.where(c.assignee_id.is_(None))
        chosen = chosen.where(or_(p("at") < _WAITS, and_(p("at") == _WAITS, c.id > p("after_id")))).order_by(_WAITS, c.id)
    else:
        chosen = chosen.where(or_(c.last_at < p("at"), and_(c.last_at == p("at"), c.id < p("after_id")))).order_by(
            c.last_at.desc(), c.id.desc()
        )
    return Statement(f"inbox.{view}.{state}", chosen.limit(p("limit")))


_PAGES = {(view, state): _page(view, state) for view in VIEWS for state in STATES}
_OF = Statement("inbox.of", _rows().where(in_list(c.id, "conversation_ids")))
_OF_CONTACT = Statement(
    "inbox.of_contact",
    _rows().where(c.contact_id == p("contact_id"), c.state != "joined").order_by(c.last_at.desc(), c.id.desc()).limit(p("limit")),
)
_COUNT_STATES = is_now(c.state, "open")
_MINE = Statement("inbox.count_mine", select(func.count()).select_from(conversation).where(_COUNT_STATES, c.assignee_id == p("reader")))
_UNASSIGNED = Statement(
    "inbox.count_unassigned", select(func.count()).select_from(conversation).where(_COUNT_STATES, c.assignee_id.is_(None))
)
_ALL = Statement("inbox.count_all", select(func.count()).select_from(conversation).where(_COUNT_STATES))
_WAITING = Statement(
    "inbox.count_waiting",
    select(func.count(), func.min(c.waiting_since))
    .select_from(conversation)
    .where(_COUNT_STATES, c.assignee_id.is_(None), c.waiting_since.is_not(None)),
)
_VISIBLE_FILE = Statement(
    "file.visible_to",
    select(file.c.id)
    .select_from(
        file.join(message, message.c.id == file.c.message_id).join(
            participant, and_(participant.c.conversation_id == message.c.conversation_id, participant.c.address == p("address"))
        )
    )
    .where(file.c.id == p("file_id"), message.c.pub >= participant.c.first_pub),
)

Cursor = tuple[Micros, str]
"""Sort time and id of the last row seen."""

_LAST = (1 << 62, "")


def list_rows(
    tx: Tx, reader: AgentId, view: str, state: str, *, team_id: str = "", after: Cursor | None = None, limit: int = 50
) -> list[Row]:
    """`unassigned` oldest waiting first, the others latest first. `view` and `state` are from VIEWS and STATES."""
    at, after_id = after or ((-1, "") if view == "unassigned" else _LAST)
    found = tx.all(_PAGES[view, state], reader=reader, team_id=team_id, at=at, after_id=after_id, limit=limit)
    return [_row(row) for row in found]


def cursor_of(view: str, row: Row) -> Cursor:
    """What to hand in as `after` for the rows behind this one."""
    found = row.conversation
    if view != "unassigned":
        return found.last_at, found.id
    return found.created_at if found.waiting_since is None else found.waiting_since, found.id


def list_rows_of(tx: Tx, reader: AgentId | str, conversation_ids: list[ConversationId]) -> list[Row]:
    """These, in the order asked for."""
    found = {
        row.conversation.id: row for row in (_row(raw) for raw in tx.all(_OF, reader=reader, conversation_ids=dumps(conversation_ids)))
    }
    return [found[conversation_id] for conversation_id in conversation_ids if conversation_id in found]


def list_rows_of_contact(tx: Tx, reader: AgentId, contact_id: str, limit: int) -> list[Row]:
    return [_row(row) for row in tx.all(_OF_CONTACT, reader=reader, contact_id=contact_id, limit=limit)]


def count(tx: Tx, reader: AgentId) -> Counts:
    """Open conversations; `longest_since` is when the one that waits longest began to wait."""
    waiting, since = tx.all(_WAITING)[0]
    mine, unassigned, everything = (
        int(tx.all(statement, **values)[0][0]) for statement, values in ((_MINE, {"reader": reader}), (_UNASSIGNED, {}), (_ALL, {}))
    )
    return Counts(mine, unassigned, everything, int(waiting), None if since is None else int(since))


def is_file_visible(tx: Tx, file_id: FileId, address: str) -> bool:
    """Whether a customer may fetch it: it belongs to a message they may see."""
    return tx.one(_VISIBLE_FILE, file_id=file_id, address=address) is not None


def _row(row: tuple[object, ...]) -> Row:
    return Row(Conversation(*row[:_WIDTH]), *row[_WIDTH:])  # type: ignore[arg-type]  # the driver's rows are untyped
