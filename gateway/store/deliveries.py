"""The outbox: what is to be sent, in which order, who is sending it now, and how it fared."""

from __future__ import annotations

from sqlalchemy import and_, case, exists, func, null, or_, select, update

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import channel_pause, delivery, delivery_message, message
from gateway.db.statement import Statement, in_list
from gateway.json import dumps
from gateway.model import Address, Delivery, DeliveryId, Message, MessageId
from gateway.store.sql import insert_row, is_now, one_of, p

d = delivery.c
_earlier = delivery.alias("earlier")
_AHEAD = exists().where(
    _earlier.c.lane == d.lane,
    _earlier.c.seq < d.seq,
    or_(
        one_of(_earlier.c.state, "queued", "sending", "retry", "paused"),
        and_(is_now(_earlier.c.state, "unknown"), _earlier.c.updated_at > p("unknown_since")),
    ),
)
_PAUSED = exists().where(channel_pause.c.channel_id == d.channel_id, channel_pause.c.until > p("due"))

_ADD = Statement("delivery.add", insert_row(delivery))
_ADD_MESSAGE = Statement("delivery_message.add", insert_row(delivery_message))
_FIND = Statement("delivery.find", select(delivery).where(d.id == p("delivery_id")))
_FIND_EXTERNAL = Statement(
    "delivery.find_external", select(delivery).where(d.channel_id == p("channel_id"), d.external_id == p("external_id"))
)
_DUE = Statement(
    "delivery.due",
    select(delivery)
    .where(
        one_of(d.state, "queued", "sending", "retry", "paused", "unknown"),
        one_of(d.state, "queued", "retry"),
        d.due_at <= p("due"),
        ~_AHEAD,
        ~_PAUSED,
    )
    .order_by(d.due_at, d.id)
    .limit(p("limit"))
    .with_for_update(skip_locked=True, of=delivery),
)
_NEXT_DUE = Statement(
    "delivery.next_due",
    select(func.min(case((is_now(d.state, "sending"), d.lease_until), else_=d.due_at))).where(
        one_of(d.state, "queued", "sending", "retry", "paused", "unknown"),
        or_(is_now(d.state, "sending"), and_(one_of(d.state, "queued", "retry"), ~_AHEAD, ~_PAUSED)),
    ),
)
_NEXT_FREE = Statement(
    "delivery.next_free",
    select(func.min(d.updated_at)).where(
        one_of(d.state, "queued", "sending", "retry", "paused", "unknown"), is_now(d.state, "unknown"), d.updated_at > p("unknown_since")
    ),
)
_NEXT_PAUSE_END = Statement("channel_pause.next_end", select(func.min(channel_pause.c.until)).where(channel_pause.c.until > p("due")))
_CLAIM = Statement(
    "delivery.claim",
    update(delivery)
    .where(d.id == p("delivery_id"), one_of(d.state, "queued", "retry"))
    .values(state="sending", holder=p("by"), lease_until=p("until"), attempts=d.attempts + 1, updated_at=p("at"))
    .returning(*delivery.columns),
)
_EXPIRED = Statement(
    "delivery.expired",
    select(delivery)
    .where(one_of(d.state, "queued", "sending", "retry", "paused", "unknown"), is_now(d.state, "sending"), d.lease_until <= p("due"))
    .order_by(d.lease_until)
    .limit(p("limit"))
    .with_for_update(skip_locked=True, of=delivery),
)
_RECLAIM = Statement(
    "delivery.reclaim",
    update(delivery)
    .where(d.id == p("delivery_id"), is_now(d.state, "sending"), d.lease_until <= p("at"))
    .values(holder=p("by"), lease_until=p("until"), updated_at=p("at"))
    .returning(*delivery.columns),
)
_SETTLE = Statement(
    "delivery.settle",
    update(delivery)
    .where(d.id == p("delivery_id"), is_now(d.state, "sending"), d.holder == p("by"))
    .values(
        state=p("new_state"),
        due_at=p("new_due"),
        external_id=func.coalesce(p("new_external"), d.external_id),
        detail=p("new_detail"),
        holder=null(),
        lease_until=null(),
        updated_at=p("at"),
    )
    .returning(*delivery.columns),
)
_EXTERNAL = Statement(
    "delivery.external", update(delivery).where(d.id == p("delivery_id"), d.external_id.is_(None)).values(external_id=p("new_external"))
)
_RANK = case(
    (d.state == "sent", 1),
    (d.state == "delivered", 2),
    (d.state == "read", 3),
    (d.state == "failed", 2),
    else_=0,
)
_RECEIPT = Statement(
    "delivery.receipt",
    update(delivery)
    .where(d.id == p("delivery_id"), p("rank") > _RANK)
    .values(state=p("new_state"), detail=func.coalesce(p("new_detail"), d.detail), holder=null(), lease_until=null(), updated_at=p("at"))
    .returning(*delivery.columns),
)
_SEEN = Statement(
    "delivery.seen",
    select(delivery)
    .distinct()
    .select_from(
        delivery.join(delivery_message, delivery_message.c.delivery_id == d.id).join(message, message.c.id == delivery_message.c.message_id)
    )
    .where(
        d.address == p("address"),
        d.conversation_id == p("conversation_id"),
        message.c.pub <= p("pub"),
        p("rank") > _RANK,
        d.state != "failed",
    ),
)
_MESSAGES = Statement(
    "delivery.messages",
    select(message)
    .select_from(delivery_message.join(message, message.c.id == delivery_message.c.message_id))
    .where(delivery_message.c.delivery_id == p("delivery_id"))
    .order_by(message.c.seq),
)
_OF_MESSAGES = Statement(
    "delivery.of_messages",
    select(delivery_message.c.message_id, *delivery.columns)
    .select_from(delivery_message.join(delivery, d.id == delivery_message.c.delivery_id))
    .where(in_list(delivery_message.c.message_id, "message_ids"))
    .order_by(d.created_at, d.id),
)
_PAUSE = Statement(
    "channel_pause.add",
    insert_row(channel_pause).on_conflict_do_update(
        index_elements=["channel_id"], set_={"reason": p("reason"), "until": p("until"), "times": channel_pause.c.times + 1}
    ),
)
_PAUSES = Statement(
    "channel_pause.list",
    select(channel_pause.c.channel_id, channel_pause.c.reason, channel_pause.c.times, channel_pause.c.until).order_by(
        channel_pause.c.channel_id
    ),
)
_UNPAUSE = Statement(
    "channel_pause.delete", channel_pause.delete().where(channel_pause.c.channel_id == p("channel_id"), channel_pause.c.until <= p("at"))
)
_RESUME = Statement(
    "delivery.resume",
    update(delivery)
    .where(is_now(d.state, "paused"), d.channel_id == p("channel_id"))
    .values(state="retry", due_at=p("due"), updated_at=p("at")),
)


