"""Contacts, their identities and claims."""

from __future__ import annotations

from sqlalchemy import select, update

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import claim, contact, identity
from gateway.db.statement import Statement
from gateway.errors import NotFound
from gateway.model import Address, Claim, Contact, ContactId, Identity
from gateway.store.sql import insert_row, p

_ADD_CONTACT = Statement("contact.add", insert_row(contact))
_DELETE_CONTACT = Statement("contact.delete", contact.delete().where(contact.c.id == p("contact_id")))
_CONTACT = Statement("contact.find", select(contact).where(contact.c.id == p("contact_id")))
_LOCK_CONTACT = Statement("contact.lock", select(contact).where(contact.c.id == p("contact_id")).with_for_update(key_share=True))
_NAME = Statement("contact.name", update(contact).where(contact.c.id == p("contact_id")).values(name=p("new_name")))
_DETAILS = Statement(
    "contact.details",
    update(contact).where(contact.c.id == p("contact_id")).values(name=p("new_name"), locale=p("new_locale"), page=p("new_page")),
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
_IN = Statement("identity.in", update(identity).where(identity.c.address == p("which")).values(last_in_at=p("at")))
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


def mark_details(tx: Tx, contact_id: ContactId, name: str, locale: str | None, page: str) -> None:
    """What the customer's last message told about them; `page` is JSON."""
    tx.run(_DETAILS, contact_id=contact_id, new_name=name, new_locale=locale, new_page=page)


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


def mark_wrote(tx: Tx, address: Address, at: Micros) -> None:
    tx.run(_IN, which=address, at=at)


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
