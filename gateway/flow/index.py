"""Keeps the words of messages findable: a loop that catches up with what was said, at most a second behind.

What is missing is known by number, not by time: `conversation.last_seq` counts under the row's lock, so whoever sees n sees every
message up to n, and `search_mark` holds up to where a conversation is indexed. A message that commits late cannot slip through
behind its neighbours: it moves its own conversation's `last_seq`. Time only tells where to look first:

* the tail: conversations whose `last_at` lies after the last look, less `OVERLAP` for units that were still running then;
* the patrol: all conversations in turn, a few per step, whatever their times say (a unit or a clock beyond the overlap, a merge
  undone, a new name). After a start it goes round once without resting: this is also how an empty index is filled.

Nothing is added to the unit that takes a message. Several processes may run this loop at once: they write the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from channels.text import tokens
from gateway.clock import MILLISECOND, MINUTE, SECOND, Clock, Micros, uuid7
from gateway.db.database import Database, Tx, idempotent
from gateway.model import ConversationId, Message, MessageId, Revision
from gateway.store import files, messages, search
from gateway.store.search import Entry, Head

EVERY = SECOND // 2
"""Between two looks, so that with the work itself a message is found within a second."""
OVERLAP = 10 * SECOND
"""Units are far shorter, and clocks of one installation closer; what is beyond waits for the patrol or for the next message."""
REVISION_OVERLAP = 10 * MINUTE
"""Edits are few, so the look back can be long."""
CONVERSATIONS = 100
MESSAGES = 200
"""What one read takes in."""
PATROL = 200
PATROL_EVERY = 2 * SECOND
"""A round over 100,000 conversations takes a quarter of an hour and 1 % of a core at most; with work to do it does not rest."""
UNIT_CHARS = 40_000
UNIT_ENTRIES = 25
"""Per unit: some milliseconds, so that nobody's message waits for the index."""
_END = "g"
"""Greater than every id, in every collation."""


class Batch(NamedTuple):
    """What one read prepared; `full` when there may be more."""

    entries: list[Entry]
    marks: list[tuple[ConversationId, int]]
    full: bool


def prepare(tx: Tx, conversation_ids: list[ConversationId]) -> Batch:
    """The words of everything in these conversations that the index has not. Reads only: words are taken apart outside the writer."""
    heads = search.list_heads(tx, conversation_ids)
    unseen = search.list_unseen(tx, conversation_ids, MESSAGES)
    entries = [*_heads(tx, heads), *_entries(tx, unseen)]
    full = len(unseen) == MESSAGES
    last = unseen[-1] if full else None
    marks = [(head.conversation_id, head.last_seq) for head in heads if last is None or head.conversation_id < last.conversation_id]
    if last is not None:
        marks.append((last.conversation_id, last.seq))
    return Batch(entries, marks, full)


def prepare_revised(tx: Tx, since_id: str) -> Batch:
    """Messages that were edited or withdrawn after they had been indexed."""
    found = search.list_revised(tx, since_id, MESSAGES)
    return Batch(_entries(tx, search.list_messages(tx, found)), [], bool(found))


def patrol(tx: Tx, below: str) -> tuple[str | None, list[ConversationId]]:
    """The next conversations in turn: where to go on (None at the end), and which of them the index does not have as they are."""
    heads = search.list_heads_below(tx, below, PATROL)
    wanted = dict(zip((head.conversation_id for head in heads), _heads(tx, heads), strict=True))
    stale = [
        head.conversation_id
        for head in heads
        if head.marked is None or head.marked < head.last_seq or head.tokens != wanted[head.conversation_id].tokens
    ]
    return (heads[-1].conversation_id if len(heads) == PATROL else None), stale


@idempotent
def store(tx: Tx, entries: Sequence[Entry], marks: Sequence[tuple[ConversationId, int]]) -> None:
    """In the order of their keys, so that two processes cannot wait for each other."""
    for entry in sorted(entries, key=lambda entry: entry.key):
        search.put_entry(tx, entry)
    for conversation_id, seq in sorted(marks):
        search.mark_indexed(tx, conversation_id, seq)


def _heads(tx: Tx, heads: list[Head]) -> list[Entry]:
    """Number, subject, the contact's name and addresses."""
    addresses = search.list_addresses(tx, sorted({head.contact_id for head in heads}))
    return [
        Entry(head.conversation_id, head.conversation_id, 0, search.coded(tokens(_said_of(head, addresses.get(head.contact_id, [])))))
        for head in heads
    ]


