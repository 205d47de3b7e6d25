"""What time alone changes: snoozes end, offers run out, absent agents give back, idle places are freed, old rows go."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from gateway.blobs import Blobs
from gateway.clock import DAY, HOUR, MINUTE, SECOND, Clock, Micros
from gateway.db.database import Database, Tx
from gateway.errors import Conflict
from gateway.flow import assign, lifecycle, presence, publish, route
from gateway.flow.policy import Policy
from gateway.model import ConversationId
from gateway.store import agents, assignments, conversations, deliveries, due, files, intakes, sessions

log = logging.getLogger("throughline.tidy")

QUICK = SECOND
SLOW = 5 * MINUTE


def due_snoozed(tx: Tx) -> list[ConversationId]:
    return [conversation.id for conversation in due.list_due_snoozed(tx, tx.now)]


def due_offers(tx: Tx) -> list[ConversationId]:
    return [offer.conversation_id for offer in assignments.list_due_offers(tx, tx.now)]


def idle(tx: Tx, policy: Policy) -> list[ConversationId]:
    return [conversation.id for conversation in due.list_idle_holds(tx, tx.now - policy.idle_frees)]


def free_idle(tx: Tx, conversation_id: ConversationId, policy: Policy) -> bool:
    """The customer has not come back for a set time: the place is free, the owner stays."""
    conversation = conversations.get_conversation(tx, conversation_id, lock=True)
    waits_for_us = conversation.waiting_since is not None or conversation.last_at > tx.now - policy.idle_frees
    if conversation.assignee_id is None or not conversation.holds or waits_for_us:
        return False
    assign.vacate(tx, conversation)
    conversations.mark_holds(tx, conversation_id, False)
    return True


def resume_channels(tx: Tx) -> list[str]:
    """Pauses that have run out: the waiting deliveries try again, and a success ends the pause for good."""
    resumed = []
    for channel_id, _, _, until in deliveries.list_pauses(tx):
        if until <= tx.now and deliveries.mark_resumed(tx, channel_id):
            publish.wake_outbox(tx)
            resumed.append(channel_id)
    return resumed


def expire(tx: Tx, policy: Policy) -> tuple[int, int]:
    """(sessions and links, journal lines) that were too old; leases of surfaces that ended long ago go with them."""
    agents.delete_presence(tx, tx.now - DAY)
    return sessions.delete_expired(tx), intakes.delete_intakes(tx, tx.now - policy.intake_kept)


def reconcile(tx: Tx) -> list[tuple[str, str, int, int]]:
    """Loads are what conversations and offers say; drift is mended and told."""
    return [(str(agent_id), load_class, was, true) for agent_id, load_class, was, true in agents.reconcile(tx)]


def drop_orphans(tx: Tx, policy: Policy) -> list[str]:
    """Files that were uploaded and never sent; gives the blobs that nothing uses any more."""
    unused = []
    for record in files.list_orphans(tx, tx.now - policy.orphans_kept):
        files.delete_orphan(tx, record.id)
        if record.blob is not None and not files.is_blob_used(tx, record.blob):
            unused.append(record.blob)
    return unused


class Tidy:
    """Runs each chore when it is due. Every chore is safe beside itself in another process."""

    def __init__(self, db: Database, clock: Clock, policy: Policy, blobs: Blobs):
        self._db = db
        self._clock = clock
        self._policy = policy
        self._blobs = blobs
        self._slow_at: Micros = 0

    async def step(self) -> Micros:
        """Gives when to come back."""
        await self._each(await self._db.read(due_snoozed), lambda found: self._db.run(lifecycle.wake, found))
        await self._each(await self._db.read(due_offers), lambda found: self._db.run(route.pass_offer, found, "expired"))
        await self._each(await self._db.read(idle, self._policy), lambda found: self._db.run(free_idle, found, self._policy))
        for agent in await self._db.read(presence.list_absent):
            released = await self._db.run(presence.give_back_absent, agent.id)
            if released:
                log.info("conversations of an absent agent went back to the queue", extra={"count": len(released)})
        await self._db.run(resume_channels)
        now = self._clock.now()
        if now >= self._slow_at:
            self._slow_at = now + SLOW
            await self._sweep()
        return now + QUICK

    async def _each(self, found: list[ConversationId], do: Callable[[ConversationId], Awaitable[object]]) -> None:
        for conversation_id in found:
            try:
                await do(conversation_id)
            except Conflict:
                log.debug("somebody was faster", extra={"conversation": conversation_id})

    async def _sweep(self) -> None:
        await self._db.run(expire, self._policy)
        for agent_id, load_class, was, true in await self._db.run(reconcile):
            log.warning("an agent's load had drifted", extra={"agent": agent_id, "class": load_class, "was": was, "is": true})
        for name in await self._db.run(drop_orphans, self._policy):
            await self._blobs.delete(name, self._clock.now() - HOUR)
