"""Conversations: finding the one a message belongs to, numbering what is said, and every guarded change."""

from __future__ import annotations

from sqlalchemy import and_, case, func, null, select, update

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import conversation, counter, participant
from gateway.db.statement import Statement
from gateway.errors import NotFound
from gateway.model import Address, ContactId, Conversation, ConversationId
from gateway.store.sql import insert, insert_row, one_of, p

c = conversation.c
_WIDTH = len(conversation.columns)
_OPEN = one_of(c.state, "open", "snoozed")
_BY_ID = c.id == p("conversation_id")

_ADD = Statement("conversation.add", insert_row(conversation))
_GET = Statement("conversation.get", select(conversation).where(_BY_ID))
_BY_NUMBER = Statement("conversation.by_number", select(conversation).where(c.number == p("called")))
_LOCK = Statement("conversation.lock", select(conversation).where(_BY_ID).with_for_update(key_share=True))
_OPEN_OF = Statement(
    "conversation.open_of",
    select(conversation, participant.c.first_pub)
    .select_from(conversation.outerjoin(participant, and_(participant.c.conversation_id == c.id, participant.c.address == p("address"))))
    .where(c.contact_id == p("contact_id"), _OPEN)
    .order_by(c.topic, c.last_at.desc()),
)
_LATEST_OF = Statement(
    "conversation.latest_of",
    select(conversation)
    .where(c.contact_id == p("contact_id"), c.state != "joined")
    .order_by(c.last_at.desc(), c.id.desc())
    .limit(p("limit")),
)
_LATEST_ON = Statement(
    "conversation.latest_on",
    select(conversation)
    .where(c.contact_id == p("contact_id"), c.topic == p("topic"), c.state != "joined")
    .order_by(c.last_at.desc(), c.id.desc())
    .limit(1),
)
_ALL_OF = Statement("conversation.all_of", select(conversation).where(c.contact_id == p("contact_id")).order_by(c.created_at))
_JOINED = Statement("conversation.joined", select(conversation).where(c.joined_to == p("conversation_id")).order_by(c.created_at))
_NUMBER = Statement(
    "conversation.number",
    insert(counter)
    .values(name=p("name"), value=p("start"))
    .on_conflict_do_update(index_elements=["name"], set_={"value": counter.c.value + 1})
    .returning(counter.c.value),
)
_INBOUND = Statement(
    "conversation.inbound",
    update(conversation)
    .where(_BY_ID)
    .values(
        last_seq=c.last_seq + 1,
        last_pub=c.last_pub + 1,
        last_at=p("at"),
        waiting_since=func.coalesce(c.waiting_since, p("at")),
        route_at=case((c.assignee_id.is_(None), func.coalesce(c.route_at, p("at"))), else_=null()),
        preview=p("new_preview"),
        preview_author="customer",
        channel_id=p("new_channel"),
        load_class=p("new_class"),
    )
    .returning(
        *conversation.columns,
        select(func.count())
        .select_from(participant)
        .where(participant.c.conversation_id == c.id)
        .correlate(conversation)
        .scalar_subquery(),
    ),
)
_OUTBOUND = Statement(
    "conversation.outbound",
    update(conversation)
    .where(_BY_ID)
    .values(
        last_seq=c.last_seq + 1,
        last_pub=c.last_pub + 1,
        last_at=p("at"),
        waiting_since=null(),
        due_at=null(),
        preview=p("new_preview"),
        preview_author="agent",
    )
    .returning(*conversation.columns),
)
_NOTE = Statement(
    "conversation.note",
    update(conversation)
    .where(_BY_ID)
    .values(last_seq=c.last_seq + 1, last_at=p("at"), preview=p("new_preview"), preview_author="note")
    .returning(*conversation.columns),
)
_REHOMED = Statement(
    "conversation.rehomed",
    update(conversation)
    .where(_BY_ID)
    .values(
        last_seq=c.last_seq + 1,
        last_pub=c.last_pub + p("public"),
        last_at=case((c.last_at < p("at"), p("at")), else_=c.last_at),
        route_at=case((c.assignee_id.is_(None), func.coalesce(c.route_at, p("now"))), else_=null()),
    )
    .returning(*conversation.columns),
)
_SUMMED = Statement(
    "conversation.summed",
    update(conversation)
    .where(_BY_ID)
    .values(
        last_at=p("new_last"),
        waiting_since=p("new_waiting"),
        preview=p("new_preview"),
        preview_author=p("new_author"),
        channel_id=p("new_channel"),
    ),
)
_SAVE = Statement(
    "conversation.save",
    update(conversation)
    .where(_BY_ID, c.version == p("seen_version"))
    .values(
        version=c.version + 1,
        **{
            name: p(f"new_{name}")
            for name in [
                "state",
                "topic",
                "joined_to",
                "linked_to",
                "team_id",
                "assignee_id",
                "holds",
                "priority",
                "category_id",
                "subject",
                "load_class",
                "waiting_since",
                "due_at",
                "route_at",
                "snoozed_until",
                "resolved_at",
                "asked_solved_at",
                "spam_at",
                "rating",
            ]
        },
    )
    .returning(*conversation.columns),
)
_SAVED = [key.removeprefix("new_") for key in _SAVE.clause.compile().params if key.startswith("new_")]
_HOLDS = Statement("conversation.holds", update(conversation).where(_BY_ID).values(holds=p("new_holds")))
_SEEN_BY_CUSTOMER = Statement(
    "conversation.seen_by_customer", update(conversation).where(_BY_ID, c.customer_pub < p("pub")).values(customer_pub=p("pub"))
)
_SEEN_BY_AGENT = Statement(
    "conversation.seen_by_agent", update(conversation).where(_BY_ID, c.agent_pub < p("pub")).values(agent_pub=p("pub"))
)