def _said_of(head: Head, addresses: list[str]) -> str:
    reachable = [address.partition(":")[2] for address in addresses if address.startswith(("mailto:", "tel:"))]
    return "\n".join([str(head.number), head.contact_name, head.subject, *reachable])


def _entries(tx: Tx, found: list[Message]) -> list[Entry]:
    ids = [message.id for message in found]
    revisions: dict[MessageId, list[Revision]] = {}
    for revision in messages.list_revisions(tx, ids):
        revisions.setdefault(revision.message_id, []).append(revision)
    names: dict[MessageId, list[str]] = {}
    for file in files.list_files(tx, ids):
        if file.message_id is not None:
            names.setdefault(file.message_id, []).append(file.name)
    return [_entry(message, revisions.get(message.id, []), names.get(message.id, [])) for message in found]


def _entry(message: Message, revisions: list[Revision], names: list[str]) -> Entry:
    """A withdrawn message has no words; an edited one has its latest. The customer's name is among theirs, so that both together find."""
    if any(revision.kind == "withdrawn" for revision in revisions):
        return Entry(message.id, message.conversation_id, len(revisions), "")
    text = revisions[-1].text if revisions else message.text
    by = message.author_name if message.direction == "in" else ""
    words = tokens("\n".join([message.subject or "", by, *names, text]))
    return Entry(message.id, message.conversation_id, len(revisions), search.coded(words))


class Index:
    """The loop's step. `floor` is from when on the tail is looked at."""

    def __init__(self, db: Database, clock: Clock):
        self._db = db
        self._clock = clock
        self._floor: Micros = clock.now() - OVERLAP
        self._revised_since = uuid7(0, 0)
        self._place = _END
        self._hurry = True
        self._patrol_at: Micros = 0

    async def step(self) -> Micros:
        """Takes in what is due; gives when to come back, at once when there is more."""
        now = self._clock.now()
        more = await self._tail(now)
        more |= await self._revisions(now)
        more |= await self._patrol(now)
        return now if more else now + EVERY

    async def rebuild(self) -> None:
        """Forgets everything; the steps that follow fill the index again, youngest conversations first. Not beside a running step."""
        while found := await self._db.read(search.list_some_marked, 100):
            await self._db.run(search.delete_entries, found)
        self._place, self._hurry = _END, True

    async def _tail(self, now: Micros) -> bool:
        behind = await self._db.read(search.list_behind, self._floor, CONVERSATIONS)
        full = await self._take_in([conversation_id for conversation_id, _ in behind])
        more = full or len(behind) == CONVERSATIONS
        if not more:
            self._floor = now - OVERLAP
        return more

    async def _revisions(self, now: Micros) -> bool:
        batch = await self._db.read(prepare_revised, self._revised_since)
        await self._store(batch)
        if not batch.full:
            self._revised_since = uuid7((now - REVISION_OVERLAP) // MILLISECOND, 0)
        return batch.full

    async def _patrol(self, now: Micros) -> bool:
        if now < self._patrol_at and not self._hurry:
            return False
        place, stale = await self._db.read(patrol, self._place)
        if await self._take_in(stale):
            # The same conversations again: some have more messages than one read takes in.
            return True
        self._hurry = place is not None and (self._hurry or bool(stale))
        self._place = _END if place is None else place
        self._patrol_at = now + PATROL_EVERY
        return self._hurry

    async def _take_in(self, conversation_ids: list[ConversationId]) -> bool:
        """True when there is more in these conversations."""
        if not conversation_ids:
            return False
        batch = await self._db.read(prepare, conversation_ids)
        await self._store(batch)
        return batch.full

    async def _store(self, batch: Batch) -> None:
        """The marks last: what was not written yet is then still known to be missing."""
        for portion in _portions(batch.entries):
            await self._db.run(store, portion, [])
        if batch.marks:
            await self._db.run(store, [], batch.marks)


def _portions(entries: list[Entry]) -> Iterator[list[Entry]]:
    portion: list[Entry] = []
    chars = 0
    for entry in entries:
        if portion and (chars + len(entry.tokens) > UNIT_CHARS or len(portion) == UNIT_ENTRIES):
            yield portion
            portion, chars = [], 0
        portion.append(entry)
        chars += len(entry.tokens)
    if portion:
        yield portion
