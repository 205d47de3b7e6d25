"""Messages, their revisions, and the provider's names for them."""

from __future__ import annotations

from sqlalchemy import exists, func, select, union_all

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import conversation, external_ref, message, participant, revision
from gateway.db.statement import Statement, in_list
from gateway.errors import NotFound
from gateway.json import dumps
from gateway.model import Address, ChannelId, ConversationId, Message, MessageId, Revision
from gateway.store.sql import insert_row, p

m = message.c
_ADD = Statement("message.add", insert_row(message))
_FIND = Statement("message.find", select(message).where(m.id == p("message_id")))
_AFTER = Statement(
    "message.after",
    select(message).where(m.conversation_id == p("conversation_id"), m.seq > p("after")).order_by(m.seq).limit(p("limit")),
)
_BEFORE = Statement(
    "message.before",
    select(message).where(m.conversation_id == p("conversation_id"), m.seq < p("before")).order_by(m.seq.desc()).limit(p("limit")),
)
_OF_IDS = Statement("message.of_ids", select(message).where(in_list(m.id, "message_ids")).order_by(m.seq))
_COUNT_PUBLIC = Statement("message.count_public", select(func.count()).where(m.conversation_id == p("conversation_id"), m.pub.is_not(None)))
_PUBLIC_AFTER = Statement(
    "message.public_after",
    select(message).where(m.conversation_id == p("conversation_id"), m.pub > p("after")).order_by(m.pub).limit(p("limit")),
)
_LAST_IN = Statement(
    "message.last_in",
    select(message).where(m.conversation_id == p("conversation_id"), m.direction == "in").order_by(m.seq.desc()).limit(1),
)
_LAST = Statement("message.last", select(message).where(m.conversation_id == p("conversation_id")).order_by(m.seq.desc()).limit(1))
_spoken = message.alias("spoken")
_UNANSWERED = Statement(
    "message.unanswered",
    select(func.min(m.at)).where(
        m.conversation_id == p("conversation_id"),
        m.direction == "in",
        m.at >= p("since"),
        ~exists().where(_spoken.c.conversation_id == m.conversation_id, _spoken.c.direction == "out", _spoken.c.seq > m.seq),
    ),
)
# One list of ids, not "this one or one of those": for an OR of the two PostgreSQL reads every message there is.
_UNION = union_all(
    select(conversation.c.id).where(conversation.c.id == p("conversation_id")),
    select(conversation.c.id).where(conversation.c.joined_to == p("conversation_id")),
)
_LAST_IN_UNION = Statement(
    "message.last_in_union",
    select(message).where(m.conversation_id.in_(_UNION), m.direction == "in").order_by(m.at.desc(), m.id.desc()).limit(1),
)
_LAST_SUBJECT = Statement(
    "message.last_subject",
    select(m.subject)
    .where(m.conversation_id == p("conversation_id"), m.subject.is_not(None), m.direction == "in")
    .order_by(m.seq.desc())
    .limit(1),
)
_WAYS = Statement(
    "message.ways",
    select(m.channel_id, func.max(m.at))
    .select_from(message.join(participant, participant.c.conversation_id == m.conversation_id))
    .where(participant.c.address == p("of"), m.address == p("of"), m.direction == "in")
    .group_by(m.channel_id)
    .order_by(func.max(m.at).desc()),
)
_OF_JOINED = Statement(
    "message.of_joined",
    select(message)
    .where(in_list(m.conversation_id, "conversation_ids"), m.at >= p("since"), m.at <= p("until"))
    .order_by(m.at.desc(), m.id.desc())
    .limit(p("limit")),
)
_PUB_AT = Statement("message.pub_at", select(func.max(m.pub)).where(m.conversation_id == p("conversation_id"), m.seq <= p("seq")))
_ADD_REF = Statement("external_ref.add", insert_row(external_ref).on_conflict_do_nothing(index_elements=["channel_id", "external_id"]))
_FIND_REF = Statement(
    "external_ref.find",
    select(message)
    .select_from(external_ref.join(message, m.id == external_ref.c.message_id))
    .where(external_ref.c.channel_id == p("channel_id"), external_ref.c.external_id == p("external_id")),
)
_ADD_REVISION = Statement("revision.add", insert_row(revision))
_REVISIONS = Statement(
    "revision.list", select(revision).where(in_list(revision.c.message_id, "message_ids")).order_by(revision.c.at, revision.c.id)
)


def add_message(tx: Tx, record: Message) -> None:
    tx.run(_ADD, **record._asdict())