def add_delivery(tx: Tx, record: Delivery, message_ids: list[MessageId]) -> None:
    tx.run(_ADD, **record._asdict())
    for message_id in message_ids:
        tx.run(_ADD_MESSAGE, delivery_id=record.id, message_id=message_id)


def find_delivery(tx: Tx, delivery_id: DeliveryId) -> Delivery | None:
    row = tx.one(_FIND, delivery_id=delivery_id)
    return None if row is None else Delivery(*row)


def find_by_external(tx: Tx, channel_id: str, external_id: str) -> Delivery | None:
    row = tx.one(_FIND_EXTERNAL, channel_id=channel_id, external_id=external_id)
    return None if row is None else Delivery(*row)


def claim_due(tx: Tx, holder: str, until: Micros, unknown_since: Micros, limit: int) -> list[Delivery]:
    """Takes due deliveries whose lane is free, at most one a lane; they are `sending` by `holder` until `until`."""
    taken: list[Delivery] = []
    lanes: set[str] = set()
    for row in tx.all(_DUE, due=tx.now, unknown_since=unknown_since, limit=limit):
        found = Delivery(*row)
        if found.lane in lanes:
            continue
        lanes.add(found.lane)
        claimed = tx.one(_CLAIM, delivery_id=found.id, by=holder, until=until, at=tx.now)
        if claimed is not None:
            taken.append(Delivery(*claimed))
    return taken


