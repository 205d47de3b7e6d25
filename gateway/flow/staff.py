"""Who may make and change whose account: invitations, roles, teams, skills, places, links, the end of an account and its return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from channels.text import clean
from gateway.db.database import Tx
from gateway.errors import Conflict, Forbidden, Invalid
from gateway.flow import accounts, audit, presence, publish, rights
from gateway.flow.policy import Policy
from gateway.json import dumps, loads
from gateway.model import Agent, AgentId, TeamId
from gateway.store import agents, sessions, teams

CLASSES: Final = ("chat", "text", "mail", "call")
MOST_PLACES, MOST_SKILLS, MOST_SKILL = 1000, 50, 40

By = AgentId | None
"""Who asks: an agent, whose role is looked at, or None for the operator at the command line, who may do everything."""


class Change(NamedTuple):
    """What is to be different; None leaves it as it is. `places` is class → how many at once."""

    name: str | None = None
    role: str | None = None
    skills: Sequence[str] | None = None
    teams: Sequence[str] | None = None
    places: Mapping[str, int] | None = None


def invite(tx: Tx, by: By, name: str, email: str, role: str, team_ids: Sequence[str], token: str, policy: Policy) -> Agent:
    """A new account with a single-use link of `token`. Raises Forbidden for a role the asking one may not give, Conflict, Invalid."""
    actor = None if by is None else rights.actor(tx, by, "people")
    _check_role(actor, role)
    made = accounts.add_agent(tx, name, email, role, policy)
    for team_id in _known_teams(tx, team_ids):
        teams.add_member(tx, team_id, made.id)
    accounts.new_link(tx, made.id, token)
    _note(tx, actor, made, "invited", {"role": role})
    return made


def change(tx: Tx, by: By, agent_id: AgentId, wanted: Change) -> Agent:
    """Name, role and teams take the right `people`, skills and places the right `places`. Raises Forbidden, Invalid, Conflict, NotFound."""
    for right in _needed(wanted):
        if by is not None:
            rights.actor(tx, by, right)
    # Conversations, places and agents are locked in this order everywhere; who may do it is looked at again once they are.
    if wanted.role is not None and wanted.role in rights.ROLES and rights.rank(wanted.role) < rights.rank(rights.RIGHTS["reply"]):
        presence.give_up(tx, agent_id, f"{agents.get_agent(tx, agent_id).name} may not answer any more.")
    for load_class, cap in (wanted.places or {}).items():
        _set_places(tx, agent_id, load_class, cap)
    before, admins = agents.lock_agent(tx, agent_id)
    actor = _allowed(tx, by, before, _needed(wanted))
    after = before._replace(
        name=before.name if wanted.name is None else accounts.named(wanted.name),
        role=before.role if wanted.role is None else wanted.role,
        skills=before.skills if wanted.skills is None else dumps(_skills(wanted.skills)),
    )
    if after.role != before.role:
        _check_role(actor, after.role)
        _spare(actor, before, admins, "change your own role")
    agents.mark_profile(tx, after)
    if wanted.teams is not None:
        _set_teams(tx, agent_id, wanted.teams)
    _tell(tx, actor, before, after, wanted)
    return after


def make_link(tx: Tx, by: By, agent_id: AgentId, token: str) -> Agent:
    """A new single-use link in place of any before, with which a password is set. Nobody makes one for themselves: that would pass by the old password."""
    agent, _ = agents.lock_agent(tx, agent_id)
    actor = _allowed(tx, by, agent, ("people",))
    if actor is not None and actor.id == agent_id:
        raise Forbidden("Change your own password yourself, with the old one. Somebody else can make a link for you.")
    if agent.disabled_at is not None:
        raise Conflict(f"The account of {agent.email} has ended; nobody can sign in with it.")
    sessions.delete_links_of(tx, agent_id)
    accounts.new_link(tx, agent_id, token)
    _note(tx, actor, agent, "link_made")
    return agent


def disable(tx: Tx, by: By, agent_id: AgentId) -> Agent:
    """The account ends at once. Raises Forbidden for oneself, Conflict for the last admin."""
    if by is not None:
        rights.actor(tx, by, "people")
    presence.give_up(tx, agent_id, f"{agents.get_agent(tx, agent_id).name} left.")
    agent, admins = agents.lock_agent(tx, agent_id)
    actor = _allowed(tx, by, agent, ("people",))
    _spare(actor, agent, admins, "end your own account")
    accounts.disable(tx, agent_id)
    _note(tx, actor, agent, "disabled")
    return agent._replace(disabled_at=tx.now, availability="away")


def enable(tx: Tx, by: By, agent_id: AgentId) -> Agent:
    """The account is back, away and without a session; the password is the one it had."""
    agent, _ = agents.lock_agent(tx, agent_id)
    actor = _allowed(tx, by, agent, ("people",))
    agents.mark_enabled(tx, agent_id)
    publish.presence_changed(tx, agent_id)
    publish.shelf_changed(tx, "people")
    _note(tx, actor, agent, "enabled")
    return agent._replace(disabled_at=None)


def _needed(wanted: Change) -> tuple[str, ...]:
    if wanted.name is not None or wanted.role is not None or wanted.teams is not None:
        return ("people", "places") if wanted.skills is not None or wanted.places is not None else ("people",)
    return ("places",)


def _allowed(tx: Tx, by: By, agent: Agent, needed: Sequence[str]) -> Agent | None:
    """Who asks. Raises Forbidden when a right is missing or the account is above them."""
    if by is None:
        return None
    actor = rights.actor(tx, by)
    for right in needed:
        rights.require(actor, right)
    if actor.id != agent.id:
        _check_role(actor, agent.role)
    return actor


def _check_role(actor: Agent | None, role: str) -> None:
    """Whether they may give this role, or change somebody who has it."""
    if role not in rights.ROLES:
        raise Invalid(f"A role is one of {', '.join(rights.ROLES)}.", field="role")
    if actor is None:
        return
    if rights.rank(role) >= rights.rank("manager") and not rights.has(actor, "admins"):
        raise Forbidden("Only an admin may make or change managers and admins.")
    if rights.rank(role) > rights.rank(actor.role):
        raise Forbidden(f"Your role is {actor.role}: you cannot make or change a {role}.")


def _spare(actor: Agent | None, agent: Agent, admins: set[AgentId], what: str) -> None:
    """Not oneself, and not the last admin: nobody could let them in again."""
    if actor is not None and actor.id == agent.id:
        raise Forbidden(f"You cannot {what}. Ask somebody else who may.")
    if admins == {agent.id}:
        raise Conflict(f"{agent.name} is the last admin. Make somebody else an admin first.")


def _set_places(tx: Tx, agent_id: AgentId, load_class: str, cap: int) -> None:
    if load_class not in CLASSES:
        raise Invalid(f"Places are of {', '.join(CLASSES)}.", field="places")
    if not 0 <= cap <= MOST_PLACES:
        raise Invalid(f"An agent has from 0 to {MOST_PLACES:,} places.", field="places")
    agents.get_agent(tx, agent_id)
    agents.mark_cap(tx, agent_id, load_class, cap)


def _set_teams(tx: Tx, agent_id: AgentId, team_ids: Sequence[str]) -> None:
    now, then = teams.list_teams_of(tx, agent_id), _known_teams(tx, team_ids)
    for team_id in sorted(now - then):
        teams.delete_member(tx, team_id, agent_id)
    for team_id in sorted(then - now):
        teams.add_member(tx, team_id, agent_id)


def _known_teams(tx: Tx, team_ids: Sequence[str]) -> set[TeamId]:
    chosen = {TeamId(team_id) for team_id in team_ids}
    if chosen - {team.id for team in teams.list_teams(tx)}:
        raise Invalid("There is no such team.", field="teams")
    return chosen


def _skills(wanted: Sequence[str]) -> list[str]:
    found = sorted({" ".join(clean(skill).lower().split()) for skill in wanted} - {""})
    if len(found) > MOST_SKILLS or any(len(skill) > MOST_SKILL for skill in found):
        raise Invalid(f"An agent has at most {MOST_SKILLS} skills of {MOST_SKILL} characters each.", field="skills")
    return found


def _tell(tx: Tx, actor: Agent | None, before: Agent, after: Agent, wanted: Change) -> None:
    """Lines for the audit, and hints for whoever shows or uses it."""
    if after.name != before.name:
        _note(tx, actor, after, "name_changed", {"from": before.name, "to": after.name})
    if after.role != before.role:
        _note(tx, actor, after, "role_changed", {"from": before.role, "to": after.role})
        publish.rights_changed(tx, after.id)
    if wanted.teams is not None:
        _note(tx, actor, after, "teams_changed", {"teams": sorted(set(wanted.teams))})
        publish.shelf_changed(tx, "teams")
    if wanted.skills is not None or wanted.places is not None:
        _note(tx, actor, after, "places_changed", {"skills": loads(after.skills), "places": dict(wanted.places or {})})
    publish.presence_changed(tx, after.id)
    publish.shelf_changed(tx, "people")


def _note(tx: Tx, actor: Agent | None, agent: Agent, act: str, more: Mapping[str, Any] | None = None) -> None:
    """The operator has no account: what was done at the command line stands with the one it was done to."""
    detail = {"agent": {"id": agent.id, "name": agent.name}, **(more or {})}
    if actor is None:
        audit.note(tx, agent.id, act, detail={**detail, "by": "command line"})
    else:
        audit.note(tx, actor.id, act, detail=detail)
