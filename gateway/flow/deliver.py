"""The outbox at work: claim due deliveries, send outside any transaction, settle in a new one."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from channels.contract import Broken, Can, Channel, ChannelId, Later, Never, Outgoing, RemembersSends, SendError, Sent, Unknown, Unreachable
from gateway.clock import Clock, Micros
from gateway.db.database import Database, Tx, idempotent
from gateway.errors import GatewayError
from gateway.flow import assign, publish
from gateway.flow.policy import Policy
from gateway.model import Delivery, Message
from gateway.store import conversations, deliveries

log = logging.getLogger("throughline.deliver")

Compose = Callable[[Delivery, Sequence[Message]], Awaitable[Outgoing]]
"""Makes what goes out of a delivery and its messages: texts, files, items."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a send came to: the state to settle in, and what to remember."""

    state: str
    due: Micros
    external_id: str | None = None
    detail: str | None = None
    pause: str | None = None
    """Why the whole channel has to wait, when our account is at fault."""


def claim(tx: Tx, holder: str, policy: Policy, limit: int) -> list[Delivery]:
    return deliveries.claim_due(tx, holder, tx.now + policy.send_lease, tx.now - policy.unknown_holds, limit)


def claim_expired(tx: Tx, holder: str, policy: Policy, limit: int) -> list[Delivery]:
    return deliveries.claim_expired(tx, holder, tx.now + policy.send_lease, limit)


@idempotent
def settle(tx: Tx, delivery: Delivery, holder: str, verdict: Verdict, policy: Policy) -> None:
    """Ends the send. Does nothing when a receipt or another worker was faster."""
    external = verdict.external_id
    if external is not None:
        other = deliveries.find_by_external(tx, delivery.channel_id, external)
        external = None if other is not None and other.id != delivery.id else external
    settled = deliveries.mark_settled(tx, delivery.id, holder, verdict.state, due=verdict.due, external_id=external, detail=verdict.detail)
    if verdict.pause is not None:
        times = {channel: count for channel, _, count, _ in deliveries.list_pauses(tx)}.get(delivery.channel_id, 0)
        until = tx.now + min(policy.pause_first * 2**times, policy.backoff_most)
        deliveries.mark_paused(tx, delivery.channel_id, verdict.pause, until)
    if settled is None:
        if external is not None:
            # A receipt that named our id was faster; the next one may name the provider's.
            deliveries.mark_external(tx, delivery.id, external)
        return
    if verdict.state in ("sent", "delivered") and deliveries.delete_pause(tx, delivery.channel_id):
        deliveries.mark_resumed(tx, delivery.channel_id)
    publish.delivery_changed(tx, settled, deliveries.list_messages(tx, delivery.id))
    if verdict.state in ("failed", "unknown"):
        conversation = conversations.get_conversation(tx, delivery.conversation_id)
        assign.log(
            tx, conversation, "not_delivered", payload={"state": verdict.state, "reason": verdict.detail or "", "address": delivery.address}
        )
        publish.row_changed(tx, conversation.id)
    publish.wake_outbox(tx)


def read_messages(tx: Tx, delivery: Delivery) -> list[Message]:
    return deliveries.list_messages(tx, delivery.id)


