"""The tables, once for both engines: TEXT, BIGINT, INTEGER and BLOB only; time is microseconds UTC, ids are UUIDv7 text."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    func,
    literal_column,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[str]:
    return Column("id", Text, primary_key=True)


def _text(name: str, default: str | None = None) -> Column[str]:
    """Required, with a server default when one is given."""
    return Column(name, Text, nullable=False, server_default=None if default is None else text(f"'{default}'"))


def _maybe(name: str) -> Column[str]:
    return Column(name, Text, nullable=True)


def _time(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _maybe_time(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=True)


def _count(name: str, default: int = 0) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default=text(str(default)))


def _ref(name: str, target: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, ForeignKey(target), nullable=nullable)


contact = Table(
    "contact",
    metadata,
    _id(),
    _text("name", ""),
    _maybe("locale"),
    _maybe("time_zone"),
    _text("attributes", "{}"),
    _text("page", "{}"),
    _maybe_time("blocked_at"),
    _time("created_at"),
)

identity = Table(
    "identity",
    metadata,
    Column("address", Text, primary_key=True),
    _ref("contact_id", "contact.id"),
    _maybe("proof_method"),
    _maybe_time("proof_at"),
    _count("shared"),
    _maybe_time("opted_out_at"),
    _count("out_seq"),
    _time("created_at"),
    _maybe_time("last_in_at"),
    Index(None, "contact_id"),
)

claim = Table(
    "claim",
    metadata,
    _id(),
    _ref("contact_id", "contact.id"),
    _text("address"),
    _ref("conversation_id", "conversation.id", nullable=True),
    _time("at"),
    _maybe_time("cut_at"),
    Index(None, "contact_id"),
    Index(None, "address"),
)

merge = Table(
    "merge",
    metadata,
    _id(),
    _ref("kept", "contact.id"),
    _ref("gone", "contact.id"),
    _maybe("by_agent"),
    _time("at"),
    _maybe_time("undone_at"),
    _text("moved", "[]"),
    Index(None, "kept"),
)

team = Table(
    "team",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    _time("created_at"),
    _text("hours", ""),
)

agent = Table(
    "agent",
    metadata,
    _id(),
    _text("name"),
    Column("email", Text, nullable=False, unique=True),
    _text("role", "agent"),
    _maybe("password_hash"),
    _text("availability", "away"),
    _text("skills", "[]"),
    _count("units", 60),
    _count("last_assigned_at"),
    _maybe_time("disabled_at"),
    _time("created_at"),
    CheckConstraint("role IN ('viewer','agent','lead','manager','admin')", name="role"),
    CheckConstraint("availability IN ('available','away')", name="availability"),
)

team_member = Table(
    "team_member",
    metadata,
    _ref("team_id", "team.id"),
    _ref("agent_id", "agent.id"),
    PrimaryKeyConstraint("team_id", "agent_id"),
    Index(None, "agent_id"),
)

agent_load = Table(
    "agent_load",
    metadata,
    _ref("agent_id", "agent.id"),
    _text("load_class"),
    _count("load"),
    _count("cap", 3),
    PrimaryKeyConstraint("agent_id", "load_class"),
    CheckConstraint("load >= 0", name="load"),
)

presence = Table(
    "presence",
    metadata,
    _ref("agent_id", "agent.id"),
    _text("surface"),
    _time("seen_until"),
    PrimaryKeyConstraint("agent_id", "surface"),
)

category = Table("category", metadata, _id(), _text("name"), _count("position"), _count("hidden"))

conversation = Table(
    "conversation",
    metadata,
    _id(),
    Column("number", BigInteger, nullable=False, unique=True),
    _ref("contact_id", "contact.id"),
    _text("topic", ""),
    _text("state", "open"),
    _ref("joined_to", "conversation.id", nullable=True),
    _ref("linked_to", "conversation.id", nullable=True),
    _ref("team_id", "team.id", nullable=True),
    _ref("assignee_id", "agent.id", nullable=True),
    _count("holds"),
    _count("priority", 2),
    _ref("category_id", "category.id", nullable=True),
    _text("subject", ""),
    _text("load_class", "chat"),
    _text("channel_id", ""),
    _text("rule", ""),
    _count("last_seq"),
    _count("last_pub"),
    _count("agent_pub"),
    _count("customer_pub"),
    _count("version"),
    _text("preview", ""),
    _text("preview_author", "customer"),
    _time("created_at"),
    _time("last_at"),
    _maybe_time("waiting_since"),
    _maybe_time("due_at"),
    _maybe_time("route_at"),
    _maybe_time("snoozed_until"),
    _maybe_time("resolved_at"),
    _maybe_time("asked_solved_at"),
    _maybe_time("spam_at"),
    Column("rating", BigInteger, nullable=True),
    CheckConstraint("state IN ('open','snoozed','resolved','closed','joined')", name="state"),
    CheckConstraint("(state = 'joined') = (joined_to IS NOT NULL)", name="joined"),
)
Index(
    "uq_conversation_open_topic",
    conversation.c.contact_id,
    conversation.c.topic,
    unique=True,
    sqlite_where=conversation.c.state.in_(["open", "snoozed"]),
    postgresql_where=conversation.c.state.in_(["open", "snoozed"]),
)
# What every message changes (last_at) stands in one index only: each further one would cost two written pages a message.
Index("ix_conversation_contact", conversation.c.contact_id)
Index("ix_conversation_list", conversation.c.state, conversation.c.last_at)
Index("ix_conversation_assignee", conversation.c.assignee_id, conversation.c.state)
Index(
    "ix_conversation_joined",
    conversation.c.joined_to,
    sqlite_where=conversation.c.joined_to.is_not(None),
    postgresql_where=conversation.c.joined_to.is_not(None),
)
Index(
    "ix_conversation_route",
    conversation.c.route_at,
    sqlite_where=conversation.c.route_at.is_not(None),
    postgresql_where=conversation.c.route_at.is_not(None),
)
Index(
    "ix_conversation_snoozed",
    conversation.c.snoozed_until,
    sqlite_where=conversation.c.state == "snoozed",
    postgresql_where=conversation.c.state == "snoozed",
)

Index(
    "ix_conversation_team",
    conversation.c.team_id,
    sqlite_where=conversation.c.team_id.is_not(None),
    postgresql_where=conversation.c.team_id.is_not(None),
)
Index(
    "ix_conversation_spam",
    conversation.c.spam_at,
    sqlite_where=conversation.c.spam_at.is_not(None),
    postgresql_where=conversation.c.spam_at.is_not(None),
)

conversation_tag = Table(
    "conversation_tag",
    metadata,
    _ref("conversation_id", "conversation.id"),
    _text("tag"),
    PrimaryKeyConstraint("conversation_id", "tag"),
    Index(None, "tag", "conversation_id"),
)

conversation_link = Table(
    "conversation_link",
    metadata,
    _ref("from_id", "conversation.id"),
    _ref("to_id", "conversation.id"),
    _text("kind"),
    _time("at"),
    PrimaryKeyConstraint("from_id", "to_id", "kind"),
    CheckConstraint("kind IN ('related','duplicate_of','blocked_by')", name="kind"),
    Index(None, "to_id"),
)

participant = Table(
    "participant",
    metadata,
    _ref("conversation_id", "conversation.id"),
    _text("address"),
    _count("first_pub"),
    PrimaryKeyConstraint("address", "conversation_id"),
    Index(None, "conversation_id"),
)

message = Table(
    "message",
    metadata,
    _id(),
    _ref("conversation_id", "conversation.id"),
    Column("seq", BigInteger, nullable=False),
    Column("pub", BigInteger, nullable=True),
    _text("direction"),
    _text("author_kind"),
    _maybe("author_id"),
    _text("author_name", ""),
    _text("channel_id"),
    _maybe("address"),
    _text("text"),
    _maybe("html"),
    _maybe("subject"),
    _maybe("thread"),
    _maybe("client_id"),
    _time("at"),
    CheckConstraint("direction IN ('in','out','note')", name="direction"),
    CheckConstraint("(direction = 'note') = (pub IS NULL)", name="pub"),
)
Index("uq_message_seq", message.c.conversation_id, message.c.seq, unique=True)
Index("uq_message_pub", message.c.conversation_id, message.c.pub, unique=True)

revision = Table(
    "revision", metadata, _id(), _ref("message_id", "message.id"), _text("kind"), _text("text", ""), _time("at"), Index(None, "message_id")
)

external_ref = Table(
    "external_ref",
    metadata,
    _text("channel_id"),
    _text("external_id"),
    _ref("message_id", "message.id"),
    PrimaryKeyConstraint("channel_id", "external_id"),
)

file = Table(
    "file",
    metadata,
    _id(),
    _ref("message_id", "message.id", nullable=True),
    _text("owner"),
    _text("name"),
    _text("media_type"),
    _count("size"),
    _text("state"),
    _maybe("blob"),
    _maybe("source"),
    _maybe("channel_id"),
    _count("attempts"),
    _maybe_time("due_at"),
    _maybe_time("lease_until"),
    _time("created_at"),
    CheckConstraint("state IN ('wanted','stored','failed')", name="state"),
    Index(None, "message_id"),
)
Index("ix_file_wanted", file.c.due_at, sqlite_where=file.c.state == "wanted", postgresql_where=file.c.state == "wanted")
Index("ix_file_blob", file.c.blob)

intake = Table(
    "intake",
    metadata,
    _text("channel_id"),
    _text("dedup_key"),
    Column("raw", LargeBinary, nullable=True),
    _time("at"),
    _text("outcome"),
    PrimaryKeyConstraint("channel_id", "dedup_key"),
)

delivery = Table(
    "delivery",
    metadata,
    _id(),
    _text("channel_id"),
    _text("address"),
    _ref("conversation_id", "conversation.id"),
    _text("lane"),
    Column("seq", BigInteger, nullable=False),
    _text("state", "queued"),
    _count("attempts"),
    _time("due_at"),
    _maybe_time("lease_until"),
    _maybe("holder"),
    _maybe("external_id"),
    _maybe("detail"),
    _time("created_at"),
    _time("updated_at"),
    CheckConstraint("state IN ('queued','sending','retry','paused','sent','delivered','read','failed','unknown')", name="state"),
    Index("uq_delivery_lane", "lane", "seq", unique=True),
    Index("uq_delivery_external", "channel_id", "external_id", unique=True),
    Index(None, "conversation_id"),
)
_ACTIVE = delivery.c.state.in_(["queued", "sending", "retry", "paused", "unknown"])
Index("ix_delivery_active", delivery.c.due_at, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE)

delivery_message = Table(
    "delivery_message",
    metadata,
    _ref("delivery_id", "delivery.id"),
    _ref("message_id", "message.id"),
    PrimaryKeyConstraint("delivery_id", "message_id"),
    Index(None, "message_id"),
)

channel_pause = Table(
    "channel_pause", metadata, Column("channel_id", Text, primary_key=True), _text("reason"), _count("times"), _time("until")
)

event = Table(
    "event",
    metadata,
    _text("id"),
    _ref("conversation_id", "conversation.id"),
    _text("kind"),
    _text("actor_kind"),
    _maybe("actor_id"),
    _text("actor_name", ""),
    _text("payload", "{}"),
    _time("at"),
    PrimaryKeyConstraint("conversation_id", "id"),
    sqlite_with_rowid=False,
)
# What agents did, for the audit; customers' messages are not in it, so that they cost no further page.
Index(
    "ix_event_agent",
    event.c.actor_id,
    event.c.at,
    sqlite_where=event.c.actor_kind == "agent",
    postgresql_where=event.c.actor_kind == "agent",
)

assignment = Table(
    "assignment",
    metadata,
    _id(),
    _ref("conversation_id", "conversation.id"),
    _ref("agent_id", "agent.id"),
    Column("version", BigInteger, nullable=False),
    _maybe("from_agent"),
    _text("decided_by"),
    _text("reason"),
    _text("verdicts", "[]"),
    _text("load_class"),
    _time("at"),
    _maybe_time("ended_at"),
    _maybe("end_reason"),
    Index("ix_assignment_conversation", "conversation_id", "at"),
)
Index(
    "uq_assignment_open",
    assignment.c.conversation_id,
    unique=True,
    sqlite_where=assignment.c.ended_at.is_(None),
    postgresql_where=assignment.c.ended_at.is_(None),
)

offer = Table(
    "offer",
    metadata,
    _id(),
    _ref("conversation_id", "conversation.id"),
    _ref("agent_id", "agent.id"),
    Column("version", BigInteger, nullable=False),
    _text("state", "open"),
    _text("reason"),
    _text("verdicts", "[]"),
    _text("load_class"),
    _time("deadline"),
    _time("at"),
    CheckConstraint("state IN ('open','accepted','declined','expired','withdrawn')", name="state"),
    Index("ix_offer_conversation", "conversation_id", "at"),
)
Index("uq_offer_open", offer.c.conversation_id, unique=True, sqlite_where=offer.c.state == "open", postgresql_where=offer.c.state == "open")

read_mark = Table(
    "read_mark",
    metadata,
    _ref("agent_id", "agent.id"),
    _ref("conversation_id", "conversation.id"),
    _count("seq"),
    PrimaryKeyConstraint("agent_id", "conversation_id"),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", Text, primary_key=True),
    _ref("agent_id", "agent.id"),
    _time("created_at"),
    _time("seen_at"),
    _time("expires_at"),
    Index(None, "agent_id"),
)

login_link = Table(
    "login_link",
    metadata,
    Column("token_hash", Text, primary_key=True),
    _ref("agent_id", "agent.id"),
    _time("expires_at"),
    _maybe_time("used_at"),
    Index(None, "agent_id"),
)

snippet = Table(
    "snippet",
    metadata,
    _id(),
    _text("name"),
    _text("text"),
    _ref("agent_id", "agent.id"),
    _count("shared"),
    _time("created_at"),
    _time("updated_at"),
    Index(None, "agent_id"),
)

saved_search = Table(
    "saved_search",
    metadata,
    _id(),
    _text("name"),
    _text("query", "{}"),
    _ref("agent_id", "agent.id"),
    _count("shared"),
    _time("created_at"),
    Index(None, "agent_id"),
)

audit_line = Table(
    "audit_line",
    metadata,
    _id(),
    _time("at"),
    _ref("agent_id", "agent.id"),
    _text("act"),
    _ref("conversation_id", "conversation.id", nullable=True),
    _ref("contact_id", "contact.id", nullable=True),
    _text("detail", "{}"),
    Index("ix_audit_line_agent", "agent_id", "at"),
    Index("ix_audit_line_contact", "contact_id", "at"),
    Index("ix_audit_line_conversation", "conversation_id", "at"),
    Index("ix_audit_line_at", "at"),
)

lease = Table(
    "lease", metadata, Column("name", Text, primary_key=True), _maybe("holder"), _count("epoch"), _count("until"), _maybe("cursor")
)

counter = Table("counter", metadata, Column("name", Text, primary_key=True), Column("value", BigInteger, nullable=False))

blob = Table("blob", metadata, Column("name", Text, primary_key=True), Column("bytes", LargeBinary, nullable=False), _time("at"))

probe = Table("probe", metadata, Column("id", Integer, primary_key=True), _time("at"))

# Full-text search. SQLite has a virtual table `search_text` beside it, kept by triggers; PostgreSQL has the index at the end.

search_entry = Table(
    "search_entry",
    metadata,
    # A number, because the virtual table knows rows by one, and VACUUM renumbers rows that have none of their own.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    _ref("conversation_id", "conversation.id"),
    _count("revisions"),
    _text("tokens"),
    Index(None, "conversation_id"),
)
search_vector = func.array_to_tsvector(func.string_to_array(search_entry.c.tokens, literal_column("' '")))
Index("ix_search_entry_words", search_vector, postgresql_using="gin").ddl_if(dialect="postgresql")

search_mark = Table("search_mark", metadata, Column("conversation_id", Text, ForeignKey("conversation.id"), primary_key=True), _time("seq"))
