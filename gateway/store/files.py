"""Files of messages: wanted until their bytes are a stored blob."""

from __future__ import annotations

from sqlalchemy import func, null, select, update

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import file
from gateway.db.statement import Statement, in_list
from gateway.errors import NotFound
from gateway.json import dumps
from gateway.model import File, FileId, MessageId
from gateway.store.sql import insert_row, is_now, p

f = file.c
_ADD = Statement("file.add", insert_row(file))
_GET = Statement("file.get", select(file).where(f.id == p("file_id")))
_ATTACH = Statement(
    "file.attach",
    update(file)
    .where(in_list(f.id, "file_ids"), f.owner == p("by"), f.message_id.is_(None), is_now(f.state, "stored"))
    .values(message_id=p("to_message")),
)
_OF = Statement("file.of", select(file).where(in_list(f.message_id, "message_ids")).order_by(f.id))
_LOOSE = Statement("file.loose", select(func.count(), func.coalesce(func.sum(f.size), 0)).where(f.owner == p("by"), f.message_id.is_(None)))
_ORPHANS = Statement(
    "file.orphans", select(file).where(f.message_id.is_(None), f.created_at < p("before")).order_by(f.created_at).limit(p("limit"))
)
_DELETE = Statement("file.delete", file.delete().where(f.id == p("file_id"), f.message_id.is_(None)))
_BLOB_USED = Statement("file.blob_used", select(f.id).where(f.blob == p("name")).limit(1))
_DUE = Statement(
    "file.due",
    select(file)
    .where(is_now(f.state, "wanted"), f.due_at <= p("due"), func.coalesce(f.lease_until, 0) <= p("due"))
    .order_by(f.due_at)
    .limit(p("limit"))
    .with_for_update(skip_locked=True),
)
_LEASE = Statement("file.lease", update(file).where(f.id == p("file_id")).values(lease_until=p("until"), attempts=f.attempts + 1))
_STORED = Statement(
    "file.stored",
    update(file)
    .where(f.id == p("file_id"), is_now(f.state, "wanted"))
    .values(state="stored", blob=p("name"), size=p("bytes"), media_type=p("type"), lease_until=null()),
)
_AGAIN = Statement(
    "file.again", update(file).where(f.id == p("file_id"), is_now(f.state, "wanted")).values(due_at=p("due"), lease_until=null())
)
_FAILED = Statement(
    "file.failed", update(file).where(f.id == p("file_id"), is_now(f.state, "wanted")).values(state="failed", lease_until=null())
)


def add_file(tx: Tx, record: File) -> None:
    tx.run(_ADD, **record._asdict())


def get_file(tx: Tx, file_id: FileId) -> File:
    row = tx.one(_GET, file_id=file_id)
    if row is None:
        raise NotFound("There is no such file.")
    return File(*row)


def mark_attached(tx: Tx, file_ids: list[str], owner: str, message_id: MessageId) -> int:
    """Attaches those that `owner` uploaded and that belong to no message yet; gives how many."""
    return tx.run(_ATTACH, file_ids=dumps(file_ids), by=owner, to_message=message_id)


def list_files(tx: Tx, message_ids: list[MessageId]) -> list[File]:
    return [File(*row) for row in tx.all(_OF, message_ids=dumps(message_ids))]


def count_loose(tx: Tx, owner: str) -> tuple[int, int]:
    """Uploaded but not sent by this owner: (files, bytes)."""
    row = tx.one(_LOOSE, by=owner)
    return (int(row[0]), int(row[1])) if row else (0, 0)


def list_orphans(tx: Tx, before: Micros, limit: int = 100) -> list[File]:
    return [File(*row) for row in tx.all(_ORPHANS, before=before, limit=limit)]


def delete_orphan(tx: Tx, file_id: FileId) -> None:
    tx.run(_DELETE, file_id=file_id)


def is_blob_used(tx: Tx, name: str) -> bool:
    return tx.one(_BLOB_USED, name=name) is not None


def claim_due(tx: Tx, until: Micros, limit: int = 10) -> list[File]:
    """Wanted files whose time has come, leased until `until`."""
    found = [File(*row) for row in tx.all(_DUE, due=tx.now, limit=limit)]
    for record in found:
        tx.run(_LEASE, file_id=record.id, until=until)
    return found


def mark_stored(tx: Tx, file_id: FileId, blob: str, size: int, media_type: str) -> None:
    tx.run(_STORED, file_id=file_id, name=blob, bytes=size, type=media_type)


def mark_again(tx: Tx, file_id: FileId, due: Micros) -> None:
    tx.run(_AGAIN, file_id=file_id, due=due)


def mark_failed(tx: Tx, file_id: FileId) -> None:
    tx.run(_FAILED, file_id=file_id)
