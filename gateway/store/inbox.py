"""What inbox lists show: conversations with the names around them, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, literal_column, select

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import agent, contact, conversation, file, message, offer, participant, read_mark, team
from gateway.db.statement import Statement, in_list
from gateway.json import dumps
from gateway.model import AgentId, Conversation, ConversationId, FileId, TeamId
from gateway.store import tags
from gateway.store.sql import is_now, p

c = conversation.c
_WIDTH = len(conversation.columns)


class Row(NamedTuple):
    """A line of the list. `seen_seq` is the reader's own mark, None when they never opened it."""

    conversation: Conversation
    contact_name: str
    agent_name: str | None
    team_name: str | None
    seen_seq: int | None
    offered_to: str | None
    offer_deadline: Micros | None
    tags: tuple[str, ...] = ()


class Counts(NamedTuple):
    """Of open conversations; `teams` by team. `spam` is what its list holds, whatever the state."""

    mine: int
    unassigned: int
    all: int
    waiting: int
    due: int
    spam: int
    longest_since: Micros | None
    teams: dict[TeamId, int]


OFFER = offer.c


def select_rows() -> Select[tuple[object, ...]]:
    """Rows for `rows_of`; the parameter `reader` is whose read marks they show."""
    source = (
        conversation.join(contact, contact.c.id == c.contact_id)
        .outerjoin(agent, agent.c.id == c.assignee_id)
        .outerjoin(team, team.c.id == c.team_id)
        .outerjoin(read_mark, and_(read_mark.c.conversation_id == c.id, read_mark.c.agent_id == p("reader")))
        .outerjoin(offer, and_(offer.c.conversation_id == c.id, is_now(offer.c.state, "open")))
    )
    named = (contact.c.name, agent.c.name, team.c.name, read_mark.c.seq, offer.c.agent_id, offer.c.deadline)
    return select(*conversation.columns, *named).select_from(source)


_OF = Statement("inbox.of", select_rows().where(in_list(c.id, "conversation_ids")))
_OF_CONTACT = Statement(
    "inbox.of_contact",
    select_rows()
    .where(c.contact_id == p("contact_id"), c.state != "joined", c.spam_at.is_(None))
    .order_by(c.last_at.desc(), c.id.desc())
    .limit(p("limit")),
)
_ONE: ColumnElement[int] = literal_column("1")
_COUNT = Statement(
    "inbox.count",
    select(
        c.team_id,
        func.count(),
        func.sum(case((c.assignee_id == p("reader"), _ONE), else_=literal_column("0"))),
        func.sum(case((c.assignee_id.is_(None), _ONE), else_=literal_column("0"))),
        func.count(c.waiting_since),
        func.count(c.due_at),
        func.min(c.waiting_since),
    )
    .where(is_now(c.state, "open"))
    .group_by(c.team_id),
)
_COUNT_SPAM = Statement(
    "inbox.count_spam", select(func.count()).select_from(conversation).where(c.spam_at.is_not(None), c.joined_to.is_(None))
)
_COUNT_QUEUE = Statement(
    "inbox.count_queue",
    select(func.count()).select_from(conversation).where(is_now(c.state, "open"), c.assignee_id.is_(None), c.waiting_since.is_not(None)),
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


def rows_of(found: Sequence[tuple[object, ...]]) -> list[Row]:
    """What `select_rows` gave, still without tags."""
    return [Row(Conversation(*row[:_WIDTH]), *row[_WIDTH:]) for row in found]  # type: ignore[arg-type]  # the driver's rows are untyped


def completed(tx: Tx, found: list[Row]) -> list[Row]:
    """With their tags."""
    borne = tags.list_tags(tx, [row.conversation.id for row in found]) if found else {}
    return [row._replace(tags=borne[row.conversation.id]) if row.conversation.id in borne else row for row in found]


def list_rows_of(tx: Tx, reader: AgentId | str, conversation_ids: list[ConversationId]) -> list[Row]:
    """These, in the order asked for."""
    rows = completed(tx, rows_of(tx.all(_OF, reader=reader, conversation_ids=dumps(conversation_ids))))
    found = {row.conversation.id: row for row in rows}
    return [found[conversation_id] for conversation_id in conversation_ids if conversation_id in found]


def list_rows_of_contact(tx: Tx, reader: AgentId, contact_id: str, limit: int) -> list[Row]:
    """The latest first; no spam, nothing that was joined into another one."""
    return completed(tx, rows_of(tx.all(_OF_CONTACT, reader=reader, contact_id=contact_id, limit=limit)))


def count(tx: Tx, reader: AgentId) -> Counts:
    """What the navigation shows; `longest_since` is when the one that waits longest began to wait."""
    found = tx.all(_COUNT, reader=reader)
    spam = tx.all(_COUNT_SPAM)[0][0]
    everything, mine, unassigned, waiting, due = (sum(int(row[place]) for row in found) for place in range(1, 6))
    since = min((int(row[6]) for row in found if row[6] is not None), default=None)
    by_team = {TeamId(row[0]): int(row[1]) for row in found if row[0] is not None}
    return Counts(mine, unassigned, everything, waiting, due, int(spam), since, by_team)


def count_queue(tx: Tx) -> int:
    """How many open conversations wait for somebody to take them."""
    return int(tx.all(_COUNT_QUEUE)[0][0])


def is_file_visible(tx: Tx, file_id: FileId, address: str) -> bool:
    """Whether a customer may fetch it: it belongs to a message they may see."""
    return tx.one(_VISIBLE_FILE, file_id=file_id, address=address) is not None