def add_conversation(tx: Tx, record: Conversation) -> None:
    tx.run(_ADD, **record._asdict())


def next_number(tx: Tx, name: str = "conversation", start: int = 1001) -> int:
    """Counts on in commit order; the row stays locked until the unit ends, so call it late."""
    row = tx.one(_NUMBER, name=name, start=start)
    return int(row[0]) if row else start


def find_conversation(tx: Tx, conversation_id: ConversationId) -> Conversation | None:
    row = tx.one(_GET, conversation_id=conversation_id)
    return None if row is None else Conversation(*row)


def get_conversation(tx: Tx, conversation_id: ConversationId, *, lock: bool = False) -> Conversation:
    row = tx.one(_LOCK if lock else _GET, conversation_id=conversation_id)
    if row is None:
        raise NotFound("There is no such conversation.")
    return Conversation(*row)


def get_named(tx: Tx, name: str) -> Conversation:
    """By id or by the number people call it. Raises NotFound."""
    number = name.removeprefix("#")
    if not (number.isascii() and number.isdigit() and len(number) <= 15):
        return get_conversation(tx, ConversationId(name))
    row = tx.one(_BY_NUMBER, called=int(number))
    if row is None:
        raise NotFound(f"There is no conversation #{number}.")
    return Conversation(*row)


def list_open_of(tx: Tx, contact_id: ContactId, address: Address) -> list[tuple[Conversation, int | None]]:
    """The contact's open and snoozed conversations, main topic first, each with this address' first pub in it."""
    return [(Conversation(*row[:_WIDTH]), row[_WIDTH]) for row in tx.all(_OPEN_OF, contact_id=contact_id, address=address)]


def list_latest_of(tx: Tx, contact_id: ContactId, limit: int = 5) -> list[Conversation]:
    """Whatever their state but joined, newest first."""
    return [Conversation(*row) for row in tx.all(_LATEST_OF, contact_id=contact_id, limit=limit)]


