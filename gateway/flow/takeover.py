"""An anonymous visitor has turned out to be a signed-in customer: what was theirs is the customer's, until an agent says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels import address as addresses
from channels.contract import Address, ChannelId
from gateway.clock import DAY, Micros
from gateway.db.database import Tx
from gateway.flow import people
from gateway.model import ContactId, ConversationId, Identity, Message
from gateway.store import contacts, messages, participants
from gateway.store import takeover as store

KEPT = 2 * DAY
"""How long back a message of the visitor's is recognised when the customer's widget sends it again."""


def take(tx: Tx, visitor: Address, user: Address) -> dict[str, Any]:
    """The visitor's places become the customer's; whoever comes with the visitor's token later sees nothing and is a stranger.

    Gives what `give_back` needs, as JSON. The contact of both must be locked.
    """
    parts, own = store.list_parts(tx, visitor), store.list_parts(tx, user)
    for which, first_pub in parts.items():
        store.mark_part(tx, user, which, first_pub)
    store.delete_parts(tx, visitor, list(parts))
    store.mark_handed(tx, list(parts), visitor, visitor, user)
    store.add_keys(tx, list(parts), visitor, user, tx.now - KEPT)
    if contacts.find_identity(tx, visitor) is not None:
        contacts.mark_proved(tx, visitor, "token", tx.now)
    return {"visitor": visitor, "user": user, "parts": parts, "own": {which: own[which] for which in parts if which in own}}


def find_present(tx: Tx, which: ConversationId, address: Address) -> Address:
    """Whom to write to instead of a visitor who has signed in since; anybody else as they are."""
    if addresses.kind(address) != "visitor" or participants.find_first_pub(tx, which, address) is not None:
        return address
    return next((one for one in participants.list_participants(tx, which) if addresses.kind(one) == "user"), address)


def seat(tx: Tx, target: ConversationId, message: Message, first_pub: int) -> None:
    """Whose handle carried this message takes part in `target`; not a visitor who is a customer now, but the customer."""
    if message.address is None:
        return
    present = find_present(tx, message.conversation_id, message.address)
    known = contacts.find_identity(tx, present)
    if known is None or not people.is_taken_over(known):
        participants.add_participant(tx, target, present, first_pub)


def find_customers(tx: Tx, contact_id: ContactId, visitors: set[Address], since: Micros) -> set[Address]:
    """Whom these visitors have become by signing in since then; a contact has one customer at most that way."""
    known = contacts.list_identities(tx, contact_id)
    if not any(one.address in visitors and people.is_taken_over(one) and (one.proof_at or 0) >= since for one in known):
        return set()
    return {one.address for one in known if addresses.kind(one.address) == "user" and one.created_at >= since}


def list_ways(tx: Tx, identity: Identity) -> list[ChannelId]:
    """The channels that reach this address, latest first; a customer who has not written since, by those of the visitor they were."""
    ways = messages.list_ways(tx, identity.address)
    if ways or addresses.kind(identity.address) != "user":
        return ways
    return store.list_ways(tx, identity.address, identity.contact_id)


def give_back(tx: Tx, taken: Mapping[str, Any]) -> None:
    """They were two people after all."""
    visitor, user = Address(taken["visitor"]), Address(taken["user"])
    parts = {ConversationId(which): int(first) for which, first in taken["parts"].items()}
    store.delete_parts(tx, user, list(parts))
    for which, first_pub in taken["own"].items():
        store.mark_part(tx, user, ConversationId(which), int(first_pub))
    for which, first_pub in parts.items():
        store.mark_part(tx, visitor, which, first_pub)
    store.mark_handed(tx, list(parts), visitor, user, visitor)
    contacts.mark_proved(tx, visitor, "session", tx.now)