def find_message(tx: Tx, message_id: MessageId) -> Message | None:
    row = tx.one(_FIND, message_id=message_id)
    return None if row is None else Message(*row)


def get_message(tx: Tx, message_id: MessageId) -> Message:
    found = find_message(tx, message_id)
    if found is None:
        raise NotFound("There is no such message.")
    return found


def list_after(tx: Tx, conversation_id: ConversationId, after: int, limit: int) -> list[Message]:
    """Messages and notes with a greater `seq`, ascending."""
    return [Message(*row) for row in tx.all(_AFTER, conversation_id=conversation_id, after=after, limit=limit)]


def list_before(tx: Tx, conversation_id: ConversationId, before: int, limit: int) -> list[Message]:
    """The newest `limit` with a smaller `seq`, ascending."""
    return [Message(*row) for row in reversed(tx.all(_BEFORE, conversation_id=conversation_id, before=before, limit=limit))]


def list_of(tx: Tx, message_ids: list[MessageId]) -> list[Message]:
    """These, by `seq`."""
    return [Message(*row) for row in tx.all(_OF_IDS, message_ids=dumps(message_ids))]


def count_public(tx: Tx, conversation_id: ConversationId) -> int:
    """How many messages the customer's side has."""
    return int(tx.all(_COUNT_PUBLIC, conversation_id=conversation_id)[0][0])


def list_public_after(tx: Tx, conversation_id: ConversationId, after: int, limit: int) -> list[Message]:
    """What a customer may see: no notes, by `pub`, ascending."""
    return [Message(*row) for row in tx.all(_PUBLIC_AFTER, conversation_id=conversation_id, after=after, limit=limit)]


def list_of_conversations(
    tx: Tx, conversation_ids: list[ConversationId], since: Micros = 0, until: Micros = 1 << 62, limit: int = 1000
) -> list[Message]:
    """Messages of several conversations by time, the newest `limit` of that time: the union after a merge."""
    rows = tx.all(_OF_JOINED, conversation_ids=dumps(conversation_ids), since=since, until=until, limit=limit)
    return [Message(*row) for row in reversed(rows)]


def find_last_in_union(tx: Tx, conversation_id: ConversationId) -> Message | None:
    """The customer's last message in this conversation or in one that was joined into it."""
    row = tx.one(_LAST_IN_UNION, conversation_id=conversation_id)
    return None if row is None else Message(*row)


def find_last_in(tx: Tx, conversation_id: ConversationId) -> Message | None:
    row = tx.one(_LAST_IN, conversation_id=conversation_id)
    return None if row is None else Message(*row)


def find_last(tx: Tx, conversation_id: ConversationId) -> Message | None:
    """Message or note."""
    row = tx.one(_LAST, conversation_id=conversation_id)
    return None if row is None else Message(*row)


def find_unanswered_since(tx: Tx, conversation_id: ConversationId, since: Micros) -> Micros | None:
    """When the first message since then came that no reply has followed."""
    row = tx.one(_UNANSWERED, conversation_id=conversation_id, since=since)
    return None if row is None or row[0] is None else int(row[0])


def find_last_subject(tx: Tx, conversation_id: ConversationId) -> str | None:
    row = tx.one(_LAST_SUBJECT, conversation_id=conversation_id)
    return None if row is None else str(row[0])


def list_ways(tx: Tx, address: Address) -> list[ChannelId]:
    """The channels this address has written over, latest first."""
    return [ChannelId(row[0]) for row in tx.all(_WAYS, of=address)]


def find_pub_at(tx: Tx, conversation_id: ConversationId, seq: int) -> int | None:
    """The last `pub` up to this `seq`."""
    row = tx.one(_PUB_AT, conversation_id=conversation_id, seq=seq)
    return None if row is None or row[0] is None else int(row[0])


def add_external_ref(tx: Tx, channel_id: str, external_id: str, message_id: MessageId) -> None:
    tx.run(_ADD_REF, channel_id=channel_id, external_id=external_id, message_id=message_id)


def find_by_external(tx: Tx, channel_id: str, external_id: str) -> Message | None:
    row = tx.one(_FIND_REF, channel_id=channel_id, external_id=external_id)
    return None if row is None else Message(*row)


def add_revision(tx: Tx, record: Revision) -> None:
    tx.run(_ADD_REVISION, **record._asdict())


def list_revisions(tx: Tx, message_ids: list[MessageId]) -> list[Revision]:
    return [Revision(*row) for row in tx.all(_REVISIONS, message_ids=dumps(message_ids))]
