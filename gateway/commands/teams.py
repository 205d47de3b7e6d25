"""The commands about teams: adding and listing them, who is in them, when they are open."""

from __future__ import annotations

import json
from typing import IO, Any

import click

from gateway.clock import SystemClock
from gateway.commands.people import find_agent, find_team, run
from gateway.commands.settings import settings_of
from gateway.db.database import Database, Tx
from gateway.errors import Invalid
from gateway.flow import accounts
from gateway.flow import teams as team_flow
from gateway.model import Team
from gateway.store import agents, teams


def _teams(tx: Tx) -> list[tuple[str, list[str]]]:
    names = {agent.id: agent.name for agent in agents.list_agents(tx)}
    members = teams.list_members(tx)
    return [
        (team.name, [names[agent_id] for team_id, agent_id in members if team_id == team.id and agent_id in names])
        for team in teams.list_teams(tx)
    ]


def _join(tx: Tx, name: str, email: str, leave: bool) -> None:
    team, agent = find_team(tx, name), find_agent(tx, email)
    (teams.delete_member if leave else teams.add_member)(tx, team.id, agent.id)
    team_flow.changed(tx)


@click.group()
def team() -> None:
    """Add and list teams; let agents join and leave them; set when they are open."""


@team.command("add")
@click.argument("name")
@click.pass_context
def add_team(ctx: click.Context, name: str) -> None:
    """Add a team."""

    async def work(db: Database) -> None:
        made = await db.run(accounts.add_team, name)
        click.echo(f"Added the team “{made.name}”.")

    run(settings_of(ctx), work)


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

    run(settings_of(ctx), work)


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

    run(settings_of(ctx), work)


def _hours(tx: Tx, name: str) -> Team:
    return find_team(tx, name)


def _set_hours(tx: Tx, name: str, open_hours: str) -> None:
    team_flow.set_hours(tx, find_team(tx, name).id, open_hours)


@team.command("hours")
@click.argument("name")
@click.option("--zone", help="Time zone the hours are in, such as Europe/Helsinki.")
@click.option("--mon", multiple=True, metavar="FROM-TO", help="Hours of that day, such as 09:00-17:00; several times for a break.")
@click.option("--tue", multiple=True, metavar="FROM-TO")
@click.option("--wed", multiple=True, metavar="FROM-TO")
@click.option("--thu", multiple=True, metavar="FROM-TO")
@click.option("--fri", multiple=True, metavar="FROM-TO")
@click.option("--sat", multiple=True, metavar="FROM-TO")
@click.option("--sun", multiple=True, metavar="FROM-TO")
@click.option("--holiday", "holidays", multiple=True, metavar="DATE[=FROM-TO]", help="A date that is closed, or open at these hours only.")
@click.option("--file", "source", type=click.File("rb"), help="All of it as JSON, as docs/api.md has it; - reads standard input.")
@click.option("--none", is_flag=True, help="No hours: always open.")
@click.pass_context
def team_hours(
    ctx: click.Context,
    /,
    name: str,
    zone: str | None,
    holidays: tuple[str, ...],
    source: IO[bytes] | None,
    none: bool,
    **days: tuple[str, ...],
) -> None:
    """Set when a team is open, in place of what was set before; a day without hours is closed. Without options, print it."""
    given = zone is not None or bool(holidays) or any(days.values())
    if given + (source is not None) + none > 1:
        raise click.UsageError("Give the hours as options, as a file, or --none.")
    if source is not None:
        told: dict[str, Any] | None = _loaded(source.read())
    else:
        told = _told(zone, days, holidays) if given else None

    async def work(db: Database) -> None:
        if told is not None or none:
            await db.run(_set_hours, name, team_flow.checked(told))
        found = await db.read(_hours, name)
        click.echo(found.hours or "No hours are set: always open.")
        if found.hours:
            click.echo("Open now." if team_flow.is_open(found, SystemClock().now()) else "Closed now.")

    run(settings_of(ctx), work)


def _told(zone: str | None, days: dict[str, tuple[str, ...]], holidays: tuple[str, ...]) -> dict[str, Any]:
    """The options as the JSON of docs/api.md; what is wrong in it is said when it is checked."""
    special: dict[str, list[list[str]]] = {}
    for holiday in holidays:
        date, _, span = holiday.partition("=")
        special.setdefault(date, []).extend([_span(span)] if span else [])
    return {"zone": zone, "week": {day: [_span(span) for span in spans] for day, spans in days.items() if spans}, "holidays": special}


def _span(text: str) -> list[str]:
    return [part.strip() for part in text.split("-", 1)]


def _loaded(text: bytes) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except ValueError as error:
        raise Invalid(f"The file is not JSON: {error}.") from None
    if not isinstance(told, dict):
        raise Invalid("Hours are an object with zone, week and holidays.")
    return told
