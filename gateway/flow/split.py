"""Two matters in one conversation: some of its messages get a conversation of their own, linked to the one they leave."""

from __future__ import annotations

from collections.abc import Sequence

from channels.text import clean
from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.errors import Invalid
from gateway.flow import assign, lifecycle, publish, rehome, rights, takeover
from gateway.flow.receive import new_conversation
from gateway.model import Agent, AgentId, Conversation, ConversationId, Message, MessageId
from gateway.store import agents, contacts, conversations, merges, messages

MOST = 200
"""Messages that leave at once: one transaction stays short."""


def split(
    tx: Tx, agent_id: AgentId, conversation_id: ConversationId, version: int, message_ids: Sequence[MessageId], subject: str = ""
) -> Conversation:
    """The new conversation: same contact, a topic of its own, whoever has the old one. `join.join` puts it back.

    Raises Invalid for messages that are not of this conversation, or when none that the customer sees would be left.
    """
    actor = rights.actor(tx, agent_id, "merge")
    source = lifecycle.locked(tx, conversation_id, version)
    chosen = _chosen(tx, source, message_ids)
    target = _opened(tx, source, chosen, clean(subject).strip())
    for message in chosen:
        _move(tx, target.id, message)
    rehome.sum_up(tx, source.id)
    publish.wake_router(tx)
    target = _settled(tx, target.id, chosen)
    assign.log(tx, target, "split", actor=actor, payload={"from": source.id, "number": source.number})
    assign.log(tx, source, "split", actor=actor, payload={"to": target.id, "number": target.number, "messages": len(chosen)})
    _seated(tx, target, source.assignee_id, actor)
    # Counted as a change of both: whoever decides on an older picture is asked to look again.
    assign.changed(tx, assign.saved(tx, conversations.get_conversation(tx, source.id)))
    assign.changed(tx, conversations.get_conversation(tx, target.id))
    return conversations.get_conversation(tx, target.id)


def _chosen(tx: Tx, source: Conversation, message_ids: Sequence[MessageId]) -> list[Message]:
    wanted = list(dict.fromkeys(message_ids))
    if not 1 <= len(wanted) <= MOST:
        raise Invalid(f"Choose 1 to {MOST} messages.", field="messages")
    found = messages.list_of(tx, wanted)
    if len(found) != len(wanted) or any(message.conversation_id != source.id for message in found):
        raise Invalid("Some of these messages are not of this conversation. Load it again.", field="messages")
    if not any(message.pub for message in found):
        raise Invalid("Choose at least one message of the customer or to them; notes alone are no conversation.", field="messages")
    if messages.count_public(tx, source.id) <= sum(1 for message in found if message.pub):
        raise Invalid("At least one message has to stay. To give all of it another subject, change the subject.", field="messages")
    return found


def _opened(tx: Tx, source: Conversation, chosen: Sequence[Message], subject: str) -> Conversation:
    contact = contacts.get_contact(tx, source.contact_id)
    inbound = [message for message in chosen if message.direction == "in"]
    channel_id = inbound[-1].channel_id if inbound else source.channel_id
    made = new_conversation(
        tx, contact, channel_id, source.load_class, topic=f"split:{tx.clock.new_id()}", rule="split", subject=subject or source.subject
    )
    return assign.saved(tx, made._replace(linked_to=source.id, team_id=source.team_id, priority=source.priority))


def _move(tx: Tx, target: ConversationId, message: Message) -> None:
    """Numbers go on in the order of the old ones; a note stays without a `pub`."""
    public = message.pub is not None
    numbered = conversations.mark_rehomed_in(tx, target, message.at, public=public)
    merges.mark_rehomed(tx, message.id, target, numbered.last_seq, numbered.last_pub if public else None)
    takeover.seat(tx, target, message, numbered.last_pub)


def _settled(tx: Tx, target: ConversationId, chosen: Sequence[Message]) -> Conversation:
    """Waiting since the first message that no answer among them follows; else it need not be routed."""
    waiting: Micros | None = None
    for message in chosen:
        if message.direction == "in":
            waiting = waiting or message.at
        elif message.direction == "out":
            waiting = None
    rehome.sum_up(tx, target)
    conversation = conversations.get_conversation(tx, target, lock=True)
    return assign.saved(tx, conversation._replace(waiting_since=waiting, route_at=tx.now if waiting else None))


def _seated(tx: Tx, target: Conversation, owner: AgentId | None, actor: Agent) -> None:
    """Whoever has the old one has the new one too, past their places if need be: nobody new is at work."""
    agent = None if owner is None else agents.find_agent(tx, owner)
    if agent is None or not rights.has(agent, "reply"):
        return
    override = assign.seat(tx, target, agent)
    assign.give(tx, target, agent, kind="taken", decided_by=actor.id, reason="Had what it was split from.", actor=actor, override=override)
