"""Two contacts are one person: folded together by a journal entry, and taken apart again by it."""

from __future__ import annotations

from typing import Any

from channels.contract import Address
from gateway.db.database import Tx
from gateway.errors import Conflict, Invalid
from gateway.flow import assign, publish
from gateway.flow.receive import new_conversation
from gateway.flow.reply import writer
from gateway.json import dumps, loads
from gateway.model import Agent, AgentId, Contact, ContactId, Conversation, ConversationId, Merge, MergeId, Message
from gateway.store import contacts, conversations, merges

_OPEN = ("open", "snoozed")


def merge(tx: Tx, agent_id: AgentId, kept_id: ContactId, gone_id: ContactId) -> Merge:
    """Identities, claims and conversations of `gone` become `kept`'s; messages never move.

    Of two open conversations on one topic the younger is joined into the older and gives its place back.
    Raises Invalid for one contact twice, Conflict when `gone` was folded into another contact before.
    """
    actor = writer(tx, agent_id)
    if kept_id == gone_id:
        raise Invalid("A contact cannot be merged with itself.", field="other")
    kept, gone = _locked(tx, kept_id, gone_id)
    identities = contacts.list_identities(tx, gone_id)
    mine = conversations.list_all_of(tx, gone_id)
    claims = contacts.list_claims(tx, gone_id)
    if not identities and not mine:
        raise Conflict("There is nothing left of this contact: it was merged before.")
    joined = [_join(tx, older, younger, actor) for older, younger in _pairs(conversations.list_all_of(tx, kept_id), mine)]
    for conversation in mine:
        merges.mark_owner(tx, conversation.id, kept_id)
    for identity in identities:
        contacts.mark_identity_moved(tx, identity.address, kept_id)
    merges.mark_claims_moved(tx, [claim.id for claim in claims], kept_id)
    if not kept.name and gone.name:
        contacts.mark_name(tx, kept_id, gone.name)
    moved = {
        "identities": [identity.address for identity in identities],
        "conversations": [conversation.id for conversation in mine],
        "claims": [claim.id for claim in claims],
        "joined": joined,
        "kept_name": kept.name,
    }
    record = Merge(MergeId(tx.clock.new_id()), kept_id, gone_id, agent_id, tx.now, None, dumps(moved))
    merges.add_merge(tx, record)
    _tell(tx, kept_id, "merged", actor, {"merge": record.id, "gone": gone.name})
    return record


def undo(tx: Tx, agent_id: AgentId, merge_id: MergeId) -> None:
    """Gives everything back; what came after the merge goes to the person whose handle carried it.

    Raises Conflict when it was undone before, or when a later merge into the same contact must be undone first.
    """
    actor = writer(tx, agent_id)
    record = merges.get_merge(tx, merge_id)
    if record.undone_at is not None:
        raise Conflict("This merge was undone already.")
    if merges.has_later(tx, record.kept, record.at):
        raise Conflict("Somebody else was merged into this contact later. Undo that one first.")
    _locked(tx, record.kept, record.gone)
    moved: dict[str, Any] = loads(record.moved)
    addresses = [Address(address) for address in moved["identities"]]
    for address in addresses:
        contacts.mark_identity_moved(tx, address, record.gone)
    merges.mark_claims_moved(tx, moved["claims"], record.gone)
    contacts.mark_name(tx, record.kept, moved["kept_name"])
    carried = merges.list_carried(tx, record.kept, record.at, addresses)
    for joined in reversed(moved["joined"]):
        _part(tx, joined)
    for conversation_id in moved["conversations"]:
        merges.mark_owner(tx, ConversationId(conversation_id), record.gone)
    returned = set(moved["conversations"])
    _rehome(tx, record.gone, [message for message in carried if message.conversation_id not in returned], addresses)
    merges.mark_undone(tx, merge_id)
    for contact_id in (record.kept, record.gone):
        _tell(tx, contact_id, "unmerged", actor, {"merge": merge_id})


def _locked(tx: Tx, one: ContactId, other: ContactId) -> tuple[Contact, Contact]:
    """Both contacts, locked in the order of their ids so that two merges cannot wait for each other."""
    found = {contact_id: contacts.get_contact(tx, contact_id, lock=True) for contact_id in sorted((one, other))}
    return found[one], found[other]


