"""What the inbox works with: tags, links, snippets, saved searches, teams' hours, spam, ratings, and who read what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_inbox"
down_revision = "0002_search"


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default=None if default is None else sa.text(f"'{default}'"))


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default=sa.text("0"))


def _time(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _ref(table: str, name: str, target: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}"), nullable=nullable)


def upgrade() -> None:
    op.add_column("team", _text("hours", ""))
    op.add_column("category", _number("hidden"))
    op.add_column("conversation", sa.Column("spam_at", sa.BigInteger, nullable=True))
    op.add_column("conversation", sa.Column("rating", sa.BigInteger, nullable=True))
    _index("ix_conversation_team", "conversation", ["team_id"], "team_id IS NOT NULL")
    _index("ix_conversation_spam", "conversation", ["spam_at"], "spam_at IS NOT NULL")
    _index("ix_event_agent", "event", ["actor_id", "at"], "actor_kind = 'agent'")
    op.create_index("ix_claim_address", "claim", ["address"])
    _conversations()
    _shelf()
    _audit()


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _conversations() -> None:
    op.create_table(
        "conversation_tag",
        _ref("conversation_tag", "conversation_id", "conversation"),
        _text("tag"),
        sa.PrimaryKeyConstraint("conversation_id", "tag", name="pk_conversation_tag"),
    )
    op.create_index("ix_conversation_tag_tag_conversation_id", "conversation_tag", ["tag", "conversation_id"])
    op.create_table(
        "conversation_link",
        _ref("conversation_link", "from_id", "conversation"),
        _ref("conversation_link", "to_id", "conversation"),
        _text("kind"),
        _time("at"),
        sa.PrimaryKeyConstraint("from_id", "to_id", "kind", name="pk_conversation_link"),
        sa.CheckConstraint("kind IN ('related','duplicate_of','blocked_by')", name="ck_conversation_link_kind"),
    )
    op.create_index("ix_conversation_link_to_id", "conversation_link", ["to_id"])


def _shelf() -> None:
    op.create_table(
        "snippet",
        sa.Column("id", sa.Text, nullable=False),
        _text("name"),
        _text("text"),
        _ref("snippet", "agent_id", "agent"),
        _number("shared"),
        _time("created_at"),
        _time("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_snippet"),
    )
    op.create_index("ix_snippet_agent_id", "snippet", ["agent_id"])
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Text, nullable=False),
        _text("name"),
        _text("query", "{}"),
        _ref("saved_search", "agent_id", "agent"),
        _number("shared"),
        _time("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_search"),
    )
    op.create_index("ix_saved_search_agent_id", "saved_search", ["agent_id"])


def _audit() -> None:
    op.create_table(
        "audit_line",
        sa.Column("id", sa.Text, nullable=False),
        _time("at"),
        _ref("audit_line", "agent_id", "agent"),
        _text("act"),
        _ref("audit_line", "conversation_id", "conversation", nullable=True),
        _ref("audit_line", "contact_id", "contact", nullable=True),
        _text("detail", "{}"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_line"),
    )
    for what in ("agent", "contact", "conversation"):
        op.create_index(f"ix_audit_line_{what}", "audit_line", [f"{what}_id", "at"])
    op.create_index("ix_audit_line_at", "audit_line", ["at"])
