"""An agent answers or notes: message, delivery and event in one transaction, once per client id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from channels.contract import Address, Can, ChannelId, DeliveryId
from channels.text import clean, preview
from gateway.db.database import Tx, idempotent
from gateway.errors import Conflict, Invalid
from gateway.flow import assign, placeholders, publish, rights, takeover
from gateway.flow.policy import Policy
from gateway.model import Agent, AgentId, Conversation, ConversationId, Delivery, Message, MessageId
from gateway.store import agents, contacts, conversations, deliveries, events, files, intakes, messages, participants

CONSOLE = ChannelId("console")
"""The journal's channel for what agents write: the key is agent + client id."""


CLAIMED = -1_000_000_000
"""Where the lane to a claimed address begins to count: below every number it gets once the address is proved and has an identity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an agent wants to say. `files` are ids the agent uploaded; `address` picks one of the contact's identities.

    `as_is`: what looks like a placeholder is meant to be there.
    """

    client_id: str
    text: str
    files: tuple[str, ...] = ()
    address: Address | None = None
    as_is: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    message: Message
    conversation: Conversation
    delivery: Delivery | None = None
    duplicate: bool = False


Abilities = Mapping[ChannelId, Can]
"""What each channel that is on can carry."""


@idempotent
def reply(tx: Tx, agent_id: AgentId, conversation_id: ConversationId, draft: Draft, policy: Policy, abilities: Abilities) -> Said:
    """To the customer. Answering what nobody has takes it; a resolved or snoozed conversation opens again.

    Raises Conflict for a closed conversation, Invalid where there is no way to reach the customer, Forbidden for viewers.
    """
    message_id = MessageId(tx.clock.new_id())
    done = _taken(tx, agent_id, draft, message_id)
    if done is not None:
        return done
    agent = rights.actor(tx, agent_id)
    _not_empty(draft)
    if not draft.as_is:
        placeholders.require_none(draft.text)
    # Contact before conversation, as everywhere: the lane's number below changes the identity, which inbound messages lock first.
    contacts.get_contact(tx, conversations.get_conversation(tx, conversation_id).contact_id, lock=True)
    conversation = conversations.get_conversation(tx, conversation_id, lock=True)
    if conversation.state in ("closed", "joined"):
        raise Conflict("This conversation is closed. Open a new one to write to the customer.")
    channel_id, address = _destination(tx, conversation, draft, abilities)
    conversation = _opened(tx, conversation, agent)
    conversation = conversations.mark_outbound(tx, conversation.id, preview(draft.text) or "📎")
    message = _message(tx, message_id, conversation, agent, draft, "out", channel_id, address)
    delivery = _delivery(tx, conversation, message, 0 if abilities[channel_id] & Can.INSTANT else policy.undo)
    participants.add_participant(tx, conversation.id, address, conversation.last_pub)
    events.add_event(tx, conversation.id, "replied", actor_kind="agent", actor_id=agent.id, actor_name=agent.name)
    publish.message_added(tx, message)
    publish.row_changed(tx, conversation.id)
    if conversation.topic:
        # Their widget may show another conversation: it is told first which one goes on.
        publish.thread_changed(tx, conversation, participants.list_participants(tx, conversation.id))
    for reader in participants.list_participants(tx, conversation.id):
        if reader != address:
            publish.item_added(tx, reader, message)
    publish.wake_outbox(tx)
    return Said(message, conversation, delivery)


@idempotent
def note(tx: Tx, agent_id: AgentId, conversation_id: ConversationId, draft: Draft) -> Said:
    """For colleagues only: it has no `pub` and no delivery, so there is nothing that could carry it to the customer."""
    message_id = MessageId(tx.clock.new_id())
    done = _taken(tx, agent_id, draft, message_id)
    if done is not None:
        return done
    agent = rights.actor(tx, agent_id)
    _not_empty(draft)
    conversations.get_conversation(tx, conversation_id, lock=True)
    conversation = conversations.mark_noted(tx, conversation_id, preview(draft.text))
    message = _message(tx, message_id, conversation, agent, draft, "note", CONSOLE, None)
    publish.message_added(tx, message)
    publish.row_changed(tx, conversation.id)
    return Said(message, conversation)