def _pairs(kept: list[Conversation], gone: list[Conversation]) -> list[tuple[Conversation, Conversation]]:
    """(older, younger) for each topic that both have open."""
    open_by_topic = {conversation.topic: conversation for conversation in kept if conversation.state in _OPEN}
    pairs = []
    for conversation in gone:
        other = open_by_topic.get(conversation.topic)
        if conversation.state in _OPEN and other is not None:
            older, younger = sorted((conversation, other), key=lambda found: (found.created_at, found.id))
            pairs.append((older, younger))
    return pairs


def _join(tx: Tx, older: Conversation, younger: Conversation, actor: Agent) -> dict[str, Any]:
    """`younger` becomes part of `older`, which keeps the earlier place in the queue."""
    younger = conversations.get_conversation(tx, younger.id, lock=True)
    before = {"conversation": younger.id, "into": older.id, "state": younger.state, "snoozed_until": younger.snoozed_until}
    waiting = younger.waiting_since
    freed = assign.vacate(tx, younger)
    joined = freed._replace(state="joined", joined_to=older.id, assignee_id=None, waiting_since=None, route_at=None, snoozed_until=None)
    assign.saved(tx, joined)
    assign.log(tx, joined, "joined", actor=actor, payload={"into": older.id, "number": older.number})
    target = conversations.get_conversation(tx, older.id, lock=True)
    assign.log(tx, target, "joined", actor=actor, payload={"from": younger.id, "number": younger.number})
    if waiting is not None:
        since = min(waiting, target.waiting_since or waiting)
        routed = target._replace(waiting_since=since, route_at=target.route_at or (tx.now if target.assignee_id is None else None))
        target = assign.saved(tx, routed)
        publish.wake_router(tx)
    assign.changed(tx, target)
    assign.changed(tx, joined)
    return {**before, "waiting_since": waiting}


def _part(tx: Tx, joined: dict[str, Any]) -> None:
    """A joined conversation stands alone again and, when it was open, queues with the place it had."""
    conversation = conversations.get_conversation(tx, joined["conversation"], lock=True)
    asleep = joined["state"] == "snoozed" and (joined["snoozed_until"] or 0) > tx.now
    alone = conversation._replace(
        state="snoozed" if asleep else "open",
        joined_to=None,
        snoozed_until=joined["snoozed_until"] if asleep else None,
        waiting_since=joined["waiting_since"],
        route_at=None if asleep else tx.now,
    )
    stored = assign.saved(tx, alone)
    publish.wake_router(tx)
    assign.changed(tx, stored)


def _rehome(tx: Tx, gone_id: ContactId, carried: list[Message], addresses: list[Address]) -> None:
    """Messages since the merge go to the open conversation of the person whose handle carried them."""
    if not carried:
        return
    left = {message.conversation_id for message in carried}
    target = _target(tx, gone_id, carried[0])
    for message in carried:
        numbered = conversations.mark_rehomed_in(tx, target.id, message.direction, message.at)
        merges.mark_rehomed(tx, message.id, target.id, numbered.last_seq, numbered.last_pub)
        if message.address is not None:
            conversations.add_participant(tx, target.id, message.address, numbered.last_pub)
    for conversation_id in left:
        merges.delete_participants(tx, conversation_id, addresses)
        publish.row_changed(tx, conversation_id)
    assign.changed(tx, target)


def _target(tx: Tx, gone_id: ContactId, first: Message) -> Conversation:
    for conversation, _ in conversations.list_open_of(tx, gone_id, Address("")):
        return conversation
    contact = contacts.get_contact(tx, gone_id)
    source = conversations.get_conversation(tx, first.conversation_id)
    created = new_conversation(tx, contact, first.channel_id, source.load_class, rule="unmerged")
    return assign.saved(tx, created._replace(linked_to=source.id))


def _tell(tx: Tx, contact_id: ContactId, kind: str, actor: Agent, payload: dict[str, Any]) -> None:
    for conversation in conversations.list_latest_of(tx, contact_id, limit=1):
        assign.log(tx, conversation, kind, actor=actor, payload=payload)
        assign.changed(tx, conversation)
