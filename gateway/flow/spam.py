"""Not worth anybody's time: out of every list but its own, and, when somebody says so, nothing more from where it came."""

from __future__ import annotations

from gateway.db.database import Tx
from gateway.errors import Conflict
from gateway.flow import assign, lifecycle, people, rights
from gateway.model import AgentId, Conversation, ConversationId
from gateway.store import assignments, contacts


def mark(tx: Tx, agent_id: AgentId, conversation_id: ConversationId, version: int, block: bool = False) -> Conversation:
    """Closed without asking the customer anything: its place is free, its offer ended, nobody has it. `block` blocks the contact, too."""
    actor = rights.actor(tx, agent_id, "block" if block else "reply")
    conversation = lifecycle.locked(tx, conversation_id, version)
    if conversation.spam_at is not None:
        raise Conflict("It is marked as spam already.")
    freed = assign.vacate(tx, conversation)
    assignments.mark_ended(tx, conversation_id, "spam")
    stored = assign.saved(
        tx,
        freed._replace(
            state="closed", assignee_id=None, waiting_since=None, due_at=None, route_at=None, snoozed_until=None, asked_solved_at=None,
            spam_at=tx.now,
        ),
    )  # fmt: skip
    assign.log(tx, stored, "spam", actor=actor, payload={"block": block})
    if block:
        people.block(tx, agent_id, conversation.contact_id)
    assign.changed(tx, stored)
    return stored


def unmark(tx: Tx, agent_id: AgentId, conversation_id: ConversationId, version: int) -> Conversation:
    """It was none: open again in the queue since its last message, and the contact may write again.

    Raises Conflict while the customer has another one open on its topic.
    """
    actor = rights.actor(tx, agent_id)
    conversation = lifecycle.locked(tx, conversation_id, version)
    if conversation.spam_at is None:
        raise Conflict("It is not marked as spam.")
    assign.require_only_open(tx, conversation)
    assign.log(tx, conversation, "not_spam", actor=actor)
    if contacts.get_contact(tx, conversation.contact_id).blocked_at is not None:
        people.unblock(tx, agent_id, conversation.contact_id)
    return lifecycle.opened(tx, conversation._replace(spam_at=None, waiting_since=conversation.last_at), actor)
