"""Teams as managers keep them: their names, who is in them, when they are open, and how one is given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.db.database import Tx
from gateway.errors import Conflict, Invalid, NotFound
from gateway.flow import accounts, audit, publish, rights
from gateway.json import dumps
from gateway.model import AgentId, Team, TeamId
from gateway.store import agents, teams
from router import hours
from router.hours import Hours

CHUNK = 200
"""Conversations a unit takes from a team that is given up: more would hold everybody up."""


def add(tx: Tx, actor_id: AgentId, name: str) -> Team:
    """Raises Forbidden, Invalid, Conflict for a name that is taken."""
    actor = rights.actor(tx, actor_id, "settings")
    made = accounts.add_team(tx, name)
    audit.note(tx, actor.id, "team_added", detail={"team": _named(made)})
    return made


def change(
    tx: Tx, actor_id: AgentId, team_id: TeamId, name: str | None = None, members: Sequence[str] | None = None, open_hours: str | None = None
) -> Team:
    """`members` are all of them; `open_hours` is what `checked` gives. None leaves it as it is. Raises Forbidden, Invalid, Conflict, NotFound."""
    actor = rights.actor(tx, actor_id, "settings")
    before = teams.get_team(tx, team_id, lock=True)
    after = before
    if name is not None:
        after = after._replace(name=_free_name(tx, before, name))
    if open_hours is not None:
        after = after._replace(hours=open_hours)
    teams.mark_team(tx, after)
    if members is not None:
        _set_members(tx, team_id, members)
    changed(tx)
    what = {"name": name is not None, "members": members is not None, "hours": open_hours is not None}
    audit.note(tx, actor.id, "team_changed", detail={"team": _named(after), "changed": [part for part, named in what.items() if named]})
    return after


def set_hours(tx: Tx, team_id: TeamId, open_hours: str) -> None:
    """By the operator."""
    teams.mark_team(tx, teams.get_team(tx, team_id)._replace(hours=open_hours))
    changed(tx)


def checked(value: Mapping[str, Any] | None) -> str:
    """Hours as they are kept; empty for none. Raises Invalid with what is wrong."""
    if value is None:
        return ""
    try:
        hours.parse(value)
    except ValueError as error:
        raise Invalid(str(error), field="hours") from None
    return dumps(value)


def hours_of(team: Team) -> Hours | None:
    return hours.read(team.hours) if team.hours else None


def is_open(team: Team, now: int) -> bool:
    """Always, for a team without hours."""
    found = hours_of(team)
    return found is None or hours.is_open(found, now)


def opens_at(team: Team, now: int) -> int | None:
    """None while it is open and when that is more than 30 days away."""
    found = hours_of(team)
    return None if found is None else hours.opens_at(found, now)


def dissolve(tx: Tx, actor_id: AgentId, team_id: TeamId) -> bool:
    """Takes the team's next conversations out of it; without any left, it ends. False: there is more to do in another unit."""
    actor = rights.actor(tx, actor_id, "settings")
    team = teams.get_team(tx, team_id, lock=True)
    released = teams.release_conversations(tx, team_id, CHUNK)
    for conversation_id, state in released:
        if state in ("open", "snoozed"):
            publish.row_changed(tx, conversation_id)
    publish.wake_router(tx)
    if len(released) == CHUNK:
        return False
    members = teams.list_members_of(tx, team_id)
    teams.delete_team(tx, team_id)
    publish.shelf_changed(tx, "teams")
    for agent_id in members:
        publish.presence_changed(tx, agent_id)
    audit.note(tx, actor.id, "team_removed", detail={"team": _named(team)})
    return True


def _free_name(tx: Tx, team: Team, name: str) -> str:
    called = accounts.named(name, "A team needs a name.")
    other = teams.find_team_by_name(tx, called)
    if other is not None and other.id != team.id:
        raise Conflict(f"There is a team “{called}” already.")
    return called


def _set_members(tx: Tx, team_id: TeamId, members: Sequence[str]) -> None:
    """Those whose account has ended stay as they are: nobody sees them in the list that is sent back."""
    known = {agent.id: agent for agent in agents.list_everybody(tx)}
    wanted = {AgentId(agent_id) for agent_id in members}
    if wanted - set(known):
        raise NotFound("There is no such agent.")
    now = teams.list_members_of(tx, team_id)
    for agent_id in sorted(now - wanted):
        if known[agent_id].disabled_at is None:
            teams.delete_member(tx, team_id, agent_id)
    for agent_id in sorted(wanted - now):
        teams.add_member(tx, team_id, agent_id)
    for agent_id in sorted(now ^ wanted):
        publish.presence_changed(tx, agent_id)


def changed(tx: Tx) -> None:
    """Hints for whoever shows or uses it."""
    publish.shelf_changed(tx, "teams")
    publish.wake_router(tx)


def _named(team: Team) -> dict[str, str]:
    return {"id": team.id, "name": team.name}
