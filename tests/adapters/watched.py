"""Proof that no transaction is open while a channel talks to the network."""

from __future__ import annotations

from collections.abc import Callable

from channels.contract import Address, Channel, DeliveryId, HoldsFiles, Outgoing, RemembersSends, Sent


class Watched:
    """A channel that calls `assert_no_transaction` before and after everything that goes to the network.

    Flow tests wrap their channel in it and pass a function that fails while a unit is open in the caller's context.
    """

    def __init__(self, channel: Channel, assert_no_transaction: Callable[[], None]) -> None:
        self.id, self.can, self.max_chars, self.redact = channel.id, channel.can, channel.max_chars, channel.redact
        self.calls = 0
        self._channel = channel
        self._check = assert_no_transaction

    async def send(self, message: Outgoing) -> Sent:
        self._checked()
        try:
            return await self._channel.send(message)
        finally:
            self._check()

    async def was_sent(self, delivery_id: DeliveryId, address: Address) -> bool | None:
        self._checked()
        return await self._channel.was_sent(delivery_id, address) if isinstance(self._channel, RemembersSends) else None

    async def fetch_file(self, source: str, limit: int) -> bytes:
        self._checked()
        assert isinstance(self._channel, HoldsFiles), "this channel holds no files"
        return await self._channel.fetch_file(source, limit)

    async def close(self) -> None:
        await self._channel.close()

    def _checked(self) -> None:
        self.calls += 1
        self._check()
