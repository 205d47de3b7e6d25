"""Snippets and saved searches: an agent's own, or shared by somebody who may."""

from __future__ import annotations

from collections.abc import Mapping

from channels.text import clean
from gateway.db.database import Tx
from gateway.errors import Invalid
from gateway.flow import placeholders, publish, rights
from gateway.json import dumps
from gateway.model import Agent, AgentId, Contact, Conversation, ConversationId, SavedSearch, SearchId, Snippet, SnippetId
from gateway.store import contacts, conversations, shelf

NAME_CHARS = 80
MOST_OWN = 500
"""Snippets, and as many searches, of one author."""
FILTERS = frozenset({"view", "state", "team", "tag", "category", "priority", "owner", "channel", "sort", "q"})
"""What a saved search may hold: the list's own filters by name."""
_FILTER_CHARS = 300


def add_snippet(tx: Tx, agent_id: AgentId, name: str, text: str, shared: bool) -> Snippet:
    """Raises Invalid for an unknown placeholder, Forbidden for a shared one without the right `share`."""
    _allowed(tx, agent_id, shared)
    if shelf.count_snippets(tx, agent_id) >= MOST_OWN:
        raise Invalid(f"You have {MOST_OWN} snippets. Delete some first.", field="name")
    record = Snippet(SnippetId(tx.clock.new_id()), _named(name), _text(text), agent_id, int(shared), tx.now, tx.now)
    shelf.add_snippet(tx, record)
    publish.shelf_changed(tx, "snippets")
    return record


def change_snippet(tx: Tx, agent_id: AgentId, snippet_id: SnippetId, name: str, text: str, shared: bool) -> Snippet:
    """Own ones, and shared ones with the right `share`; to share or to take back takes it too."""
    record = shelf.get_snippet(tx, snippet_id, agent_id)
    _allowed(tx, agent_id, shared or bool(record.shared))
    if not shared and record.agent_id != agent_id:
        raise Invalid("Only its author can make this snippet private again.", field="shared")
    changed = record._replace(name=_named(name), text=_text(text), shared=int(shared), updated_at=tx.now)
    shelf.mark_snippet(tx, changed)
    publish.shelf_changed(tx, "snippets")
    return changed


def drop_snippet(tx: Tx, agent_id: AgentId, snippet_id: SnippetId) -> None:
    record = shelf.get_snippet(tx, snippet_id, agent_id)
    _allowed(tx, agent_id, bool(record.shared))
    shelf.delete_snippet(tx, snippet_id)
    publish.shelf_changed(tx, "snippets")


def filled(tx: Tx, agent: Agent, snippet_id: SnippetId, conversation_id: ConversationId) -> str:
    """The snippet as this agent would say it in this conversation."""
    record = shelf.get_snippet(tx, snippet_id, agent.id)
    conversation = conversations.get_conversation(tx, conversation_id)
    return placeholders.fill(record.text, values(agent, contacts.get_contact(tx, conversation.contact_id), conversation))


def values(agent: Agent, contact: Contact, conversation: Conversation) -> Mapping[str, str]:
    """What each placeholder stands for here; empty where it is not known."""
    first, _, last = contact.name.strip().partition(" ")
    return {
        "first_name": first,
        "last_name": last.strip(),
        "name": contact.name.strip(),
        "number": str(conversation.number),
        "subject": conversation.subject,
        "status": placeholders.status(conversation.state, contact.locale),
        "agent_name": agent.name,
        "agent_first_name": agent.name.partition(" ")[0],
    }


def add_search(tx: Tx, agent_id: AgentId, name: str, query: Mapping[str, str], shared: bool) -> SavedSearch:
    """Raises Invalid for a filter the list does not know."""
    if shared:
        rights.actor(tx, agent_id, "share")
    for key, value in query.items():
        if key not in FILTERS:
            raise Invalid(f"The list has no filter “{key}”.", field="query")
        if len(value) > _FILTER_CHARS:
            raise Invalid(f"“{key}” is longer than {_FILTER_CHARS} characters.", field="query")
    if shelf.count_searches(tx, agent_id) >= MOST_OWN:
        raise Invalid(f"You have {MOST_OWN} saved searches. Delete some first.", field="name")
    kept = dumps({key: clean(value) for key, value in query.items() if value})
    record = SavedSearch(SearchId(tx.clock.new_id()), _named(name), kept, agent_id, int(shared), tx.now)
    shelf.add_search(tx, record)
    publish.shelf_changed(tx, "searches")
    return record


def drop_search(tx: Tx, agent_id: AgentId, search_id: SearchId) -> None:
    """The author's, or a shared one with the right `share`."""
    record = shelf.get_search(tx, search_id, agent_id)
    if record.agent_id != agent_id:
        rights.actor(tx, agent_id, "share")
    shelf.delete_search(tx, search_id)
    publish.shelf_changed(tx, "searches")


def _allowed(tx: Tx, agent_id: AgentId, shared: bool) -> None:
    rights.actor(tx, agent_id, "share" if shared else "reply")


def _named(name: str) -> str:
    name = clean(name).strip()
    if not name or len(name) > NAME_CHARS or "\n" in name:
        raise Invalid(f"A name is one line of 1 to {NAME_CHARS} characters.", field="name")
    return name


def _text(text: str) -> str:
    text = clean(text).strip()
    if not text:
        raise Invalid("The snippet is empty.", field="text")
    placeholders.require_known(text)
    return text