def _not_empty(draft: Draft) -> None:
    if not draft.text.strip() and not draft.files:
        raise Invalid("The message is empty.", field="text")


def _taken(tx: Tx, agent_id: AgentId, draft: Draft, message_id: MessageId) -> Said | None:
    """The first outcome when this client id was taken before."""
    outcome = intakes.add_intake(tx, CONSOLE, f"{agent_id}/{draft.client_id}", message_id)
    if outcome is None:
        return None
    message = messages.get_message(tx, MessageId(outcome))
    return Said(message, conversations.get_conversation(tx, message.conversation_id), duplicate=True)


def _destination(tx: Tx, conversation: Conversation, draft: Draft, abilities: Abilities) -> tuple[ChannelId, Address]:
    """Where the customer is now: the way of their last message, or the identity the agent chose."""
    last = messages.find_last_in_union(tx, conversation.id)
    here = None if last is None or last.address is None else takeover.find_present(tx, last.conversation_id, last.address)
    if draft.address is None or here == draft.address:
        if last is not None and here is not None and last.channel_id in abilities:
            return last.channel_id, here
        raise Invalid(
            "There is no channel that reaches this customer: their last one is switched off, or they never wrote.", field="address"
        )
    identity = contacts.find_identity(tx, draft.address)
    if identity is None or identity.contact_id != conversation.contact_id:
        raise Invalid("This address is not one of the customer's.", field="address")
    for channel_id in takeover.list_ways(tx, identity):
        if channel_id in abilities:
            return channel_id, draft.address
    raise Invalid("No channel that is switched on reaches this address.", field="address")


def _opened(tx: Tx, conversation: Conversation, agent: Agent) -> Conversation:
    """Answering wakes a sleeping conversation, and takes one that nobody has."""
    if conversation.state in ("resolved", "snoozed"):
        assign.require_only_open(tx, conversation)
        kind = "reopened" if conversation.state == "resolved" else "woken"
        conversation = assign.saved(tx, conversation._replace(state="open", resolved_at=None, snoozed_until=None, asked_solved_at=None))
        assign.log(tx, conversation, kind, actor=agent, payload={"reason": "An agent wrote."})
        conversation = assign.hold(tx, conversation)
    if conversation.assignee_id is None:
        assign.end_offer(tx, conversation, "withdrawn")
        room = agents.occupy_room(tx, agent.id, conversation.load_class)
        if not room:
            agents.occupy_anyway(tx, agent.id, conversation.load_class)
        reason = "Answered it while nobody had it."
        conversation = assign.give(
            tx, conversation, agent, kind="taken", decided_by=agent.id, reason=reason, actor=agent, override=not room
        )
    return conversation


def _message(
    tx: Tx,
    message_id: MessageId,
    conversation: Conversation,
    agent: Agent,
    draft: Draft,
    direction: str,
    channel_id: ChannelId,
    address: Address | None,
) -> Message:
    pub = None if direction == "note" else conversation.last_pub
    message = Message(
        message_id, conversation.id, conversation.last_seq, pub, direction, "agent", agent.id, agent.name, channel_id, address,
        clean(draft.text), None, None, None, draft.client_id, conversation.last_at,
    )  # fmt: skip
    messages.add_message(tx, message)
    if draft.files and files.mark_attached(tx, list(draft.files), agent.id, message_id) != len(set(draft.files)):
        raise Invalid("A file of this message is not there any more, or was sent already. Attach it again.", field="files")
    return message


def _delivery(tx: Tx, conversation: Conversation, message: Message, wait: int) -> Delivery:
    """Queued behind whatever else goes to this address over this channel."""
    address = Address(message.address or "")
    lane = f"{message.channel_id} {address}"
    number = contacts.next_out_seq(tx, address)
    if number is None:
        number = conversations.next_number(tx, f"lane {lane}", start=CLAIMED)
    delivery = Delivery(
        DeliveryId(tx.clock.new_id()), message.channel_id, address, conversation.id, lane, number, "queued", 0, tx.now + wait,
        None, None, None, None, tx.now, tx.now,
    )  # fmt: skip
    deliveries.add_delivery(tx, delivery, [message.id])
    return delivery
