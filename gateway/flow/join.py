"""One conversation becomes part of another, and stands alone again: messages never move, the timeline shows the union by time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from channels.contract import Address
from gateway.db.database import Tx
from gateway.errors import Conflict, Invalid
from gateway.flow import assign, publish, rehome, rights
from gateway.flow.rehome import OPEN
from gateway.json import loads
from gateway.model import Agent, AgentId, Conversation, ConversationId
from gateway.store import agents, assignments, contacts, conversations, events

Before = dict[str, Any]
"""What a joined conversation was, so that it can be again: conversation, into, state, snoozed_until, waiting_since."""


def join(tx: Tx, agent_id: AgentId, target_id: ConversationId, version: int, other_id: ConversationId) -> Conversation:
    """`other`, of the same contact, becomes part of the target, which keeps the earlier place in the queue and an agent.

    Raises Invalid for one conversation twice, Conflict for somebody else's, a joined one, or a sleeping target of one that is open.
    """
    actor = rights.actor(tx, agent_id, "merge")
    if target_id == other_id:
        raise Invalid("A conversation cannot be joined into itself.", field="other")
    target, other = _locked(tx, target_id, other_id)
    if target.version != version:
        raise Conflict("The conversation changed while you looked at it. Look again, then join.")
    if "joined" in (target.state, other.state):
        raise Conflict("One of the two was joined into another one already.")
    if target.contact_id != other.contact_id:
        raise Conflict("The two belong to different people. Merge the people first, if they are one.", contact=other.contact_id)
    if other.state in OPEN and target.state not in OPEN:
        raise Conflict(f"#{target.number} is {target.state} while #{other.number} is open. Reopen it first, or join the other way round.")
    heir = other.assignee_id if target.assignee_id is None and target.state in OPEN else None
    fold(tx, target, other, actor)
    if heir is not None:
        _inherit(tx, target_id, heir, actor)
    return conversations.get_conversation(tx, target_id)


def part(tx: Tx, agent_id: AgentId, conversation_id: ConversationId, version: int) -> Conversation:
    """A joined conversation stands alone again, as it was. Raises Conflict for one that is not joined."""
    actor = rights.actor(tx, agent_id, "merge")
    found = conversations.get_conversation(tx, conversation_id)
    if found.joined_to is None:
        raise Conflict("This conversation is not joined into another one.")
    conversation, _ = _locked(tx, conversation_id, found.joined_to)
    if conversation.version != version or conversation.joined_to != found.joined_to:
        raise Conflict("The conversation changed while you looked at it. Look again.")
    _parted(tx, conversation, actor)
    return conversations.get_conversation(tx, conversation_id)


def _locked(tx: Tx, one: ConversationId, other: ConversationId) -> tuple[Conversation, Conversation]:
    """Contacts first, then both conversations in the order of their ids."""
    for contact_id in sorted({conversations.get_conversation(tx, which).contact_id for which in (one, other)}):
        contacts.get_contact(tx, contact_id, lock=True)
    found = {which: conversations.get_conversation(tx, which, lock=True) for which in sorted((one, other))}
    return found[one], found[other]


def _inherit(tx: Tx, target_id: ConversationId, heir: AgentId, actor: Agent) -> None:
    """Who had the other one goes on with both."""
    agent = agents.get_agent(tx, heir)
    if rights.has(agent, "reply"):
        target = conversations.get_conversation(tx, target_id, lock=True)
        override = assign.seat(tx, target, agent)
        reason = "Had the conversation that was joined into it."
        assign.give(tx, target, agent, kind="taken", decided_by=actor.id, reason=reason, actor=actor, override=override)


def fold(tx: Tx, target: Conversation, other: Conversation, actor: Agent | None) -> Before:
    """`other` becomes part of `target` and gives its place back. Both are locked by the caller."""
    waiting = other.waiting_since
    before = {
        "conversation": other.id, "into": target.id, "state": other.state, "snoozed_until": other.snoozed_until, "waiting_since": waiting,
    }  # fmt: skip
    freed = assign.vacate(tx, other)
    joined = freed._replace(state="joined", joined_to=target.id, assignee_id=None, waiting_since=None, route_at=None, snoozed_until=None)
    assign.saved(tx, joined)
    assignments.mark_ended(tx, other.id, "joined")
    assign.log(tx, joined, "joined", actor=actor, payload={"into": target.id, "number": target.number, "before": before})
    assign.log(tx, target, "joined", actor=actor, payload={"from": other.id, "number": other.number})
    kept = target if waiting is None else _waits(tx, target, waiting)
    assign.changed(tx, kept)
    assign.changed(tx, joined)
    return before


def _waits(tx: Tx, target: Conversation, waiting: int) -> Conversation:
    """Somebody waits in it since `waiting`: it wakes, and is held by who has it or queues."""
    if target.state == "snoozed":
        assign.log(tx, target, "woken", payload={"reason": "A conversation that waits was joined into it."})
    since = min(waiting, target.waiting_since or waiting)
    routed = target.route_at or (tx.now if target.assignee_id is None else None)
    stored = assign.saved(tx, target._replace(state="open", snoozed_until=None, waiting_since=since, route_at=routed))
    publish.wake_router(tx)
    return assign.hold(tx, stored)


def unfold(tx: Tx, before: Before) -> Conversation:
    """A joined conversation stands alone again and, when it was open, queues with the place it had.

    Its person may have begun another on the topic since; then it stays joined, into that one. One that stands alone already is left as it is.
    """
    conversation = conversations.get_conversation(tx, before["conversation"], lock=True)
    if conversation.state != "joined":
        return conversation
    other = _on_topic(tx, conversation) if before["state"] in OPEN else None
    if other is not None:
        return assign.saved(tx, conversation._replace(joined_to=other.id))
    return _alone(tx, conversation, before)


def _alone(tx: Tx, conversation: Conversation, before: Before) -> Conversation:
    was_open = before["state"] in OPEN
    asleep = before["state"] == "snoozed" and (before["snoozed_until"] or 0) > tx.now
    alone = conversation._replace(
        state="snoozed" if asleep else "open" if was_open else before["state"],
        joined_to=None,
        snoozed_until=before["snoozed_until"] if asleep else None,
        waiting_since=before["waiting_since"],
        route_at=tx.now if was_open and not asleep else None,
    )
    stored = assign.saved(tx, alone)
    publish.wake_router(tx)
    assign.changed(tx, stored)
    return stored


def _on_topic(tx: Tx, conversation: Conversation) -> Conversation | None:
    """Another open conversation of the same person on the same topic."""
    opened = conversations.list_open_of(tx, conversation.contact_id, Address(""))
    return next((other for other, _ in opened if other.topic == conversation.topic and other.id != conversation.id), None)


def part_strangers(tx: Tx, known: Iterable[str], returned: Iterable[ConversationId], actor: Agent) -> None:
    """After people were told apart: what was joined across them meanwhile stands alone again. `known` are dealt with elsewhere."""
    for which in sorted(set(returned)):
        conversation = conversations.get_conversation(tx, which)
        pairs = [conversation, *conversations.list_joined(tx, which)] if conversation.joined_to else conversations.list_joined(tx, which)
        for one in pairs:
            target = None if one.joined_to is None else conversations.get_conversation(tx, one.joined_to)
            if target is not None and target.contact_id != one.contact_id and one.id not in set(known):
                _parted(tx, conversations.get_conversation(tx, one.id, lock=True), actor)


def _parted(tx: Tx, conversation: Conversation, actor: Agent) -> None:
    """Stands alone with what its own event remembers; on a topic that is taken, under one of its own."""
    target = conversations.get_conversation(tx, ConversationId(conversation.joined_to or ""))
    before = _remembered(tx, conversation)
    if target.waiting_since is None:
        before = {**before, "waiting_since": None}  # it was answered in the union
    if before["state"] in OPEN and _on_topic(tx, conversation) is not None:
        conversation = conversation._replace(topic=f"split:{conversation.id}")
    stored = _alone(tx, conversation, before)
    rehome.sum_up(tx, target.id)
    assign.log(tx, stored, "parted", actor=actor, payload={"from": target.id, "number": target.number})
    assign.log(tx, target, "parted", actor=actor, payload={"to": stored.id, "number": stored.number})
    assign.changed(tx, conversations.get_conversation(tx, target.id))


def _remembered(tx: Tx, conversation: Conversation) -> Before:
    for event in reversed(events.list_of_kind(tx, conversation.id, "joined")):
        before = loads(event.payload).get("before")
        if before is not None:
            return dict(before)
    return {"conversation": conversation.id, "state": "open", "snoozed_until": None, "waiting_since": None}
