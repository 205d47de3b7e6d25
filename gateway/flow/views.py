"""What a customer sees of a conversation: public messages and a few words about its state; never a note, never a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from channels.contract import Address
from gateway.db.database import Tx
from gateway.model import Conversation, ConversationId, Delivery, File, Message, MessageId
from gateway.store import agents, conversations, deliveries, files, messages, participants


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
        "state": conversation.state,
        "last_pub": conversation.last_pub,
        "read_by_agent_pub": conversation.agent_pub,
        "agent": None if agent_name is None else {"name": agent_name},
        "waiting": conversation.waiting_since is not None,
        "asked_solved": conversation.state == "resolved" and conversation.asked_solved_at is not None,
    }


def read_thread(tx: Tx, conversation: Conversation) -> dict[str, Any]:
    """One that was joined into another shows how the other one stands; its customer need not know about joins."""
    stands = conversation
    while stands.joined_to is not None:
        stands = conversations.get_conversation(tx, stands.joined_to)
    agent = None if stands.assignee_id is None else agents.find_agent(tx, stands.assignee_id)
    shown = thread(conversation, agent.name if agent else None)
    if stands is conversation:
        return shown
    return {**shown, "number": stands.number, "state": stands.state, "waiting": stands.waiting_since is not None}


def read_history(tx: Tx, conversation: Conversation, reader: Address, after: int, limit: int) -> list[dict[str, Any]]:
    """What this address may see: from its own first message on."""
    first = participants.find_first_pub(tx, conversation.id, reader)
    if first is None:
        return []
    found = messages.list_public_after(tx, conversation.id, max(after, first - 1), limit)
    return read_items(tx, found, reader)


EARLIER = 5
"""How many conversations before the current one a widget shows."""


def read_earlier(tx: Tx, reader: Address, current: ConversationId, limit: int) -> list[dict[str, Any]]:
    """Conversations this address took part in before the current one, oldest first, each with its newest `limit` items."""
    found = []
    for conversation, first in participants.list_taken_part(tx, reader, EARLIER + 1):
        if conversation.id != current:
            newest = max(first - 1, conversation.last_pub - limit)
            listed = messages.list_public_after(tx, conversation.id, newest, limit)
            found.append({"thread": read_thread(tx, conversation), "items": read_items(tx, listed, reader)})
    return found[::-1][-EARLIER:]
