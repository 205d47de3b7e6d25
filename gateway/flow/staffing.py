"""Whether somebody is there for the customers of a site, as far as it can be said honestly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gateway.db.database import Tx
from gateway.errors import ConfigError
from gateway.model import Team, TeamId
from gateway.store import staffing as store
from gateway.store import teams
from router import hours
from router.hours import Hours

NAMES = 3
"""How many agents a customer is shown."""


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who answers a site: the team of this name, in these hours, or in the team's own where the site has none."""

    team: str | None = None
    hours: Hours | None = None


def made(site: str, team: str, told: dict[str, Any]) -> Staffing:
    """From a site's settings. Raises ConfigError for hours that are not right."""
    try:
        return Staffing(team or None, hours.parse(told) if told else None)
    except ValueError as error:
        raise ConfigError(f"The hours of the site “{site}” are not right: {error}") from error


def find_team(tx: Tx, name: str | None) -> Team | None:
    """None as well when there is no team of that name: then everybody answers."""
    return teams.find_team_by_name(tx, name) if name else None


def read(tx: Tx, staffing: Staffing) -> dict[str, Any]:
    """Service, as docs/api.md has it: open, away or closed, when it opens, and first names of who is there."""
    team = find_team(tx, staffing.team)
    kept = staffing.hours or (hours.read(team.hours) if team is not None and team.hours else None)
    if kept is not None and not hours.is_open(kept, tx.now):
        return {"state": "closed", "opens_at": hours.opens_at(kept, tx.now), "agents": []}
    there = store.list_there(tx, TeamId(team.id) if team else None, NAMES)
    return {"state": "open" if there else "away", "opens_at": None, "agents": [_first(name) for name in there]}


def _first(name: str) -> str:
    """Customers see first names only."""
    return name.split()[0] if name.split() else ""
