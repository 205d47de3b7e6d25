"""How deliveries fared, as providers and customers tell it; and what customers did to their own messages."""

from __future__ import annotations

from channels.contract import Address, OptedOut, Receipt, Revised, Seen, Withdrawn
from gateway.db.database import Tx, idempotent
from gateway.flow import assign, publish
from gateway.model import Conversation, Delivery, Revision
from gateway.store import contacts, conversations, deliveries, intakes, messages, participants

_KNOWN = frozenset(deliveries.RANKS)


@idempotent
def receipt(tx: Tx, fact: Receipt) -> bool:
    """Monotonic by rank: late and repeated ones change nothing. False when it names no delivery of ours, or no known state."""
    if fact.state not in _KNOWN:
        return False
    found = _named(tx, fact)
    if found is None:
        return False
    changed = deliveries.mark_receipt(tx, found.id, fact.state, fact.detail)
    if changed is not None:
        _tell(tx, changed)
        if changed.state == "failed":
            _not_delivered(tx, changed)
    return True


def _not_delivered(tx: Tx, delivery: Delivery) -> None:
    """The agent is told: the provider had taken it, and says now that it did not arrive."""
    conversation = conversations.get_conversation(tx, delivery.conversation_id)
    told = {"state": delivery.state, "reason": delivery.detail or "", "address": delivery.address}
    assign.log(tx, conversation, "not_delivered", payload=told)
    publish.row_changed(tx, conversation.id)


def _named(tx: Tx, fact: Receipt) -> Delivery | None:
    if fact.delivery_id is not None:
        found = deliveries.find_delivery(tx, fact.delivery_id)
        return found if found is not None and found.channel_id == fact.channel_id else None
    return None if fact.external_id is None else deliveries.find_by_external(tx, fact.channel_id, fact.external_id)


def _tell(tx: Tx, delivery: Delivery) -> None:
    publish.delivery_changed(tx, delivery, deliveries.list_messages(tx, delivery.id))


def seen(tx: Tx, fact: Seen, state: str = "read") -> int:
    """The customer's widget has shown (`delivered`) or the customer has read (`read`) all up to `pub`; gives how many deliveries changed."""
    conversation = current(tx, fact.reader)
    if conversation is None:
        return 0
    pub = min(fact.pub, conversation.last_pub)
    if state == "read":
        conversations.mark_seen_by_customer(tx, conversation.id, pub)
    below = deliveries.list_below(tx, fact.reader, conversation.id, pub, deliveries.RANKS[state])
    for found in below:
        changed = deliveries.mark_receipt(tx, found.id, state, None)
        if changed is not None:
            _tell(tx, changed)
    return len(below)


def current(tx: Tx, address: Address) -> Conversation | None:
    """The conversation this address took part in last; None when it never wrote and was never written to."""
    taken = participants.list_taken_part(tx, address, limit=2)
    alive = [conversation for conversation, _ in taken if conversation.state != "joined"]
    return alive[0] if alive else (taken[0][0] if taken else None)


@idempotent
def revise(tx: Tx, fact: Revised | Withdrawn) -> bool:
    """An edit or a withdrawal: a revision beside the message, whose row stays. False for a message we do not know, or of a blocked sender."""
    message = messages.find_by_external(tx, fact.channel_id, fact.external_id)
    if message is None or (message.address is not None and contacts.is_blocked(tx, message.address)):
        return False
    revision_id = tx.clock.new_id()
    if intakes.add_intake(tx, fact.channel_id, fact.dedup_key, revision_id) is not None:
        return True
    kind, text = ("edited", fact.text) if isinstance(fact, Revised) else ("withdrawn", "")
    messages.add_revision(tx, Revision(revision_id, message.id, kind, text, tx.now))
    publish.row_changed(tx, message.conversation_id)
    return True


@idempotent
def opt(tx: Tx, fact: OptedOut) -> bool:
    """STOP or START, obeyed at once. False for an address that is nobody's."""
    if contacts.find_identity(tx, fact.address) is None:
        return False
    contacts.mark_opted_out(tx, fact.address, tx.now if fact.out else None)
    return True
