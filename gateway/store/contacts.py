"""Contacts, their identities and claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, literal_column, select, union_all, update

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import claim, contact, conversation, identity
from gateway.db.statement import Statement, in_list
from gateway.errors import NotFound
from gateway.json import dumps
from gateway.model import Address, Claim, Contact, ContactId, Identity
from gateway.store.sql import insert_row, p

_ADD_CONTACT = Statement("contact.add", insert_row(contact))
_DELETE_CONTACT = Statement("contact.delete", contact.delete().where(contact.c.id == p("contact_id")))
_CONTACT = Statement("contact.find", select(contact).where(contact.c.id == p("contact_id")))
_LOCK_CONTACT = Statement("contact.lock", select(contact).where(contact.c.id == p("contact_id")).with_for_update(key_share=True))
_NAME = Statement("contact.name", update(contact).where(contact.c.id == p("contact_id")).values(name=p("new_name")))
_DETAILS = Statement(
    "contact.details",
    update(contact)
    .where(contact.c.id == p("contact_id"))
    .values(name=p("new_name"), locale=p("new_locale"), time_zone=p("new_zone"), page=p("new_page")),
)
_BLOCK = Statement("contact.block", update(contact).where(contact.c.id == p("contact_id")).values(blocked_at=p("at")))
_BLOCKED = Statement(
    "contact.blocked",
    select(contact.c.blocked_at)
    .select_from(identity.join(contact, contact.c.id == identity.c.contact_id))
    .where(identity.c.address == p("address"), contact.c.blocked_at.is_not(None)),
)
_ADD_IDENTITY = Statement(
    "identity.add", insert_row(identity).on_conflict_do_nothing(index_elements=["address"]).returning(identity.c.address)
)
_KNOWN = Statement(
    "identity.known",
    select(identity, contact)
    .select_from(identity.join(contact, contact.c.id == identity.c.contact_id))
    .where(identity.c.address == p("address"))
    .with_for_update(key_share=True, of=contact),
)
_IDENTITY = Statement("identity.find", select(identity).where(identity.c.address == p("address")))
_IDENTITIES = Statement(
    "identity.list", select(identity).where(identity.c.contact_id == p("contact_id")).order_by(identity.c.created_at, identity.c.address)
)
_MOVE = Statement("identity.move", update(identity).where(identity.c.address == p("which")).values(contact_id=p("to_contact")))
_PROVE = Statement(
    "identity.prove", update(identity).where(identity.c.address == p("which")).values(proof_method=p("method"), proof_at=p("proved_at"))
)
_OPT_OUT = Statement("identity.opt_out", update(identity).where(identity.c.address == p("which")).values(opted_out_at=p("at")))
_IN = Statement(
    "identity.in", update(identity).where(identity.c.address == p("which")).values(last_in_at=p("at")).returning(*identity.columns)
)
_OUT_SEQ = Statement(
    "identity.out_seq",
    update(identity).where(identity.c.address == p("which")).values(out_seq=identity.c.out_seq + 1).returning(identity.c.out_seq),
)
_ADD_CLAIM = Statement("claim.add", insert_row(claim))
_CLAIMS = Statement(
    "claim.list", select(claim).where(claim.c.contact_id == p("contact_id"), claim.c.cut_at.is_(None)).order_by(claim.c.at.desc())
)
_CUT_CLAIM = Statement("claim.cut", update(claim).where(claim.c.id == p("claim_id"), claim.c.cut_at.is_(None)).values(cut_at=p("at")))
_SAME_CLAIM = Statement(
    "claim.same",
    select(claim.c.id).where(claim.c.contact_id == p("contact_id"), claim.c.address == p("address"), claim.c.cut_at.is_(None)),
)
_mine, _others = claim.alias("mine"), claim.alias("others")
_own = and_(_mine.c.contact_id == p("contact_id"), _mine.c.cut_at.is_(None))


def _why(word: str, rank: int) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return literal_column(f"'{word}'").label("why"), literal_column(str(rank)).label("rank")


_maybe = union_all(
    select(identity.c.contact_id.label("who"), _mine.c.address, *_why("claims", 1))
    .join(_mine, _mine.c.address == identity.c.address)
    .where(_own, identity.c.contact_id != p("contact_id")),
    select(_others.c.contact_id, identity.c.address, *_why("claimed", 2))
    .join(_others, _others.c.address == identity.c.address)
    .where(identity.c.contact_id == p("contact_id"), _others.c.contact_id != p("contact_id"), _others.c.cut_at.is_(None)),
    select(_others.c.contact_id, _others.c.address, *_why("same_claim", 3))
    .join(_mine, _mine.c.address == _others.c.address)
    .where(_own, _others.c.contact_id != p("contact_id"), _others.c.cut_at.is_(None)),
).subquery("maybe")
_MAYBE = Statement(
    "contact.maybe",
    select(_maybe.c.who, contact.c.name, _maybe.c.address, _maybe.c.why)
    .join(contact, contact.c.id == _maybe.c.who)
    .order_by(_maybe.c.rank, _maybe.c.address, _maybe.c.who)
    .limit(p("limit")),
)
_HEARD = Statement(
    "contact.heard",
    select(contact.c.id, contact.c.name)
    .select_from(contact.join(conversation, conversation.c.contact_id == contact.c.id))
    .where(in_list(conversation.c.id, "conversation_ids"), conversation.c.spam_at.is_(None))
    .order_by(conversation.c.last_at.desc(), conversation.c.id.desc()),
)
_LAST = Statement(
    "contact.last",
    select(conversation.c.last_at, conversation.c.number)
    .where(conversation.c.contact_id == p("contact_id"), conversation.c.state != "joined", conversation.c.spam_at.is_(None))
    .order_by(conversation.c.last_at.desc(), conversation.c.id.desc())
    .limit(1),
)

_IDENTITY_WIDTH = len(identity.columns)


def find_known(tx: Tx, address: Address) -> tuple[Identity, Contact] | None:
    """Who writes from this address. Locks the contact: everything of one person is done one after the other."""
    row = tx.one(_KNOWN, address=address)
    return None if row is None else (Identity(*row[:_IDENTITY_WIDTH]), Contact(*row[_IDENTITY_WIDTH:]))


def add_contact(tx: Tx, record: Contact) -> None:
    tx.run(_ADD_CONTACT, **record._asdict())


def delete_contact(tx: Tx, contact_id: ContactId) -> None:
    """Only for a contact that nothing refers to."""
    tx.run(_DELETE_CONTACT, contact_id=contact_id)


def add_identity(tx: Tx, record: Identity) -> bool:
    """False when the address is somebody's already (then nothing is written)."""
    return tx.one(_ADD_IDENTITY, **record._asdict()) is not None


