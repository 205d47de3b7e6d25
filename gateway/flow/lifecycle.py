"""What people do with a conversation: take, hand over, resolve, reopen, snooze, answer an offer, say whether it helped."""

from __future__ import annotations

from channels.contract import Address
from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.errors import Conflict, Forbidden, Invalid
from gateway.flow import assign, oneline, people, publish, rights
from gateway.flow.policy import Policy
from gateway.flow.receive import new_conversation
from gateway.flow.reply import CONSOLE, Draft, note
from gateway.model import Agent, AgentId, Contact, ContactId, Conversation, ConversationId, Identity, TeamId
from gateway.store import agents, categories, contacts, conversations, merges, messages, participants, teams


def locked(tx: Tx, conversation_id: ConversationId, version: int | None) -> Conversation:
    """The row, locked, still as the caller saw it. Raises Conflict that says who has it now.

    The contact is locked first: what opens a conversation again must not meet a new one of the same person.
    """
    contacts.get_contact(tx, conversations.get_conversation(tx, conversation_id).contact_id, lock=True)
    conversation = conversations.get_conversation(tx, conversation_id, lock=True)
    if version is not None and conversation.version != version:
        holder = None if conversation.assignee_id is None else agents.find_agent(tx, conversation.assignee_id)
        told = f"{holder.name} has it now." if holder else "Nobody has it now."
        raise Conflict(f"The conversation changed while you looked at it. {told}", assignee=assign.named(holder))
    if conversation.state == "joined":
        raise Conflict("This conversation was joined into another one.")
    return conversation


def take(tx: Tx, agent_id: AgentId, conversation_id: ConversationId, version: int) -> Conversation:
    """By hand: keeps the version guard, may pass the capacity guard; that is recorded as an override."""
    agent = rights.actor(tx, agent_id)
    conversation = locked(tx, conversation_id, version)
    if conversation.assignee_id == agent_id:
        return conversation
    conversation = _made_open(tx, conversation, agent)
    override = assign.seat(tx, conversation, agent)
    return assign.give(tx, conversation, agent, kind="taken", decided_by=agent.id, reason="Taken by hand.", actor=agent, override=override)


def hand_over(
    tx: Tx,
    agent_id: AgentId,
    conversation_id: ConversationId,
    version: int,
    to_agent: AgentId | None,
    to_team: TeamId | None,
    text: str = "",
) -> Conversation:
    """To a colleague, to a team's queue, or (both None) back to the queue; the note goes before it."""
    actor = rights.actor(tx, agent_id)
    conversation = _made_open(tx, locked(tx, conversation_id, version), actor)
    if text:
        note(tx, agent_id, conversation_id, Draft(client_id=f"handover-{tx.clock.new_id()}", text=text))
        conversation = conversations.get_conversation(tx, conversation_id, lock=True)
    if to_agent is not None:
        target = agents.get_agent(tx, to_agent)
        if not rights.has(target, "reply"):
            raise Forbidden(f"{target.name} cannot answer customers. Choose somebody else.")
        override = assign.seat(tx, conversation, target)
        reason = f"Handed over by {actor.name}."
        return assign.give(tx, conversation, target, kind="handed_over", decided_by=actor.id, reason=reason, actor=actor, override=override)
    if to_team is not None:
        team = teams.keep_team(tx, to_team)
        conversation = assign.saved(tx, conversation._replace(team_id=team.id))
        return _back(tx, conversation, actor, f"Handed over to {team.name}.")
    return _back(tx, conversation, actor, "Put back into the queue.")


def _back(tx: Tx, conversation: Conversation, actor: Agent, reason: str) -> Conversation:
    """The queue again; a conversation whose customer does not wait queues from now."""
    if conversation.waiting_since is None:
        conversation = assign.saved(tx, conversation._replace(waiting_since=tx.now))
    return assign.release(tx, conversation, kind="handed_over", reason=reason, actor=actor)


def _made_open(tx: Tx, conversation: Conversation, actor: Agent) -> Conversation:
    if conversation.state == "open":
        return conversation
    if conversation.spam_at is not None:
        raise Conflict("It is marked as spam. Take that back first.")
    assign.require_only_open(tx, conversation)
    return opened(tx, conversation, actor)


def opened(tx: Tx, conversation: Conversation, actor: Agent | None, actor_kind: str = "") -> Conversation:
    """Open again, locked by the caller who made sure that it is the only one on its topic; whoever had it has it."""
    kind = "woken" if conversation.state == "snoozed" else "reopened"
    changed = conversation._replace(state="open", resolved_at=None, snoozed_until=None, asked_solved_at=None)
    if changed.assignee_id is None:
        changed = changed._replace(waiting_since=changed.waiting_since or tx.now, route_at=tx.now)
        publish.wake_router(tx)
    stored = assign.saved(tx, changed)
    assign.log(tx, stored, kind, actor=actor, actor_kind=actor_kind)
    assign.changed(tx, stored)
    return assign.hold(tx, stored)


def resolve(
    tx: Tx, agent_id: AgentId, conversation_id: ConversationId, version: int, category_id: str | None, policy: Policy
) -> Conversation:
    """Done, as far as we know: the customer is asked whether it helped, and a later message opens it again."""
    actor = rights.actor(tx, agent_id)
    conversation = locked(tx, conversation_id, version)
    if conversation.state in ("resolved", "closed"):
        raise Conflict("It is resolved already.")
    category_id = category_id or conversation.category_id
    if category_id is None and policy.category_required:
        raise Invalid("Choose what it was about before you resolve it.", field="category")
    if category_id not in (None, conversation.category_id) and not categories.is_offered(tx, category_id or ""):
        raise Invalid("There is no such category.", field="category")
    done = assign.vacate(tx, conversation)._replace(
        state="resolved",
        category_id=category_id,
        waiting_since=None,
        route_at=None,
        snoozed_until=None,
        resolved_at=tx.now,
        asked_solved_at=tx.now,
    )
    stored = assign.saved(tx, done)
    assign.log(tx, stored, "resolved", actor=actor, payload={"category": category_id})
    assign.changed(tx, stored)
    return stored


