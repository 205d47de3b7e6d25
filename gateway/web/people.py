"""The agents' API about agents: who works here, inviting them, what they may do and take, and the end of an account (docs/api.md)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from pydantic import Field

from gateway.db.database import Tx
from gateway.flow import rights, staff
from gateway.json import loads
from gateway.model import Agent, AgentId
from gateway.store import agents
from gateway.web import limits
from gateway.web.agents import read_work
from gateway.web.auth import signed_in
from gateway.web.context import CONTEXT, Context


class InviteBody(limits.Body):
    name: str
    email: str
    role: str = "agent"
    teams: tuple[limits.Id, ...] = ()


class PlaceBody(limits.Body):
    load_class: str = Field(alias="class")
    cap: int


class ChangeBody(limits.Body):
    name: str | None = None
    role: str | None = None
    skills: tuple[str, ...] | None = None
    teams: tuple[limits.Id, ...] | None = None
    places: tuple[PlaceBody, ...] | None = None


class EmptyBody(limits.Body):
    """`{}`"""


def read_people(tx: Tx) -> list[dict[str, Any]]:
    """Everybody, those disabled too, by name."""
    here, (places, joined) = agents.list_present(tx), read_work(tx)
    return [
        {
            "id": agent.id,
            "name": agent.name,
            "email": agent.email,
            "role": agent.role,
            "availability": agent.availability,
            "here": agent.id in here,
            "skills": loads(agent.skills),
            "teams": joined.get(agent.id, []),
            "load": places.get(agent.id, []),
            "has_password": agent.password_hash is not None,
            "disabled": agent.disabled_at is not None,
        }
        for agent in agents.list_everybody(tx)
    ]


def _read_person(tx: Tx, agent_id: AgentId) -> dict[str, Any]:
    return next(person for person in read_people(tx) if person["id"] == agent_id)


async def people(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    rights.require(await signed_in(request, ctx), "places")
    return web.json_response({"people": await ctx.db.read(read_people)})


async def invite(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = rights.require(await signed_in(request, ctx), "people")
    body = await limits.json_body(request, InviteBody)
    token = ctx.clock.token()
    made = await ctx.db.run(staff.invite, agent.id, body.name, body.email, body.role, body.teams, token, ctx.policy)
    person = await ctx.db.read(_read_person, made.id)
    return web.json_response({"person": person, "link": _link(request, ctx, token)}, status=201)


async def change(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = rights.require(await signed_in(request, ctx), "places")
    body = await limits.json_body(request, ChangeBody)
    places = None if body.places is None else {place.load_class: place.cap for place in body.places}
    wanted = staff.Change(body.name, body.role, body.skills, body.teams, places)
    done = await ctx.db.run(staff.change, agent.id, _person_id(request), wanted)
    return web.json_response({"person": await ctx.db.read(_read_person, done.id)})


async def link(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = rights.require(await signed_in(request, ctx), "people")
    await limits.json_body(request, EmptyBody)
    token = ctx.clock.token()
    await ctx.db.run(staff.make_link, agent.id, _person_id(request), token)
    return web.json_response({"link": _link(request, ctx, token)})


def _act(do: Callable[[Tx, staff.By, AgentId], Agent]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handler(request: web.Request) -> web.Response:
        ctx = request.app[CONTEXT]
        agent = rights.require(await signed_in(request, ctx), "people")
        await limits.json_body(request, EmptyBody)
        done = await ctx.db.run(do, agent.id, _person_id(request))
        return web.json_response({"person": await ctx.db.read(_read_person, done.id)})

    return handler


def _person_id(request: web.Request) -> AgentId:
    return AgentId(limits.path_id(request))


def _link(request: web.Request, ctx: Context, token: str) -> str:
    """The token is in the fragment: no server, proxy or log on the way sees it."""
    return f"{ctx.base(request)}/inbox/#link={token}"


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/people", people),
        web.post("/api/people", invite),
        web.put("/api/people/{id}", change),
        web.post("/api/people/{id}/link", link),
        web.post("/api/people/{id}/disable", _act(staff.disable)),
        web.post("/api/people/{id}/enable", _act(staff.enable)),
    ]
