"""After an undone merge: what was said meanwhile goes to the person whose handle carried it."""

from __future__ import annotations

from channels.contract import Address
from channels.text import preview
from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.flow import assign, publish, takeover
from gateway.flow.receive import new_conversation
from gateway.model import ContactId, Conversation, ConversationId, Merge, Message
from gateway.store import contacts, conversations, merges, messages

OPEN = ("open", "snoozed")
_AUTHORS = {"in": "customer", "out": "agent", "note": "note"}


def find_whole(
    tx: Tx, record: Merge, carried: list[Message], addresses: set[Address], returned: set[ConversationId]
) -> set[ConversationId]:
    """Conversations begun since the merge in which only the gone contact's handles took part: theirs, with number and notes."""
    theirs = {one.conversation_id for one in carried} - {one.conversation_id for one in carried if one.address not in addresses}
    begun = [conversations.get_conversation(tx, which, lock=True) for which in sorted(theirs - returned)]
    return {one.id for one in begun if one.created_at >= record.at and not (one.state in OPEN and _is_taken(tx, returned, one.topic))}


def _is_taken(tx: Tx, returned: set[ConversationId], topic: str) -> bool:
    """Whether one that goes back is or will be open on this topic."""
    return any((one := conversations.get_conversation(tx, which)).topic == topic and one.state in (*OPEN, "joined") for which in returned)


def move(tx: Tx, owner: ContactId, carried: list[Message]) -> None:
    """These messages go to the open conversation of the person whose handles carried them."""
    if not carried:
        return
    left = {message.conversation_id for message in carried}
    target = _target(tx, owner, carried[0])
    for message in carried:
        numbered = conversations.mark_rehomed_in(tx, target.id, message.at)
        merges.mark_rehomed(tx, message.id, target.id, numbered.last_seq, numbered.last_pub)
        takeover.seat(tx, target.id, message, numbered.last_pub)
    gone = sorted({message.address for message in carried if message.address is not None})
    for conversation_id in sorted(left):
        merges.delete_participants(tx, conversation_id, gone)
        sum_up(tx, conversation_id)
    waiting = target.waiting_since
    for message in carried:
        waiting = (waiting or message.at) if message.direction == "in" else None
    target = _written(tx, target.id, waiting)
    publish.wake_router(tx)
    assign.changed(tx, target if waiting is None else assign.hold(tx, target))


def seat(tx: Tx, carried: list[Message]) -> None:
    """Each handle takes part where its messages are, from the first of them on."""
    for message in sorted(carried, key=lambda one: one.pub or 0):
        takeover.seat(tx, message.conversation_id, message, message.pub or 0)


def _target(tx: Tx, owner: ContactId, first: Message) -> Conversation:
    for conversation, _ in conversations.list_open_of(tx, owner, Address("")):
        return conversation
    source = conversations.get_conversation(tx, first.conversation_id)
    created = new_conversation(tx, contacts.get_contact(tx, owner), first.channel_id, source.load_class, rule="unmerged")
    return assign.saved(tx, created._replace(linked_to=source.id))


def sum_up(tx: Tx, which: ConversationId) -> None:
    """After messages have left: the list shows the last one that is still here, and who still waits."""
    since = conversations.get_conversation(tx, which).waiting_since
    _written(tx, which, None if since is None else messages.find_unanswered_since(tx, which, since))


def _written(tx: Tx, which: ConversationId, waiting: Micros | None) -> Conversation:
    conversation = conversations.get_conversation(tx, which)
    last, last_in = messages.find_last(tx, which), messages.find_last_in(tx, which)
    summed = conversation._replace(
        last_at=last.at if last else conversation.created_at,
        waiting_since=waiting if conversation.state in OPEN else None,
        preview=(preview(last.text) or "📎") if last else "",
        preview_author=_AUTHORS[last.direction] if last else "customer",
        channel_id=last_in.channel_id if last_in else conversation.channel_id,
    )
    conversations.mark_summed(tx, summed)
    publish.row_changed(tx, which)
    return summed
