"""A customer wrote: journal, person, conversation, numbers, message, files and event in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from channels.contract import IncomingFile, Received
from channels.text import filename, preview
from gateway.db.database import Tx, idempotent
from gateway.errors import Gone, Invalid
from gateway.flow import assign, oneline, people, publish, topics
from gateway.flow.policy import Policy
from gateway.flow.references import References
from gateway.model import Contact, Conversation, ConversationId, File, FileId, Message, MessageId, TeamId
from gateway.store import agents, conversations, events, files, intakes, messages, participants, teams

UPLOADED = "file:"
"""`IncomingFile.blob` starts with this when it names a file the sender uploaded before."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of it. `duplicate` when the event had been taken before: then the first outcome is given again."""

    message: Message
    conversation: Conversation
    duplicate: bool = False
    agent_name: str | None = None
    """Of the one who has it."""


@idempotent
def accept(tx: Tx, fact: Received, policy: Policy, references: References, team: str | None = None) -> Accepted:
    """Stores the message once and for ever. Lock order: intake → identity → contact → conversation → agent.

    Raises Invalid for files that are not the sender's, Blocked for a blocked sender; then nothing is stored.
    """
    message_id = MessageId(tx.clock.new_id())
    outcome = intakes.add_intake(tx, fact.channel_id, fact.dedup_key, message_id, fact.raw)
    if outcome is not None:
        return _again(tx, outcome)
    identity, contact = people.identify(tx, fact)
    people.require_welcome(contact)
    choice = topics.choose(tx, fact, identity, contact, policy, references)
    before = choice.conversation or _open(tx, fact, contact, choice, team)
    shown = preview(fact.text) or _named(fact.files)
    conversation, many = conversations.mark_inbound(tx, before.id, fact.channel_id, fact.load_class, shown)
    if choice.first_pub is None:
        participants.add_participant(tx, conversation.id, fact.sender, conversation.last_pub)
    message = _message(message_id, fact, contact, conversation)
    messages.add_message(tx, message)
    if fact.external_id is not None:
        messages.add_external_ref(tx, fact.channel_id, fact.external_id, message_id)
    if fact.files:
        _attach(tx, fact, message_id)
    events.add_event(tx, conversation.id, "received", actor_kind="customer", actor_id=contact.id, actor_name=contact.name)
    if choice.conversation is not None and choice.linked_to is not None:
        assign.log(tx, conversation, "linked", payload={"to": choice.linked_to, "rule": choice.rule})
    conversation = _awake(tx, before, conversation, choice)
    publish.message_added(tx, message)
    for reader in participants.list_participants(tx, conversation.id) if many > 1 else (fact.sender,):
        publish.item_added(tx, reader, message)
    publish.row_changed(tx, conversation.id)
    if conversation.assignee_id is None and _is_news(before, conversation):
        publish.wake_router(tx)
    return Accepted(message, conversation, agent_name=_agent_name(tx, conversation))


def _is_news(before: Conversation, conversation: Conversation) -> bool:
    """Whether the router has something to decide that it had not before: one more word of somebody who waits already is none."""
    return before.route_at is None or (before.state, before.load_class) != (conversation.state, conversation.load_class)


def _again(tx: Tx, outcome: str) -> Accepted:
    """The same answer as the first time, however often it is asked."""
    message = messages.find_message(tx, MessageId(outcome))
    if message is None:
        raise Gone("This message was taken before and has been removed since.")
    conversation = conversations.get_conversation(tx, message.conversation_id)
    return Accepted(message, conversation, duplicate=True, agent_name=_agent_name(tx, conversation))


def _agent_name(tx: Tx, conversation: Conversation) -> str | None:
    agent = None if conversation.assignee_id is None else agents.find_agent(tx, conversation.assignee_id)
    return None if agent is None else agent.name


def _open(tx: Tx, fact: Received, contact: Contact, choice: topics.Choice, team: str | None) -> Conversation:
    queue = teams.keep_by_name(tx, team) if team else None  # without a team of that name everybody answers
    conversation = new_conversation(
        tx, contact, fact.channel_id, fact.load_class, topic=choice.topic, rule=choice.rule, subject=oneline.cut(fact.subject or "", oneline.SUBJECT),
        team_id=None if queue is None else queue.id,
    )  # fmt: skip
    if choice.linked_to is not None:
        conversation = assign.saved(tx, conversation._replace(linked_to=choice.linked_to))
        assign.log(tx, conversation, "linked", payload={"to": choice.linked_to, "rule": choice.rule})
    return conversation