def find_contact(tx: Tx, contact_id: ContactId) -> Contact | None:
    row = tx.one(_CONTACT, contact_id=contact_id)
    return None if row is None else Contact(*row)


def get_contact(tx: Tx, contact_id: ContactId, *, lock: bool = False) -> Contact:
    row = tx.one(_LOCK_CONTACT if lock else _CONTACT, contact_id=contact_id)
    if row is None:
        raise NotFound("There is no such contact.")
    return Contact(*row)


def mark_name(tx: Tx, contact_id: ContactId, name: str) -> None:
    tx.run(_NAME, contact_id=contact_id, new_name=name)


def mark_details(tx: Tx, changed: Contact) -> None:
    """Name, locale, time zone and page, as the customer's last message or an agent told them."""
    told = {"new_name": changed.name, "new_locale": changed.locale, "new_zone": changed.time_zone, "new_page": changed.page}
    tx.run(_DETAILS, contact_id=changed.id, **told)


def mark_blocked(tx: Tx, contact_id: ContactId, at: Micros | None) -> None:
    """None takes the block away."""
    tx.run(_BLOCK, contact_id=contact_id, at=at)


def is_blocked(tx: Tx, address: Address) -> bool:
    """Whether nothing is taken from who has this address."""
    return tx.one(_BLOCKED, address=address) is not None


def list_maybe(tx: Tx, contact_id: ContactId, limit: int) -> list[tuple[ContactId, str, Address, str]]:
    """(contact, name, address, why) of who may be the same person: this one claims what is theirs, they have claimed what is this
    one's, or both claim the same; in this order."""
    return [(ContactId(row[0]), str(row[1]), Address(row[2]), str(row[3])) for row in tx.all(_MAYBE, contact_id=contact_id, limit=limit)]


def list_heard(tx: Tx, conversation_ids: Sequence[str]) -> list[tuple[ContactId, str]]:
    """(contact, name), each once, whose conversations these are; who was heard of last comes first. Spam does not count."""
    found = {ContactId(row[0]): str(row[1]) for row in tx.all(_HEARD, conversation_ids=dumps(conversation_ids))}
    return list(found.items())


def find_last_heard(tx: Tx, contact_id: ContactId) -> tuple[Micros, int] | None:
    """(last_at, number) of the latest conversation that is no spam."""
    row = tx.one(_LAST, contact_id=contact_id)
    return None if row is None else (int(row[0]), int(row[1]))


def find_identity(tx: Tx, address: Address) -> Identity | None:
    row = tx.one(_IDENTITY, address=address)
    return None if row is None else Identity(*row)


def list_identities(tx: Tx, contact_id: ContactId) -> list[Identity]:
    """Oldest first."""
    return [Identity(*row) for row in tx.all(_IDENTITIES, contact_id=contact_id)]


def mark_identity_moved(tx: Tx, address: Address, to: ContactId) -> None:
    tx.run(_MOVE, which=address, to_contact=to)


def mark_proved(tx: Tx, address: Address, method: str, at: Micros) -> None:
    tx.run(_PROVE, which=address, method=method, proved_at=at)


def mark_opted_out(tx: Tx, address: Address, at: Micros | None) -> None:
    """None opts in again."""
    tx.run(_OPT_OUT, which=address, at=at)


def mark_wrote(tx: Tx, address: Address, at: Micros) -> Identity | None:
    """As it is now: a unit beside this one may have changed it while we waited for the contact."""
    row = tx.one(_IN, which=address, at=at)
    return None if row is None else Identity(*row)


def next_out_seq(tx: Tx, address: Address) -> int | None:
    """The next number of the lane to this address; None when it is nobody's identity (a claim)."""
    row = tx.one(_OUT_SEQ, which=address)
    return None if row is None else int(row[0])


def add_claim(tx: Tx, record: Claim) -> bool:
    """False when this contact claims the address already."""
    if tx.one(_SAME_CLAIM, contact_id=record.contact_id, address=record.address) is not None:
        return False
    tx.run(_ADD_CLAIM, **record._asdict())
    return True


def list_claims(tx: Tx, contact_id: ContactId) -> list[Claim]:
    """Those not cut, newest first."""
    return [Claim(*row) for row in tx.all(_CLAIMS, contact_id=contact_id)]


def mark_claim_cut(tx: Tx, claim_id: str, at: Micros) -> None:
    tx.run(_CUT_CLAIM, claim_id=claim_id, at=at)
