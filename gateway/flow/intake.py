"""What channels hand in: each fact to its flow, committed before anybody is told."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from channels.contract import Cursor, Fact, OptedOut, Receipt, Received, Revised, Seen, Withdrawn
from gateway.db.database import Database, Tx, idempotent
from gateway.errors import GatewayError, Invalid, Unavailable
from gateway.flow import receipts, receive
from gateway.flow.people import Blocked
from gateway.flow.policy import Policy
from gateway.flow.receive import Accepted
from gateway.flow.references import References
from gateway.store import intakes, leases

log = logging.getLogger("throughline.intake")


class Intake:
    """The way in. Webhooks, sockets and listeners of all channels lead here."""

    def __init__(self, db: Database, policy: Policy, references: References):
        self._db = db
        self._policy = policy
        self._references = references

    async def received(self, fact: Received, team: str | None = None) -> Accepted:
        """One message; returns after its commit. `team` names the one whose queue a new conversation goes to."""
        return await self._db.run(receive.accept, fact, self._policy, self._references, team)

    async def deliver(self, facts: Sequence[Fact], cursor: tuple[str, Cursor] | None = None) -> None:
        """All facts and the listener's cursor (its name, its place) in one commit; raises when nothing was stored.

        A fact that is refused for good must not stop the ones behind it for ever: then each is taken alone, and the refused one is parked.
        """
        try:
            await self._db.run(take_all, tuple(facts), cursor, self._policy, self._references)
        except Unavailable:
            raise
        except GatewayError:
            for fact in facts:
                await self._alone(fact)
            await self._db.run(take_all, (), cursor, self._policy, self._references)

    async def _alone(self, fact: Fact) -> None:
        try:
            await self._db.run(take_all, (fact,), None, self._policy, self._references)
        except Unavailable:
            raise
        except Blocked:
            log.info("a blocked sender wrote", extra={"channel": fact.channel_id})
        except GatewayError as error:
            log.warning("a fact was refused and parked", extra={"channel": fact.channel_id, "key": fact.dedup_key, "reason": str(error)})
            await self.park(fact.channel_id, f"refused/{fact.dedup_key}", f"{error}\n{fact!r}".encode())

    async def park(self, channel_id: str, dedup_key: str, raw: bytes) -> None:
        """Keeps an entry that was signed but not understood, for replay."""
        await self._db.run(park, channel_id, dedup_key, raw)


@idempotent
def take_all(tx: Tx, facts: Sequence[Fact], cursor: tuple[str, Cursor] | None, policy: Policy, references: References) -> None:
    """Every fact carries its own key, so the whole may run twice."""
    for fact in sorted(facts, key=_turn):
        _take(tx, fact, policy, references)
    if cursor is not None:
        leases.mark_cursor(tx, *cursor)


def _turn(fact: Fact) -> tuple[bool, str]:
    """Messages first, by sender, so that two batches lock people in one order; each person's own stay in the order they came."""
    return (False, fact.sender) if isinstance(fact, Received) else (True, "")


def _take(tx: Tx, fact: Fact, policy: Policy, references: References) -> None:
    match fact:
        case Received():
            receive.accept(tx, fact, policy, references)
        case Receipt():
            receipts.receipt(tx, fact)
        case Seen():
            receipts.seen(tx, fact)
        case Revised() | Withdrawn():
            receipts.revise(tx, fact)
        case OptedOut():
            receipts.opt(tx, fact)
        case _:
            # Bound and CallEvent come with the channels that can make them.
            raise Invalid(f"No channel that is switched on may hand in a {type(fact).__name__}.")


@idempotent
def park(tx: Tx, channel_id: str, dedup_key: str, raw: bytes) -> None:
    intakes.add_intake(tx, channel_id, dedup_key, "parked", raw)
