"""Uploaded files that belong to no message yet: theirs who uploaded them, bounded, dropped when never sent."""

from __future__ import annotations

from channels.contract import Address, ChannelId
from channels.text import filename
from gateway.db.database import Tx
from gateway.errors import TooMany
from gateway.flow import people
from gateway.model import File, FileId
from gateway.store import files

MOST_FILES = 20
MOST_BYTES = 100_000_000


def new_file(tx: Tx, owner: str, channel_id: ChannelId, name: str, media_type: str, size: int, blob: str) -> File:
    """Raises TooMany when the owner has too much uploaded and not sent, Blocked for a sender from whom nothing is taken."""
    people.require_unblocked(tx, Address(owner))
    count, taken = files.count_loose(tx, owner)
    if count >= MOST_FILES or taken + size > MOST_BYTES:
        raise TooMany("Send the files you have attached before you add more.", retry_after=60)
    record = File(
        FileId(tx.clock.new_id()), None, owner, filename(name), media_type, size, "stored", blob, None, channel_id, 0, None, None, tx.now
    )
    files.add_file(tx, record)
    return record