class Outbox:
    """One worker's outbox. `step` does what is due now and says when to come back."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        channels: Mapping[ChannelId, Channel],
        compose: Compose,
        policy: Policy,
        holder: str,
        *,
        told: Callable[[str, str], None],
        width: int = 16,
    ) -> None:
        self._db = db
        self._clock = clock
        self._channels = channels
        self._compose = compose
        self._policy = policy
        self._holder = holder
        self._told = told
        self._width = width
        self._sending: set[asyncio.Task[None]] = set()

    async def begin(self) -> Micros | None:
        """Starts sending what is due, lanes in parallel, and does not wait: one slow provider holds up nobody else.

        Every end of a send wakes the outbox again. Gives when it wants attention next; None when nothing waits for a time.
        """
        room = self._width - len(self._sending)
        if room <= 0:
            return None
        due = await self._db.run(claim, self._holder, self._policy, room)
        for found in due:
            self._start(self._send(found))
        if room > len(due):
            for found in await self._db.run(claim_expired, self._holder, self._policy, room - len(due)):
                self._start(self._recover(found))
        return await self._db.read(deliveries.find_next_due, self._policy.unknown_holds)

    async def step(self) -> Micros | None:
        """`begin`, and waits until all is sent."""
        await self.begin()
        await self.drain()
        return await self._db.read(deliveries.find_next_due, self._policy.unknown_holds)

    async def drain(self, seconds: float | None = None) -> None:
        """Waits for the sends that are under way; those that take longer than `seconds` are cut off, and found by their lease later."""
        if not self._sending:
            return
        done, late = await asyncio.wait(self._sending, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*done, *late, return_exceptions=bool(late))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._sending.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a send could not be settled; its lease will tell", exc_info=error)

    async def _send(self, delivery: Delivery) -> None:
        await self._settle(delivery, await self._attempt(delivery))

    async def _settle(self, delivery: Delivery, verdict: Verdict) -> None:
        await self._db.run(settle, delivery, self._holder, verdict, self._policy)
        self._told(delivery.channel_id, verdict.state)

    async def _recover(self, delivery: Delivery) -> None:
        """A lease ran out between send and settle: never twice in silence, never lost in silence."""
        channel = self._channels.get(delivery.channel_id)
        now = self._clock.now()
        if channel is None or channel.can & Can.SAFE_RESEND:
            return await self._send(delivery)
        taken = None
        if isinstance(channel, RemembersSends):
            try:
                async with asyncio.timeout(self._policy.send_seconds):
                    taken = await channel.was_sent(delivery.id, delivery.address)
            except (SendError, TimeoutError) as error:
                log.warning("could not ask whether a send happened", extra={"delivery": delivery.id, "error": type(error).__name__})
            except Exception as error:  # noqa: BLE001 - told in the log, and the delivery goes on as one nobody knows of
                _tell_of_broken_promise(delivery, channel, error)
        if taken is None:
            verdict = Verdict("unknown", now, detail="We stopped while it was being sent; whether it arrived is not known.")
        elif taken:
            verdict = Verdict("sent", now)
        else:
            return await self._send(delivery)
        await self._settle(delivery, verdict)

    async def _attempt(self, delivery: Delivery) -> Verdict:
        channel = self._channels.get(delivery.channel_id)
        if channel is None:
            return Verdict("failed", self._clock.now(), detail=f"The channel “{delivery.channel_id}” is switched off.")
        try:
            messages = await self._db.read(read_messages, delivery)
            outgoing = await self._compose(delivery, messages)
        except GatewayError as error:
            return self._refused(delivery, channel, Later(f"It could not be put together: {error}"))
        try:
            async with asyncio.timeout(self._policy.send_seconds):
                sent = await channel.send(outgoing)
        except SendError as error:
            return self._refused(delivery, channel, error)
        except TimeoutError:
            return self._refused(delivery, channel, Unknown("No answer within the deadline."))
        except Exception as error:  # noqa: BLE001 - told in the log; one broken adapter must not stop the other lanes
            _tell_of_broken_promise(delivery, channel, error)
            return self._refused(delivery, channel, Unknown("The channel's adapter failed."))
        return Verdict(_state(sent), self._clock.now(), external_id=sent.external_id)

    def _refused(self, delivery: Delivery, channel: Channel, error: SendError) -> Verdict:
        detail = redacted(str(error) or type(error).__name__, channel.redact)
        now = self._clock.now()
        if isinstance(error, Unknown) and channel.can & Can.SAFE_RESEND:
            error = Later(detail)
        match error:
            case Never() | Unreachable():
                return Verdict("failed", now, detail=detail)
            case Broken():
                return Verdict("paused", now, detail=detail, pause=detail)
            case Later():
                return self._later(delivery, error, detail)
            case _:
                return Verdict("unknown", now, detail=detail)

    def _later(self, delivery: Delivery, error: Later, detail: str) -> Verdict:
        """Exponential with jitter, never sooner than the provider said, given up after a day."""
        now = self._clock.now()
        if now - delivery.created_at > self._policy.give_up_after:
            return Verdict("failed", now, detail=f"Given up after many tries: {detail}")
        wait = min(self._policy.backoff_first * 2 ** min(delivery.attempts - 1, 20), self._policy.backoff_most)
        wait = round(wait * (0.75 + self._clock.random() / 2))
        if error.after is not None:
            wait = max(wait, round(error.after * 1_000_000))
        return Verdict("retry", now + wait, detail=detail)


def _tell_of_broken_promise(delivery: Delivery, channel: Channel, error: Exception) -> None:
    """The traceback as text, because the error's own words may hold a secret of the account."""
    told = redacted("".join(traceback.format_exception(error)), channel.redact, most=8_000)
    known = {"channel": delivery.channel_id, "delivery": delivery.id}
    log.error("an adapter broke its promise to raise only SendError\n%s", told, extra=known)


def _state(sent: Sent) -> str:
    return sent.state if sent.state in ("sent", "delivered") else "sent"


def redacted(text: str, secrets: Sequence[str], most: int = 500) -> str:
    """`text` without the account's secrets, at most `most` characters."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    return text[:most]
