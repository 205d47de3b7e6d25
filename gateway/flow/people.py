"""Who is writing: contacts, identities and claims. An address somebody typed is a claim and nothing else."""

from __future__ import annotations

from channels import address as addresses
from channels.contract import Address, Received
from channels.text import clean
from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.errors import Conflict, Invalid
from gateway.flow import publish, rights
from gateway.json import dumps, loads
from gateway.model import AgentId, Claim, ClaimId, Contact, ContactId, ConversationId, Identity
from gateway.store import contacts, conversations, events


def identify(tx: Tx, fact: Received) -> tuple[Identity, Contact]:
    """The sender's identity and contact, made when new. The contact is locked until the unit ends."""
    known = contacts.find_known(tx, fact.sender)
    if known is None:
        known = _meet(tx, fact)
    identity, contact = known
    contacts.mark_wrote(tx, identity.address, tx.now)
    if fact.proof and identity.proof_method is None:
        contacts.mark_proved(tx, identity.address, fact.proof, tx.now)
        identity = identity._replace(proof_method=fact.proof, proof_at=tx.now)
    return identity, _learn(tx, contact, fact)


def _meet(tx: Tx, fact: Received) -> tuple[Identity, Contact]:
    """A new contact; or the one that a unit beside us made for the same address just now."""
    contact = new_contact(tx, fact.name or "", fact.locale)
    proved_at = tx.now if fact.proof else None
    identity = Identity(fact.sender, contact.id, fact.proof, proved_at, int(fact.shared), None, 0, tx.now, tx.now)
    if contacts.add_identity(tx, identity):
        return identity, contact
    contacts.delete_contact(tx, contact.id)
    known = contacts.find_known(tx, fact.sender)
    if known is None:
        raise Conflict("The address changed hands in this moment. Try again.")
    return known


def new_contact(tx: Tx, name: str, locale: str | None = None) -> Contact:
    contact = Contact(ContactId(tx.clock.new_id()), name, locale, None, "{}", "{}", None, tx.now)
    contacts.add_contact(tx, contact)
    return contact


def _learn(tx: Tx, contact: Contact, fact: Received) -> Contact:
    """Keeps what the message tells about its sender; writes only when something is new."""
    page = contact.page
    if fact.context:
        told = {key.removeprefix("page_"): value for key, value in fact.context.items() if key.startswith("page_") or key == "referrer"}
        page = dumps(told) if told else page
    name = contact.name or (fact.name or "")
    locale = fact.locale or contact.locale
    if (name, locale, page) == (contact.name, contact.locale, contact.page):
        return contact
    contacts.mark_details(tx, contact.id, name, locale, page)
    return contact._replace(name=name, locale=locale, page=page)


def page_of(contact: Contact) -> dict[str, str]:
    """Where the customer is now: url, title, referrer, as far as known."""
    return dict(loads(contact.page))


def rename(tx: Tx, agent_id: AgentId, contact_id: ContactId, name: str) -> Contact:
    rights.actor(tx, agent_id)
    name = clean(name).strip()
    contact = contacts.get_contact(tx, contact_id, lock=True)
    contacts.mark_name(tx, contact_id, name)
    for conversation in conversations.list_latest_of(tx, contact_id, limit=20):
        publish.row_changed(tx, conversation.id)
    return contact._replace(name=name)


def claim(tx: Tx, contact_id: ContactId, address: Address, conversation_id: ConversationId | None) -> bool:
    """Somebody says they are to be reached there. False when they said so before, or when it is proved theirs already."""
    owner = contacts.find_identity(tx, address)
    if owner is not None and owner.contact_id == contact_id:
        return False
    record = Claim(ClaimId(tx.clock.new_id()), contact_id, address, conversation_id, tx.now, None)
    if not contacts.add_claim(tx, record):
        return False
    if conversation_id is not None:
        publish.event_added(tx, events.add_event(tx, conversation_id, "claimed", actor_kind="customer", payload={"address": address}))
        publish.row_changed(tx, conversation_id)
    return True


def cut_claim(tx: Tx, claim_id: ClaimId) -> None:
    """Somebody answered "this was not me": the claimed address is no longer used."""
    contacts.mark_claim_cut(tx, claim_id, tx.now)


def prove(tx: Tx, address: Address, contact_id: ContactId, method: str, at: Micros) -> Identity:
    """A code, link or token showed that the address is this contact's; the claim becomes an identity.

    Raises Conflict when the address is another contact's: then an agent's merge is needed, nothing joins by itself.
    """
    identity = contacts.find_identity(tx, address)
    if identity is None:
        identity = Identity(address, contact_id, method, at, 0, None, 0, at, None)
        contacts.add_identity(tx, identity)
    elif identity.contact_id != contact_id:
        raise Conflict("This address belongs to another contact. Merge the two if they are one person.")
    else:
        contacts.mark_proved(tx, address, method, at)
    for record in contacts.list_claims(tx, contact_id):
        if record.address == address:
            contacts.mark_claim_cut(tx, record.id, at)
    return identity


def kind_of(address: Address) -> str:
    """visitor, user, mail, phone, x, …"""
    return addresses.kind(address)


def label_of(address: Address) -> str:
    """How people write it."""
    return addresses.label(address)


def parse_address(text: str) -> Address:
    """A mail address or phone number as a person typed it. Raises Invalid."""
    found = addresses.parse(text)
    if found is None:
        raise Invalid("This is neither a mail address nor a phone number with its country code.", field="address")
    return found