def find_latest_on(tx: Tx, contact_id: ContactId, topic: str) -> Conversation | None:
    """The newest on this topic, whatever its state but joined."""
    row = tx.one(_LATEST_ON, contact_id=contact_id, topic=topic)
    return None if row is None else Conversation(*row)


def list_all_of(tx: Tx, contact_id: ContactId) -> list[Conversation]:
    return [Conversation(*row) for row in tx.all(_ALL_OF, contact_id=contact_id)]


def list_joined(tx: Tx, conversation_id: ConversationId) -> list[Conversation]:
    """Those that were joined into this one."""
    return [Conversation(*row) for row in tx.all(_JOINED, conversation_id=conversation_id)]


def mark_inbound(tx: Tx, conversation_id: ConversationId, channel_id: str, load_class: str, preview: str) -> tuple[Conversation, int]:
    """One more message of the customer: gives it `last_seq` and `last_pub` in commit order; and how many take part."""
    row = tx.one(_INBOUND, conversation_id=conversation_id, at=tx.now, new_preview=preview, new_channel=channel_id, new_class=load_class)
    if row is None:
        raise NotFound("There is no such conversation.")
    return Conversation(*row[:_WIDTH]), int(row[_WIDTH])


def mark_outbound(tx: Tx, conversation_id: ConversationId, preview: str) -> Conversation:
    """One more message to the customer, who is no longer waiting for us."""
    row = tx.one(_OUTBOUND, conversation_id=conversation_id, at=tx.now, new_preview=preview)
    if row is None:
        raise NotFound("There is no such conversation.")
    return Conversation(*row)


def mark_noted(tx: Tx, conversation_id: ConversationId, preview: str) -> Conversation:
    """One more note: a `seq`, no `pub`."""
    row = tx.one(_NOTE, conversation_id=conversation_id, at=tx.now, new_preview=preview)
    if row is None:
        raise NotFound("There is no such conversation.")
    return Conversation(*row)


def mark_rehomed_in(tx: Tx, conversation_id: ConversationId, at: Micros, *, public: bool = True) -> Conversation:
    """Numbers a message that comes from an undone merge or a split, as if it had been said here at its time; a note gets no `pub`."""
    row = tx.one(_REHOMED, conversation_id=conversation_id, at=at, now=tx.now, public=int(public))
    if row is None:
        raise NotFound("There is no such conversation.")
    return Conversation(*row)


def mark_summed(tx: Tx, changed: Conversation) -> None:
    """What the list shows of the last message and of who waits, after messages have left or come back."""
    tx.run(
        _SUMMED, conversation_id=changed.id, new_last=changed.last_at, new_waiting=changed.waiting_since, new_preview=changed.preview,
        new_author=changed.preview_author, new_channel=changed.channel_id,
    )  # fmt: skip


def save(tx: Tx, changed: Conversation) -> Conversation | None:
    """Writes what people and the router decide (not counters, not the preview) if `changed.version` is still the stored one.

    Gives the stored row with the next version, or None when somebody was faster.
    """
    values = {f"new_{name}": getattr(changed, name) for name in _SAVED}
    row = tx.one(_SAVE, conversation_id=changed.id, seen_version=changed.version, **values)
    return None if row is None else Conversation(*row)


def mark_holds(tx: Tx, conversation_id: ConversationId, holds: bool) -> None:
    """Whether the assignee's load counts this conversation."""
    tx.run(_HOLDS, conversation_id=conversation_id, new_holds=int(holds))


def mark_seen_by_customer(tx: Tx, conversation_id: ConversationId, pub: int) -> bool:
    return tx.run(_SEEN_BY_CUSTOMER, conversation_id=conversation_id, pub=pub) > 0


def mark_seen_by_agent(tx: Tx, conversation_id: ConversationId, pub: int) -> bool:
    return tx.run(_SEEN_BY_AGENT, conversation_id=conversation_id, pub=pub) > 0
