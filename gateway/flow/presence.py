"""Who is there: declared availability, and leases on the surfaces an agent has open."""

from __future__ import annotations

from gateway.db.database import Tx
from gateway.errors import Invalid
from gateway.flow import assign, publish
from gateway.flow.policy import Policy
from gateway.model import Agent, AgentId, ConversationId
from gateway.store import agents, conversations, due

AVAILABILITIES = ("available", "away")


def declare(tx: Tx, agent_id: AgentId, availability: str) -> Agent:
    """Going away gives back what the agent has not answered, each with its place in the queue."""
    if availability not in AVAILABILITIES:
        raise Invalid("Availability is “available” or “away”.", field="availability")
    agent = agents.get_agent(tx, agent_id)
    if availability == "away":
        give_back(tx, agent_id, f"{agent.name} went away.")
    # The agent's row comes last in the lock order.
    agents.mark_availability(tx, agent_id, availability)
    publish.presence_changed(tx, agent_id)
    return agent._replace(availability=availability)


def renew(tx: Tx, agent_id: AgentId, surface: str, policy: Policy) -> None:
    """The surface is open: here for `policy.presence` more."""
    first = agent_id not in agents.list_present(tx)
    agents.mark_here(tx, agent_id, surface, tx.now + policy.presence)
    if first:
        publish.presence_changed(tx, agent_id)


def leave(tx: Tx, agent_id: AgentId, surface: str, policy: Policy) -> None:
    """The last window on this surface closed: gone, unless it is back within half of the lease (a reload, a tunnel)."""
    agents.mark_gone(tx, agent_id, surface, tx.now + policy.presence // 2)
    publish.presence_changed(tx, agent_id)


def give_back(tx: Tx, agent_id: AgentId, reason: str) -> list[ConversationId]:
    """Releases the agent's conversations whose customers wait."""
    released = []
    # All conversations are locked before the first place is given back, so that nobody waits for us in a circle.
    found = sorted(conversation.id for conversation in due.list_unanswered_of(tx, agent_id))
    held = [conversations.get_conversation(tx, conversation_id, lock=True) for conversation_id in found]
    for conversation in sorted(held, key=lambda one: one.waiting_since or 0):
        if conversation.assignee_id == agent_id and conversation.waiting_since is not None and conversation.state == "open":
            assign.release(tx, conversation, kind="released", reason=reason)
            released.append(conversation.id)
    return released


def give_up(tx: Tx, agent_id: AgentId, reason: str) -> None:
    """For good: what waits goes back to the queue; the rest holds no place, and goes there when its customer is back."""
    found = sorted(conversation.id for conversation in due.list_held_of(tx, agent_id))
    held = [conversations.get_conversation(tx, conversation_id, lock=True) for conversation_id in found]
    give_back(tx, agent_id, reason)
    for conversation in held:
        if conversation.assignee_id == agent_id and conversation.holds and conversation.waiting_since is None:
            assign.vacate(tx, conversation)
            conversations.mark_holds(tx, conversation.id, False)


def list_absent(tx: Tx) -> list[Agent]:
    """Agents whose lease has run out while their customers wait."""
    return agents.list_absent_holders(tx, tx.now)


def give_back_absent(tx: Tx, agent_id: AgentId) -> list[ConversationId]:
    """What an absent agent did not answer goes back to the queue; nothing when they are back meanwhile. One unit an agent, for the lock order."""
    agent = next((found for found in agents.list_absent_holders(tx, tx.now) if found.id == agent_id), None)
    if agent is None:
        return []
    released = give_back(tx, agent_id, f"{agent.name} was gone without answering.")
    publish.presence_changed(tx, agent_id)
    return released
