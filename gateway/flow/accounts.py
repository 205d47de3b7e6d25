"""Agents' accounts: adding them, signing in by link or password, sessions and their end."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from channels import address
from channels.text import clean
from gateway.clock import DAY, HOUR, MINUTE, Micros
from gateway.db.database import Tx
from gateway.errors import Conflict, Invalid, Unauthorised
from gateway.flow import audit, presence, publish
from gateway.flow.policy import Policy
from gateway.flow.rights import ROLES
from gateway.model import Agent, AgentId, AgentLoad, Team, TeamId
from gateway.store import agents, sessions, teams

SESSION_TIME: Micros = 14 * DAY
LINK_TIME: Micros = 24 * HOUR
TOUCH_EVERY: Micros = 10 * MINUTE
MOST_NAME = 100


def hashed(token: str) -> str:
    """What is stored of a token: a token is 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_agent(tx: Tx, name: str, email: str, role: str, policy: Policy) -> Agent:
    """Raises Invalid for a bad address or role, Conflict when the address has an account."""
    mail = address.mail(email)
    if mail is None:
        raise Invalid(f"“{email}” is not a mail address.", field="email")
    if role not in ROLES:
        raise Invalid(f"A role is one of {', '.join(ROLES)}.", field="role")
    record = Agent(
        AgentId(tx.clock.new_id()), named(name), mail.removeprefix("mailto:"), role, None, "available", "[]", 60, 0, None, tx.now
    )
    if not agents.add_agent(tx, record):
        raise Conflict(f"“{record.email}” has an account already.")
    for load_class, cap in policy.caps.items():
        agents.add_load(tx, AgentLoad(record.id, load_class, 0, cap))
    publish.presence_changed(tx, record.id)
    publish.shelf_changed(tx, "people")
    return record


def named(name: str, missing: str = "An agent needs a name: customers see it.") -> str:
    """As it is kept, in one line. Raises Invalid for an empty or a very long one."""
    called = " ".join(clean(name).split())
    if not called:
        raise Invalid(missing, field="name")
    if len(called) > MOST_NAME:
        raise Invalid(f"A name has at most {MOST_NAME} characters.", field="name")
    return called


def find_agent(tx: Tx, email: str) -> Agent | None:
    mail = address.mail(email)
    return None if mail is None else agents.find_agent_by_email(tx, mail.removeprefix("mailto:"))


def add_team(tx: Tx, name: str, members: Sequence[AgentId] = ()) -> Team:
    called = named(name, "A team needs a name.")
    record = Team(TeamId(tx.clock.new_id()), called, tx.now, "")
    if not teams.add_team(tx, record):
        raise Conflict(f"There is a team “{called}” already.")
    for agent_id in members:
        teams.add_member(tx, record.id, agent_id)
    publish.shelf_changed(tx, "teams")
    return record


def new_link(tx: Tx, agent_id: AgentId, token: str) -> None:
    """A single-use sign-in link for the next 24 hours; `token` comes from `clock.token()` and is shown once."""
    sessions.add_link(tx, hashed(token), agent_id, tx.now + LINK_TIME)


def sign_in_by_link(tx: Tx, link: str, session: str, password_hash: str | None) -> Agent:
    """Uses the link up and opens the session; sets a password when one was chosen. Raises Unauthorised."""
    agent_id = sessions.use_link(tx, hashed(link)) if link.strip() == link and link else None
    agent = None if agent_id is None else agents.find_agent(tx, agent_id)
    if agent is None or agent.disabled_at is not None:
        raise Unauthorised("This link was used before or is too old. Ask for a new one: throughline agent link.")
    if password_hash is not None:
        agents.mark_password(tx, agent.id, password_hash)
        sessions.delete_sessions_of(tx, agent.id)
        publish.sessions_ended(tx, agent.id)
        audit.note(tx, agent.id, "password_changed", detail={"by": "link"})
        agent = agent._replace(password_hash=password_hash)
    sessions.add_session(tx, hashed(session), agent.id, tx.now + SESSION_TIME)
    audit.note(tx, agent.id, "signed_in", detail={"by": "link"})
    return agent


def open_session(tx: Tx, agent_id: AgentId, session: str, proved: str | None = None) -> None:
    """After the password was right; `proved` is the hash it was compared with. Raises Unauthorised when it has changed since."""
    agent = agents.get_agent(tx, agent_id)
    if agent.disabled_at is not None or (proved is not None and agent.password_hash != proved):
        raise Unauthorised("The address or the password is not right.")
    sessions.add_session(tx, hashed(session), agent_id, tx.now + SESSION_TIME)
    audit.note(tx, agent_id, "signed_in", detail={"by": "password"})


def close_session(tx: Tx, agent_id: AgentId, session: str) -> None:
    sessions.delete_session(tx, hashed(session))
    audit.note(tx, agent_id, "signed_out")
    publish.sessions_ended(tx, agent_id, hashed(session))


def find_session(tx: Tx, session: str) -> tuple[Agent, Micros] | None:
    """Who is signed in, and when the session was last written down as used."""
    return sessions.find_session(tx, hashed(session))


def touch(tx: Tx, session: str) -> None:
    sessions.mark_seen(tx, hashed(session), tx.now + SESSION_TIME)


def change_password(tx: Tx, agent_id: AgentId, session: str, password_hash: str) -> None:
    """Every other session of the agent ends."""
    agents.mark_password(tx, agent_id, password_hash)
    sessions.delete_sessions_of(tx, agent_id, but=hashed(session))
    sessions.delete_links_of(tx, agent_id)
    publish.sessions_ended(tx, agent_id)
    audit.note(tx, agent_id, "password_changed", detail={"by": "password"})


def disable(tx: Tx, agent_id: AgentId) -> None:
    """The account ends; what was not answered goes back to the queue, open windows close."""
    agent = agents.get_agent(tx, agent_id)
    presence.give_up(tx, agent_id, f"{agent.name} left.")
    agents.mark_disabled(tx, agent_id)
    sessions.delete_sessions_of(tx, agent_id)
    sessions.delete_links_of(tx, agent_id)
    publish.sessions_ended(tx, agent_id)
    publish.presence_changed(tx, agent_id)
    publish.shelf_changed(tx, "people")
