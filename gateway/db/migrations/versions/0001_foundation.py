"""The tables as they were first; the standard categories, so that a request can be named from the first day."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001_foundation"
down_revision: str | None = None

CATEGORIES = (
    ("bugs", "Bug"),
    ("feature_requests", "Feature request"),
    ("churn_responses", "Churn response"),
    ("onboarding", "Onboarding"),
    ("user_education", "User education"),
    ("power_users", "Power user"),
    ("question", "Question"),
    ("technical", "Technical"),
    ("partnership", "Partnership"),
)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default=None if default is None else sa.text(f"'{default}'"))


def _maybe(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=True)


def _time(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _maybe_time(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=True)


def _count(name: str, default: int = 0) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default=sa.text(str(default)))


def _ref(place: str, target: str, *, nullable: bool = False) -> sa.Column[str]:
    """`place` is table.column."""
    table, name = place.split(".")
    return sa.Column(name, sa.Text, sa.ForeignKey(target, name=f"fk_{table}_{name}"), nullable=nullable)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=name)


def _table(name: str, key: str, *items: Any, **options: Any) -> None:
    op.create_table(name, *items, sa.PrimaryKeyConstraint(*key.split(), name=f"pk_{name}"), **options)


def _index(name: str, table: str, columns: str, *, unique: bool = False, where: str | None = None) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, columns.split(), unique=unique, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    _people()
    _staff()
    _conversations()
    _messages()
    _sending()
    _deciding()
    _running()
    category = sa.table("category", sa.column("id", sa.Text), sa.column("name", sa.Text), sa.column("position", sa.BigInteger))
    op.bulk_insert(category, [{"id": id_, "name": name, "position": 10 * place} for place, (id_, name) in enumerate(CATEGORIES, 1)])


# fmt: off
def _people() -> None:
    _table(
        "contact", "id",
        _text("id"), _text("name", ""), _maybe("locale"), _maybe("time_zone"), _text("attributes", "{}"), _text("page", "{}"), _maybe_time("blocked_at"),
        _time("created_at"),
    )
    _table(
        "identity", "address",
        _text("address"), _ref("identity.contact_id", "contact.id"), _maybe("proof_method"), _maybe_time("proof_at"), _count("shared"),
        _maybe_time("opted_out_at"), _count("out_seq"), _time("created_at"), _maybe_time("last_in_at"),
    )
    _index("ix_identity_contact_id", "identity", "contact_id")
    _table(
        "merge", "id",
        _text("id"), _ref("merge.kept", "contact.id"), _ref("merge.gone", "contact.id"), _maybe("by_agent"), _time("at"), _maybe_time("undone_at"),
        _text("moved", "[]"),
    )
    _index("ix_merge_kept", "merge", "kept")


def _staff() -> None:
    _table("team", "id", _text("id"), _text("name"), _time("created_at"), sa.UniqueConstraint("name", name="uq_team_name"))
    _table(
        "agent", "id",
        _text("id"), _text("name"), _text("email"), _text("role", "agent"), _maybe("password_hash"), _text("availability", "away"), _text("skills", "[]"),
        _count("units", 60), _count("last_assigned_at"), _maybe_time("disabled_at"), _time("created_at"),
        sa.UniqueConstraint("email", name="uq_agent_email"),
        _check("ck_agent_role", "role IN ('viewer','agent','lead','manager','admin')"),
        _check("ck_agent_availability", "availability IN ('available','away')"),
    )
    _table("team_member", "team_id agent_id", _ref("team_member.team_id", "team.id"), _ref("team_member.agent_id", "agent.id"))
    _index("ix_team_member_agent_id", "team_member", "agent_id")
    _table(
        "agent_load", "agent_id load_class",
        _ref("agent_load.agent_id", "agent.id"), _text("load_class"), _count("load"), _count("cap", 3), _check("ck_agent_load_load", "load >= 0"),
    )
    _table("presence", "agent_id surface", _ref("presence.agent_id", "agent.id"), _text("surface"), _time("seen_until"))
    _table(
        "session", "token_hash",
        _text("token_hash"), _ref("session.agent_id", "agent.id"), _time("created_at"), _time("seen_at"), _time("expires_at"),
    )
    _index("ix_session_agent_id", "session", "agent_id")
    _table("login_link", "token_hash", _text("token_hash"), _ref("login_link.agent_id", "agent.id"), _time("expires_at"), _maybe_time("used_at"))
    _index("ix_login_link_agent_id", "login_link", "agent_id")


def _conversations() -> None:
    _table("category", "id", _text("id"), _text("name"), _count("position"))
    _table(
        "conversation", "id",
        _text("id"), _time("number"), _ref("conversation.contact_id", "contact.id"), _text("topic", ""), _text("state", "open"),
        _ref("conversation.joined_to", "conversation.id", nullable=True), _ref("conversation.linked_to", "conversation.id", nullable=True),
        _ref("conversation.team_id", "team.id", nullable=True), _ref("conversation.assignee_id", "agent.id", nullable=True), _count("holds"),
        _count("priority", 2), _ref("conversation.category_id", "category.id", nullable=True), _text("subject", ""), _text("load_class", "chat"),
        _text("channel_id", ""), _text("rule", ""), _count("last_seq"), _count("last_pub"), _count("agent_pub"), _count("customer_pub"), _count("version"),
        _text("preview", ""), _text("preview_author", "customer"), _time("created_at"), _time("last_at"), _maybe_time("waiting_since"),
        _maybe_time("due_at"), _maybe_time("route_at"), _maybe_time("snoozed_until"), _maybe_time("resolved_at"), _maybe_time("asked_solved_at"),
        sa.UniqueConstraint("number", name="uq_conversation_number"),
        _check("ck_conversation_state", "state IN ('open','snoozed','resolved','closed','joined')"),
        _check("ck_conversation_joined", "(state = 'joined') = (joined_to IS NOT NULL)"),
    )
    _index("uq_conversation_open_topic", "conversation", "contact_id topic", unique=True, where="state IN ('open', 'snoozed')")
    _index("ix_conversation_contact", "conversation", "contact_id")
    _index("ix_conversation_list", "conversation", "state last_at")
    _index("ix_conversation_assignee", "conversation", "assignee_id state")
    _index("ix_conversation_joined", "conversation", "joined_to", where="joined_to IS NOT NULL")
    _index("ix_conversation_route", "conversation", "route_at", where="route_at IS NOT NULL")
    _index("ix_conversation_snoozed", "conversation", "snoozed_until", where="state = 'snoozed'")
    _table(
        "participant", "address conversation_id",
        _ref("participant.conversation_id", "conversation.id"), _text("address"), _count("first_pub"),
    )
    _index("ix_participant_conversation_id", "participant", "conversation_id")
    _table(
        "claim", "id",
        _text("id"), _ref("claim.contact_id", "contact.id"), _text("address"), _ref("claim.conversation_id", "conversation.id", nullable=True), _time("at"),
        _maybe_time("cut_at"),
    )
    _index("ix_claim_contact_id", "claim", "contact_id")
    _table(
        "read_mark", "agent_id conversation_id",
        _ref("read_mark.agent_id", "agent.id"), _ref("read_mark.conversation_id", "conversation.id"), _count("seq"),
    )


def _messages() -> None:
    _table(
        "message", "id",
        _text("id"), _ref("message.conversation_id", "conversation.id"), _time("seq"), _maybe_time("pub"), _text("direction"), _text("author_kind"),
        _maybe("author_id"), _text("author_name", ""), _text("channel_id"), _maybe("address"), _text("text"), _maybe("html"), _maybe("subject"),
        _maybe("thread"), _maybe("client_id"), _time("at"),
        _check("ck_message_direction", "direction IN ('in','out','note')"),
        _check("ck_message_pub", "(direction = 'note') = (pub IS NULL)"),
    )
    _index("uq_message_seq", "message", "conversation_id seq", unique=True)
    _index("uq_message_pub", "message", "conversation_id pub", unique=True)
    _table("revision", "id", _text("id"), _ref("revision.message_id", "message.id"), _text("kind"), _text("text", ""), _time("at"))
    _index("ix_revision_message_id", "revision", "message_id")
    _table(
        "external_ref", "channel_id external_id",
        _text("channel_id"), _text("external_id"), _ref("external_ref.message_id", "message.id"),
    )
    _table(
        "file", "id",
        _text("id"), _ref("file.message_id", "message.id", nullable=True), _text("owner"), _text("name"), _text("media_type"), _count("size"),
        _text("state"), _maybe("blob"), _maybe("source"), _maybe("channel_id"), _count("attempts"), _maybe_time("due_at"), _maybe_time("lease_until"),
        _time("created_at"),
        _check("ck_file_state", "state IN ('wanted','stored','failed')"),
    )
    _index("ix_file_message_id", "file", "message_id")
    _index("ix_file_wanted", "file", "due_at", where="state = 'wanted'")
    _index("ix_file_blob", "file", "blob")
    _table(
        "intake", "channel_id dedup_key",
        _text("channel_id"), _text("dedup_key"), sa.Column("raw", sa.LargeBinary, nullable=True), _time("at"), _text("outcome"),
    )


def _sending() -> None:
    _table(
        "delivery", "id",
        _text("id"), _text("channel_id"), _text("address"), _ref("delivery.conversation_id", "conversation.id"), _text("lane"), _time("seq"),
        _text("state", "queued"), _count("attempts"), _time("due_at"), _maybe_time("lease_until"), _maybe("holder"), _maybe("external_id"),
        _maybe("detail"), _time("created_at"), _time("updated_at"),
        _check("ck_delivery_state", "state IN ('queued','sending','retry','paused','sent','delivered','read','failed','unknown')"),
    )
    _index("uq_delivery_lane", "delivery", "lane seq", unique=True)
    _index("uq_delivery_external", "delivery", "channel_id external_id", unique=True)
    _index("ix_delivery_conversation_id", "delivery", "conversation_id")
    _index("ix_delivery_active", "delivery", "due_at", where="state IN ('queued', 'sending', 'retry', 'paused', 'unknown')")
    _table(
        "delivery_message", "delivery_id message_id",
        _ref("delivery_message.delivery_id", "delivery.id"), _ref("delivery_message.message_id", "message.id"),
    )
    _index("ix_delivery_message_message_id", "delivery_message", "message_id")
    _table("channel_pause", "channel_id", _text("channel_id"), _text("reason"), _count("times"), _time("until"))


def _deciding() -> None:
    _table(
        "event", "conversation_id id",
        _text("id"), _ref("event.conversation_id", "conversation.id"), _text("kind"), _text("actor_kind"), _maybe("actor_id"), _text("actor_name", ""),
        _text("payload", "{}"), _time("at"), sqlite_with_rowid=False,
    )
    _table(
        "assignment", "id",
        _text("id"), _ref("assignment.conversation_id", "conversation.id"), _ref("assignment.agent_id", "agent.id"), _time("version"),
        _maybe("from_agent"), _text("decided_by"), _text("reason"), _text("verdicts", "[]"), _text("load_class"), _time("at"), _maybe_time("ended_at"),
        _maybe("end_reason"),
    )
    _index("ix_assignment_conversation", "assignment", "conversation_id at")
    _index("uq_assignment_open", "assignment", "conversation_id", unique=True, where="ended_at IS NULL")
    _table(
        "offer", "id",
        _text("id"), _ref("offer.conversation_id", "conversation.id"), _ref("offer.agent_id", "agent.id"), _time("version"), _text("state", "open"),
        _text("reason"), _text("verdicts", "[]"), _text("load_class"), _time("deadline"), _time("at"),
        _check("ck_offer_state", "state IN ('open','accepted','declined','expired','withdrawn')"),
    )
    _index("ix_offer_conversation", "offer", "conversation_id at")
    _index("uq_offer_open", "offer", "conversation_id", unique=True, where="state = 'open'")


def _running() -> None:
    _table("lease", "name", _text("name"), _maybe("holder"), _count("epoch"), _count("until"), _maybe("cursor"))
    _table("counter", "name", _text("name"), _time("value"))
    _table("blob", "name", _text("name"), sa.Column("bytes", sa.LargeBinary, nullable=False), _time("at"))
    _table("probe", "id", sa.Column("id", sa.Integer, nullable=False), _time("at"))
