"""What a customer sees of a conversation: public messages and a few words about its state; never a note, never a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from channels.contract import Address
from gateway.db.database import Tx
from gateway.flow import people
from gateway.model import Conversation, ConversationId, Delivery, File, Message, MessageId
from gateway.store import agents, contacts, conversations, deliveries, files, messages, participants, takeover


def item(message: Message, reader: Address | None, delivery: Delivery | None = None, attached: Sequence[File] = ()) -> dict[str, Any]:
    """A public message. `mine` says whether the customer's side wrote it."""
    mine = message.direction == "in"
    return {
        "pub": message.pub,
        "id": message.id,
        "mine": mine,
        "author": {"name": message.author_name, "kind": message.author_kind},
        "text": message.text,
        "channel": message.channel_id,
        "at": message.at,
        "client_id": message.client_id if mine and message.address == reader else None,
        "files": [shown_file(file) for file in attached],
        "state": None if mine or delivery is None else _told(delivery.state),
    }


def _told(state: str) -> str:
    """A customer is not shown how we struggle: a send that is being tried again is on its way."""
    return "queued" if state in ("sending", "retry", "paused", "unknown") else state


def shown_file(file: File) -> dict[str, Any]:
    return {"id": file.id, "name": file.name, "media_type": file.media_type, "size": file.size, "state": file.state}


def items(
    found: Sequence[Message], reader: Address | None, sent: Mapping[MessageId, Delivery], attached: Sequence[File]
) -> list[dict[str, Any]]:
    by_message: dict[str, list[File]] = {}
    for file in attached:
        by_message.setdefault(file.message_id or "", []).append(file)
    return [item(message, reader, sent.get(message.id), by_message.get(message.id, ())) for message in found]


def read_items(tx: Tx, found: Sequence[Message], reader: Address | None) -> list[dict[str, Any]]:
    """`items` with what belongs to them read from the store."""
    ids = [message.id for message in found]
    sent = deliveries.list_of_messages(tx, [message.id for message in found if message.direction == "out"])
    return items(found, reader, sent, files.list_files(tx, ids) if ids else [])


def thread(conversation: Conversation, agent_name: str | None) -> dict[str, Any]:
    """The state of the customer's conversation, in the words of their API."""
    return {
        "id": conversation.id,
        "number": conversation.number,
        # Closed as spam is told as resolved without a question: nobody is asked to rate that.
        "state": "resolved" if conversation.spam_at is not None else conversation.state,
        "last_pub": conversation.last_pub,
        "read_by_agent_pub": conversation.agent_pub,
        "agent": None if agent_name is None else {"name": agent_name},
        "waiting": conversation.waiting_since is not None,
        "asked_solved": conversation.state == "resolved" and conversation.asked_solved_at is not None,
        "rating": conversation.rating,
    }


def read_thread(tx: Tx, conversation: Conversation) -> dict[str, Any]:
    """One that was joined into another shows how the other one stands; its customer need not know about joins."""
    stands = followed(tx, conversation)
    agent = None if stands.assignee_id is None else agents.find_agent(tx, stands.assignee_id)
    shown = thread(conversation, agent.name if agent else None)
    if stands is conversation:
        return shown
    told = {"number": stands.number, "state": stands.state, "waiting": stands.waiting_since is not None, "rating": stands.rating}
    return {**shown, **told}


def followed(tx: Tx, conversation: Conversation) -> Conversation:
    """The one it was joined into, or itself."""
    while conversation.joined_to is not None:
        conversation = conversations.get_conversation(tx, conversation.joined_to)
    return conversation


def read_known(tx: Tx, reader: Address) -> dict[str, Any]:
    """What need not be asked again. Nothing for a visitor who has become a signed-in customer: that is no longer theirs to see."""
    identity = contacts.find_identity(tx, reader)
    if identity is None or people.is_taken_over(identity):
        return {"name": None, "mail": False, "phone": False}
    contact_id = identity.contact_id
    held = [one.address for one in contacts.list_identities(tx, contact_id)] + [one.address for one in contacts.list_claims(tx, contact_id)]
    kinds = {people.kind_of(address) for address in held}
    return {"name": contacts.get_contact(tx, contact_id).name or None, "mail": "mail" in kinds, "phone": "phone" in kinds}


def read_history(tx: Tx, conversation: Conversation, reader: Address, after: int, limit: int) -> list[dict[str, Any]]:
    """What this address may see: from its own first message on."""
    first = participants.find_first_pub(tx, conversation.id, reader)
    if first is None:
        return []
    found = messages.list_public_after(tx, conversation.id, max(after, first - 1), limit)
    return read_items(tx, found, reader)


def _taken_part(tx: Tx, reader: Address) -> list[tuple[Conversation, int]]:
    identity = contacts.find_identity(tx, reader) if people.kind_of(reader) == "user" else None
    if identity is None:
        return participants.list_taken_part(tx, reader, EARLIER + 1)
    return takeover.list_history(tx, identity.contact_id, EARLIER + 1)


EARLIER = 5
"""How many conversations before the current one a widget shows."""


def read_earlier(tx: Tx, reader: Address, current: ConversationId | None, limit: int) -> list[dict[str, Any]]:
    """Conversations this address took part in before the current one, oldest first, each with its newest `limit` items.

    A signed-in customer's are those of all their proved addresses.
    """
    found = []
    for conversation, first in _taken_part(tx, reader):
        if conversation.id != current:
            newest = max(first - 1, conversation.last_pub - limit)
            listed = messages.list_public_after(tx, conversation.id, newest, limit)
            found.append({"thread": read_thread(tx, conversation), "items": read_items(tx, listed, reader)})
    return found[::-1][-EARLIER:]
