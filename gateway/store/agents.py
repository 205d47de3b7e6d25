"""Agents, who is here, and how many places each has."""

from __future__ import annotations

from sqlalchemy import and_, exists, func, null, or_, select, update

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import agent, agent_load, conversation, offer, presence, read_mark
from gateway.db.statement import Statement, in_list
from gateway.errors import NotFound
from gateway.json import dumps
from gateway.model import Agent, AgentId, AgentLoad, ConversationId
from gateway.store.sql import insert, insert_row, is_now, p

a = agent.c
_HERE = exists().where(presence.c.agent_id == p("agent_id"), presence.c.seen_until > p("at"))
_FIT = exists().where(a.id == p("agent_id"), is_now(a.availability, "available"), a.disabled_at.is_(None))

_ADD = Statement("agent.add", insert_row(agent).on_conflict_do_nothing(index_elements=["email"]).returning(a.id))
_GET = Statement("agent.get", select(agent).where(a.id == p("agent_id")))
_BY_EMAIL = Statement("agent.by_email", select(agent).where(a.email == p("mail")))
_LIST = Statement("agent.list", select(agent).where(a.disabled_at.is_(None)).order_by(a.name, a.id))
_EVERYBODY = Statement("agent.everybody", select(agent).order_by(a.name, a.id))
_LOCK = Statement(
    "agent.lock",
    select(agent)
    .where(or_(a.id == p("agent_id"), and_(a.role == p("as_role"), a.disabled_at.is_(None))))
    .order_by(a.id)
    .with_for_update(key_share=True),
)
_PROFILE = Statement(
    "agent.profile", update(agent).where(a.id == p("agent_id")).values(name=p("called"), role=p("to_role"), skills=p("able"))
)
_ENABLE = Statement("agent.enable", update(agent).where(a.id == p("agent_id")).values(disabled_at=null()))
_AVAILABILITY = Statement("agent.availability", update(agent).where(a.id == p("agent_id")).values(availability=p("to")))
_PASSWORD = Statement("agent.password", update(agent).where(a.id == p("agent_id")).values(password_hash=p("hash")))
_ASSIGNED = Statement("agent.assigned", update(agent).where(a.id == p("agent_id")).values(last_assigned_at=p("at")))
_DISABLE = Statement("agent.disable", update(agent).where(a.id == p("agent_id")).values(disabled_at=p("at"), availability="away"))
_LOADS = Statement("agent_load.list", select(agent_load).order_by(agent_load.c.agent_id, agent_load.c.load_class))
_LOADS_OF = Statement("agent_load.of", select(agent_load).where(agent_load.c.agent_id == p("agent_id")).order_by(agent_load.c.load_class))
_LOCK_LOADS = Statement(
    "agent_load.lock",
    select(agent_load.c.load)
    .where(in_list(agent_load.c.agent_id, "agent_ids"))
    .order_by(agent_load.c.agent_id, agent_load.c.load_class)
    .with_for_update(key_share=True),
)
_ADD_LOAD = Statement("agent_load.add", insert_row(agent_load).on_conflict_do_nothing(index_elements=["agent_id", "load_class"]))
_CAP = Statement(
    "agent_load.cap",
    update(agent_load).where(agent_load.c.agent_id == p("which"), agent_load.c.load_class == p("of_class")).values(cap=p("to")),
)
_MINE = and_(agent_load.c.agent_id == p("agent_id"), agent_load.c.load_class == p("of_class"))
_OCCUPY = Statement(
    "agent_load.occupy",
    update(agent_load).where(_MINE, agent_load.c.load < agent_load.c.cap, _HERE, _FIT).values(load=agent_load.c.load + 1),
)
_ROOM = Statement(
    "agent_load.room", update(agent_load).where(_MINE, agent_load.c.load < agent_load.c.cap).values(load=agent_load.c.load + 1)
)
_FORCE = Statement(
    "agent_load.force",
    insert(agent_load)
    .values(agent_id=p("agent_id"), load_class=p("of_class"), load=1, cap=p("default_cap"))
    .on_conflict_do_update(index_elements=["agent_id", "load_class"], set_={"load": agent_load.c.load + 1}),
)
_FREE = Statement("agent_load.free", update(agent_load).where(_MINE, agent_load.c.load > 0).values(load=agent_load.c.load - 1))
_COUNTED = Statement(
    "agent_load.counted",
    select(conversation.c.assignee_id, conversation.c.load_class, func.count())
    .where(conversation.c.assignee_id.is_not(None), conversation.c.holds > 0)
    .group_by(conversation.c.assignee_id, conversation.c.load_class),
)
_OFFERED = Statement(
    "agent_load.offered",
    select(offer.c.agent_id, offer.c.load_class, func.count())
    .where(is_now(offer.c.state, "open"))
    .group_by(offer.c.agent_id, offer.c.load_class),
)
_SET_LOAD = Statement("agent_load.set", update(agent_load).where(_MINE).values(load=p("to")))
_SEEN = Statement(
    "presence.seen",
    insert_row(presence).on_conflict_do_update(index_elements=["agent_id", "surface"], set_={"seen_until": p("seen_until")}),
)
_GONE = Statement(
    "presence.gone", update(presence).where(presence.c.agent_id == p("agent_id"), presence.c.surface == p("on")).values(seen_until=p("at"))
)
_FORGET = Statement("presence.forget", presence.delete().where(presence.c.seen_until < p("before")))
_PRESENT = Statement(
    "presence.list",
    select(presence.c.agent_id, func.max(presence.c.seen_until)).where(presence.c.seen_until > p("at")).group_by(presence.c.agent_id),
)
_ABSENT_HOLDERS = Statement(
    "agent.absent_holders",
    select(agent)
    .where(
        exists().where(conversation.c.assignee_id == a.id, is_now(conversation.c.state, "open"), conversation.c.waiting_since.is_not(None)),
        exists().where(presence.c.agent_id == a.id),
        ~exists().where(presence.c.agent_id == a.id, presence.c.seen_until > p("since")),
    )
    .order_by(a.id),
)
_READ = Statement(
    "read_mark.set",
    insert_row(read_mark).on_conflict_do_update(
        index_elements=["agent_id", "conversation_id"], set_={"seq": p("seq")}, where=read_mark.c.seq < p("seq")
    ),
)


