"""Giving a conversation to an agent and taking it back: the place, the journal and the event in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from channels.contract import Address
from gateway.db.database import Tx
from gateway.errors import Conflict
from gateway.flow import publish, rights
from gateway.json import dumps
from gateway.model import Agent, AgentId, Assignment, AssignmentId, Conversation, Offer
from gateway.store import agents, assignments, conversations, events, participants


def named(agent: Agent | None) -> dict[str, str] | None:
    """How an event's payload names an agent."""
    return None if agent is None else {"id": agent.id, "name": agent.name}


def saved(tx: Tx, changed: Conversation) -> Conversation:
    """`conversations.save` where the row is locked by this unit, so that the version must be ours."""
    stored = conversations.save(tx, changed)
    if stored is None:
        raise AssertionError(f"conversation {changed.id} changed under its lock")
    return stored


def give(
    tx: Tx,
    conversation: Conversation,
    agent: Agent,
    *,
    kind: str,
    decided_by: str,
    reason: str,
    actor: Agent | None = None,
    verdicts: Sequence[Any] = (),
    override: bool = False,
    payload: dict[str, Any] | None = None,
) -> Conversation:
    """Writes the assignment. The place must have been taken (`agents.occupy…`) and the conversation be locked by the caller."""
    before = conversation.assignee_id
    stored = saved(tx, conversation._replace(assignee_id=agent.id, holds=1, route_at=None))
    assignments.mark_ended(tx, conversation.id, kind)
    assignments.add_assignment(
        tx,
        Assignment(
            AssignmentId(tx.clock.new_id()), conversation.id, agent.id, stored.version, before, decided_by, reason, dumps(list(verdicts)),
            stored.load_class, tx.now, None, None,
        ),
    )  # fmt: skip
    agents.mark_assigned(tx, agent.id)
    told = {"reason": reason, "to": named(agent), **(payload or {}), **({"override": True} if override else {})}
    log(tx, stored, kind, actor=actor, payload=told)
    changed(tx, stored)
    return stored


def seat(tx: Tx, conversation: Conversation, agent: Agent) -> bool:
    """Frees the old place, takes one for `agent` even past the cap; True when it passed the cap."""
    if conversation.assignee_id is not None and conversation.holds:
        # In one order, so that two agents who take from each other do not wait for each other.
        agents.lock_loads(tx, [conversation.assignee_id, agent.id])
    vacate(tx, conversation)
    if agents.occupy_room(tx, agent.id, conversation.load_class):
        return False
    agents.occupy_anyway(tx, agent.id, conversation.load_class)
    return True


def require_only_open(tx: Tx, conversation: Conversation) -> None:
    """Before a sleeping one opens again. Raises Conflict when another is open on its topic meanwhile."""
    for other, _ in conversations.list_open_of(tx, conversation.contact_id, Address("")):
        if other.topic == conversation.topic and other.id != conversation.id:
            raise Conflict(f"The customer has an open conversation already: #{other.number}.", conversation=other.id)


def vacate(tx: Tx, conversation: Conversation) -> Conversation:
    """Gives back the assignee's place, or the one an open offer keeps. The caller saves the row."""
    end_offer(tx, conversation, "withdrawn")
    if conversation.assignee_id is not None and conversation.holds:
        agents.free(tx, conversation.assignee_id, conversation.load_class)
        publish.wake_router(tx)
    return conversation._replace(holds=0)


def end_offer(tx: Tx, conversation: Conversation, state: str) -> Offer | None:
    """The offer that was open and is now `state`; its place is free again."""
    ended = None if conversation.assignee_id is not None else assignments.mark_offer_ended(tx, conversation.id, state)
    if ended is not None:
        agents.free(tx, ended.agent_id, ended.load_class)
        publish.wake_router(tx)
    return ended


def release(tx: Tx, conversation: Conversation, *, kind: str, reason: str, actor: Agent | None = None) -> Conversation:
    """Back to the queue, with the place it had: `waiting_since` is its key and is not touched."""
    before = None if conversation.assignee_id is None else agents.find_agent(tx, conversation.assignee_id)
    waiting = conversation.state == "open"
    freed = vacate(tx, conversation)._replace(assignee_id=None, route_at=tx.now if waiting else None)
    assignments.mark_ended(tx, conversation.id, kind)
    stored = saved(tx, freed)
    log(tx, stored, kind, actor=actor, payload={"reason": reason, "from": named(before)})
    publish.wake_router(tx)
    changed(tx, stored)
    return stored


def hold(tx: Tx, conversation: Conversation) -> Conversation:
    """The customer is back: the assignee takes a place for it again, or, when there is none, it goes to the queue."""
    if conversation.assignee_id is None or conversation.holds:
        return conversation
    agent = agents.get_agent(tx, conversation.assignee_id)
    if not rights.has(agent, "reply"):
        return release(tx, conversation, kind="released", reason=f"{agent.name} does not answer any more.")
    if agents.occupy_room(tx, conversation.assignee_id, conversation.load_class):
        conversations.mark_holds(tx, conversation.id, True)
        return conversation._replace(holds=1)
    return release(tx, conversation, kind="released", reason="The customer came back while every place was taken.")


def log(
    tx: Tx,
    conversation: Conversation,
    kind: str,
    *,
    actor: Agent | None = None,
    actor_kind: str = "",
    payload: dict[str, Any] | None = None,
) -> None:
    """An event of the timeline by an agent, or by `actor_kind` (the system unless said otherwise)."""
    who = actor_kind or ("agent" if actor else "system")
    record = events.add_event(
        tx,
        conversation.id,
        kind,
        actor_kind=who,
        actor_id=actor.id if actor else None,
        actor_name=actor.name if actor else "",
        payload=payload,
    )
    publish.event_added(tx, record)


def changed(tx: Tx, conversation: Conversation) -> None:
    """Tells the inbox lists and the customer's open widgets."""
    publish.row_changed(tx, conversation.id)
    publish.thread_changed(tx, conversation, participants.list_participants(tx, conversation.id))


def recount(tx: Tx, agent_id: AgentId, old_class: str, new_class: str) -> None:
    """A held conversation went on in another class of channel: its place moves along, even past the cap (nobody new is at work)."""
    agents.free(tx, agent_id, old_class)
    agents.occupy_anyway(tx, agent_id, new_class)
    publish.wake_router(tx)