def claim_expired(tx: Tx, holder: str, until: Micros, limit: int) -> list[Delivery]:
    """Takes over sends whose sender has not come back."""
    taken: list[Delivery] = []
    for row in tx.all(_EXPIRED, due=tx.now, limit=limit):
        claimed = tx.one(_RECLAIM, delivery_id=row[0], by=holder, until=until, at=tx.now)
        if claimed is not None:
            taken.append(Delivery(*claimed))
    return taken


def find_next_due(tx: Tx, unknown_holds: Micros) -> Micros | None:
    """When the outbox wants attention next: what nothing holds up is due, a lane comes free, or a pause ends."""
    since = tx.now - unknown_holds
    [due] = tx.all(_NEXT_DUE, due=tx.now, unknown_since=since)
    [held] = tx.all(_NEXT_FREE, unknown_since=since)
    [paused] = tx.all(_NEXT_PAUSE_END, due=tx.now)
    free = None if held[0] is None else held[0] + unknown_holds
    return min((int(at) for at in (due[0], free, paused[0]) if at is not None), default=None)


def mark_settled(
    tx: Tx, delivery_id: DeliveryId, holder: str, state: str, *, due: Micros, external_id: str | None, detail: str | None
) -> Delivery | None:
    """Ends a send; None when `holder` lost its lease meanwhile or a receipt was faster."""
    row = tx.one(
        _SETTLE, delivery_id=delivery_id, by=holder, new_state=state, new_due=due, new_external=external_id, new_detail=detail, at=tx.now
    )
    return None if row is None else Delivery(*row)


def mark_external(tx: Tx, delivery_id: DeliveryId, external_id: str) -> None:
    """The provider's name for a delivery that has none yet."""
    tx.run(_EXTERNAL, delivery_id=delivery_id, new_external=external_id)


RANKS = {"sent": 1, "delivered": 2, "failed": 2, "read": 3}


def mark_receipt(tx: Tx, delivery_id: DeliveryId, state: str, detail: str | None) -> Delivery | None:
    """Raises the state; a lower rank that arrives later changes nothing (None)."""
    row = tx.one(_RECEIPT, delivery_id=delivery_id, rank=RANKS[state], new_state=state, new_detail=detail, at=tx.now)
    return None if row is None else Delivery(*row)


def list_below(tx: Tx, address: Address, conversation_id: str, pub: int, rank: int) -> list[Delivery]:
    """Deliveries to this address of messages up to `pub` whose state is below `rank`."""
    return [Delivery(*row) for row in tx.all(_SEEN, address=address, conversation_id=conversation_id, pub=pub, rank=rank)]


def list_messages(tx: Tx, delivery_id: DeliveryId) -> list[Message]:
    return [Message(*row) for row in tx.all(_MESSAGES, delivery_id=delivery_id)]


def list_of_messages(tx: Tx, message_ids: list[MessageId]) -> dict[MessageId, Delivery]:
    """The latest delivery of each message that has one."""
    return {MessageId(row[0]): Delivery(*row[1:]) for row in tx.all(_OF_MESSAGES, message_ids=dumps(message_ids))}


def mark_paused(tx: Tx, channel_id: str, reason: str, until: Micros) -> None:
    tx.run(_PAUSE, channel_id=channel_id, reason=reason, times=1, until=until)


def list_pauses(tx: Tx) -> list[tuple[str, str, int, Micros]]:
    """(channel, reason, how often in a row, until)."""
    return [(row[0], row[1], int(row[2]), int(row[3])) for row in tx.all(_PAUSES)]


def delete_pause(tx: Tx, channel_id: str) -> bool:
    """A pause that has run out is over for good; False when there was none."""
    return tx.run(_UNPAUSE, channel_id=channel_id, at=tx.now) > 0


def mark_resumed(tx: Tx, channel_id: str) -> int:
    """Lets the waiting deliveries of a channel try again; gives how many."""
    return tx.run(_RESUME, channel_id=channel_id, due=tx.now, at=tx.now)
