"""Listening channels: whoever holds the channel's lease keeps its connection; another process takes over when the lease runs out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from channels.contract import ChannelId, Cursor, Fact, Listening
from gateway.clock import SECOND, Clock, Micros
from gateway.db.database import Database
from gateway.errors import Unavailable
from gateway.flow.deliver import redacted
from gateway.flow.intake import Intake
from gateway.store import leases

log = logging.getLogger("throughline.listen")

LEASE_TIME = 15 * SECOND


class Listener:
    """One channel's listener. `step` takes or keeps the lease and starts the connection when it is ours."""

    def __init__(
        self, db: Database, clock: Clock, intake: Intake, channel_id: ChannelId, channel: Listening, holder: str, redact: Sequence[str]
    ) -> None:
        self._db = db
        self._clock = clock
        self._intake = intake
        self._channel = channel
        self._name = f"listen {channel_id}"
        self._holder = holder
        self._redact = redact
        self._epoch: int | None = None
        self._task: asyncio.Task[None] | None = None

    async def step(self) -> Micros:
        now = self._clock.now()
        if self._epoch is not None and not await self._db.run(leases.mark_kept, self._name, self._holder, self._epoch, now + LEASE_TIME):
            await self.stop()
        if self._epoch is None:
            await self._take_over(now)
        if self._task is not None and self._task.done():
            self._report(self._task)
            await self._start()
        return now + LEASE_TIME // 3

    async def _take_over(self, now: Micros) -> None:
        lease = await self._db.run(leases.claim_lease, self._name, self._holder, now + LEASE_TIME)
        if lease is not None:
            self._epoch = lease.epoch
            await self._start()

    async def _start(self) -> None:
        lease = await self._db.read(leases.find_lease, self._name)
        cursor = None if lease is None else lease.cursor
        self._task = asyncio.create_task(self._channel.listen(cursor, self._deliver), name=self._name)

    async def _deliver(self, facts: Sequence[Fact], cursor: Cursor | None) -> None:
        await self._intake.deliver(facts, None if cursor is None else (self._name, cursor))

    def _report(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        reason = "it returned" if error is None else f"{type(error).__name__}: {redacted(str(error), self._redact)}"
        log.warning("a listener ended and is started again", extra={"listener": self._name, "reason": reason})

    async def stop(self) -> None:
        """Ends the connection; the lease is left to whoever wants it."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if self._epoch is not None:
            self._epoch = None
            try:
                await self._db.run(leases.mark_left, self._name, self._holder)
            except Unavailable:
                log.warning("a listener's lease could not be given up; it runs out by itself", extra={"listener": self._name})
