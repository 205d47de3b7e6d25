"""Full-text search: the words of each message, hex-coded, in FTS5 or under a GIN index. The index loop fills it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_search"
down_revision = "0001_foundation"

# The words are kept once, in search_entry. Positions and sizes are for phrases and ranks, which nobody asks for.
TABLE = """
CREATE VIRTUAL TABLE search_text USING fts5(tokens, content='search_entry', content_rowid='id', tokenize='ascii', detail='none', columnsize=0)
"""
ADDED = """
CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
    INSERT INTO search_text (rowid, tokens) VALUES (new.id, new.tokens);
END
"""
DELETED = """
CREATE TRIGGER search_entry_deleted AFTER DELETE ON search_entry BEGIN
    INSERT INTO search_text (search_text, rowid, tokens) VALUES ('delete', old.id, old.tokens);
END
"""
CHANGED = """
CREATE TRIGGER search_entry_changed AFTER UPDATE OF tokens ON search_entry BEGIN
    INSERT INTO search_text (search_text, rowid, tokens) VALUES ('delete', old.id, old.tokens);
    INSERT INTO search_text (rowid, tokens) VALUES (new.id, new.tokens);
END
"""
POSTGRESQL = "CREATE INDEX ix_search_entry_words ON search_entry USING gin (array_to_tsvector(string_to_array(tokens, ' ')))"


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversation.id", name="fk_search_entry_conversation_id"), nullable=False),
        sa.Column("revisions", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("tokens", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_entry"),
        sa.UniqueConstraint("key", name="uq_search_entry_key"),
    )
    op.create_index("ix_search_entry_conversation_id", "search_entry", ["conversation_id"])
    op.create_table(
        "search_mark",
        sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversation.id", name="fk_search_mark_conversation_id"), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_search_mark"),
    )
    for statement in (TABLE, ADDED, DELETED, CHANGED) if op.get_bind().dialect.name == "sqlite" else (POSTGRESQL,):
        op.execute(statement)
