"""A customer wants to talk to a person: written into the timeline, not more often than somebody can react to it."""

from __future__ import annotations

from channels.contract import Address
from gateway.clock import MINUTE, Micros
from gateway.db.database import Tx
from gateway.errors import Invalid
from gateway.flow import assign, lifecycle, people, publish, receipts, views
from gateway.model import Conversation
from gateway.store import contacts, conversations, events

AGAIN_AFTER: Micros = 10 * MINUTE


def for_person(tx: Tx, address: Address) -> Conversation:
    """The conversation as it stands; a resolved one opens again, for its customer is not done.

    Raises Invalid when there is nothing to talk about: before the first message, and when it is closed.
    """
    found = receipts.current(tx, address)
    if found is None:
        raise Invalid("Write your question first, then a person will answer it.")
    people.require_welcome(contacts.get_contact(tx, found.contact_id, lock=True))
    stands = conversations.get_conversation(tx, views.followed(tx, found).id, lock=True)
    if stands.state == "closed":
        raise Invalid("This conversation is closed. Write a message and a person will answer it.")
    last = events.find_last(tx, stands.id, "asked_person")
    if last is None or tx.now - last.at >= AGAIN_AFTER:
        assign.log(tx, stands, "asked_person", actor_kind="customer")
        publish.row_changed(tx, stands.id)
    if stands.state == "resolved" and stands.id == found.id:
        return lifecycle.solved(tx, found.id, address, False)
    if stands.state == "resolved":
        assign.require_only_open(tx, stands)
        lifecycle.opened(tx, stands._replace(waiting_since=tx.now), None, "customer")
    return found
