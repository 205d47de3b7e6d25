"""Who is writing: contacts, identities and claims. An address somebody typed is a claim and nothing else."""

from __future__ import annotations

import re
import zoneinfo
from functools import cache
from typing import TypedDict

from channels import address as addresses
from channels.contract import Address, Received
from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.errors import Conflict, Forbidden, Invalid, Unauthorised
from gateway.flow import assign, oneline, publish, rights
from gateway.json import dumps, loads
from gateway.model import Agent, AgentId, Claim, ClaimId, Contact, ContactId, ConversationId, Identity
from gateway.store import contacts, conversations, events

_LOCALE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}", re.ASCII)


GONE_ON = "This chat went on with the customer who signed in. Reload the page to start a new one."
"""What a visitor's token is told after that."""


class Blocked(Forbidden):
    """Nothing is taken from this sender: not stored, not parked, not counted as a mistake of ours."""


class Details(TypedDict, total=False):
    """Of a contact. Only what is named changes."""

    name: str
    locale: str | None
    time_zone: str | None


def identify(tx: Tx, fact: Received) -> tuple[Identity, Contact]:
    """The sender's identity and contact, made when new. The contact is locked until the unit ends."""
    known = contacts.find_known(tx, fact.sender)
    if known is None:
        known = _meet(tx, fact)
    identity, contact = known
    identity = contacts.mark_wrote(tx, identity.address, tx.now) or identity
    if identity.contact_id != contact.id:  # merged while we waited for the contact
        contact = contacts.get_contact(tx, identity.contact_id, lock=True)
    if is_taken_over(identity):
        raise Unauthorised(GONE_ON)
    if fact.proof and identity.proof_method is None:
        contacts.mark_proved(tx, identity.address, fact.proof, tx.now)
        identity = identity._replace(proof_method=fact.proof, proof_at=tx.now)
    return identity, _learn(tx, contact, fact)


def is_taken_over(identity: Identity) -> bool:
    """A visitor who has become a signed-in customer: whoever comes with their token later is a stranger."""
    return identity.proof_method == "token" and kind_of(identity.address) == "visitor"


def _meet(tx: Tx, fact: Received) -> tuple[Identity, Contact]:
    """A new contact; or the one that a unit beside us made for the same address just now."""
    contact = new_contact(tx, oneline.cut(fact.name or "", oneline.NAME), fact.locale)
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
        shown = {key.removeprefix("page_"): value for key, value in fact.context.items() if key.startswith("page_") or key == "referrer"}
        page = dumps(shown) if shown else page
    zone = fact.context.get("time_zone") or contact.time_zone
    if zone != contact.time_zone and not is_zone(zone):
        zone = contact.time_zone
    name = contact.name or oneline.cut(fact.name or "", oneline.NAME)
    locale = fact.locale or contact.locale
    if (name, locale, zone, page) == (contact.name, contact.locale, contact.time_zone, contact.page):
        return contact
    told = contact._replace(name=name, locale=locale, time_zone=zone, page=page)
    contacts.mark_details(tx, told)
    return told


def is_zone(name: str | None) -> bool:
    """Whether there is a time zone of this name (https://www.iana.org/time-zones)."""
    return name in _zones()


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def page_of(contact: Contact) -> dict[str, str]:
    """Where the customer is now: url, title, referrer, as far as known."""
    return dict(loads(contact.page))


def change(tx: Tx, agent_id: AgentId, contact_id: ContactId, wanted: Details) -> Contact:
    """What an agent knows better. Raises Invalid for a language or zone that does not exist."""
    rights.actor(tx, agent_id)
    contact = contacts.get_contact(tx, contact_id, lock=True)
    name = oneline.strict(wanted["name"], oneline.NAME, "name") if "name" in wanted else contact.name
    locale = wanted.get("locale", contact.locale)
    zone = wanted.get("time_zone", contact.time_zone)
    if locale is not None and not _LOCALE.fullmatch(locale):
        raise Invalid("The language is written like “fi” or “pt-BR”.", field="locale")
    if zone is not None and not is_zone(zone):
        raise Invalid("There is no such time zone. They are written like “Europe/Helsinki”.", field="time_zone")
    changed = contact._replace(name=name, locale=locale, time_zone=zone)
    contacts.mark_details(tx, changed)
    for conversation in conversations.list_latest_of(tx, contact_id, limit=20) if name != contact.name else ():
        publish.row_changed(tx, conversation.id)
    return changed


