"""The commands about people: agents, their sign-in links, and teams."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import click

from gateway import app
from gateway.clock import Clock, SystemClock
from gateway.commands.settings import settings_of
from gateway.config import Settings
from gateway.db import migrate
from gateway.db.database import Database, Tx
from gateway.errors import ConfigError, Conflict, NotFound
from gateway.flow import accounts, rights
from gateway.flow.policy import Policy
from gateway.folder import find_address
from gateway.live.bus import LocalBus
from gateway.model import Agent, AgentId, Team
from gateway.store import agents

Work = Callable[[Database], Coroutine[Any, Any, None]]
FIRST_NAME, FIRST_EMAIL = "Admin", "admin@localhost.example"


async def with_database(settings: Settings, work: Work) -> None:
    """Opens the database, does the work, closes it. Raises what the work raised."""
    complaint = await asyncio.to_thread(migrate.check, settings.database)
    if complaint is not None:
        raise ConfigError(complaint)
    db = app.open_database(settings, SystemClock(), LocalBus().publish)
    await db.start()
    try:
        await work(db)
    finally:
        await db.stop()


async def first_link(db: Database, clock: Clock, policy: Policy, base: str) -> str | None:
    """A single-use link for the first agent while nobody has ever signed in; None afterwards."""
    token = clock.token()
    made = await db.run(_first_link, token, policy)
    return f"{base}/inbox/#link={token}" if made else None


def _first_link(tx: Tx, token: str, policy: Policy) -> bool:
    everybody = agents.list_agents(tx)
    if any(agent.password_hash is not None or agent.email != FIRST_EMAIL for agent in everybody):
        return False
    first = everybody[0] if everybody else accounts.add_agent(tx, FIRST_NAME, FIRST_EMAIL, "admin", policy)
    accounts.new_link(tx, first.id, token)
    return True


def _found(tx: Tx, email: str) -> Agent:
    agent = accounts.find_agent(tx, email)
    if agent is None:
        raise NotFound(f"There is no agent {email}. See them with: throughline agent list.")
    return agent


def _new(tx: Tx, name: str, email: str, role: str, teams: tuple[str, ...], policy: Policy, token: str) -> Agent:
    agent = accounts.add_agent(tx, name, email, role, policy)
    for team in teams:
        agents.add_member(tx, _team(tx, team).id, agent.id)
    accounts.new_link(tx, agent.id, token)
    return agent


def _team(tx: Tx, name: str) -> Team:
    team = agents.find_team_by_name(tx, name)
    if team is None:
        raise NotFound(f"There is no team “{name}”. Add it with: throughline team add “{name}”.")
    return team


def _link(tx: Tx, email: str, token: str) -> None:
    agent = _found(tx, email)
    if agent.disabled_at is not None:
        raise Conflict(f"The account of {agent.email} has ended; nobody can sign in with it.")
    accounts.new_link(tx, agent.id, token)


def _disable(tx: Tx, email: str) -> None:
    accounts.disable(tx, _found(tx, email).id)


def _capacity(tx: Tx, email: str, load_class: str, cap: int) -> None:
    agents.mark_cap(tx, _found(tx, email).id, load_class, cap)


def _listed(tx: Tx) -> list[tuple[Agent, str]]:
    places: dict[AgentId, list[str]] = {}
    for load in agents.list_loads(tx):
        places.setdefault(load.agent_id, []).append(f"{load.load_class} {load.load}/{load.cap}")
    return [(agent, ", ".join(places.get(agent.id, []))) for agent in agents.list_agents(tx)]


def _teams(tx: Tx) -> list[tuple[str, list[str]]]:
    names = {agent.id: agent.name for agent in agents.list_agents(tx)}
    members = agents.list_members(tx)
    return [
        (team.name, [names[agent_id] for team_id, agent_id in members if team_id == team.id and agent_id in names])
        for team in agents.list_teams(tx)
    ]


def _join(tx: Tx, name: str, email: str, leave: bool) -> None:
    team, agent = _team(tx, name), _found(tx, email)
    (agents.delete_member if leave else agents.add_member)(tx, team.id, agent.id)


def _base(settings: Settings) -> str:
    """Where the inbox is: the public address, or where the gateway on this data folder was started last."""
    return settings.public_url or find_address(settings.data) or f"http://{settings.host}:{settings.port}"


def _run(settings: Settings, work: Work) -> None:
    asyncio.run(with_database(settings, work))


@click.group()
def agent() -> None:
    """Add, list and disable agents; make sign-in links; set capacity."""


@agent.command("add")
@click.argument("email")
@click.option("--name", required=True, help="What customers see.")
@click.option("--role", type=click.Choice(rights.ROLES), default="agent", show_default=True)
@click.option("--team", "teams", multiple=True, help="Team to join; may be given several times.")
@click.pass_context
def add_agent(ctx: click.Context, email: str, name: str, role: str, teams: tuple[str, ...]) -> None:
    """Add an agent and print their single-use sign-in link."""
    settings, token = settings_of(ctx), SystemClock().token()

    async def work(db: Database) -> None:
        made = await db.run(_new, name, email, role, teams, app.policy_of(settings), token)
        click.echo(f"Added {made.name} <{made.email}> as {made.role}. Sign-in link, good once within 24 hours:")
        click.echo(f"  {_base(settings)}/inbox/#link={token}")

    _run(settings, work)


@agent.command("link")
@click.argument("email")
@click.pass_context
def link_agent(ctx: click.Context, email: str) -> None:
    """Print a new single-use sign-in link (a forgotten password is set there)."""
    settings, token = settings_of(ctx), SystemClock().token()

    async def work(db: Database) -> None:
        await db.run(_link, email, token)
        click.echo(f"{_base(settings)}/inbox/#link={token}")

    _run(settings, work)


@agent.command("list")
@click.pass_context
def list_agents(ctx: click.Context) -> None:
    """List the agents with role, availability and places."""

    async def work(db: Database) -> None:
        found = await db.read(_listed)
        for one, places in found:
            click.echo(f"  {one.name:<24} {one.email:<32} {one.role:<8} {one.availability:<10} {places}")
        if not found:
            click.echo("There are no agents yet. Add one with: throughline agent add EMAIL --name NAME.")

    _run(settings_of(ctx), work)


@agent.command("disable")
@click.argument("email")
@click.pass_context
def disable_agent(ctx: click.Context, email: str) -> None:
    """End an account: sessions close, unanswered conversations go back to the queue."""

    async def work(db: Database) -> None:
        await db.run(_disable, email)
        click.echo(f"{email} can no longer sign in.")

    _run(settings_of(ctx), work)


@agent.command("capacity")
@click.argument("email")
@click.argument("load_class", type=click.Choice(["chat", "text", "mail", "call"]))
@click.argument("places", type=click.IntRange(0, 1000))
@click.pass_context
def set_capacity(ctx: click.Context, email: str, load_class: str, places: int) -> None:
    """Set how many conversations of a class an agent takes at once."""

    async def work(db: Database) -> None:
        await db.run(_capacity, email, load_class, places)
        click.echo(f"{email}: {places} at once in {load_class}.")

    _run(settings_of(ctx), work)


@click.group()
def team() -> None:
    """Add and list teams; let agents join and leave them."""


@team.command("add")
@click.argument("name")
@click.pass_context
def add_team(ctx: click.Context, name: str) -> None:
    """Add a team."""

    async def work(db: Database) -> None:
        made = await db.run(accounts.add_team, name)
        click.echo(f"Added the team “{made.name}”.")

    _run(settings_of(ctx), work)


@team.command("list")
@click.pass_context
def list_teams(ctx: click.Context) -> None:
    """List the teams and who is in them."""

    async def work(db: Database) -> None:
        found = await db.read(_teams)
        for name, members in found:
            click.echo(f"  {name:<24} {', '.join(members) or '(nobody yet)'}")
        if not found:
            click.echo("There are no teams yet: everybody answers everything. Add one with: throughline team add NAME.")

    _run(settings_of(ctx), work)


@team.command("join")
@click.argument("name")
@click.argument("email")
@click.option("--leave", is_flag=True, help="Take the agent out instead.")
@click.pass_context
def join_team(ctx: click.Context, name: str, email: str, leave: bool) -> None:
    """Put an agent into a team."""

    async def work(db: Database) -> None:
        await db.run(_join, name, email, leave)
        click.echo(f"{email} {'left' if leave else 'joined'} “{name}”.")

    _run(settings_of(ctx), work)
