"""A website vouches for its customer: they have one contact, and what they said before they signed in is theirs."""

from __future__ import annotations

from dataclasses import dataclass

from channels.contract import Address
from gateway.db.database import Tx, idempotent
from gateway.errors import Conflict
from gateway.flow import assign, merge, people, receipts, takeover
from gateway.model import Contact, ContactId, Identity
from gateway.store import contacts
from gateway.store import takeover as store

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Vouched:
    """What the site has signed. `address` is `user:<site>/<id>`; name may be empty, addresses None."""

    address: Address
    name: str = ""
    email: Address | None = None
    email_verified: bool = False
    phone: Address | None = None


def is_settled(tx: Tx, vouched: Vouched, visitor: Address | None) -> bool:
    """Whether `sign_in` would change nothing, which most visits find."""
    user = contacts.find_identity(tx, vouched.address)
    if user is None or (visitor is not None and (_guest(tx, visitor) is not None or store.has_loose_files(tx, visitor))):
        return False
    if vouched.name and not contacts.get_contact(tx, user.contact_id).name:
        return False
    return not any(_is_news(tx, user.contact_id, address, proved) for address, proved in _told(vouched))


@idempotent
def sign_in(tx: Tx, vouched: Vouched, visitor: Address | None) -> Contact:
    """The customer's contact, made when new. `visitor` is who the widget was until now; their contact becomes the customer's.

    Raises Conflict when others keep changing the same people in this moment; then try again.
    """
    guest, user = _locked(tx, visitor, vouched.address)
    if guest is not None and not _may_take(tx, guest, user):
        guest = None
    user = user or _met(tx, vouched, guest)
    if visitor is not None:
        _unite(tx, user, visitor, guest)
    contact = contacts.get_contact(tx, user.contact_id, lock=True)
    if vouched.name and not contact.name:
        contacts.mark_name(tx, contact.id, vouched.name)
        contact = contact._replace(name=vouched.name)
    for address, proved in _told(vouched) if contact.blocked_at is None else ():
        if _is_news(tx, contact.id, address, proved):
            _learn(tx, contact.id, vouched.address, address, proved)
    return contact


def _guest(tx: Tx, visitor: Address | None) -> Identity | None:
    """The visitor, when they have written and are not a customer yet."""
    found = None if visitor is None else contacts.find_identity(tx, visitor)
    return None if found is None or people.is_taken_over(found) else found


def _locked(tx: Tx, visitor: Address | None, address: Address) -> tuple[Identity | None, Identity | None]:
    """Visitor and customer as they are now that their contacts are locked: another tab may have signed in while we waited."""
    for _ in range(_TRIES):
        found = _guest(tx, visitor), contacts.find_identity(tx, address)
        for contact_id in sorted({one.contact_id for one in found if one is not None}):
            contacts.get_contact(tx, contact_id, lock=True)
        if found == (_guest(tx, visitor), contacts.find_identity(tx, address)):
            return found
    raise Conflict("Somebody changed this customer in this moment. Try again.")


def _may_take(tx: Tx, guest: Identity, user: Identity | None) -> bool:
    """Whose contact has another customer already is that customer; and nobody gets rid of a block by signing in."""
    customers = {one.address for one in contacts.list_identities(tx, guest.contact_id) if people.kind_of(one.address) == "user"}
    if user is None or user.contact_id == guest.contact_id:
        return not customers - {user.address if user else ""}
    return not customers and contacts.get_contact(tx, guest.contact_id).blocked_at is None


def _met(tx: Tx, vouched: Vouched, guest: Identity | None) -> Identity:
    """A new identity on the guest's contact or on a new one; or what a tab beside this one has just made."""
    contact_id = guest.contact_id if guest is not None else people.new_contact(tx, vouched.name).id
    user = Identity(vouched.address, contact_id, "token", tx.now, 0, None, 0, tx.now, None)
    if contacts.add_identity(tx, user):
        return user
    if guest is None:
        contacts.delete_contact(tx, contact_id)
    found = contacts.find_identity(tx, vouched.address)
    if found is None:
        raise Conflict("Somebody changed this customer in this moment. Try again.")
    contacts.get_contact(tx, found.contact_id, lock=True)
    return found


def _unite(tx: Tx, user: Identity, visitor: Address, guest: Identity | None) -> None:
    if guest is None:
        if contacts.find_identity(tx, visitor) is None:  # never wrote, but may have chosen a file
            store.mark_handed(tx, [], visitor, visitor, user.address)
        return
    taken = takeover.take(tx, visitor, user.address)
    if guest.contact_id != user.contact_id:
        merge.fold(tx, None, user.contact_id, guest.contact_id, taken)
    conversation = receipts.current(tx, user.address)
    if conversation is not None:
        assign.log(tx, conversation, "identified", payload={"address": user.address, "label": people.label_of(user.address)})
        assign.changed(tx, conversation)


def _told(vouched: Vouched) -> list[tuple[Address, bool]]:
    """Addresses the site named, and whether it has seen that they are the customer's."""
    told = ((vouched.email, vouched.email_verified), (vouched.phone, False))
    return [(address, proved) for address, proved in told if address is not None]


def _is_news(tx: Tx, contact_id: ContactId, address: Address, proved: bool) -> bool:
    """Not what is known, nor what somebody has cut since: a customer's own later word counts more than the site's old one."""
    owner = contacts.find_identity(tx, address)
    if owner is not None and owner.contact_id == contact_id:
        return proved and owner.proof_method is None
    return (owner is None and proved) or not store.has_claimed(tx, contact_id, address)


def _learn(tx: Tx, contact_id: ContactId, user: Address, address: Address, proved: bool) -> None:
    owner = contacts.find_identity(tx, address)
    if proved and (owner is None or owner.contact_id == contact_id):
        people.prove(tx, address, contact_id, "site", tx.now)
        return
    conversation = receipts.current(tx, user)
    people.claim(tx, contact_id, address, conversation.id if conversation else None)
