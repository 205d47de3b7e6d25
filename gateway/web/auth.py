"""Signing agents in: session cookie, single-use link, password, and who may do what."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from gateway.db.database import Tx
from gateway.errors import Invalid, Unauthorised
from gateway.flow import accounts, presence, rights
from gateway.model import Agent, AgentId
from gateway.store import agents, teams
from gateway.web import limits, passwords, security
from gateway.web.context import CONTEXT, Context

COOKIE = "throughline_session"
AGENT: web.RequestKey[Agent] = web.RequestKey("agent", Agent)


class SignInBody(limits.Body):
    email: str
    password: str


class LinkBody(limits.Body):
    token: str
    password: str | None = None


class PasswordBody(limits.Body):
    old: str | None = None
    new: str


class AvailabilityBody(limits.Body):
    availability: str


def token_of(request: web.Request) -> str:
    return request.cookies.get(COOKIE, "")


async def signed_in(request: web.Request, ctx: Context) -> Agent:
    """Who calls. Raises Unauthorised, and Forbidden for a change that our own pages did not ask for."""
    if request.method not in ("GET", "HEAD"):
        security.same_origin(request, ctx.base(request))
    token = token_of(request)
    found = await ctx.db.read(accounts.find_session, token) if token else None
    if found is None:
        raise Unauthorised("Sign in to go on.")
    agent, seen_at = found
    if ctx.clock.now() - seen_at > accounts.TOUCH_EVERY:
        await ctx.db.run(accounts.touch, token)
    return agent


def read_me(tx: Tx, agent_id: AgentId) -> dict[str, Any]:
    agent = agents.get_agent(tx, agent_id)
    mine = {team_id for team_id, member in teams.list_members(tx) if member == agent_id}
    return {
        "id": agent.id,
        "name": agent.name,
        "email": agent.email,
        "role": agent.role,
        "rights": rights.rights_of(agent),
        "availability": agent.availability,
        "has_password": agent.password_hash is not None,
        "teams": [{"id": team.id, "name": team.name} for team in teams.list_teams(tx) if team.id in mine],
        "load": [{"class": load.load_class, "load": load.load, "cap": load.cap} for load in agents.list_loads_of(tx, agent_id)],
    }


async def _welcome(request: web.Request, ctx: Context, agent_id: AgentId, token: str) -> web.Response:
    """A fresh session id with every sign-in."""
    response = web.json_response(await ctx.db.read(read_me, agent_id))
    secure = ctx.base(request).startswith("https:")
    response.set_cookie(COOKIE, token, max_age=accounts.SESSION_TIME // 1_000_000, httponly=True, samesite="Lax", secure=secure, path="/")
    return response


async def sign_in(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    security.same_origin(request, ctx.base(request))
    body = await limits.json_body(request, SignInBody)
    ctx.rates.require("sign_in", ctx.peer(request))
    ctx.rates.require("sign_in_account", body.email.strip().lower())
    agent = await ctx.db.read(accounts.find_agent, body.email)
    right = await ctx.passwords.verify(agent.password_hash if agent else None, body.password)
    if agent is None or not right or agent.disabled_at is not None:
        raise Unauthorised("The address or the password is not right.")
    ctx.rates.forget("sign_in_account", body.email.strip().lower())
    token, proved = ctx.clock.token(), agent.password_hash
    await ctx.db.run(accounts.open_session, agent.id, token, proved)
    if proved is not None and ctx.passwords.is_outdated(proved):
        await ctx.db.run(agents.mark_password, agent.id, await ctx.passwords.hash(body.password))
    return await _welcome(request, ctx, agent.id, token)


async def sign_in_by_link(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    security.same_origin(request, ctx.base(request))
    ctx.rates.require("sign_in", ctx.peer(request))
    body = await limits.json_body(request, LinkBody)
    hashed = None
    if body.password is not None:
        passwords.check_policy(body.password)
        hashed = await ctx.passwords.hash(body.password)
    token = ctx.clock.token()
    agent = await ctx.db.run(accounts.sign_in_by_link, body.token, token, hashed)
    return await _welcome(request, ctx, agent.id, token)


async def sign_out(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    await ctx.db.run(accounts.close_session, agent.id, token_of(request))
    response = web.Response(status=204, headers=security.SIGN_OUT)
    response.del_cookie(COOKIE, path="/")
    return response


async def me(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    return web.json_response(await ctx.db.read(read_me, agent.id))


async def availability(request: web.Request) -> web.Response:
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    body = await limits.json_body(request, AvailabilityBody)
    await ctx.db.run(presence.declare, agent.id, body.availability)
    if body.availability == "away":
        # What the router gave in the very moment of going away.
        await ctx.db.run(presence.give_back, agent.id, f"{agent.name} went away.")
    return web.json_response(await ctx.db.read(read_me, agent.id))


async def password(request: web.Request) -> web.Response:
    """The old one is asked for when there is one; every other session of the agent ends."""
    ctx = request.app[CONTEXT]
    agent = await signed_in(request, ctx)
    ctx.rates.require("sign_in_account", agent.email)
    body = await limits.json_body(request, PasswordBody)
    if agent.password_hash is not None and not await ctx.passwords.verify(agent.password_hash, body.old or ""):
        raise Invalid("The old password is not right.", field="old")
    passwords.check_policy(body.new, agent.email, agent.name)
    await ctx.db.run(accounts.change_password, agent.id, token_of(request), await ctx.passwords.hash(body.new))
    return web.Response(status=204)


def routes() -> list[web.RouteDef]:
    return [
        web.post("/api/session", sign_in),
        web.post("/api/session/link", sign_in_by_link),
        web.delete("/api/session", sign_out),
        web.get("/api/me", me),
        web.put("/api/me/availability", availability),
        web.put("/api/me/password", password),
    ]
