"""What the inbox sees: rows, timeline entries and contact cards as JSON (docs/api.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from channels.contract import Address
from gateway.db.database import Tx
from gateway.flow import people
from gateway.flow.views import shown_file
from gateway.json import loads
from gateway.model import AgentId, Contact, Conversation, ConversationId, Delivery, Event, File, Message, Revision
from gateway.store import contacts, conversations, deliveries, events, files, inbox, links, merges, messages

PAGE = 100
MAYBE = 10
"""How many contacts a card names as perhaps the same person."""


def row(found: inbox.Row) -> dict[str, Any]:
    conversation = found.conversation
    offered = None if found.offered_to is None else {"agent_id": found.offered_to, "deadline": found.offer_deadline}
    return {
        "id": conversation.id,
        "number": conversation.number,
        "state": conversation.state,
        "subject": conversation.subject,
        "priority": conversation.priority,
        "category": conversation.category_id,
        "channel": conversation.channel_id,
        "contact": {"id": conversation.contact_id, "name": found.contact_name},
        "assignee": _named(conversation.assignee_id, found.agent_name),
        "team": _named(conversation.team_id, found.team_name),
        "preview": conversation.preview,
        "preview_author": conversation.preview_author,
        "last_at": conversation.last_at,
        "waiting_since": conversation.waiting_since,
        "due_at": conversation.due_at,
        "created_at": conversation.created_at,
        "last_seq": conversation.last_seq,
        "seen_seq": found.seen_seq,
        "version": conversation.version,
        "offer": offered,
        "snoozed_until": conversation.snoozed_until,
        "tags": list(found.tags),
        "spam": conversation.spam_at is not None,
        "rating": conversation.rating,
    }


def _named(identity: str | None, name: str | None) -> dict[str, str] | None:
    return None if identity is None else {"id": identity, "name": name or ""}


def read_row(tx: Tx, reader: AgentId | str, conversation_id: ConversationId) -> dict[str, Any] | None:
    found = inbox.list_rows_of(tx, reader, [conversation_id])
    return row(found[0]) if found else None


def read_links(tx: Tx, reader: AgentId, conversation_id: ConversationId) -> list[dict[str, Any]]:
    """Both ends see a link: `to` reads from this one to the other, `from` the other way."""
    found = links.list_links(tx, conversation_id)
    far = [link.to_id if link.from_id == conversation_id else link.from_id for link in found]
    rows = {other.conversation.id: row(other) for other in inbox.list_rows_of(tx, reader, far)} if far else {}
    return [
        {"kind": link.kind, "direction": "to" if link.to_id == other else "from", "conversation": rows[other]}
        for link, other in zip(found, far, strict=True)
    ]


def message_entry(message: Message, delivery: Delivery | None, attached: Sequence[File], revised: Sequence[Revision]) -> dict[str, Any]:
    return {
        "kind": "message",
        "id": message.id,
        "conversation_id": message.conversation_id,
        "seq": message.seq,
        "pub": message.pub,
        "direction": message.direction,
        "author": {"id": message.author_id, "name": message.author_name, "kind": message.author_kind},
        "channel": message.channel_id,
        "text": message.text,
        "subject": message.subject,
        "at": message.at,
        "files": [shown_file(file) for file in attached],
        "client_id": message.client_id,
        "delivery": None if delivery is None else {"state": delivery.state, "detail": delivery.detail, "at": delivery.updated_at},
        "revisions": [{"kind": revision.kind, "text": revision.text, "at": revision.at} for revision in revised],
    }


def event_entry(event: Event) -> dict[str, Any]:
    return {
        "kind": "event",
        "id": event.id,
        "conversation_id": event.conversation_id,
        "name": event.kind,
        "actor": {"id": event.actor_id, "name": event.actor_name, "kind": event.actor_kind},
        "payload": loads(event.payload),
        "at": event.at,
    }


def read_message_entries(tx: Tx, found: Sequence[Message]) -> list[dict[str, Any]]:
    if not found:
        return []
    ids = [message.id for message in found]
    sent = deliveries.list_of_messages(tx, [message.id for message in found if message.direction == "out"])
    attached = _grouped(files.list_files(tx, ids))
    revised = _grouped(messages.list_revisions(tx, ids))
    return [message_entry(message, sent.get(message.id), attached.get(message.id, ()), revised.get(message.id, ())) for message in found]


def _grouped(found: Sequence[Any]) -> Mapping[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for record in found:
        groups.setdefault(record.message_id, []).append(record)
    return groups


def read_entries(tx: Tx, conversation: Conversation, after: int | None, before: int | None, limit: int) -> list[dict[str, Any]]:
    """A page of the timeline by time: messages, events, and what was joined into it in the time the page covers."""
    if after is not None:
        found = messages.list_after(tx, conversation.id, after, limit)
    else:
        found = messages.list_before(tx, conversation.id, before or 1 << 62, limit)
    reaches_start = after is None and len(found) < limit
    since = 0 if reaches_start or not found else found[0].at
    until = found[-1].at if before is not None and found else 1 << 62
    joined = [other.id for other in conversations.list_joined(tx, conversation.id)]
    more = messages.list_of_conversations(tx, joined, since, until) if joined else []
    told = events.list_events(tx, [conversation.id, *joined], since, until)
    if after is not None and not found:
        more, told = [], []
    entries = read_message_entries(tx, [*found, *more]) + [event_entry(event) for event in told]
    return sorted(entries, key=lambda entry: (entry["at"], entry.get("seq", 0), entry["id"]))


def read_card(tx: Tx, contact: Contact, reader: AgentId, but: ConversationId | None = None) -> dict[str, Any]:
    """Who it is: identities with proof, claims, where they are now, the last five other conversations, merges."""
    others = [found for found in inbox.list_rows_of_contact(tx, reader, contact.id, 6) if found.conversation.id != but]
    return {
        "id": contact.id,
        "name": contact.name,
        "locale": contact.locale,
        "time_zone": contact.time_zone,
        "blocked": contact.blocked_at is not None,
        "identities": [
            {
                "address": identity.address,
                "kind": people.kind_of(identity.address),
                "label": people.label_of(identity.address),
                "proof": identity.proof_method,
                "opted_out": identity.opted_out_at is not None,
                "last_in_at": identity.last_in_at,
            }
            for identity in contacts.list_identities(tx, contact.id)
        ],
        "claims": [
            {"id": claim.id, "address": claim.address, "label": people.label_of(claim.address), "at": claim.at}
            for claim in contacts.list_claims(tx, contact.id)
        ],
        "maybe": [
            {"contact": {"id": other, "name": name}, "address": address, "why": why}
            for other, name, address, why in contacts.list_maybe(tx, contact.id, MAYBE)
        ],
        "page": people.page_of(contact) or None,
        "attributes": loads(contact.attributes),
        "conversations": [row(found) for found in others[:5]],
        "merges": [
            {"id": merge.id, "gone_name": _name(tx, merge.gone), "at": merge.at, "undone": merge.undone_at is not None}
            for merge in merges.list_merges(tx, contact.id)
        ],
    }


def _name(tx: Tx, contact_id: Any) -> str:
    found = contacts.find_contact(tx, contact_id)
    return found.name if found else ""


def labels(addresses: Sequence[str]) -> list[str]:
    """How people write the addresses a customer can be reached at; a browser's own handle says nothing to anybody."""
    known = [Address(address) for address in addresses]
    return list(dict.fromkeys(people.label_of(address) for address in known if people.kind_of(address) not in ("visitor", "user")))
