"""The timeline's events: written in the transaction of their cause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import event
from gateway.db.statement import Statement, in_list
from gateway.json import dumps
from gateway.model import ConversationId, Event, EventId
from gateway.store.sql import insert_row, p

_ADD = Statement("event.add", insert_row(event))
_OF = Statement(
    "event.of",
    select(event)
    .where(
        in_list(event.c.conversation_id, "conversation_ids"),
        event.c.kind.not_in([p("in_kind"), p("out_kind")]),
        event.c.at >= p("since"),
        event.c.at <= p("until"),
    )
    .order_by(event.c.at.desc(), event.c.id.desc())
    .limit(p("limit")),
)
_OF_KIND = Statement(
    "event.of_kind",
    select(event).where(event.c.conversation_id == p("conversation_id"), event.c.kind == p("named")).order_by(event.c.at, event.c.id),
)
_LAST = Statement(
    "event.last",
    select(event)
    .where(event.c.conversation_id == p("conversation_id"), event.c.kind == p("of_kind"))
    .order_by(event.c.at.desc(), event.c.id.desc())
    .limit(1),
)


def add_event(
    tx: Tx,
    conversation_id: ConversationId,
    kind: str,
    *,
    actor_kind: str = "system",
    actor_id: str | None = None,
    actor_name: str = "",
    payload: Mapping[str, Any] | None = None,
) -> Event:
    """Writes a line of the timeline; `payload` must be JSON."""
    text = dumps(payload) if payload else "{}"
    record = Event(EventId(tx.clock.new_id()), conversation_id, kind, actor_kind, actor_id, actor_name, text, tx.now)
    tx.run(_ADD, **record._asdict())
    return record


def list_events(
    tx: Tx, conversation_ids: list[ConversationId], since: Micros = 0, until: Micros = 1 << 62, limit: int = 1000
) -> list[Event]:
    """What a timeline shows besides the messages themselves, by time, the newest `limit` of that time."""
    told = {"conversation_ids": dumps(conversation_ids), "in_kind": "received", "out_kind": "replied"}
    return [Event(*row) for row in reversed(tx.all(_OF, **told, since=since, until=until, limit=limit))]


def list_of_kind(tx: Tx, conversation_id: ConversationId, kind: str) -> list[Event]:
    """All of one kind, oldest first."""
    return [Event(*row) for row in tx.all(_OF_KIND, conversation_id=conversation_id, named=kind)]


def find_last(tx: Tx, conversation_id: ConversationId, kind: str) -> Event | None:
    """The newest of this kind."""
    row = tx.one(_LAST, conversation_id=conversation_id, of_kind=kind)
    return None if row is None else Event(*row)