def add_agent(tx: Tx, record: Agent) -> bool:
    """False when somebody has this mail address already."""
    return tx.one(_ADD, **record._asdict()) is not None


def find_agent(tx: Tx, agent_id: AgentId) -> Agent | None:
    row = tx.one(_GET, agent_id=agent_id)
    return None if row is None else Agent(*row)


def get_agent(tx: Tx, agent_id: AgentId) -> Agent:
    found = find_agent(tx, agent_id)
    if found is None:
        raise NotFound("There is no such agent.")
    return found


def find_agent_by_email(tx: Tx, email: str) -> Agent | None:
    row = tx.one(_BY_EMAIL, mail=email)
    return None if row is None else Agent(*row)


def list_agents(tx: Tx) -> list[Agent]:
    """Those not disabled, by name."""
    return [Agent(*row) for row in tx.all(_LIST)]


def list_everybody(tx: Tx) -> list[Agent]:
    """Those disabled too, by name."""
    return [Agent(*row) for row in tx.all(_EVERYBODY)]


def lock_agent(tx: Tx, agent_id: AgentId) -> tuple[Agent, set[AgentId]]:
    """The agent, and the admins who may sign in, as they stay until the unit ends. Last in the lock order. Raises NotFound."""
    found = {record.id: record for record in (Agent(*row) for row in tx.all(_LOCK, agent_id=agent_id, as_role="admin"))}
    if agent_id not in found:
        raise NotFound("There is no such agent.")
    return found[agent_id], {record.id for record in found.values() if record.role == "admin" and record.disabled_at is None}


def mark_profile(tx: Tx, record: Agent) -> None:
    """Stores name, role and skills."""
    tx.run(_PROFILE, agent_id=record.id, called=record.name, to_role=record.role, able=record.skills)


def mark_availability(tx: Tx, agent_id: AgentId, availability: str) -> None:
    tx.run(_AVAILABILITY, agent_id=agent_id, to=availability)


def mark_password(tx: Tx, agent_id: AgentId, password_hash: str) -> None:
    tx.run(_PASSWORD, agent_id=agent_id, hash=password_hash)


def mark_assigned(tx: Tx, agent_id: AgentId) -> None:
    tx.run(_ASSIGNED, agent_id=agent_id, at=tx.now)


