"""Files that came as a reference: fetched after the commit, stored, then shown; given up after some tries."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from channels.contract import Channel, ChannelId, HoldsFiles, SendError
from gateway.blobs import Blobs
from gateway.clock import MINUTE, SECOND, Clock, Micros
from gateway.db.database import Database, Tx
from gateway.flow import assign, publish
from gateway.flow.deliver import redacted
from gateway.flow.policy import Policy
from gateway.model import File
from gateway.store import conversations, files, messages

log = logging.getLogger("throughline.files")

LEASE = 2 * MINUTE
REST = 5 * SECOND


def claim(tx: Tx) -> list[File]:
    return files.claim_due(tx, tx.now + LEASE)


def stored(tx: Tx, file: File, blob: str, size: int) -> None:
    files.mark_stored(tx, file.id, blob, size, file.media_type)
    _tell(tx, file)


def later(tx: Tx, file: File, reason: str, policy: Policy) -> None:
    """Tries again with growing pauses; the conversation's timeline says so when it is given up."""
    if file.attempts + 1 < policy.file_attempts:
        files.mark_again(tx, file.id, tx.now + min(policy.backoff_first * 2**file.attempts, policy.backoff_most))
        return
    files.mark_failed(tx, file.id)
    message = None if file.message_id is None else messages.find_message(tx, file.message_id)
    if message is not None:
        conversation = conversations.get_conversation(tx, message.conversation_id)
        assign.log(tx, conversation, "file_failed", payload={"name": file.name, "reason": reason})
    _tell(tx, file)


def _tell(tx: Tx, file: File) -> None:
    message = None if file.message_id is None else messages.find_message(tx, file.message_id)
    if message is not None:
        publish.message_added(tx, message)
        publish.row_changed(tx, message.conversation_id)


class Fetcher:
    """A worker's fetching of wanted files, a few at a time."""

    def __init__(self, db: Database, clock: Clock, channels: Mapping[ChannelId, Channel], blobs: Blobs, policy: Policy, limit: int) -> None:
        self._db = db
        self._clock = clock
        self._channels = channels
        self._blobs = blobs
        self._policy = policy
        self._limit = limit

    async def step(self) -> Micros | None:
        """Gives when to look again."""
        due = await self._db.run(claim)
        await asyncio.gather(*(self._fetch(file) for file in due))
        return self._clock.now() + REST

    async def _fetch(self, file: File) -> None:
        channel = self._channels.get(ChannelId(file.channel_id or ""))
        if channel is None or not isinstance(channel, HoldsFiles) or file.source is None:
            await self._db.run(later, file, "The channel it came by is switched off.", self._policy)
            return
        try:
            async with asyncio.timeout(60):
                content = await channel.fetch_file(file.source, self._limit)
        except (SendError, TimeoutError) as error:
            log.warning("a file could not be fetched", extra={"file": file.id, "error": type(error).__name__})
            await self._db.run(later, file, redacted(str(error) or "No answer in time.", channel.redact), self._policy)
            return
        except Exception as error:  # noqa: BLE001 - an adapter's mistake with one file must not stop the others
            log.error("an adapter broke its promise to raise only SendError", extra={"file": file.id, "error": type(error).__name__})
            await self._db.run(later, file, "The channel's adapter failed.", self._policy)
            return
        await self._db.run(stored, file, await self._blobs.put(content), len(content))