def reopen(tx: Tx, agent_id: AgentId, conversation_id: ConversationId, version: int) -> Conversation:
    """By an agent; whoever had it keeps it."""
    actor = rights.actor(tx, agent_id)
    conversation = locked(tx, conversation_id, version)
    if conversation.state == "open":
        raise Conflict("It is open already.")
    return _made_open(tx, conversation, actor)


def snooze(tx: Tx, agent_id: AgentId, conversation_id: ConversationId, version: int, until: Micros) -> Conversation:
    """Sleeps until then or until the customer writes; the place is free meanwhile."""
    actor = rights.actor(tx, agent_id)
    conversation = locked(tx, conversation_id, version)
    if conversation.state != "open":
        raise Conflict("Only an open conversation can be snoozed.")
    if until <= tx.now:
        raise Invalid("Snooze until a time that is still to come.", field="until")
    stored = assign.saved(tx, assign.vacate(tx, conversation)._replace(state="snoozed", snoozed_until=until, route_at=None))
    assign.log(tx, stored, "snoozed", actor=actor, payload={"until": until})
    assign.changed(tx, stored)
    return stored


def wake(tx: Tx, conversation_id: ConversationId) -> bool:
    """The snooze ran out. False when somebody was faster."""
    conversation = conversations.get_conversation(tx, conversation_id, lock=True)
    if conversation.state != "snoozed" or conversation.snoozed_until is None or conversation.snoozed_until > tx.now:
        return False
    opened(tx, conversation, None)
    return True


def solved(tx: Tx, conversation_id: ConversationId, address: Address, helped: bool) -> Conversation:
    """The customer's word on "did that solve it?": yes closes, no opens again with the same owner."""
    contact = contacts.get_contact(tx, conversations.get_conversation(tx, conversation_id).contact_id, lock=True)
    people.require_welcome(contact)
    conversation = conversations.get_conversation(tx, conversation_id, lock=True)
    if participants.find_first_pub(tx, conversation_id, address) is None:
        raise Forbidden("This is not your conversation.")
    if conversation.state != "resolved":
        return conversation
    if helped:
        stored = assign.saved(tx, conversation._replace(state="closed", asked_solved_at=None))
        assign.log(tx, stored, "solved", actor_kind="customer")
        assign.changed(tx, stored)
        return stored
    assign.log(tx, conversation, "not_solved", actor_kind="customer")
    assign.require_only_open(tx, conversation)
    return opened(tx, conversation._replace(waiting_since=tx.now), None, "customer")


def seen_by_agent(tx: Tx, agent_id: AgentId, conversation_id: ConversationId, seq: int) -> None:
    """The agent's read mark; the customer may see "read" up to the messages before it."""
    conversation = conversations.get_conversation(tx, conversation_id)
    seq = min(seq, conversation.last_seq)
    agents.mark_read(tx, agent_id, conversation_id, seq)
    pub = messages.find_pub_at(tx, conversation_id, seq)
    if conversation.assignee_id == agent_id and pub and conversations.mark_seen_by_agent(tx, conversation_id, pub):
        publish.thread_changed(tx, conversation, participants.list_participants(tx, conversation_id))


def open_by_hand(
    tx: Tx, agent_id: AgentId, address: Address | None, name: str, subject: str, text: str, contact_id: ContactId | None = None
) -> Conversation:
    """A ticket for somebody who came by another way, or one begun with a known contact; a typed address is a claim until it is proved.

    Raises Conflict when they have one open already, Invalid for an address that is not the named contact's.
    """
    actor = rights.actor(tx, agent_id)
    name, subject = oneline.strict(name, oneline.NAME, "name"), oneline.strict(subject, oneline.SUBJECT, "subject")
    known = None if address is None else contacts.find_known(tx, address)
    if contact_id is not None:
        contact = _named(tx, contact_id, known)
    else:
        contact = known[1] if known else people.new_contact(tx, name)
    for other, _ in conversations.list_open_of(tx, contact.id, Address("")):
        if other.topic == "":
            raise Conflict(f"{contact.name or 'The customer'} has an open conversation already: #{other.number}.", conversation=other.id)
    conversation = new_conversation(tx, contact, CONSOLE, "chat", rule="by_hand", subject=subject)
    assign.log(tx, conversation, "opened", actor=actor)
    if address is not None and known is None:
        people.claim(tx, contact.id, address, conversation.id)
    override = assign.seat(tx, conversation, actor)
    conversation = assign.give(
        tx, conversation, actor, kind="taken", decided_by=actor.id, reason="Opened by hand.", actor=actor, override=override
    )
    if text:
        note(tx, agent_id, conversation.id, Draft(client_id=f"opened-{conversation.id}", text=text))
    return conversations.get_conversation(tx, conversation.id)


def _named(tx: Tx, contact_id: ContactId, known: tuple[Identity, Contact] | None) -> Contact:
    if known is not None and known[1].id != contact_id:
        raise Invalid("This address is another contact's.", field="address")
    contact = contacts.get_contact(tx, contact_id, lock=True)
    if merges.is_folded(tx, contact_id):
        raise Conflict("This contact is part of another one. Open it with that one.")
    return contact
