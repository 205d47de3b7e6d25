"""The command line: run, migrate, check, agent, team."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from gateway import app
from gateway.commands import checks, demo, people, teams
from gateway.commands.settings import settings_of
from gateway.config import Settings
from gateway.db import revision
from gateway.errors import GatewayError
from gateway.front import Addresses

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Sentences(click.Group):
    """Errors of ours are a sentence and exit code 1, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GatewayError as error:
            click.echo(f"throughline: {error}", err=True)
            ctx.exit(1)


@click.group(cls=Sentences, context_settings=_CONTEXT)
@click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), help="Folder of the embedded database, files and keys.  [default: var]"
)
@click.version_option(package_name="throughline")
@click.pass_context
def main(ctx: click.Context, data: Path | None) -> None:
    """Throughline: one customer, one conversation, whatever the channel.

    Settings come from throughline.toml in the current folder and from THROUGHLINE_… variables; see docs/configuration.md.
    """
    os.umask(0o077)  # what customers wrote is for this account's eyes only
    ctx.obj = {"data": data}


@main.command()
@click.argument("roles", nargs=-1, type=click.Choice(app.ROLES))
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.  [default: 8080; 0 without the role web]"
)
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), help="Folder of the embedded database, files and keys.  [default: var]"
)
@click.option("--shop-port", "demo_shop_port", type=click.IntRange(0, 65535), help="Port of the demo shop.  [default: the port plus one]")
@click.option("--no-shop", is_flag=True, help="Do not serve the demo shop.")
@click.pass_context
def run(ctx: click.Context, /, roles: tuple[str, ...], no_shop: bool, **options: Any) -> None:
    """Start the gateway.

    Without ROLES everything runs in this one process, with SQLite and nothing else. The roles web, worker, listen and router
    can be started apart, as many as needed, once PostgreSQL and Redis are configured.
    """
    chosen = roles or app.ROLES
    if "web" not in chosen and options["port"] is None:
        options["port"] = 0  # several of these share a machine; where each answers for its health is printed
    settings = settings_of(ctx, **options, **({"demo_shop": False} if no_shop else {}))
    app.check_roles(settings, chosen)
    if not roles and settings.is_embedded:
        _upgrade(settings, lambda line: click.echo(line, err=True))
    asyncio.run(_serve(settings, chosen))


def _upgrade(settings: Settings, say: Callable[[str], None]) -> list[str]:
    """The migration machinery takes a tenth of a second and some megabytes: it is loaded only for a database that needs it."""
    if revision.current(settings.database) == revision.head():
        return []
    from gateway.db import migrate as migrations

    return migrations.upgrade(settings.database, say=say)


async def _serve(settings: Settings, roles: tuple[str, ...]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    served = app.Gateway(settings, roles)
    addresses = await served.start()
    if "web" in roles:
        await _greet(served, addresses)
    else:
        click.echo(f"throughline {' '.join(roles)} is running; health at {addresses.gateway}/healthz")
    await stop.wait()
    click.echo("Stopping: no new calls, what is under way is finished …", err=True)
    await served.stop()


async def _greet(served: app.Gateway, addresses: Addresses) -> None:
    """Where everything is; on an installation without agents, the way in for the first one."""
    base = served.settings.public_url or addresses.gateway
    lines = [("Inbox", f"{base}/inbox/")]
    if addresses.shop is not None:
        lines.insert(0, ("Demo shop", addresses.shop + "/"))
    link = await people.first_link(served.db, served.clock, served.policy, base)
    if link is not None:
        lines.append(("First agent", link))
    click.echo("\nThroughline is running. Stop it with Ctrl+C.\n")
    for name, address in lines:
        click.echo(f"  {name:<12} {address}")
    if link is not None:
        click.echo("\n  The link signs you in once, as admin, within 24 hours; set a password there.")
    click.echo("")
    sys.stdout.flush()


@main.command()
@click.pass_context
def migrate(ctx: click.Context) -> None:
    """Bring the database to this version's schema. A backup is taken before anything is changed."""
    settings = settings_of(ctx)
    applied = _upgrade(settings, click.echo)
    click.echo(f"Applied: {', '.join(applied)}." if applied else "The database is up to date.")


@main.command()
@click.pass_context
def check(ctx: click.Context) -> None:
    """Look over the installation: settings, database, schema, folder, channels, built pages."""
    settings = settings_of(ctx)
    failed = False
    for name, complaint in asyncio.run(checks.run_all(settings)):
        failed = failed or complaint is not None
        click.echo(f"  {'ok ' if complaint is None else 'BAD'}  {name}{'' if complaint is None else f': {complaint}'}")
    if failed:
        raise click.exceptions.Exit(1)


main.add_command(demo.demo)
main.add_command(people.agent)
main.add_command(teams.team)


if __name__ == "__main__":
    main()
