"""A loop is a step with a due time: it runs when woken or when its time has come, and never ends by an error."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from gateway.clock import SECOND, Clock, Micros
from gateway.errors import Unavailable

log = logging.getLogger("throughline.loop")

Step = Callable[[], Awaitable[Micros | None]]
"""Does what is due; gives when it wants to run again, None for "when woken"."""


Told = Callable[[str, str], None]
"""Hears of every round: the loop's name, and ok or failed."""

GRACE = 5.0
"""Seconds a step has to finish at the end."""


class Loop:
    """One background task. Losing a wake-up costs at most `at_most` seconds."""

    def __init__(self, name: str, step: Step, clock: Clock, *, at_most: float = 5.0, told: Told = lambda name, outcome: None) -> None:
        self.name = name
        self._step = step
        self._clock = clock
        self._at_most = at_most
        self._told = told
        self._ending = False
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.last_ok: Micros = 0
        self.failures = 0
        """How many steps in a row have failed."""

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=f"loop {self.name}")

    def wake(self) -> None:
        self._woken.set()

    async def stop(self) -> None:
        """Lets nothing start any more; a step that is running may finish, but is cancelled after GRACE."""
        if self._task is None:
            return
        self._ending = True
        self._woken.set()
        await asyncio.wait([self._task], timeout=GRACE)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._task = None

    async def _run(self) -> None:
        while not self._ending:
            wait = await self._once()
            try:
                async with asyncio.timeout(wait):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def _once(self) -> float:
        """One step; gives how many seconds to rest."""
        if not self._ending:
            self._woken.clear()
        try:
            due = await self._step()
        except Unavailable as error:
            self.failures += 1
            log.warning("the store is not available, trying again", extra={"loop": self.name, "error": str(error)})
        except Exception:
            self.failures += 1
            log.exception("a step failed, trying again", extra={"loop": self.name})
        else:
            self.failures = 0
            self._told(self.name, "ok")
            self.last_ok = self._clock.now()
            rest = self._at_most if due is None else max(0.0, (due - self._clock.now()) / SECOND)
            return float(min(rest, self._at_most))
        self._told(self.name, "failed")
        return float(min(0.2 * 2 ** min(self.failures, 5), self._at_most)) * (0.5 + self._clock.random() / 2)
