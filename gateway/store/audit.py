"""Who read or did what: the audit's own lines, and the timelines' events of agents, each by the index that fits."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import audit_line, contact, conversation, event
from gateway.db.statement import Statement, in_list
from gateway.json import dumps
from gateway.model import AgentId, AuditLine, ContactId, ConversationId
from gateway.store.sql import insert_row, is_now, p

FIRST = (1 << 62, "")
"""Before every line: the cursor of the first page, which begins with the latest."""


class Wanted(NamedTuple):
    """Which lines: an empty id is any. `since` and `until` are inclusive; `at` and `after_id` are those of the last line seen."""

    agent: str = ""
    contact: str = ""
    conversation: str = ""
    since: Micros = 0
    until: Micros = 1 << 62
    at: Micros = FIRST[0]
    after_id: str = FIRST[1]
    limit: int = 100


line, told = audit_line.c, event.c


def _page(chosen: Select[Any], at: ColumnElement[Any], identity: ColumnElement[Any]) -> Select[Any]:
    """By time from the latest on; `at <=` alone is what an index is entered by."""
    return (
        chosen.where(at >= p("since"), at <= p("until"), at <= p("at"), or_(at < p("at"), identity < p("after_id")))
        .order_by(at.desc(), identity.desc())
        .limit(p("limit"))
    )


def _any(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return or_(p(name) == "", column == p(name))


def _lines(by: str) -> Statement:
    columns: dict[str, ColumnElement[Any]] = {"agent": line.agent_id, "contact": line.contact_id, "conversation": line.conversation_id}
    filters = [column == p(name) if name == by else _any(column, name) for name, column in columns.items()]
    return Statement(f"audit.lines_by_{by or 'time'}", _page(select(audit_line).where(*filters), line.at, line.id))


_EVENT = (told.id, told.at, told.actor_id, told.kind, told.conversation_id, conversation.c.contact_id, told.payload)


def _events(by: str) -> Statement:
    """Events of agents, with the contact whose conversation it is now."""
    source = event.join(conversation, conversation.c.id == told.conversation_id)
    chosen = select(*_EVENT).select_from(source).where(is_now(told.actor_kind, "agent"))
    if by == "agent":
        chosen = chosen.where(told.actor_id == p("agent"))
    elif by == "contact":
        chosen = chosen.where(conversation.c.contact_id == p("contact"), _any(told.actor_id, "agent"))
    else:
        chosen = chosen.where(
            told.conversation_id == p("conversation"), _any(told.actor_id, "agent"), _any(conversation.c.contact_id, "contact")
        )
    return Statement(f"audit.events_by_{by}", _page(chosen, told.at, told.id))


_LINES = {by: _lines(by) for by in ("", "agent", "contact", "conversation")}
_EVENTS = {by: _events(by) for by in ("agent", "contact", "conversation")}
_ADD = Statement("audit.add", insert_row(audit_line))


def _since(column: ColumnElement[Any], name: str) -> Select[Any]:
    same = and_(line.agent_id == p("agent"), line.act == p("done"), line.detail == p("with_detail"))
    return select(line.id).where(column == p(name), line.at > p("since"), same).limit(1)


_CONVERSATION_SINCE = Statement("audit.conversation_since", _since(line.conversation_id, "conversation"))
_CONTACT_SINCE = Statement("audit.contact_since", _since(line.contact_id, "contact").where(line.conversation_id.is_(None)))
_NUMBERS = Statement(
    "audit.numbers", select(conversation.c.id, conversation.c.number).where(in_list(conversation.c.id, "conversation_ids"))
)
_CONTACTS = Statement("audit.contacts", select(contact.c.id, contact.c.name).where(in_list(contact.c.id, "contact_ids")))


def add_line(tx: Tx, record: AuditLine) -> None:
    tx.run(_ADD, **record._asdict())


def is_written(tx: Tx, record: AuditLine, since: Micros) -> bool:
    """Whether the same was written down of this agent since, about this conversation or, without one, this contact."""
    values = {"agent": record.agent_id, "done": record.act, "with_detail": record.detail, "since": since}
    if record.conversation_id is not None:
        return tx.one(_CONVERSATION_SINCE, conversation=record.conversation_id, **values) is not None
    return record.contact_id is not None and tx.one(_CONTACT_SINCE, contact=record.contact_id, **values) is not None


def list_lines(tx: Tx, wanted: Wanted) -> list[AuditLine]:
    """The audit's own, the latest first."""
    by = "conversation" if wanted.conversation else "contact" if wanted.contact else "agent" if wanted.agent else ""
    return [AuditLine(*row) for row in tx.all(_LINES[by], **wanted._asdict())]


def list_events(tx: Tx, wanted: Wanted) -> list[AuditLine]:
    """Events of agents as lines, the latest first; one of agent, contact and conversation must be named."""
    by = "conversation" if wanted.conversation else "contact" if wanted.contact else "agent"
    values = wanted._asdict()
    if by == "contact":
        del values["conversation"]
    if by == "agent":
        del values["contact"], values["conversation"]
    return [AuditLine(*row) for row in tx.all(_EVENTS[by], **values)]


def find_numbers(tx: Tx, conversation_ids: set[ConversationId]) -> dict[ConversationId, int]:
    return {ConversationId(row[0]): int(row[1]) for row in tx.all(_NUMBERS, conversation_ids=dumps(sorted(conversation_ids)))}


def find_names(tx: Tx, contact_ids: set[ContactId]) -> dict[ContactId, str]:
    return {ContactId(row[0]): str(row[1]) for row in tx.all(_CONTACTS, contact_ids=dumps(sorted(contact_ids)))}


def events_of_everybody(tx: Tx, everybody: list[AgentId], wanted: Wanted) -> list[AuditLine]:
    """Events of all agents: each agent's own latest through their index, asking for less and less far back."""
    found: list[AuditLine] = []
    for agent_id in everybody:
        oldest = found[wanted.limit - 1].at if len(found) >= wanted.limit else wanted.since
        found.extend(list_events(tx, wanted._replace(agent=agent_id, since=max(oldest, wanted.since))))
        found.sort(key=lambda record: (record.at, record.id), reverse=True)
        del found[wanted.limit :]
    return found
