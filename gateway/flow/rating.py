"""How it was, in the customer's word: one to five, and what they write beside it for the agents."""

from __future__ import annotations

from channels.contract import Address
from channels.text import clean
from gateway.db.database import Tx
from gateway.errors import Conflict, Invalid, NotFound
from gateway.flow import assign, people, receipts, views
from gateway.json import loads
from gateway.model import Conversation
from gateway.store import contacts, conversations, events

COMMENT_CHARS = 1_000


def rate(tx: Tx, address: Address, score: int, comment: str) -> Conversation:
    """For the visitor's current conversation, once it is resolved or closed; said again, the last word counts.

    Raises Invalid for a score outside 1 to 5 or a long comment, NotFound without a conversation, Conflict while it is open.
    """
    if not 1 <= score <= 5:
        raise Invalid("A rating is a number from 1 to 5.", field="score")
    if len(comment) > COMMENT_CHARS:
        raise Invalid(f"A comment has at most {COMMENT_CHARS:,} characters.", field="comment")
    comment = clean(comment).strip()
    found = receipts.current(tx, address)
    if found is None:
        raise NotFound("There is no conversation yet.")
    people.require_welcome(contacts.get_contact(tx, found.contact_id, lock=True))
    stands = conversations.get_conversation(tx, views.followed(tx, found).id, lock=True)
    if stands.state not in ("resolved", "closed"):
        raise Conflict("This conversation goes on. Tell us how it was when it is done.")
    last = events.find_last(tx, stands.id, "rated")
    told = {"score": score, "comment": comment}
    if last is not None and stands.rating == score and loads(last.payload) == told:
        return stands
    stored = assign.saved(tx, stands._replace(rating=score))
    assign.log(tx, stored, "rated", actor_kind="customer", payload=told)
    assign.changed(tx, stored)
    return stored
