"""What agents say about a conversation: how urgent, about what, called how, due when, and which tags it bears."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypedDict

from channels.text import clean
from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.errors import Invalid
from gateway.flow import assign, oneline, publish, rights
from gateway.flow.lifecycle import locked
from gateway.model import Agent, AgentId, Conversation, ConversationId
from gateway.store import categories, tags

MOST_TAGS: Final = 20
TAG_CHARS: Final = 40
PRIORITIES: Final = (1, 2, 3)
"""Urgent, normal, low."""

_DIVIDERS = str.maketrans(",;#", "   ")


class Changes(TypedDict, total=False):
    """Only what is named changes."""

    priority: int
    subject: str
    category: str | None
    due_at: Micros | None


def change(tx: Tx, agent_id: AgentId, conversation_id: ConversationId, version: int, wanted: Changes) -> Conversation:
    """One event for each thing that is not as it was; nothing is written where all is. Raises Invalid, Conflict, Forbidden."""
    actor = rights.actor(tx, agent_id)
    conversation = locked(tx, conversation_id, version)
    changed, told = conversation, list[tuple[str, dict[str, Any]]]()
    if "priority" in wanted and wanted["priority"] != conversation.priority:
        changed = changed._replace(priority=_priority(wanted["priority"]))
        told.append(("prioritised", {"priority": changed.priority, "before": conversation.priority}))
    if "category" in wanted and wanted["category"] != conversation.category_id:
        changed = changed._replace(category_id=_category(tx, wanted["category"]))
        told.append(("categorised", {"category": changed.category_id, "before": conversation.category_id}))
    if "subject" in wanted and (subject := oneline.strict(wanted["subject"], oneline.SUBJECT, "subject")) != conversation.subject:
        changed = changed._replace(subject=subject)
        told.append(("renamed", {"subject": subject, "before": conversation.subject}))
    if "due_at" in wanted and wanted["due_at"] != conversation.due_at:
        changed = changed._replace(due_at=_due(tx, wanted["due_at"]))
        told.append(("due_set", {"due_at": changed.due_at, "before": conversation.due_at}))
    return _stored(tx, changed, actor, told)


def _stored(tx: Tx, changed: Conversation, actor: Agent, told: Sequence[tuple[str, dict[str, Any]]]) -> Conversation:
    if not told:
        return changed
    stored = assign.saved(tx, changed)
    for kind, payload in told:
        assign.log(tx, stored, kind, actor=actor, payload=payload)
    publish.row_changed(tx, stored.id)
    if stored.route_at is not None:
        publish.wake_router(tx)  # its place in the queue may be another now
    return stored


def _priority(priority: int) -> int:
    if priority not in PRIORITIES:
        raise Invalid("The priority is 1 (urgent), 2 (normal) or 3 (low).", field="priority")
    return priority


def _category(tx: Tx, category_id: str | None) -> str | None:
    if category_id is not None and not categories.is_offered(tx, category_id):
        raise Invalid("There is no such category.", field="category")
    return category_id


def _due(tx: Tx, due_at: Micros | None) -> Micros | None:
    if due_at is not None and due_at <= tx.now:
        raise Invalid("It can only be due at a time that is still to come.", field="due_at")
    return due_at


def tag_of(text: str) -> str:
    """A tag as it is kept: small letters, single spaces, without what divides tags from each other. Raises Invalid."""
    tag = " ".join(clean(text).translate(_DIVIDERS).lower().split())
    if not 1 <= len(tag) <= TAG_CHARS or not tag.isprintable():
        raise Invalid(f"A tag is 1 to {TAG_CHARS} characters that can be seen.", field="add")
    return tag


def tag(
    tx: Tx, agent_id: AgentId, conversation_id: ConversationId, add: Sequence[str], remove: Sequence[str] = (), version: int | None = None
) -> Conversation:
    """Puts tags on it and takes others off; what is there, or is not, already stays so without a word. Raises Invalid beyond 20."""
    actor = rights.actor(tx, agent_id)
    conversation = locked(tx, conversation_id, version)
    taken = [word for word in dict.fromkeys(map(tag_of, remove)) if tags.delete_tag(tx, conversation_id, word)]
    added = [word for word in dict.fromkeys(map(tag_of, add)) if tags.add_tag(tx, conversation_id, word)]
    if added and len(tags.list_tags(tx, [conversation_id])[conversation_id]) > MOST_TAGS:
        raise Invalid(f"A conversation bears at most {MOST_TAGS} tags. Take one off before you add another.", field="add")
    for kind, words in (("untagged", taken), ("tagged", added)):
        if words:
            assign.log(tx, conversation, kind, actor=actor, payload={"tags": words})
    if taken or added:
        publish.row_changed(tx, conversation_id)
    return conversation