def new_conversation(
    tx: Tx, contact: Contact, channel_id: str, load_class: str, *, topic: str = "", rule: str = "new", subject: str = "",
    team_id: TeamId | None = None,
) -> Conversation:  # fmt: skip
    """An open conversation with the next number. The contact must be locked."""
    blank = dict.fromkeys(Conversation._fields)
    values = blank | {
        "id": ConversationId(tx.clock.new_id()), "number": conversations.next_number(tx), "contact_id": contact.id, "topic": topic, "state": "open", "team_id": team_id,
        "holds": 0, "priority": 2, "subject": subject, "load_class": load_class, "channel_id": channel_id, "rule": rule, "last_seq": 0, "last_pub": 0,
        "agent_pub": 0, "customer_pub": 0, "version": 0, "preview": "", "preview_author": "customer", "created_at": tx.now, "last_at": tx.now,
    }  # fmt: skip
    conversation = Conversation(**values)  # type: ignore[arg-type]  # a dict of all fields, in one place
    conversations.add_conversation(tx, conversation)
    return conversation


def _message(message_id: MessageId, fact: Received, contact: Contact, conversation: Conversation) -> Message:
    return Message(
        id=message_id,
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        pub=conversation.last_pub,
        direction="in",
        author_kind="customer",
        author_id=contact.id,
        author_name=contact.name,
        channel_id=fact.channel_id,
        address=fact.sender,
        text=fact.text,
        html=fact.html,
        subject=fact.subject,
        thread=fact.thread,
        client_id=fact.client_id,
        at=conversation.last_at,
    )


def _attach(tx: Tx, fact: Received, message_id: MessageId) -> None:
    """Uploaded files become the message's; files elsewhere are written down as wanted and fetched after the commit."""
    uploaded = [item.blob.removeprefix(UPLOADED) for item in fact.files if item.blob and item.blob.startswith(UPLOADED)]
    if uploaded and files.mark_attached(tx, uploaded, fact.sender, message_id) != len(set(uploaded)):
        raise Invalid("A file of this message is not there any more, or was sent already. Attach it again.", field="files")
    for item in fact.files:
        if not (item.blob and item.blob.startswith(UPLOADED)):
            files.add_file(tx, _wanted(tx, fact, message_id, item))
    if len(uploaded) != len(fact.files):
        publish.wake_files(tx)


def _wanted(tx: Tx, fact: Received, message_id: MessageId, item: IncomingFile) -> File:
    state = "stored" if item.blob else "wanted"
    return File(
        FileId(tx.clock.new_id()), message_id, fact.sender, filename(item.name), item.media_type, item.size or 0, state, item.blob, item.source,
        fact.channel_id, 0, tx.now if state == "wanted" else None, None, tx.now,
    )  # fmt: skip


def _named(items: tuple[IncomingFile, ...]) -> str:
    return ", ".join(filename(item.name) for item in items if item.name) or ("📎" if items else "")


def _awake(tx: Tx, before: Conversation, conversation: Conversation, choice: topics.Choice) -> Conversation:
    """What the customer's return means for a conversation that slept, was resolved, or changed its class of channel."""
    # `conversation` is the locked row: an agent may have taken or resolved it since `before` was read.
    if conversation.assignee_id is not None and conversation.holds and before.load_class != conversation.load_class:
        assign.recount(tx, conversation.assignee_id, before.load_class, conversation.load_class)
    if conversation.state != "open":
        kind = "woken" if conversation.state == "snoozed" else "reopened"
        woken = conversation._replace(state="open", resolved_at=None, snoozed_until=None, asked_solved_at=None)
        conversation = assign.saved(tx, woken)
        assign.log(tx, conversation, kind, actor_kind="customer", payload={"reason": "The customer wrote.", "rule": choice.rule})
        assign.changed(tx, conversation)
    return assign.hold(tx, conversation)
