"""What a test hands an adapter instead of the running house: everything is recorded, nothing leaves the process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from channels.contract import Address, Cursor, Fact, Fetch, Never, Tools
from gateway.clock import FakeClock


class Recorded:
    """Tools whose `deliver` and `push` write down what they were given; `tools` is what the factory gets."""

    def __init__(self, *, clock: FakeClock | None = None, session: Any = None, fetch: Fetch | None = None) -> None:
        self.clock = clock or FakeClock()
        self.delivered: list[tuple[tuple[Fact, ...], Cursor | None]] = []
        self.pushed: list[tuple[Address, Mapping[str, Any]]] = []
        self.connected = True
        self.tools = Tools(clock=self.clock, session=session, fetch=fetch or _closed, deliver=self._deliver, push=self._push)

    async def _deliver(self, facts: Sequence[Fact], cursor: Cursor | None) -> None:
        self.delivered.append((tuple(facts), cursor))

    async def _push(self, address: Address, item: Mapping[str, Any]) -> bool:
        self.pushed.append((address, item))
        return self.connected


async def _closed(url: str, limit: int, seconds: float) -> bytes:
    raise Never(f"No test fetches anything here: {url}")
