"""Hints: what changed, published after the commit. Losing one costs latency, never a message."""

from __future__ import annotations

from collections.abc import Iterable

from channels.contract import Address
from gateway.db.database import Hint, Tx
from gateway.model import AgentId, Conversation, ConversationId, Delivery, Event, Message

WAKE_DELIVER = Hint("wake", "deliver")
WAKE_ROUTE = Hint("wake", "route")
WAKE_FILES = Hint("wake", "files")


def message_added(tx: Tx, message: Message) -> None:
    """For agents who have the conversation open; carries the row."""
    tx.hint(Hint(f"conversation:{message.conversation_id}", "message", message._asdict()))


def event_added(tx: Tx, event: Event) -> None:
    tx.hint(Hint(f"conversation:{event.conversation_id}", "event", event._asdict()))


def row_changed(tx: Tx, conversation_id: ConversationId) -> None:
    """For every inbox list."""
    tx.hint(Hint("agents", "row", {"conversation_id": conversation_id}))


def thread_changed(tx: Tx, conversation: Conversation, addresses: Iterable[Address]) -> None:
    """For the customers' side: state, agent, question. Only what somebody may be looking at."""
    for address in addresses:
        tx.hint(Hint(f"address:{address}", "thread", {"conversation_id": conversation.id}))


def item_added(tx: Tx, address: Address, message: Message) -> None:
    """For the other open widgets of the one who wrote."""
    tx.hint(Hint(f"address:{address}", "item", message._asdict()))


def delivery_changed(tx: Tx, delivery: Delivery, messages: Iterable[Message]) -> None:
    """How far the messages of a delivery have come, for both sides."""
    named = [[message.id, message.pub] for message in messages]
    payload = {"state": delivery.state, "detail": delivery.detail, "at": delivery.updated_at, "messages": named}
    tx.hint(Hint(f"conversation:{delivery.conversation_id}", "delivery", payload))
    tx.hint(Hint(f"address:{delivery.address}", "receipt", payload))


def presence_changed(tx: Tx, agent_id: AgentId) -> None:
    tx.hint(Hint("agents", "presence", {"agent_id": agent_id}))
    tx.hint(WAKE_ROUTE)


def rights_changed(tx: Tx, agent_id: AgentId) -> None:
    """Open sockets of the agent connect again, with what the agent may do now."""
    tx.hint(Hint("agents", "rights_changed", {"agent_id": agent_id}))


def shelf_changed(tx: Tx, what: str) -> None:
    """What every inbox keeps a copy of: people, teams, categories, snippets or searches."""
    tx.hint(Hint("agents", "changed", {"what": what}))


def sessions_ended(tx: Tx, agent_id: AgentId, token_hash: str | None = None) -> None:
    """Open sockets of the agent (of one session, or of all) are to be closed."""
    tx.hint(Hint("agents", "signed_out", {"agent_id": agent_id, "token_hash": token_hash}))


def wake_router(tx: Tx) -> None:
    tx.hint(WAKE_ROUTE)


def wake_outbox(tx: Tx) -> None:
    tx.hint(WAKE_DELIVER)


def wake_files(tx: Tx) -> None:
    tx.hint(WAKE_FILES)
