"""The journal of merged contacts, and what is moved between two of them and back."""

from __future__ import annotations

from sqlalchemy import or_, select, update

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import claim, conversation, delivery, delivery_message, identity, merge, message, participant
from gateway.db.statement import Statement, in_list
from gateway.errors import NotFound
from gateway.json import dumps
from gateway.model import Address, Contact, ContactId, ConversationId, Merge, MergeId, Message, MessageId
from gateway.store.sql import insert_row, p

_ADD = Statement("merge.add", insert_row(merge))
_LOCK = Statement("merge.lock", select(merge).where(merge.c.id == p("merge_id")).with_for_update(key_share=True))
_OF = Statement("merge.of", select(merge).where(merge.c.kept == p("contact_id")).order_by(merge.c.at, merge.c.id))
_LATER = Statement(
    "merge.later",
    select(merge.c.id)
    .where(or_(merge.c.kept == p("contact_id"), merge.c.gone == p("contact_id")), merge.c.undone_at.is_(None), merge.c.at > p("after"))
    .limit(1),
)
_FOLDED = Statement("merge.folded", select(merge.c.id).where(merge.c.gone == p("contact_id"), merge.c.undone_at.is_(None)).limit(1))
_UNDONE = Statement("merge.undone", update(merge).where(merge.c.id == p("merge_id")).values(undone_at=p("at")))
_OWNER = Statement("merge.owner", update(conversation).where(conversation.c.id == p("which")).values(contact_id=p("to_contact")))
_CLAIMS = Statement("merge.claims", update(claim).where(in_list(claim.c.id, "claim_ids")).values(contact_id=p("to_contact")))
_CARRIED = Statement(
    "merge.carried",
    select(message)
    .select_from(message.join(conversation, conversation.c.id == message.c.conversation_id))
    .where(
        conversation.c.contact_id == p("contact_id"),
        # What was split off since is older than the conversation it is in.
        or_(message.c.at >= p("since"), conversation.c.created_at >= p("since")),
        message.c.address.is_not(None),
    )
    .order_by(message.c.at, message.c.id),
)
_REHOME = Statement(
    "merge.rehome",
    update(message).where(message.c.id == p("message_id")).values(conversation_id=p("to_conversation"), seq=p("to_seq"), pub=p("to_pub")),
)
_AUTHOR = Statement(
    "merge.author",
    update(message)
    .where(message.c.id == p("message_id"), message.c.direction == "in")
    .values(author_id=p("by_contact"), author_name=p("called")),
)
_REHOME_DELIVERY = Statement(
    "merge.rehome_delivery",
    update(delivery)
    .where(delivery.c.id.in_(select(delivery_message.c.delivery_id).where(delivery_message.c.message_id == p("message_id"))))
    .values(conversation_id=p("to_conversation")),
)
_LEAVE = Statement(
    "merge.leave", participant.delete().where(participant.c.conversation_id == p("which"), in_list(participant.c.address, "addresses"))
)
_STRANGERS = Statement(
    "merge.strangers",
    participant.delete().where(
        participant.c.conversation_id.in_(select(conversation.c.id).where(conversation.c.contact_id == p("contact_id"))),
        participant.c.address.in_(select(identity.c.address).where(identity.c.contact_id == p("stranger_id"))),
    ),
)


def add_merge(tx: Tx, record: Merge) -> None:
    tx.run(_ADD, **record._asdict())


def get_merge(tx: Tx, merge_id: MergeId) -> Merge:
    """Locked until the unit ends."""
    row = tx.one(_LOCK, merge_id=merge_id)
    if row is None:
        raise NotFound("There is no such merge.")
    return Merge(*row)


def list_merges(tx: Tx, contact_id: ContactId) -> list[Merge]:
    """What was folded into this contact, oldest first."""
    return [Merge(*row) for row in tx.all(_OF, contact_id=contact_id)]


def has_later(tx: Tx, contact_id: ContactId, after: Micros) -> bool:
    """Whether this contact took part in another merge since, on either side, that is in force."""
    return tx.one(_LATER, contact_id=contact_id, after=after) is not None


def is_folded(tx: Tx, contact_id: ContactId) -> bool:
    """Whether this contact is part of another one now."""
    return tx.one(_FOLDED, contact_id=contact_id) is not None


def mark_undone(tx: Tx, merge_id: MergeId) -> None:
    tx.run(_UNDONE, merge_id=merge_id, at=tx.now)


def mark_owner(tx: Tx, conversation_id: ConversationId, contact_id: ContactId) -> None:
    tx.run(_OWNER, which=conversation_id, to_contact=contact_id)


def mark_claims_moved(tx: Tx, claim_ids: list[str], to: ContactId) -> None:
    tx.run(_CLAIMS, claim_ids=dumps(claim_ids), to_contact=to)


def list_carried(tx: Tx, contact_id: ContactId, since: Micros) -> list[Message]:
    """What any handle carried in the contact's conversations since then, or in those begun since, both ways, by time. Notes are nobody's."""
    return [Message(*row) for row in tx.all(_CARRIED, contact_id=contact_id, since=since)]


def mark_author(tx: Tx, message_id: MessageId, contact: Contact) -> None:
    """An inbound message was written by this contact, as it turned out."""
    tx.run(_AUTHOR, message_id=message_id, by_contact=contact.id, called=contact.name)


def mark_rehomed(tx: Tx, message_id: MessageId, conversation_id: ConversationId, seq: int, pub: int | None) -> None:
    """The two cases in which a message changes its conversation: an undone merge gives it back to its person, a split sets it apart."""
    tx.run(_REHOME, message_id=message_id, to_conversation=conversation_id, to_seq=seq, to_pub=pub)
    tx.run(_REHOME_DELIVERY, message_id=message_id, to_conversation=conversation_id)


def delete_participants(tx: Tx, conversation_id: ConversationId, addresses: list[Address]) -> None:
    tx.run(_LEAVE, which=conversation_id, addresses=dumps(addresses))


def delete_strangers(tx: Tx, contact_id: ContactId, stranger_id: ContactId) -> None:
    """No address of the stranger takes part in a conversation of this contact any more."""
    tx.run(_STRANGERS, contact_id=contact_id, stranger_id=stranger_id)
