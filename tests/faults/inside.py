"""What the database itself says after the faults, read past the program: the second witness beside the visitors' API."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

_SAID = "SELECT address, client_id, pub, seq, text FROM message ORDER BY conversation_id, seq"
_UNEVEN = (
    "SELECT c.id, c.last_seq, c.last_pub, count(m.id), count(DISTINCT m.seq), count(DISTINCT m.pub), max(m.seq), max(m.pub) "
    "FROM conversation c LEFT JOIN message m ON m.conversation_id = c.id GROUP BY c.id, c.last_seq, c.last_pub "
    "HAVING NOT (count(m.id) = c.last_seq AND count(m.id) = c.last_pub AND count(DISTINCT m.seq) = count(m.id) "
    "AND count(DISTINCT m.pub) = count(m.id) AND max(m.seq) = c.last_seq AND max(m.pub) = c.last_pub)"
)
"""Conversations (of customers only) whose counters and numbers do not agree: each must be 1, 2, 3 … without a hole."""
_COUNTS = {
    "messages": "SELECT count(*) FROM message",
    "events": "SELECT count(*) FROM event WHERE kind = 'received'",
    "intakes": "SELECT count(*) FROM intake",
    "taken": "SELECT count(*) FROM intake i JOIN message m ON m.id = i.outcome",
    "conversations": "SELECT count(*) FROM conversation",
    "contacts": "SELECT count(*) FROM contact",
    "half_attached": "SELECT count(*) FROM file WHERE message_id IS NOT NULL AND (blob IS NULL OR state <> 'stored')",
}

Row = tuple[Any, ...]


class Inside:
    """One question at a time, in SQL that both engines understand."""

    def __init__(self, where: Path | str) -> None:
        self._where = where

    def ask(self, question: str) -> Sequence[Row]:
        if isinstance(self._where, Path):
            with closing(sqlite3.connect(self._where)) as connection:
                return connection.execute(question).fetchall()
        with psycopg.connect(self._where) as server:
            return server.execute(question.encode()).fetchall()

    def said(self) -> Sequence[Row]:
        """(address, client id, pub, seq, text) of every message, by conversation and number."""
        return self.ask(_SAID)

    def uneven(self) -> Sequence[Row]:
        """Conversations whose counters and messages do not agree; [] when all is well."""
        return self.ask(_UNEVEN)

    def counts(self) -> dict[str, int]:
        return {name: int(self.ask(question)[0][0]) for name, question in _COUNTS.items()}

    def damage(self) -> Sequence[Row]:
        """What SQLite finds wrong with its file; PostgreSQL has no such question."""
        if not isinstance(self._where, Path):
            return []
        return [row for row in self.ask("PRAGMA integrity_check") if row != ("ok",)] + list(self.ask("PRAGMA foreign_key_check"))
