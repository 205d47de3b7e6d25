"""Who read or did what, written down before it is told; the timelines' own events are read together with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from gateway.clock import MINUTE, Micros
from gateway.db.database import Tx, idempotent
from gateway.json import dumps, loads
from gateway.model import Agent, AgentId, AuditLine, ContactId, ConversationId
from gateway.store import agents, audit, contacts, conversations
from gateway.store.audit import Wanted

FOLDED = 10 * MINUTE
"""What an agent reads again within this time is one line."""


class Recent:
    """What this process has written down of late, so that a page that fetches again costs no write. Bounded."""

    def __init__(self, most: int = 50_000) -> None:
        self._most = most
        self._written: dict[bytes, Micros] = {}

    def has(self, key: bytes, now: Micros) -> bool:
        """Only what was written in the last ten minutes, by this clock, counts."""
        at = self._written.get(key)
        return at is not None and now - FOLDED < at <= now

    def add(self, key: bytes, now: Micros) -> None:
        self._written.pop(key, None)
        self._written[key] = now
        while len(self._written) > self._most:
            del self._written[next(iter(self._written))]


def key_of(*parts: object) -> bytes:
    """What makes two readings the same one. Hashed: words somebody searched for are kept nowhere."""
    return hashlib.sha256(dumps([str(part) for part in parts]).encode()).digest()


def note(
    tx: Tx,
    agent_id: AgentId,
    act: str,
    *,
    conversation_id: ConversationId | None = None,
    contact_id: ContactId | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """A line of its own, in the unit of what it is about. `detail` must be JSON and never holds what somebody wrote."""
    audit.add_line(tx, _line(tx, agent_id, act, conversation_id, contact_id, detail))


@idempotent
def note_read(
    tx: Tx,
    agent_id: AgentId,
    act: str,
    conversation_id: ConversationId | None,
    contact_id: ContactId | None,
    detail: Mapping[str, Any] | None,
) -> None:
    """A line unless the same agent read the same within ten minutes. Raises NotFound when there is nothing to read."""
    if conversation_id is not None:
        contact_id = conversations.get_conversation(tx, conversation_id).contact_id
    elif contact_id is not None:
        contacts.get_contact(tx, contact_id)
    record = _line(tx, agent_id, act, conversation_id, contact_id, detail)
    if not audit.is_written(tx, record, tx.now - FOLDED):
        audit.add_line(tx, record)


def _line(
    tx: Tx,
    agent_id: AgentId,
    act: str,
    conversation_id: ConversationId | None,
    contact_id: ContactId | None,
    detail: Mapping[str, Any] | None,
) -> AuditLine:
    return AuditLine(tx.clock.new_id(), tx.now, agent_id, act, conversation_id, contact_id, dumps(detail) if detail else "{}")


def read_lines(tx: Tx, wanted: Wanted) -> list[dict[str, Any]]:
    """A page, the latest first: what was read, what was done to accounts, and what agents did in conversations."""
    everybody = {agent.id: agent for agent in agents.list_everybody(tx)}
    if wanted.agent or wanted.contact or wanted.conversation:
        done = audit.list_events(tx, wanted)
    else:
        done = audit.events_of_everybody(tx, list(everybody), wanted)
    found = sorted([*audit.list_lines(tx, wanted), *done], key=lambda record: (record.at, record.id), reverse=True)[: wanted.limit]
    numbers = audit.find_numbers(tx, {record.conversation_id for record in found if record.conversation_id is not None})
    names = audit.find_names(tx, {record.contact_id for record in found if record.contact_id is not None})
    return [_shown(record, everybody.get(record.agent_id), numbers, names) for record in found]


def _shown(record: AuditLine, agent: Agent | None, numbers: Mapping[ConversationId, int], names: Mapping[ContactId, str]) -> dict[str, Any]:
    conversation_id, contact_id = record.conversation_id, record.contact_id
    return {
        "id": record.id,
        "at": record.at,
        "agent": {"id": record.agent_id, "name": agent.name if agent else ""},
        "act": record.act,
        "conversation": None if conversation_id is None else {"id": conversation_id, "number": numbers.get(conversation_id)},
        "contact": None if contact_id is None else {"id": contact_id, "name": names.get(contact_id, "")},
        "detail": loads(record.detail),
    }