def block(tx: Tx, agent_id: AgentId, contact_id: ContactId) -> Contact:
    """From now on nothing is taken from them. Said twice, the first time counts."""
    return _blocked(tx, rights.actor(tx, agent_id, "block"), contact_id, True)


def unblock(tx: Tx, agent_id: AgentId, contact_id: ContactId) -> Contact:
    return _blocked(tx, rights.actor(tx, agent_id, "block"), contact_id, False)


def _blocked(tx: Tx, actor: Agent, contact_id: ContactId, on: bool) -> Contact:
    contact = contacts.get_contact(tx, contact_id, lock=True)
    if (contact.blocked_at is not None) == on:
        return contact
    changed = contact._replace(blocked_at=tx.now if on else None)
    contacts.mark_blocked(tx, contact_id, changed.blocked_at)
    for conversation in conversations.list_latest_of(tx, contact_id, limit=1):
        assign.log(tx, conversation, "blocked" if on else "unblocked", actor=actor)
        publish.row_changed(tx, conversation.id)
    return changed


_REFUSED = "Messages from here are not taken any more."


def require_welcome(contact: Contact) -> None:
    """Raises Blocked for one from whom nothing is taken."""
    if contact.blocked_at is not None:
        raise Blocked(_REFUSED)


def require_unblocked(tx: Tx, address: Address) -> None:
    """As `require_welcome`, where only the address is known. Somebody new is welcome."""
    if contacts.is_blocked(tx, address):
        raise Blocked(_REFUSED)


def claim(tx: Tx, contact_id: ContactId, address: Address, conversation_id: ConversationId | None, name: str = "") -> bool:
    """Somebody says they are to be reached there; of one kind the last word counts. False when it is what was known already.

    `name` fills a contact that has none. The contact is locked until the unit ends.
    """
    contact = contacts.get_contact(tx, contact_id, lock=True)
    require_welcome(contact)
    named = oneline.cut(name, oneline.NAME)
    if named and not contact.name:
        contacts.mark_name(tx, contact_id, named)
    else:
        named = ""
    said = _claimed(tx, contact_id, address, conversation_id)
    if said and conversation_id is not None:
        publish.event_added(tx, events.add_event(tx, conversation_id, "claimed", actor_kind="customer", payload={"address": address}))
    if (said or named) and conversation_id is not None:
        publish.row_changed(tx, conversation_id)
    return said


def _claimed(tx: Tx, contact_id: ContactId, address: Address, conversation_id: ConversationId | None) -> bool:
    owner = contacts.find_identity(tx, address)
    theirs = owner is not None and owner.contact_id == contact_id
    before = [found for found in contacts.list_claims(tx, contact_id) if kind_of(found.address) == kind_of(address)]
    for found in before:
        if found.address != address:
            cut_claim(tx, found.id)
    if theirs:
        return any(found.address != address for found in before)
    return contacts.add_claim(tx, Claim(ClaimId(tx.clock.new_id()), contact_id, address, conversation_id, tx.now, None))


def cut_claim(tx: Tx, claim_id: ClaimId) -> None:
    """Somebody answered "this was not me": the claimed address is no longer used."""
    contacts.mark_claim_cut(tx, claim_id, tx.now)


def prove(tx: Tx, address: Address, contact_id: ContactId, method: str, at: Micros) -> Identity:
    """A code, link or token showed that the address is this contact's; the claim becomes an identity.

    Raises Conflict when the address is another contact's: then an agent's merge is needed, nothing joins by itself.
    """
    identity = Identity(address, contact_id, method, at, 0, None, 0, at, None)
    if not contacts.add_identity(tx, identity):
        known = contacts.find_identity(tx, address)
        if known is None or known.contact_id != contact_id:
            raise Conflict("This address belongs to another contact. Merge the two if they are one person.")
        contacts.mark_proved(tx, address, method, at)
        identity = known
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
