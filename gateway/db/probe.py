"""Only a write shows that writes are taken: /readyz asks this, and so a store that was full or locked is seen to recover."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql

from gateway.db.database import Database, Tx, idempotent
from gateway.db.schema import probe
from gateway.db.statement import Statement

_insert = postgresql.insert(probe)
_WRITE = Statement("probe.write", _insert.on_conflict_do_update(index_elements=["id"], set_={"at": _insert.excluded.at}))


@idempotent
def _write(tx: Tx) -> None:
    tx.run(_WRITE, id=1, at=tx.now)


async def write_probe(database: Database) -> str | None:
    """None when a row was written durably, else a sentence. Never raises but when cancelled."""
    try:
        await database.run(_write)
    except Exception as error:  # noqa: BLE001 - whatever it is, the caller is told, and that is what the caller asked
        return str(error) or repr(error)
    return None
