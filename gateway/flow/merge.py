"""Two contacts are one person: folded together by a journal entry, and taken apart again by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from channels.contract import Address
from gateway.db.database import Tx
from gateway.errors import Conflict, Invalid
from gateway.flow import assign, join, rehome, rights, takeover
from gateway.flow.rehome import OPEN
from gateway.json import dumps, loads
from gateway.model import Agent, AgentId, Contact, ContactId, Conversation, ConversationId, Merge, MergeId
from gateway.store import contacts, conversations, merges


def merge(tx: Tx, agent_id: AgentId, kept_id: ContactId, gone_id: ContactId) -> Merge:
    """Identities, claims and conversations of `gone` become `kept`'s; messages never move.

    Of two open conversations on one topic the younger is joined into the older and gives its place back.
    Raises Invalid for one contact twice, Conflict when one of them is part of another contact already.
    """
    return fold(tx, rights.actor(tx, agent_id, "merge"), kept_id, gone_id)


def fold(tx: Tx, actor: Agent | None, kept_id: ContactId, gone_id: ContactId, taken: dict[str, Any] | None = None) -> Merge:
    """`merge` by an agent, or by the house (None) where somebody proved to be both; `taken` is what `takeover.take` gave."""
    if kept_id == gone_id:
        raise Invalid("A contact cannot be merged with itself.", field="other")
    kept, gone = _locked(tx, kept_id, gone_id)
    if merges.is_folded(tx, gone_id):
        raise Conflict("There is nothing left of this contact: it was merged before.")
    if merges.is_folded(tx, kept_id):
        raise Conflict("This contact is part of another one. Merge into that one.")
    if gone.blocked_at is not None and kept.blocked_at is None:
        raise Conflict(
            "This contact is blocked, the other one is not. Unblock it first, or merge the other way round: then the block holds."
        )
    identities = contacts.list_identities(tx, gone_id)
    mine = conversations.list_all_of(tx, gone_id)
    claims = contacts.list_claims(tx, gone_id)
    joined = [join.fold(tx, older, younger, actor) for older, younger in _pairs(tx, conversations.list_all_of(tx, kept_id), mine)]
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
        **({} if taken is None else {"taken": taken}),
    }
    by_agent = None if actor is None else actor.id
    record = Merge(MergeId(tx.clock.new_id()), kept_id, gone_id, by_agent, tx.now, None, dumps(moved))
    merges.add_merge(tx, record)
    _tell(tx, kept_id, "merged", actor, {"merge": record.id, "gone": gone.name})
    return record


def undo(tx: Tx, agent_id: AgentId, merge_id: MergeId) -> None:
    """Gives everything back; what came after the merge goes to the person whose handle carried it, notes stay.

    Raises Conflict when it was undone before, or when a later merge of the same contact must be undone first.
    """
    actor = rights.actor(tx, agent_id, "merge")
    record = merges.get_merge(tx, merge_id)
    if record.undone_at is not None:
        raise Conflict("This merge was undone already.")
    kept, gone = _locked(tx, record.kept, record.gone)
    if merges.has_later(tx, record.kept, record.at):
        raise Conflict("This contact was merged again later. Undo that one first.")
    moved: dict[str, Any] = loads(record.moved)
    addresses = {Address(address) for address in moved["identities"]}
    addresses |= takeover.find_customers(tx, record.kept, addresses, record.at)
    returned = {ConversationId(which) for which in moved["conversations"]}
    _lock(tx, returned, moved["joined"])
    carried = merges.list_carried(tx, record.kept, record.at)
    kept = _give_back(tx, record, moved, addresses, kept)
    whole = rehome.find_whole(tx, record, carried, addresses, returned)
    returned |= whole
    for which in sorted(returned):
        merges.mark_owner(tx, which, gone.id)
    join.part_strangers(tx, {one["conversation"] for one in moved["joined"]}, returned, actor)
    for joined in reversed(moved["joined"]):
        join.unfold(tx, joined)
    for message in carried:
        if message.at >= record.at:
            merges.mark_author(tx, message.id, gone if message.address in addresses else kept)
    rehome.move(tx, gone.id, [one for one in carried if one.address in addresses and one.conversation_id not in returned])
    rehome.move(tx, kept.id, [one for one in carried if one.address not in addresses and one.conversation_id in returned])
    for one, other in ((kept.id, gone.id), (gone.id, kept.id)):
        merges.delete_strangers(tx, one, other)
    rehome.seat(tx, [one for one in carried if one.conversation_id in whole])
    for joined in moved["joined"]:
        rehome.sum_up(tx, joined["into"])
    merges.mark_undone(tx, merge_id)
    for contact_id in (record.kept, record.gone):
        _tell(tx, contact_id, "unmerged", actor, {"merge": merge_id})


def _lock(tx: Tx, returned: set[ConversationId], joined: Sequence[dict[str, Any]]) -> None:
    for which in sorted({*returned, *(one["into"] for one in joined), *(one["conversation"] for one in joined)}):
        conversations.get_conversation(tx, ConversationId(which), lock=True)


def _give_back(tx: Tx, record: Merge, moved: dict[str, Any], addresses: set[Address], kept: Contact) -> Contact:
    """Identities, claims, and the name when it was only lent."""
    for address in sorted(addresses):
        contacts.mark_identity_moved(tx, address, record.gone)
    merges.mark_claims_moved(tx, moved["claims"], record.gone)
    if "taken" in moved:
        takeover.give_back(tx, moved["taken"])
    gone = contacts.get_contact(tx, record.gone)
    if moved["kept_name"] or kept.name != gone.name:
        return kept
    contacts.mark_name(tx, kept.id, "")
    return kept._replace(name="")


def _locked(tx: Tx, one: ContactId, other: ContactId) -> tuple[Contact, Contact]:
    """Both contacts, locked in the order of their ids so that two merges cannot wait for each other."""
    found = {contact_id: contacts.get_contact(tx, contact_id, lock=True) for contact_id in sorted((one, other))}
    return found[one], found[other]


def _pairs(tx: Tx, kept: list[Conversation], gone: list[Conversation]) -> list[tuple[Conversation, Conversation]]:
    """(older, younger) for each topic that both have open; all are locked before the first gives its place back."""
    open_by_topic = {conversation.topic: conversation for conversation in kept if conversation.state in OPEN}
    found = [(open_by_topic[one.topic].id, one.id) for one in gone if one.state in OPEN and one.topic in open_by_topic]
    held = {which: conversations.get_conversation(tx, which, lock=True) for which in sorted(which for pair in found for which in pair)}
    pairs = []
    for pair in found:
        older, younger = sorted((held[which] for which in pair), key=lambda one: (one.created_at, one.id))
        if older.state in OPEN and younger.state in OPEN:
            pairs.append((older, younger))
    return pairs


def _tell(tx: Tx, contact_id: ContactId, kind: str, actor: Agent | None, payload: dict[str, Any]) -> None:
    for conversation in conversations.list_latest_of(tx, contact_id, limit=1):
        assign.log(tx, conversation, kind, actor=actor, payload=payload)
        assign.changed(tx, conversation)
