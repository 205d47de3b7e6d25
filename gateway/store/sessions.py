"""Sign-in sessions and single-use links of agents: only hashes of the tokens are kept."""

from __future__ import annotations

from sqlalchemy import select, update

from gateway.clock import Micros
from gateway.db.database import Tx
from gateway.db.schema import agent, login_link, session
from gateway.db.statement import Statement
from gateway.model import Agent, AgentId
from gateway.store.sql import insert_row, p

s = session.c
_ADD = Statement("session.add", insert_row(session))
_FIND = Statement(
    "session.find",
    select(s.seen_at, s.expires_at, *agent.columns)
    .select_from(session.join(agent, agent.c.id == s.agent_id))
    .where(s.token_hash == p("hash"), s.expires_at > p("at"), agent.c.disabled_at.is_(None)),
)
_TOUCH = Statement("session.touch", update(session).where(s.token_hash == p("hash")).values(seen_at=p("at"), expires_at=p("until")))
_DELETE = Statement("session.delete", session.delete().where(s.token_hash == p("hash")))
_DELETE_OF = Statement("session.delete_of", session.delete().where(s.agent_id == p("agent_id"), s.token_hash != p("but")))
_EXPIRE = Statement("session.expire", session.delete().where(s.expires_at <= p("at")))
_ADD_LINK = Statement("login_link.add", insert_row(login_link))
_USE_LINK = Statement(
    "login_link.use",
    update(login_link)
    .where(login_link.c.token_hash == p("hash"), login_link.c.used_at.is_(None), login_link.c.expires_at > p("at"))
    .values(used_at=p("at"))
    .returning(login_link.c.agent_id),
)
_DELETE_LINKS = Statement("login_link.delete_of", login_link.delete().where(login_link.c.agent_id == p("agent_id")))
_EXPIRE_LINKS = Statement("login_link.expire", login_link.delete().where(login_link.c.expires_at <= p("at")))


def add_session(tx: Tx, token_hash: str, agent_id: AgentId, expires_at: Micros) -> None:
    tx.run(_ADD, token_hash=token_hash, agent_id=agent_id, created_at=tx.now, seen_at=tx.now, expires_at=expires_at)


def find_session(tx: Tx, token_hash: str) -> tuple[Agent, Micros] | None:
    """The agent who is signed in with it and when it was last seen; None when unknown, too old, or the agent is disabled."""
    row = tx.one(_FIND, hash=token_hash, at=tx.now)
    return None if row is None else (Agent(*row[2:]), int(row[0]))


def mark_seen(tx: Tx, token_hash: str, until: Micros) -> None:
    tx.run(_TOUCH, hash=token_hash, at=tx.now, until=until)


def delete_session(tx: Tx, token_hash: str) -> None:
    tx.run(_DELETE, hash=token_hash)


def delete_sessions_of(tx: Tx, agent_id: AgentId, but: str = "") -> int:
    """Ends every session of an agent, sparing the one whose hash is `but`."""
    return tx.run(_DELETE_OF, agent_id=agent_id, but=but)


def delete_expired(tx: Tx) -> int:
    return tx.run(_EXPIRE, at=tx.now) + tx.run(_EXPIRE_LINKS, at=tx.now)


def add_link(tx: Tx, token_hash: str, agent_id: AgentId, expires_at: Micros) -> None:
    tx.run(_ADD_LINK, token_hash=token_hash, agent_id=agent_id, expires_at=expires_at, used_at=None)


def delete_links_of(tx: Tx, agent_id: AgentId) -> None:
    """None of the agent's links can be used any more."""
    tx.run(_DELETE_LINKS, agent_id=agent_id)


def use_link(tx: Tx, token_hash: str) -> AgentId | None:
    """Single use: None the second time, when too old, or when it never existed."""
    row = tx.one(_USE_LINK, hash=token_hash, at=tx.now)
    return None if row is None else AgentId(row[0])
