"""What agents say of two conversations: related, a duplicate of, blocked by. Both ends show it."""

from __future__ import annotations

from typing import Final

from gateway.db.database import Tx
from gateway.errors import Conflict, Invalid, NotFound
from gateway.flow import assign, publish, rights
from gateway.model import Agent, AgentId, Conversation, ConversationId, Link
from gateway.store import conversations, links

KINDS: Final = ("related", "duplicate_of", "blocked_by")
MOST: Final = 50
"""Links of one conversation, from it and to it."""


def link(tx: Tx, agent_id: AgentId, conversation_id: ConversationId, name: str, kind: str) -> None:
    """`name` is the other's id or number; what was joined stands for what it was joined into. Twice is once.

    Raises Invalid for a link to itself, an unknown kind or the 51st, Conflict where the other one says the same of this one already.
    """
    actor = rights.actor(tx, agent_id)
    if kind not in KINDS:
        raise Invalid(f"“kind” is one of {', '.join(KINDS)}.", field="kind")
    one, other = _both(tx, conversation_id, conversations.get_named(tx, name))
    if one.id == other.id:
        raise Invalid("A conversation cannot be linked to itself.", field="other")
    known = links.find_link(tx, one.id, other.id, kind)
    if known is not None and (known.from_id == one.id or kind == "related"):
        return
    if known is not None:
        raise Conflict(f"#{other.number} says this of #{one.number} already. Take that link away first.")
    for end in (one, other):
        if links.count_links(tx, end.id) >= MOST:
            raise Invalid(f"#{end.number} has {MOST} links already, which is the most.", field="other")
    links.add_link(tx, Link(one.id, other.id, kind, tx.now))
    _tell(tx, "linked", one, other, kind, actor)


def unlink(tx: Tx, agent_id: AgentId, conversation_id: ConversationId, name: str, kind: str) -> None:
    """Whichever way it reads. Raises NotFound when there is no such link."""
    actor = rights.actor(tx, agent_id)
    one = conversations.get_conversation(tx, conversation_id)
    other = conversations.get_named(tx, name)
    gone = links.delete_links(tx, one.id, other.id, kind)
    if not gone:
        raise NotFound("There is no such link.")
    for record in gone:
        ends = (one, other) if record.from_id == one.id else (other, one)
        _tell(tx, "unlinked", *ends, kind, actor)


def _both(tx: Tx, conversation_id: ConversationId, other: Conversation) -> tuple[Conversation, Conversation]:
    """Both as they stand now, locked in the order of their ids: two who link at once cannot pass the bound or wait for each other."""
    one = conversations.get_conversation(tx, conversation_id)
    if one.state == "joined":
        raise Conflict("This conversation was joined into another one.")
    while other.joined_to is not None:
        other = conversations.get_conversation(tx, other.joined_to)
    held = {which: conversations.get_conversation(tx, which, lock=True) for which in sorted({one.id, other.id})}
    return held[one.id], held[other.id]


def _tell(tx: Tx, event: str, source: Conversation, target: Conversation, kind: str, actor: Agent) -> None:
    """Each end reads it its own way."""
    for end, far, direction in ((source, target, "to"), (target, source, "from")):
        told = {"kind": kind, "direction": direction, "other": far.id, "number": far.number}
        assign.log(tx, end, event, actor=actor, payload=told)
        publish.row_changed(tx, end.id)
