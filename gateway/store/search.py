"""Full-text search: which words are in which conversation, and how far the index has come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, cast, column, func, literal_column, or_, select, table, union_all
from sqlalchemy.dialects.postgresql import TSQUERY

from channels.text import tokens as tokens_of
from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import claim, contact, conversation, identity, message, revision, search_entry, search_mark, search_vector
from gateway.db.statement import Engine, Statement, in_list
from gateway.json import dumps
from gateway.model import ConversationId, Message, MessageId
from gateway.store.sql import insert, one_of, p

MAX_WORDS = 24
"""Of a query. More words find nothing that these do not."""
MAX_QUERY = 10_000
"""Characters that are looked at."""
MAX_CODED = 400_000
"""Characters of all coded words of one entry: PostgreSQL takes 1 MB at most (https://www.postgresql.org/docs/15/textsearch-limitations.html)."""

_NEVER = 1 << 62

c, m, e, mark = conversation.c, message.c, search_entry.c, search_mark.c
_text_index = table("search_text", column("rowid"))
_HIT_SQLITE = e.id.in_(select(_text_index.c.rowid).where(literal_column("search_text").op("MATCH")(p("words"))))
_HIT_POSTGRESQL = search_vector.op("@@")(cast(p("words"), TSQUERY))


def _matches(hit: ColumnElement[bool]) -> Select[tuple[str]]:
    """Conversations with a hit; for one that was joined into another, the one it is shown in now."""
    found = select(c.id, c.joined_to, c.last_at).where(c.id.in_(select(e.conversation_id).where(hit)))
    reach = found.cte("reach", recursive=True)
    target = conversation.alias("target")
    reach = reach.union(
        select(target.c.id, target.c.joined_to, target.c.last_at)
        .join(reach, target.c.id == reach.c.joined_to)
        .where(reach.c.joined_to.is_not(None))
    )
    return (
        select(reach.c.id)
        .where(reach.c.joined_to.is_(None), reach.c.last_at < p("before"))
        .order_by(reach.c.last_at.desc(), reach.c.id.desc())
        .limit(p("limit"))
    )


_MATCHES = Statement("search.matches", _matches(_HIT_POSTGRESQL), sqlite=_matches(_HIT_SQLITE))

_ALIVE = one_of(c.state, "open", "snoozed", "resolved", "closed", "joined")
_BEHIND = or_(mark.seq.is_(None), mark.seq < c.last_seq)
_MARKED = conversation.outerjoin(search_mark, mark.conversation_id == c.id)
_LIST_BEHIND = Statement(
    "search.behind",
    select(c.id, c.last_at)
    .select_from(_MARKED)
    .where(_ALIVE, c.last_at >= p("since"), _BEHIND)
    .order_by(c.last_at, c.id)
    .limit(p("limit")),
)
_HEADS = (
    select(c.id, c.number, c.subject, contact.c.name, c.contact_id, c.last_seq, mark.seq, e.tokens)
    .select_from(_MARKED.join(contact, contact.c.id == c.contact_id).outerjoin(search_entry, e.key == c.id))
)  # fmt: skip
_HEADS_OF = Statement("search.heads_of", _HEADS.where(in_list(c.id, "conversation_ids")).order_by(c.id))
_HEADS_BELOW = Statement("search.heads_below", _HEADS.where(c.id < p("below")).order_by(c.id.desc()).limit(p("limit")))
_ADDRESSES = Statement(
    "search.addresses",
    union_all(
        select(identity.c.contact_id, identity.c.address).where(in_list(identity.c.contact_id, "contact_ids")),
        select(claim.c.contact_id, claim.c.address).where(in_list(claim.c.contact_id, "contact_ids"), claim.c.cut_at.is_(None)),
    ).order_by("address"),
)
_UNSEEN = Statement(
    "search.unseen",
    select(message)
    .select_from(message.join(_MARKED, m.conversation_id == c.id))
    .where(in_list(c.id, "conversation_ids"), m.seq > func.coalesce(mark.seq, literal_column("0")))
    .order_by(m.conversation_id, m.seq)
    .limit(p("limit")),
)
_later = revision.alias("later")
_REVISED = Statement(
    "search.revised",
    select(revision.c.message_id)
    .select_from(revision.join(search_entry, e.key == revision.c.message_id))
    .where(
        revision.c.id >= p("since_id"),
        e.revisions != select(func.count()).select_from(_later).where(_later.c.message_id == revision.c.message_id).scalar_subquery(),
    )
    .limit(p("limit")),
)
_MESSAGES = Statement("search.messages", select(message).where(in_list(m.id, "message_ids")).order_by(m.id))

_put = insert(search_entry).values(key=p("key"), conversation_id=p("conversation_id"), revisions=p("revisions"), tokens=p("tokens"))
_PUT = Statement(
    "search.put",
    _put.on_conflict_do_update(
        index_elements=["key"],
        set_={"conversation_id": _put.excluded.conversation_id, "revisions": _put.excluded.revisions, "tokens": _put.excluded.tokens},
        where=or_(
            e.conversation_id != _put.excluded.conversation_id, e.revisions != _put.excluded.revisions, e.tokens != _put.excluded.tokens
        ),
    ),
)
_mark = insert(search_mark).values(conversation_id=p("conversation_id"), seq=p("seq"))
_MARK = Statement(
    "search.mark",
    _mark.on_conflict_do_update(index_elements=["conversation_id"], set_={"seq": _mark.excluded.seq}, where=mark.seq < _mark.excluded.seq),
)
_DROP_ENTRIES = Statement("search.drop_entries", search_entry.delete().where(in_list(e.conversation_id, "conversation_ids")))
_DROP_MARKS = Statement("search.drop_marks", search_mark.delete().where(in_list(mark.conversation_id, "conversation_ids")))
_SOME_MARKED = Statement("search.some_marked", select(mark.conversation_id).order_by(mark.conversation_id).limit(p("limit")))


class Head(NamedTuple):
    """A conversation's own words, and what the index has of it: `marked` is the `seq` it has come to, `tokens` its own entry."""

    conversation_id: ConversationId
    number: int
    subject: str
    contact_name: str
    contact_id: str
    last_seq: int
    marked: int | None
    tokens: str | None


class Entry(NamedTuple):
    """`key` is the id of a message, or of the conversation for its own words; `tokens` from `coded`."""

    key: str
    conversation_id: ConversationId
    revisions: int
    tokens: str


def code(token: str) -> str:
    """Letters and digits that no engine's parser takes apart; the start of a word gives the start of its code."""
    return "t" + token.encode().hex()


def coded(tokens: Iterable[str]) -> str:
    """As stored: codes with a space between, as many as fit."""
    kept, room = [], MAX_CODED
    for token in tokens:
        word = code(token)
        room -= len(word) + 1
        if room < 0:
            break
        kept.append(word)
    return " ".join(kept)


def list_matches(tx: Tx, query: str, limit: int, before: Micros | None = None) -> list[ConversationId]:
    """Conversations with an entry that holds all words of `query`, the last one as the start of a word; latest first.

    An entry is one message, or what is said of the conversation as a whole. Any text will do; one without a word finds nothing.
    `before` is the `last_at` of the last row of the page before.
    """
    words = tokens_of(query[:MAX_QUERY])
    if not words:
        return []
    rows = tx.all(_MATCHES, words=_query(tx.engine, words), before=_NEVER if before is None else before, limit=limit)
    return [ConversationId(row[0]) for row in rows]


def _query(engine: Engine, words: Sequence[str]) -> str:
    """In the engine's language. Codes hold nothing that means anything in it."""
    kept = sorted(range(len(words) - 1), key=lambda place: (-len(words[place]), place))[: MAX_WORDS - 1]
    codes = [*(code(words[place]) for place in sorted(kept)), code(words[-1])]
    return " ".join(codes) + "*" if engine == "sqlite" else " & ".join(codes) + ":*"


def list_behind(tx: Tx, since: Micros, limit: int) -> list[tuple[ConversationId, Micros]]:
    """(conversation, last_at) where something was said since then that the index has not; oldest first."""
    return [(ConversationId(row[0]), int(row[1])) for row in tx.all(_LIST_BEHIND, since=since, limit=limit)]


def list_heads(tx: Tx, conversation_ids: list[ConversationId]) -> list[Head]:
    return [Head(*row) for row in tx.all(_HEADS_OF, conversation_ids=dumps(conversation_ids))]


def list_heads_below(tx: Tx, below: str, limit: int) -> list[Head]:
    """The youngest conversations with a smaller id, youngest first."""
    return [Head(*row) for row in tx.all(_HEADS_BELOW, below=below, limit=limit)]


def list_addresses(tx: Tx, contact_ids: list[str]) -> dict[str, list[str]]:
    """The addresses of each contact."""
    found: dict[str, list[str]] = {}
    for contact_id, address in tx.all(_ADDRESSES, contact_ids=dumps(contact_ids)):
        found.setdefault(contact_id, []).append(address)
    return found


def list_unseen(tx: Tx, conversation_ids: list[ConversationId], limit: int) -> list[Message]:
    """What the index has not, by conversation and `seq`."""
    return [Message(*row) for row in tx.all(_UNSEEN, conversation_ids=dumps(conversation_ids), limit=limit)]


def list_revised(tx: Tx, since_id: str, limit: int) -> list[MessageId]:
    """Messages with a revision of this id or a later one that the index has not taken in, at most `limit`."""
    # Not DISTINCT: for it SQLite would walk through all revisions there are.
    return sorted({MessageId(row[0]) for row in tx.all(_REVISED, since_id=since_id, limit=limit)})


def list_messages(tx: Tx, message_ids: list[MessageId]) -> list[Message]:
    return [Message(*row) for row in tx.all(_MESSAGES, message_ids=dumps(message_ids))]


def put_entry(tx: Tx, entry: Entry) -> None:
    """Takes the place of an earlier entry with the same key; an equal one is not written again."""
    tx.run(_PUT, **entry._asdict())


def mark_indexed(tx: Tx, conversation_id: ConversationId, seq: int) -> None:
    """All messages up to `seq` have their entries. Never goes back."""
    tx.run(_MARK, conversation_id=conversation_id, seq=seq)


def delete_entries(tx: Tx, conversation_ids: list[ConversationId]) -> None:
    """All the index has of these conversations; the loop fills it again for those that are still there."""
    tx.run(_DROP_ENTRIES, conversation_ids=dumps(conversation_ids))
    tx.run(_DROP_MARKS, conversation_ids=dumps(conversation_ids))


def list_some_marked(tx: Tx, limit: int) -> list[ConversationId]:
    return [ConversationId(row[0]) for row in tx.all(_SOME_MARKED, limit=limit)]
