"""The router at work: snapshot, pure decision, guarded write. The database guard is the authority, whatever the snapshot said."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import asdict, dataclass

from gateway.clock import SECOND, Clock, Micros
from gateway.db.database import Database, Tx
from gateway.errors import Conflict, Forbidden, Unavailable
from gateway.flow import assign, publish, rights
from gateway.flow.policy import Policy
from gateway.json import dumps, loads
from gateway.model import AgentId, Conversation, ConversationId, Offer, OfferId
from gateway.store import agents, assignments, conversations, due, leases
from gateway.store import teams as team_store
from router.decide import decide
from router.rules import explain
from router.types import Candidate, Capacity, Decision, Waiting

log = logging.getLogger("throughline.route")

LEASE = "router"
LEASE_TIME = 10 * SECOND
REST = 2 * SECOND
"""How long the leader sleeps at most: what no hint told it of, it finds then."""


def explained(rule: str | None) -> str | None:
    """The rule that took an agent out, in words; one of an older version as it stands."""
    if rule is None:
        return None
    try:
        return explain(rule)
    except ValueError:
        return rule


@dataclass(frozen=True, slots=True)
class Snapshot:
    waiting: tuple[Waiting, ...]
    candidates: tuple[Candidate, ...]


class Lost(Exception):
    """The guard refused: somebody was faster, or the agent has gone or is full. The unit is rolled back."""


def snapshot(tx: Tx, policy: Policy) -> Snapshot:
    """What the router decides on, read in one go. While nobody has a place free, nothing can be decided and the queue is not read."""
    candidates = _candidates(tx)
    if not any(map(_has_room, candidates)):
        return Snapshot((), candidates)
    rows = due.list_routable(tx, tx.now)
    ids = [row.id for row in rows]
    offered = assignments.list_open_offers(tx, ids)
    passed: dict[str, set[str]] = {}
    for conversation_id, agent_id in assignments.list_passed(tx, ids, tx.now - 60 * policy.offer if policy.offer else tx.now):
        passed.setdefault(conversation_id, set()).add(agent_id)
    waiting = tuple(_waiting(row, frozenset(passed.get(row.id, ()))) for row in rows if row.id not in offered)
    return Snapshot(waiting, candidates)


def _has_room(candidate: Candidate) -> bool:
    """For whatever conversation; the rules of `router` are asked only then."""
    return candidate.available and candidate.here and any(place.load < place.cap for place in candidate.capacities.values())


def _waiting(row: Conversation, declined: frozenset[str]) -> Waiting:
    since = row.waiting_since or row.route_at or row.created_at
    return Waiting(
        id=row.id, version=row.version, load_class=row.load_class, waiting_since=since, priority=row.priority, team_id=row.team_id,
        skills=frozenset(), last_agent_id=None, not_before=row.route_at or 0, declined=declined,
    )  # fmt: skip


def _candidates(tx: Tx) -> tuple[Candidate, ...]:
    here = agents.list_present(tx)
    teams: dict[str, set[str]] = {}
    for team_id, agent_id in team_store.list_members(tx):
        teams.setdefault(agent_id, set()).add(team_id)
    places: dict[str, dict[str, Capacity]] = {}
    for load in agents.list_loads(tx):
        places.setdefault(load.agent_id, {})[load.load_class] = Capacity(load.load_class, load.load, load.cap)
    return tuple(
        Candidate(
            id=agent.id, available=agent.availability == "available", here=agent.id in here, teams=frozenset(teams.get(agent.id, ())),
            skills=frozenset(loads(agent.skills)), capacities=places.get(agent.id, {}), last_assigned_at=agent.last_assigned_at,
            can_reply=rights.has(agent, "reply"),
        )
        for agent in agents.list_agents(tx)
    )  # fmt: skip


def carry_out(tx: Tx, decision: Decision, holder: str, epoch: int, policy: Policy) -> Conversation:
    """One decision as a guarded write. Raises Lost when the lease, the version, the presence or the capacity says no."""
    if decision.agent_id is None or not leases.is_held(tx, LEASE, holder, epoch):
        raise Lost
    conversation = conversations.get_conversation(tx, ConversationId(decision.conversation_id), lock=True)
    if conversation.version != decision.version or conversation.assignee_id is not None or conversation.state != "open":
        raise Lost
    if assignments.find_open_offer(tx, conversation.id) is not None:
        raise Lost
    agent_id = AgentId(decision.agent_id)
    if not agents.occupy(tx, agent_id, conversation.load_class):
        raise Lost
    verdicts = [asdict(verdict) for verdict in decision.verdicts]
    agent = agents.get_agent(tx, agent_id)
    if policy.offer:
        return _offer(tx, conversation, agent_id, decision.reason, dumps(verdicts), policy)
    return assign.give(tx, conversation, agent, kind="assigned", decided_by="router", reason=decision.reason, verdicts=verdicts)


def _offer(tx: Tx, conversation: Conversation, agent_id: AgentId, reason: str, verdicts: str, policy: Policy) -> Conversation:
    """A place is kept for the agent until the deadline; the conversation keeps its own in the queue."""
    stored = assign.saved(tx, conversation)
    offer = Offer(
        OfferId(tx.clock.new_id()), conversation.id, agent_id, stored.version, "open", reason, verdicts, conversation.load_class,
        tx.now + policy.offer, tx.now,
    )  # fmt: skip
    assignments.add_offer(tx, offer)
    assign.log(
        tx, stored, "offered", payload={"to": assign.named(agents.get_agent(tx, agent_id)), "reason": reason, "deadline": offer.deadline}
    )
    publish.row_changed(tx, conversation.id)
    return stored


def accept_offer(tx: Tx, agent_id: AgentId, conversation_id: ConversationId, version: int) -> Conversation:
    """The agent says yes in time: the kept place becomes theirs. Raises Conflict when the offer has ended."""
    agent = rights.actor(tx, agent_id)
    conversation = conversations.get_conversation(tx, conversation_id, lock=True)
    offer = assignments.find_open_offer(tx, conversation_id)
    if offer is None or conversation.version != version or offer.deadline <= tx.now:
        raise Conflict("This offer has ended.")
    if offer.agent_id != agent_id:
        raise Forbidden("This was offered to somebody else.")
    assignments.mark_offer_ended(tx, conversation_id, "accepted")
    if offer.load_class != conversation.load_class:
        # The customer went on over another channel while the agent thought about it.
        assign.recount(tx, agent_id, offer.load_class, conversation.load_class)
    return assign.give(tx, conversation, agent, kind="assigned", decided_by="router", reason=offer.reason, verdicts=loads(offer.verdicts))


def pass_offer(tx: Tx, conversation_id: ConversationId, state: str, agent_id: AgentId | None = None) -> Conversation:
    """Declined by the agent, or expired (no agent given): back to the queue with the place it had."""
    conversation = conversations.get_conversation(tx, conversation_id, lock=True)
    offer = assignments.find_open_offer(tx, conversation_id)
    if offer is None or (agent_id is not None and offer.agent_id != agent_id):
        raise Conflict("This offer has ended.")
    assign.end_offer(tx, conversation, state)
    stored = assign.saved(tx, conversation)
    agent = agents.find_agent(tx, offer.agent_id)
    assign.log(tx, stored, "declined", actor=agent if agent_id else None, payload={"state": state, "from": assign.named(agent)})
    publish.row_changed(tx, conversation_id)
    publish.wake_router(tx)
    return stored


def _decided(taken: Snapshot, now: Micros) -> list[Decision]:
    """Who gets what, each with the verdicts on every agent: they are stored with the assignment, and asked for by "why"."""
    found = {decision.conversation_id for decision in decide(taken.waiting, taken.candidates, now) if decision.agent_id is not None}
    if not found:
        return []
    # Twice, because verdicts on every agent are dear and most of a long queue gets nobody.
    again = decide(taken.waiting, taken.candidates, now, verdicts_for=found)
    return [decision for decision in again if decision.agent_id is not None]


class Router:
    """One contender for the router's lease. `step` leads when it can, and says when to come back."""

    def __init__(self, db: Database, clock: Clock, policy: Policy, holder: str):
        self._db = db
        self._clock = clock
        self._policy = policy
        self._holder = holder
        self._epoch: int | None = None
        self._until: Micros = 0

    async def step(self) -> Micros:
        """Decides all it can now. Gives when to come back when nothing wakes it before."""
        if not await self._lead():
            return self._clock.now() + LEASE_TIME // 2
        taken = await self._db.read(snapshot, self._policy)
        decisions = _decided(taken, self._clock.now())
        outcomes = await asyncio.gather(*(self._try(decision) for decision in decisions))
        lost = outcomes.count(False)
        return self._clock.now() + (SECOND // 10 if lost else REST)

    async def _lead(self) -> bool:
        now = self._clock.now()
        if self._epoch is not None and now < self._until - LEASE_TIME // 2:
            return True
        if self._epoch is not None and await self._db.run(leases.mark_kept, LEASE, self._holder, self._epoch, now + LEASE_TIME):
            self._until = now + LEASE_TIME
            return True
        lease = await self._db.run(leases.claim_lease, LEASE, self._holder, now + LEASE_TIME)
        self._epoch = None if lease is None else lease.epoch
        self._until = 0 if lease is None else lease.until
        return lease is not None

    async def _try(self, decision: Decision) -> bool:
        try:
            await self._db.run(carry_out, decision, self._holder, self._epoch or 0, self._policy)
        except Lost:
            return False
        return True

    async def leave(self) -> None:
        """Lets a standby lead at once."""
        if self._epoch is None:
            return
        self._epoch = None
        try:
            await self._db.run(leases.mark_left, LEASE, self._holder)
        except Unavailable:
            log.warning("the router's lease could not be given up; it runs out by itself")
