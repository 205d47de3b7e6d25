"""The intake journal: an event is taken once, whatever has become of its conversation since."""

from __future__ import annotations

from sqlalchemy import delete, select

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import intake
from gateway.db.statement import Statement
from gateway.store.sql import insert_row, p

_ADD = Statement(
    "intake.add", insert_row(intake).on_conflict_do_nothing(index_elements=["channel_id", "dedup_key"]).returning(intake.c.outcome)
)
_FIND = Statement(
    "intake.find", select(intake.c.outcome).where(intake.c.channel_id == p("channel_id"), intake.c.dedup_key == p("dedup_key"))
)
_EXPIRE = Statement("intake.expire", delete(intake).where(intake.c.at < p("before")))
_PARKED = Statement(
    "intake.parked",
    select(intake.c.channel_id, intake.c.dedup_key, intake.c.raw)
    .where(intake.c.outcome == "parked")
    .order_by(intake.c.at)
    .limit(p("limit")),
)


def add_intake(tx: Tx, channel_id: str, dedup_key: str, outcome: str, raw: bytes | None = None) -> str | None:
    """None when the event is new; else the outcome of the first time."""
    if tx.one(_ADD, channel_id=channel_id, dedup_key=dedup_key, raw=raw or None, at=tx.now, outcome=outcome) is not None:
        return None
    return find_outcome(tx, channel_id, dedup_key)


def find_outcome(tx: Tx, channel_id: str, dedup_key: str) -> str | None:
    row = tx.one(_FIND, channel_id=channel_id, dedup_key=dedup_key)
    return None if row is None else str(row[0])


def list_parked(tx: Tx, limit: int = 100) -> list[tuple[str, str, bytes]]:
    """Entries that were signed but not understood, oldest first: (channel, key, raw bytes)."""
    return [(row[0], row[1], bytes(row[2] or b"")) for row in tx.all(_PARKED, limit=limit)]


def delete_intakes(tx: Tx, before: Micros) -> int:
    """Drops journal lines older than `before`; keep them longer than any provider retries."""
    return tx.run(_EXPIRE, before=before)
