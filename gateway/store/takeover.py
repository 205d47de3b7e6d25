"""What is an anonymous visitor's and becomes a signed-in customer's: places in conversations, deliveries, files, keys of what was taken."""

from __future__ import annotations

from sqlalchemy import Text, bindparam, case, func, literal_column, null, select, update

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import claim, conversation, delivery, file, identity, intake, message, participant
from gateway.db.statement import Statement, in_list
from gateway.json import dumps
from gateway.model import Address, ChannelId, ContactId, Conversation, ConversationId
from gateway.store.sql import insert, insert_row, p

_WIDTH = len(conversation.columns)

_PARTS = Statement(
    "takeover.parts",
    select(participant.c.conversation_id, participant.c.first_pub)
    .where(participant.c.address == p("address"))
    .order_by(participant.c.conversation_id),
)
_FROM = Statement(
    "takeover.from",
    insert_row(participant).on_conflict_do_update(
        index_elements=["address", "conversation_id"],
        set_={"first_pub": case((participant.c.first_pub < p("first_pub"), participant.c.first_pub), else_=p("first_pub"))},
    ),
)
_LEAVE = Statement(
    "takeover.leave",
    participant.delete().where(participant.c.address == p("address"), in_list(participant.c.conversation_id, "conversation_ids")),
)
_DELIVERIES = Statement(
    "takeover.deliveries",
    update(delivery)
    .where(
        in_list(delivery.c.conversation_id, "conversation_ids"),
        delivery.c.address == p("from_address"),
        # The lane keeps the name it was numbered under, so that it tells whose a delivery was.
        delivery.c.lane == delivery.c.channel_id.concat(literal_column("' '")).concat(bindparam("of_address", type_=Text)),
    )
    .values(address=p("to_address")),
)
_SAID = select(message.c.id).where(in_list(message.c.conversation_id, "conversation_ids"), message.c.address == p("of_address"))
_FILES = Statement(
    "takeover.files",
    update(file).where(file.c.message_id.in_(_SAID), file.c.owner == p("from_address")).values(owner=p("to_address")),
)
_UNSENT = Statement(
    "takeover.unsent",
    update(file).where(file.c.message_id.is_(None), file.c.owner == p("from_address")).values(owner=p("to_address")),
)
_KEYS = Statement(
    "takeover.keys",
    insert(intake)
    .from_select(
        ["channel_id", "dedup_key", "raw", "at", "outcome"],
        select(message.c.channel_id, bindparam("prefix", type_=Text).concat(message.c.client_id), null(), message.c.at, message.c.id).where(
            in_list(message.c.conversation_id, "conversation_ids"),
            message.c.address == p("of_address"),
            message.c.client_id.is_not(None),
            message.c.at >= p("since"),
        ),
        include_defaults=False,
    )
    .on_conflict_do_nothing(index_elements=["channel_id", "dedup_key"]),
)
_HISTORY = Statement(
    "takeover.history",
    select(conversation, func.min(participant.c.first_pub))
    .select_from(
        conversation.join(participant, participant.c.conversation_id == conversation.c.id).join(
            identity, identity.c.address == participant.c.address
        )
    )
    .where(
        conversation.c.contact_id == p("contact_id"),
        identity.c.contact_id == p("contact_id"),
        identity.c.proof_method.is_not(None),
        identity.c.shared == literal_column("0"),
        # Mail that nobody vouched for may be anybody's, whatever address it bears.
        conversation.c.topic.not_like(p("apart")),
    )
    .group_by(conversation.c.id)
    .order_by(conversation.c.last_at.desc(), conversation.c.id.desc())
    .limit(p("limit")),
)
_WAYS = Statement(
    "takeover.ways",
    select(message.c.channel_id, func.max(message.c.at))
    .select_from(
        participant.join(message, message.c.conversation_id == participant.c.conversation_id).join(
            identity, identity.c.address == message.c.address
        )
    )
    .where(
        participant.c.address == p("address"),
        message.c.direction == literal_column("'in'"),
        identity.c.contact_id == p("contact_id"),
        identity.c.address.like(p("visitors")),
    )
    .group_by(message.c.channel_id)
    .order_by(func.max(message.c.at).desc()),
)
_CLAIMED = Statement(
    "takeover.claimed", select(claim.c.id).where(claim.c.contact_id == p("contact_id"), claim.c.address == p("address")).limit(1)
)
_LOOSE = Statement("takeover.loose", select(file.c.id).where(file.c.message_id.is_(None), file.c.owner == p("address")).limit(1))


def list_parts(tx: Tx, address: Address) -> dict[ConversationId, int]:
    """Every conversation this address takes part in, with its first pub there."""
    return {ConversationId(row[0]): int(row[1]) for row in tx.all(_PARTS, address=address)}


def mark_part(tx: Tx, address: Address, conversation_id: ConversationId, first_pub: int) -> None:
    """Takes part from here on, or from earlier if it did."""
    tx.run(_FROM, conversation_id=conversation_id, address=address, first_pub=first_pub)


def delete_parts(tx: Tx, address: Address, which: list[ConversationId]) -> None:
    tx.run(_LEAVE, address=address, conversation_ids=dumps(which))


def mark_handed(tx: Tx, which: list[ConversationId], visitor: Address, giver: Address, taker: Address) -> None:
    """Deliveries and files that were `visitor`'s go from one to the other: receipts and downloads follow them."""
    ids = dumps(which)
    tx.run(_DELIVERIES, conversation_ids=ids, of_address=visitor, from_address=giver, to_address=taker)
    tx.run(_FILES, conversation_ids=ids, of_address=visitor, from_address=giver, to_address=taker)
    tx.run(_UNSENT, from_address=giver, to_address=taker)


def add_keys(tx: Tx, which: list[ConversationId], visitor: Address, user: Address, since: Micros) -> None:
    """What the visitor said since then is known as the customer's too, should the widget not have heard and say it again."""
    tx.run(_KEYS, conversation_ids=dumps(which), of_address=visitor, prefix=f"{user}/", since=since)


def list_history(tx: Tx, contact_id: ContactId, limit: int) -> list[tuple[Conversation, int]]:
    """The contact's conversations in which a proved address of theirs took part, latest first, each with the first pub of these."""
    found = tx.all(_HISTORY, contact_id=contact_id, apart="unverified:%", limit=limit)
    return [(Conversation(*row[:_WIDTH]), int(row[_WIDTH])) for row in found]


def list_ways(tx: Tx, user: Address, contact_id: ContactId) -> list[ChannelId]:
    """The channels over which visitors of the same contact wrote where this customer takes part, latest first."""
    return [ChannelId(row[0]) for row in tx.all(_WAYS, address=user, contact_id=contact_id, visitors="visitor:%")]


def has_claimed(tx: Tx, contact_id: ContactId, address: Address) -> bool:
    """Ever, cut or not."""
    return tx.one(_CLAIMED, contact_id=contact_id, address=address) is not None


def has_loose_files(tx: Tx, address: Address) -> bool:
    """Uploads that were not sent yet."""
    return tx.one(_LOOSE, address=address) is not None
