"""What is stored, as the house handles it: one immutable record per table row, fields in the order of the columns."""

from __future__ import annotations

from typing import NamedTuple, NewType

from channels.contract import Address as Address
from channels.contract import ChannelId as ChannelId
from channels.contract import DeliveryId as DeliveryId
from channels.contract import Micros

ContactId = NewType("ContactId", str)
ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)
AgentId = NewType("AgentId", str)
TeamId = NewType("TeamId", str)
FileId = NewType("FileId", str)
MergeId = NewType("MergeId", str)
ClaimId = NewType("ClaimId", str)
EventId = NewType("EventId", str)
OfferId = NewType("OfferId", str)
AssignmentId = NewType("AssignmentId", str)
SnippetId = NewType("SnippetId", str)
SearchId = NewType("SearchId", str)


class Contact(NamedTuple):
    """A person. Attributes and page are JSON objects as text."""

    id: ContactId
    name: str
    locale: str | None
    time_zone: str | None
    attributes: str
    page: str
    blocked_at: Micros | None
    created_at: Micros


class Identity(NamedTuple):
    """An address that has written to us or been proved; `out_seq` numbers what we send there."""

    address: Address
    contact_id: ContactId
    proof_method: str | None
    proof_at: Micros | None
    shared: int
    opted_out_at: Micros | None
    out_seq: int
    created_at: Micros
    last_in_at: Micros | None


class Claim(NamedTuple):
    """An address somebody typed: usable for an answer, never routes inbound, never looks up history."""

    id: ClaimId
    contact_id: ContactId
    address: Address
    conversation_id: ConversationId | None
    at: Micros
    cut_at: Micros | None


class Merge(NamedTuple):
    """A journal entry: `gone` was folded into `kept`; `moved` is what to give back on undo (JSON)."""

    id: MergeId
    kept: ContactId
    gone: ContactId
    by_agent: AgentId | None
    at: Micros
    undone_at: Micros | None
    moved: str


class Conversation(NamedTuple):
    """The ticket: one thread of one contact on one topic, whatever the channels."""

    id: ConversationId
    number: int
    contact_id: ContactId
    topic: str
    state: str
    joined_to: ConversationId | None
    linked_to: ConversationId | None
    team_id: TeamId | None
    assignee_id: AgentId | None
    holds: int
    priority: int
    category_id: str | None
    subject: str
    load_class: str
    channel_id: ChannelId
    rule: str
    last_seq: int
    last_pub: int
    agent_pub: int
    customer_pub: int
    version: int
    preview: str
    preview_author: str
    created_at: Micros
    last_at: Micros
    waiting_since: Micros | None
    due_at: Micros | None
    route_at: Micros | None
    snoozed_until: Micros | None
    resolved_at: Micros | None
    asked_solved_at: Micros | None
    spam_at: Micros | None
    rating: int | None


class Message(NamedTuple):
    """A message or note. The row never changes; edits and withdrawals are revisions."""

    id: MessageId
    conversation_id: ConversationId
    seq: int
    pub: int | None
    direction: str
    author_kind: str
    author_id: str | None
    author_name: str
    channel_id: ChannelId
    address: Address | None
    text: str
    html: str | None
    subject: str | None
    thread: str | None
    client_id: str | None
    at: Micros


class Revision(NamedTuple):
    """What became of a message: `kind` is edited or withdrawn."""

    id: str
    message_id: MessageId
    kind: str
    text: str
    at: Micros


class File(NamedTuple):
    """A file of a message; `state` is wanted, stored or failed."""

    id: FileId
    message_id: MessageId | None
    owner: str
    name: str
    media_type: str
    size: int
    state: str
    blob: str | None
    source: str | None
    channel_id: ChannelId | None
    attempts: int
    due_at: Micros | None
    lease_until: Micros | None
    created_at: Micros


class Delivery(NamedTuple):
    """One send of one or more messages to one address; order is kept per lane."""

    id: DeliveryId
    channel_id: ChannelId
    address: Address
    conversation_id: ConversationId
    lane: str
    seq: int
    state: str
    attempts: int
    due_at: Micros
    lease_until: Micros | None
    holder: str | None
    external_id: str | None
    detail: str | None
    created_at: Micros
    updated_at: Micros


class Event(NamedTuple):
    """A line of the timeline, written in the transaction of its cause. `payload` is JSON."""

    id: EventId
    conversation_id: ConversationId
    kind: str
    actor_kind: str
    actor_id: str | None
    actor_name: str
    payload: str
    at: Micros


class Agent(NamedTuple):
    """Somebody who answers. `skills` is a JSON array of texts."""

    id: AgentId
    name: str
    email: str
    role: str
    password_hash: str | None
    availability: str
    skills: str
    units: int
    last_assigned_at: Micros
    disabled_at: Micros | None
    created_at: Micros


class Team(NamedTuple):
    """A group of agents with one queue. `hours` is JSON as docs/api.md has it, empty while none are set."""

    id: TeamId
    name: str
    created_at: Micros
    hours: str


class AgentLoad(NamedTuple):
    """How many places of a class an agent has and uses."""

    agent_id: AgentId
    load_class: str
    load: int
    cap: int


class Assignment(NamedTuple):
    """Who had the conversation, from when to when, decided by whom and why."""

    id: AssignmentId
    conversation_id: ConversationId
    agent_id: AgentId
    version: int
    from_agent: AgentId | None
    decided_by: str
    reason: str
    verdicts: str
    load_class: str
    at: Micros
    ended_at: Micros | None
    end_reason: str | None


class Offer(NamedTuple):
    """A place kept for an agent who has not said yes; counts as load until it ends."""

    id: OfferId
    conversation_id: ConversationId
    agent_id: AgentId
    version: int
    state: str
    reason: str
    verdicts: str
    load_class: str
    deadline: Micros
    at: Micros


class Lease(NamedTuple):
    """Who runs a listener or the router now, and where it left off."""

    name: str
    holder: str | None
    epoch: int
    until: Micros
    cursor: str | None


class Category(NamedTuple):
    """What a request was about; a hidden one is not offered any more."""

    id: str
    name: str
    position: int
    hidden: int


class Link(NamedTuple):
    """Between two conversations: `kind` is related, duplicate_of or blocked_by, read from `from_id` to `to_id`."""

    from_id: ConversationId
    to_id: ConversationId
    kind: str
    at: Micros


class Snippet(NamedTuple):
    """A text agents put into answers; a shared one is everybody's, another one is its agent's alone."""

    id: SnippetId
    name: str
    text: str
    agent_id: AgentId
    shared: int
    created_at: Micros
    updated_at: Micros


class SavedSearch(NamedTuple):
    """The inbox list's filters under a name. `query` is a JSON object."""

    id: SearchId
    name: str
    query: str
    agent_id: AgentId
    shared: int
    created_at: Micros


class AuditLine(NamedTuple):
    """What an agent read or did that is in no timeline. `detail` is JSON; never a message's text."""

    id: str
    at: Micros
    agent_id: AgentId
    act: str
    conversation_id: ConversationId | None
    contact_id: ContactId | None
    detail: str
