"""What is asked with every reply and sign-in is found by an index, however much there is."""

from __future__ import annotations

import psycopg
import pytest

from gateway.db.statement import Statement
from gateway.store import merges, messages, takeover
from tests.servers import fresh_database

IDS = '["k"]'
ASKED: tuple[tuple[Statement, dict[str, object]], ...] = (
    (messages._LAST_IN_UNION, {"conversation_id": "k"}),
    (takeover._FILES, {"conversation_ids": IDS, "of_address": "v", "from_address": "v", "to_address": "u"}),
    (takeover._UNSENT, {"from_address": "v", "to_address": "u"}),
    (takeover._LOOSE, {"address": "v"}),
    (merges._CARRIED, {"contact_id": "c", "since": 1}),
    (merges._STRANGERS, {"contact_id": "c", "stranger_id": "d"}),
)


@pytest.mark.parametrize(("statement", "values"), ASKED, ids=[statement.name for statement, _ in ASKED])
def test_postgresql_reads_no_whole_table(
    statement: Statement, values: dict[str, object], postgres_url: str, postgres_template: str
) -> None:
    text, literals = statement.text("postgresql")
    with fresh_database(postgres_url, postgres_template) as url, psycopg.connect(url) as connection:
        connection.execute("SET enable_seqscan = off")  # what is read whole now has no index that could be taken
        rows = connection.execute(f"EXPLAIN {text}".encode(), {**literals, **values}).fetchall()
    plan = "\n".join(row[0] for row in rows)
    assert "Seq Scan" not in plan, plan