def mark_disabled(tx: Tx, agent_id: AgentId) -> None:
    tx.run(_DISABLE, agent_id=agent_id, at=tx.now)


def mark_enabled(tx: Tx, agent_id: AgentId) -> None:
    tx.run(_ENABLE, agent_id=agent_id)


def list_loads(tx: Tx) -> list[AgentLoad]:
    return [AgentLoad(*row) for row in tx.all(_LOADS)]


def list_loads_of(tx: Tx, agent_id: AgentId) -> list[AgentLoad]:
    return [AgentLoad(*row) for row in tx.all(_LOADS_OF, agent_id=agent_id)]


def lock_loads(tx: Tx, agent_ids: list[AgentId]) -> None:
    """Their places, all at once and in one order, until the unit ends."""
    tx.all(_LOCK_LOADS, agent_ids=dumps(agent_ids))


def add_load(tx: Tx, record: AgentLoad) -> None:
    tx.run(_ADD_LOAD, **record._asdict())


def mark_cap(tx: Tx, agent_id: AgentId, load_class: str, cap: int) -> None:
    tx.run(_ADD_LOAD, agent_id=agent_id, load_class=load_class, load=0, cap=cap)
    tx.run(_CAP, which=agent_id, of_class=load_class, to=cap)


def occupy(tx: Tx, agent_id: AgentId, load_class: str) -> bool:
    """Takes a place: only when there is one AND the agent is available AND here. The router's guard."""
    return tx.run(_OCCUPY, agent_id=agent_id, of_class=load_class, at=tx.now) == 1


def occupy_room(tx: Tx, agent_id: AgentId, load_class: str) -> bool:
    """Takes a place when there is one, whether the agent is here or not."""
    return tx.run(_ROOM, agent_id=agent_id, of_class=load_class) == 1


def occupy_anyway(tx: Tx, agent_id: AgentId, load_class: str, default_cap: int = 3) -> None:
    """Takes a place although there may be none: by a person's decision, recorded as an override."""
    tx.run(_FORCE, agent_id=agent_id, of_class=load_class, default_cap=default_cap)


def free(tx: Tx, agent_id: AgentId, load_class: str) -> bool:
    """Gives a place back; False when none was taken (drift, which `reconcile` mends)."""
    return tx.run(_FREE, agent_id=agent_id, of_class=load_class) == 1


def reconcile(tx: Tx) -> list[tuple[AgentId, str, int, int]]:
    """Sets every load to what the conversations and offers say; gives (agent, class, was, is) where it had drifted."""
    counted: dict[tuple[str, str], int] = {}
    for row in [*tx.all(_COUNTED), *tx.all(_OFFERED)]:
        counted[row[0], row[1]] = counted.get((row[0], row[1]), 0) + int(row[2])
    drift = []
    for record in list_loads(tx):
        true = counted.get((record.agent_id, record.load_class), 0)
        if true != record.load:
            tx.run(_SET_LOAD, agent_id=record.agent_id, of_class=record.load_class, to=true)
            drift.append((record.agent_id, record.load_class, record.load, true))
    return drift


def mark_here(tx: Tx, agent_id: AgentId, surface: str, until: Micros) -> None:
    tx.run(_SEEN, agent_id=agent_id, surface=surface, seen_until=until)


def mark_gone(tx: Tx, agent_id: AgentId, surface: str, at: Micros) -> None:
    """The lease on this surface ends at `at`."""
    tx.run(_GONE, agent_id=agent_id, on=surface, at=at)


def delete_presence(tx: Tx, before: Micros) -> int:
    """Surfaces nobody has been seen on since: every process that ran left some."""
    return tx.run(_FORGET, before=before)


def list_present(tx: Tx) -> set[AgentId]:
    return {AgentId(row[0]) for row in tx.all(_PRESENT, at=tx.now)}


def list_absent_holders(tx: Tx, since: Micros) -> list[Agent]:
    """Agents who were here, have not been seen since `since`, and whose customers wait."""
    return [Agent(*row) for row in tx.all(_ABSENT_HOLDERS, since=since)]


def mark_read(tx: Tx, agent_id: AgentId, conversation_id: ConversationId, seq: int) -> None:
    tx.run(_READ, agent_id=agent_id, conversation_id=conversation_id, seq=seq)
