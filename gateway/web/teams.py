"""The agents' API about teams: who is in them, when they are open, and keeping them (docs/api.md)."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from gateway.db.database import Tx
from gateway.flow import rights
from gateway.flow import teams as team_flow
from gateway.json import loads
from gateway.model import Team, TeamId
from gateway.store import agents, teams
from gateway.web import limits
from gateway.web.auth import signed_in
from gateway.web.context import CONTEXT


class NameBody(limits.Body):
    name: str


class TeamBody(limits.Body):
    name: str | None = None
    members: tuple[limits.Id, ...] | None = None
    hours: dict[str, Any] | None = None


def read_teams(tx: Tx) -> list[dict[str, Any]]:
    """By name, with those members who have an account now."""
    active = {agent.id for agent in agents.list_agents(tx)}
    members: dict[str, list[str]] = {}
    for team_id, agent_id in teams.list_members(tx):
        if agent_id in active:
            members.setdefault(team_id, []).append(agent_id)
    return [_shown(team, members.get(team.id, []), tx.now) for team in teams.list_teams(tx)]


def _shown(team: Team, members: list[str], now: int) -> dict[str, Any]:
    return {
        "id": team.id,
        "name": team.name,
        "members": members,
        "hours": loads(team.hours) if team.hours else None,
        "open": team_flow.is_open(team, now),
        "opens_at": team_flow.opens_at(team, now),
    }


def _read_team(tx: Tx, team_id: TeamId) -> dict[str, Any]:
    return next(team for team in read_teams(tx) if team["id"] == team_id)


async def listed(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    await signed_in(request, ctx)
    return web.json_response({"teams": await ctx.db.read(read_teams)})


async def add(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = rights.require(await signed_in(request, ctx), "settings")
    body = await limits.json_body(request, NameBody)
    made = await ctx.db.run(team_flow.add, agent.id, body.name)
    return web.json_response({"team": await ctx.db.read(_read_team, made.id)}, status=201)


async def change(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = rights.require(await signed_in(request, ctx), "settings")
    body = await limits.json_body(request, TeamBody)
    open_hours = team_flow.checked(body.hours) if "hours" in body.model_fields_set else None
    done = await ctx.db.run(team_flow.change, agent.id, _team_id(request), body.name, body.members, open_hours)
    return web.json_response({"team": await ctx.db.read(_read_team, done.id)})


async def remove(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = rights.require(await signed_in(request, ctx), "settings")
    while not await ctx.db.run(team_flow.dissolve, agent.id, _team_id(request)):
        pass
    return web.Response(status=204)


def _team_id(request: web.Request) -> TeamId:
    return TeamId(limits.path_id(request))


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/teams", listed),
        web.post("/api/teams", add),
        web.put("/api/teams/{id}", change),
        web.delete("/api/teams/{id}", remove),
    ]
