"""Leases: who runs a listener or the router now, fenced by an epoch, with the cursor where it left off."""

from __future__ import annotations

from sqlalchemy import or_, select, update

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import lease
from gateway.db.statement import Statement
from gateway.model import Lease
from gateway.store.sql import insert_row, p

_ADD = Statement("lease.add", insert_row(lease).on_conflict_do_nothing(index_elements=["name"]))
_TAKE = Statement(
    "lease.take",
    update(lease)
    .where(lease.c.name == p("which"), or_(lease.c.holder == p("by"), lease.c.until <= p("at")))
    .values(holder=p("by"), until=p("to"), epoch=lease.c.epoch + 1)
    .returning(*lease.columns),
)
_KEEP = Statement(
    "lease.keep",
    update(lease).where(lease.c.name == p("which"), lease.c.holder == p("by"), lease.c.epoch == p("fence")).values(until=p("to")),
)
_LEAVE = Statement("lease.leave", update(lease).where(lease.c.name == p("which"), lease.c.holder == p("by")).values(until=p("at")))
_FENCE = Statement(
    "lease.fence",
    select(lease.c.name)
    .where(lease.c.name == p("which"), lease.c.holder == p("by"), lease.c.epoch == p("fence"))
    .with_for_update(read=True),
)
_CURSOR = Statement("lease.cursor", update(lease).where(lease.c.name == p("which")).values(cursor=p("to")))
_FIND = Statement("lease.find", select(lease).where(lease.c.name == p("which")))


def claim_lease(tx: Tx, name: str, holder: str, until: Micros) -> Lease | None:
    """The lease with a new epoch when it is free, ran out or is ours; None while somebody else holds it."""
    tx.run(_ADD, name=name, holder=None, epoch=0, until=0, cursor=None)
    row = tx.one(_TAKE, which=name, by=holder, at=tx.now, to=until)
    return None if row is None else Lease(*row)


def mark_kept(tx: Tx, name: str, holder: str, epoch: int, until: Micros) -> bool:
    """False when it was lost meanwhile."""
    return tx.run(_KEEP, which=name, by=holder, fence=epoch, to=until) == 1


def mark_left(tx: Tx, name: str, holder: str) -> None:
    tx.run(_LEAVE, which=name, by=holder, at=tx.now)


def is_held(tx: Tx, name: str, holder: str, epoch: int) -> bool:
    """The fence: read inside the unit that writes under the lease; a paused former holder gets False."""
    return tx.one(_FENCE, which=name, by=holder, fence=epoch) is not None


def mark_cursor(tx: Tx, name: str, cursor: str) -> None:
    tx.run(_ADD, name=name, holder=None, epoch=0, until=0, cursor=None)
    tx.run(_CURSOR, which=name, to=cursor)


def find_lease(tx: Tx, name: str) -> Lease | None:
    row = tx.one(_FIND, which=name)
    return None if row is None else Lease(*row)
