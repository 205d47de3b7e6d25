"""Which conversation a message belongs to. The rules are tried in order, and the one that fired is stored."""

from __future__ import annotations

from dataclasses import dataclass

from channels import address as addresses
from channels.contract import Received
from channels.text import fold_subject
from gateway.db.database import Tx
from gateway.flow.policy import Policy
from gateway.flow.references import References
from gateway.model import Contact, Conversation, ConversationId, Identity
from gateway.store import conversations, messages, participants

MAIN = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An existing conversation (to be reopened when it is resolved), or a new one on `topic`, linked to an older one."""

    rule: str
    conversation: Conversation | None = None
    first_pub: int | None = None
    """From which pub on the sender has taken part; None when this is the first time."""
    topic: str = MAIN
    linked_to: ConversationId | None = None
    """What the timeline names besides: the one a new conversation follows, or the one a reference meant."""


def choose(tx: Tx, fact: Received, identity: Identity, contact: Contact, policy: Policy, references: References) -> Choice:
    """Reads only. The contact is locked by the caller, so what is read here stays true in this unit."""
    opened = conversations.list_open_of(tx, contact.id, fact.sender)
    apart = _set_apart(fact, identity)
    if fact.reference is not None and (found := _referred(tx, fact, contact, references, opened)) is not None:
        return found
    if apart is not None:
        return _apart(tx, fact, contact, opened, apart, policy)
    ordinary = [entry for entry in opened if not _is_apart(entry[0].topic)]
    if ordinary:
        return _open(tx, fact, ordinary)
    return _resolved_or_new(tx, fact, contact, policy)


def _set_apart(fact: Received, identity: Identity) -> str | None:
    """Topics that nothing else may join: many people behind one address, or mail nobody vouches for."""
    thread = fact.thread or fact.dedup_key
    if identity.shared or fact.shared:
        return f"shared:{thread}"
    if addresses.kind(fact.sender) == "mail" and fact.proof is None:
        return f"unverified:{thread}"
    if addresses.kind(fact.sender) == "slack" and fact.thread:
        return f"thread:{fact.thread}"
    return None


def _apart(tx: Tx, fact: Received, contact: Contact, opened: list[tuple[Conversation, int | None]], topic: str, policy: Policy) -> Choice:
    """The thread's own conversation, open or resolved a short time ago (rule 4), or a new one."""
    found = _on_topic(opened, topic, "apart")
    last = None if found.conversation is not None else conversations.find_latest_on(tx, contact.id, topic)
    if last is None:
        return found
    if _recent(tx, last, policy):
        return Choice("reopened", last, participants.find_first_pub(tx, last.id, fact.sender))
    return Choice("apart", topic=topic, linked_to=last.id)


def _recent(tx: Tx, conversation: Conversation, policy: Policy) -> bool:
    """Resolved so short a time ago that a message opens it again."""
    resolved = conversation.state == "resolved" and conversation.resolved_at is not None
    return resolved and tx.now - (conversation.resolved_at or 0) <= policy.reopen_within


def _is_apart(topic: str) -> bool:
    return topic.startswith(("shared:", "unverified:", "thread:"))


def _on_topic(opened: list[tuple[Conversation, int | None]], topic: str, rule: str, linked_to: ConversationId | None = None) -> Choice:
    for conversation, first_pub in opened:
        if conversation.topic == topic:
            return Choice(rule, conversation, first_pub)
    return Choice(rule, topic=topic, linked_to=linked_to)


def _referred(
    tx: Tx, fact: Received, contact: Contact, references: References, opened: list[tuple[Conversation, int | None]]
) -> Choice | None:
    """Rule 1: a signed reference of a participant. A stranger with a valid one gets a linked topic of their own."""
    conversation_id = references.read(fact.reference or "")
    found = None if conversation_id is None else conversations.find_conversation(tx, conversation_id)
    if found is None:
        return None
    target = _followed(tx, found)
    first_pub = participants.find_first_pub(tx, found.id, fact.sender)
    if target.contact_id != contact.id and first_pub is None:
        return _on_topic(opened, f"linked:{target.id}", "stranger", target.id)
    if target.state in ("closed", "joined") or target.contact_id != contact.id:
        return None
    for other, other_pub in opened:
        if other.topic == target.topic and other.id != target.id:
            return Choice("reference", other, other_pub, linked_to=target.id)
    return Choice("reference", target, participants.find_first_pub(tx, target.id, fact.sender))


def _followed(tx: Tx, conversation: Conversation) -> Conversation:
    """Where a joined conversation's messages go now; joins are never chained deeper than people merge."""
    while conversation.joined_to is not None:
        conversation = conversations.get_conversation(tx, conversation.joined_to)
    return conversation


def _open(tx: Tx, fact: Received, opened: list[tuple[Conversation, int | None]]) -> Choice:
    """Rules 2 and 3: a mail on another subject opens a linked topic; else the open conversation, the main one first.

    What somebody writes into a widget goes to the conversation the widget shows.
    """
    conversation, first_pub = _shown(tx, fact, opened) if len(opened) > 1 else opened[0]
    if fact.reference is None and _other_subject(tx, fact, conversation):
        return _on_topic(opened, f"subject:{fold_subject(fact.subject or '')}", "subject", conversation.id)
    return Choice("open", conversation, first_pub)


def _shown(tx: Tx, fact: Received, opened: list[tuple[Conversation, int | None]]) -> tuple[Conversation, int | None]:
    if addresses.kind(fact.sender) in ("visitor", "user"):
        by_id = {conversation.id: (conversation, first_pub) for conversation, first_pub in opened}
        for conversation, _ in participants.list_taken_part(tx, fact.sender):
            if conversation.id in by_id:
                return by_id[conversation.id]
    return opened[0]


def _resolved_or_new(tx: Tx, fact: Received, contact: Contact, policy: Policy) -> Choice:
    """Rules 4 and 5: one resolved a short time ago reopens; else a new one, linked to the last."""
    latest = [found for found in conversations.list_latest_of(tx, contact.id) if not _is_apart(found.topic)]
    if not latest:
        return Choice("new")
    last = latest[0]
    if _recent(tx, last, policy) and not _other_subject(tx, fact, last):
        return Choice("reopened", last, participants.find_first_pub(tx, last.id, fact.sender))
    return Choice("new", linked_to=last.id)


def _other_subject(tx: Tx, fact: Received, conversation: Conversation) -> bool:
    """Whether the mail names another subject than the last one there; a mail without one is about the same."""
    subject = fold_subject(fact.subject or "")
    last = messages.find_last_subject(tx, conversation.id) if subject else None
    return last is not None and fold_subject(last) != subject
