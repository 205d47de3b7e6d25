"""The commands about people: agents, their roles, skills and places, and their sign-in links."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import click

from gateway import app
from gateway.clock import Clock, SystemClock
from gateway.commands.settings import settings_of
from gateway.config import Settings
from gateway.db import revision
from gateway.db.database import Database, Tx
from gateway.errors import ConfigError, NotFound
from gateway.flow import accounts, rights, staff
from gateway.flow.policy import Policy
from gateway.folder import find_address
from gateway.json import loads
from gateway.live.bus import LocalBus
from gateway.model import Agent, AgentId, Team
from gateway.store import agents
from gateway.store import teams as team_store

Work = Callable[[Database], Coroutine[Any, Any, None]]
FIRST_NAME, FIRST_EMAIL = "Admin", "admin@localhost.example"


async def with_database(settings: Settings, work: Work) -> None:
    """Opens the database, does the work, closes it. Raises what the work raised."""
    complaint = await asyncio.to_thread(revision.check, settings.database)
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


def find_agent(tx: Tx, email: str) -> Agent:
    agent = accounts.find_agent(tx, email)
    if agent is None:
        raise NotFound(f"There is no agent {email}. See them with: throughline agent list.")
    return agent


def _new(tx: Tx, name: str, email: str, role: str, teams: tuple[str, ...], policy: Policy, token: str) -> Agent:
    return staff.invite(tx, None, name, email, role, [find_team(tx, team).id for team in teams], token, policy)


def find_team(tx: Tx, name: str) -> Team:
    team = team_store.find_team_by_name(tx, name)
    if team is None:
        raise NotFound(f"There is no team “{name}”. Add it with: throughline team add “{name}”.")
    return team


def _link(tx: Tx, email: str, token: str) -> None:
    staff.make_link(tx, None, find_agent(tx, email).id, token)


def _disable(tx: Tx, email: str) -> None:
    staff.disable(tx, None, find_agent(tx, email).id)


def _enable(tx: Tx, email: str) -> None:
    staff.enable(tx, None, find_agent(tx, email).id)


def _change(tx: Tx, email: str, wanted: staff.Change) -> Agent:
    return staff.change(tx, None, find_agent(tx, email).id, wanted)


def _listed(tx: Tx) -> list[tuple[Agent, str]]:
    places: dict[AgentId, list[str]] = {}
    for load in agents.list_loads(tx):
        places.setdefault(load.agent_id, []).append(f"{load.load_class} {load.load}/{load.cap}")
    return [(agent, ", ".join(places.get(agent.id, []))) for agent in agents.list_agents(tx)]


def _base(settings: Settings) -> str:
    """Where the inbox is: the public address, or where the gateway on this data folder was started last."""
    return settings.public_url or find_address(settings.data) or f"http://{settings.host}:{settings.port}"


def run(settings: Settings, work: Work) -> None:
    asyncio.run(with_database(settings, work))


@click.group()
def agent() -> None:
    """Add, list, disable and enable agents; make sign-in links; set roles, skills and capacity."""


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

    run(settings, work)


@agent.command("link")
@click.argument("email")
@click.pass_context
def link_agent(ctx: click.Context, email: str) -> None:
    """Print a new single-use sign-in link (a forgotten password is set there)."""
    settings, token = settings_of(ctx), SystemClock().token()

    async def work(db: Database) -> None:
        await db.run(_link, email, token)
        click.echo(f"{_base(settings)}/inbox/#link={token}")

    run(settings, work)


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

    run(settings_of(ctx), work)


@agent.command("disable")
@click.argument("email")
@click.pass_context
def disable_agent(ctx: click.Context, email: str) -> None:
    """End an account: sessions close, unanswered conversations go back to the queue."""

    async def work(db: Database) -> None:
        await db.run(_disable, email)
        click.echo(f"{email} can no longer sign in.")

    run(settings_of(ctx), work)


@agent.command("enable")
@click.argument("email")
@click.pass_context
def enable_agent(ctx: click.Context, email: str) -> None:
    """Open an ended account again; the agent signs in with the password they had or with a new link."""

    async def work(db: Database) -> None:
        await db.run(_enable, email)
        click.echo(f"{email} can sign in again.")

    run(settings_of(ctx), work)


@agent.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice(rights.ROLES))
@click.pass_context
def set_role(ctx: click.Context, email: str, role: str) -> None:
    """Set what an agent may do. Each role may do what the one before may; docs/security.md has the table."""

    async def work(db: Database) -> None:
        changed = await db.run(_change, email, staff.Change(role=role))
        click.echo(f"{changed.name} <{changed.email}> is {changed.role} now.")

    run(settings_of(ctx), work)


@agent.command("skills")
@click.argument("email")
@click.argument("skills", nargs=-1)
@click.option("--none", is_flag=True, help="Take all skills away.")
@click.pass_context
def set_skills(ctx: click.Context, email: str, skills: tuple[str, ...], none: bool) -> None:
    """Set all skills of an agent, such as: billing finnish. Without any, print them."""

    async def work(db: Database) -> None:
        if skills or none:
            changed = await db.run(_change, email, staff.Change(skills=() if none else skills))
        else:
            changed = await db.read(find_agent, email)
        click.echo(f"{changed.email}: {', '.join(loads(changed.skills)) or '(no skills)'}")

    run(settings_of(ctx), work)


@agent.command("capacity")
@click.argument("email")
@click.argument("load_class", type=click.Choice(["chat", "text", "mail", "call"]))
@click.argument("places", type=click.IntRange(0, 1000))
@click.pass_context
def set_capacity(ctx: click.Context, email: str, load_class: str, places: int) -> None:
    """Set how many conversations of a class an agent takes at once."""

    async def work(db: Database) -> None:
        await db.run(_change, email, staff.Change(places={load_class: places}))
        click.echo(f"{email}: {places} at once in {load_class}.")

    run(settings_of(ctx), work)
