"""`throughline demo`: an instance of its own with sample people and conversations, on this machine only."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
from pathlib import Path

import click

import gateway.log
from gateway import app, folder
from gateway.blobs import DiskBlobs
from gateway.clock import FakeClock, SystemClock
from gateway.config import Routing, Settings, keys, load
from gateway.db.sqlite import SqliteDatabase
from gateway.demo.cast import YOU
from gateway.demo.life import Life, awake
from gateway.demo.seed import BEFORE, seed
from gateway.demo.steps import House
from gateway.errors import ConfigError
from gateway.flow import accounts
from gateway.flow.loops import Loop
from gateway.flow.references import References
from gateway.front import Addresses
from gateway.store import agents
from gateway.web.passwords import Passwords

MARK = "this-is-a-demo"
"""A file in a demo's folder: nothing else is ever emptied."""


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8088, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option("--shop-port", type=click.IntRange(0, 65535), help="Port of the demo shop.  [default: the port plus one]")
@click.pass_context
def demo(ctx: click.Context, port: int, shop_port: int | None) -> None:
    """Start a house full of sample contacts, agents and conversations.

    It has a folder of its own (var/demo, or --data), which is made anew at every start, and listens on this machine only. It reads
    no throughline.toml and touches no other installation.
    """
    data = ctx.obj["data"] or Path("var/demo")
    settings = _settings(data, port, shop_port)
    gateway.log.set_up(settings.log_format, "warning")
    asyncio.run(_run(settings))


def _settings(data: Path, port: int, shop_port: int | None) -> Settings:
    """Defaults, whatever is configured for the real installation beside it."""
    fresh = {name: field.get_default() for name, field in Settings.model_fields.items()}
    # A place stays taken for the day, so that the queue looks as it was written and colleagues do not empty it.
    given = {
        "routing": Routing(idle_minutes=1440),
        "data": data,
        "port": port,
        "demo_shop_port": -1 if shop_port is None else shop_port,
        "log_level": "warning",
    }
    return load(**{**fresh, **given, "database_url": "", "redis_url": "", "secret_key": "", "metrics_token": ""})


def _empty(data: Path) -> None:
    """A demo's folder without what was in it. Raises ConfigError for a folder that holds something else."""
    if data.exists() and any(data.iterdir()) and not (data / MARK).is_file():
        raise ConfigError(f"{data} is not a demo's folder. Choose another one with --data, or remove it yourself.")
    with folder.alone(data):
        (data / MARK).touch()
        for path in data.iterdir():
            if path.name in ("lock", MARK):
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink()


async def _filled(settings: Settings) -> House:
    """The sample people and conversations, up to this moment."""
    now = SystemClock().now()
    clock = FakeClock(now - BEFORE)
    db = SqliteDatabase(settings.data.resolve() / "throughline.db", clock, lambda _: None)
    blobs = DiskBlobs(settings.data.resolve() / "files", clock)
    await db.start()
    try:
        with click.progressbar(length=1, label="Moving in", file=sys.stderr, show_eta=False) as bar:

            def told(done: int, of: int) -> None:
                bar.length = of
                bar.update(done - bar.pos)

            return await seed(db, blobs, clock, now, app.policy_of(settings), References(keys(settings)), told)
    finally:
        await db.stop()


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await asyncio.to_thread(_empty, settings.data)
    from gateway.db import migrate  # see gateway.cli

    migrate.upgrade(settings.database, say=lambda _: None)
    house = await _filled(settings)
    served = app.Gateway(settings)
    addresses = await served.start()
    life = Life(served.db, served.bus, served.clock, served.policy, served.references, awake(house, served.db))
    loop = Loop("demo", life.step, served.clock, at_most=10.0)
    loop.start()
    await _lock(served, house)
    await _greet(served, addresses, house)
    await stop.wait()
    await loop.stop()
    await served.stop()


async def _lock(served: app.Gateway, house: House) -> None:
    """Everybody but you has a password that nobody knows, as people who have worked here for long."""
    hashed = await Passwords().hash(served.clock.token())
    for key, agent_id in house.agents.items():
        if key != YOU:
            await served.db.run(agents.mark_password, agent_id, hashed)


async def _greet(served: app.Gateway, addresses: Addresses, house: House) -> None:
    token = served.clock.token()
    await served.db.run(accounts.new_link, house.agents[YOU], token)
    click.echo("\nThe demo is running, with a house full of people. Stop it with Ctrl+C.\n")
    click.echo(f"  Inbox        {addresses.gateway}/inbox/#link={token}")
    if addresses.shop is not None:
        click.echo(f"  Demo shop    {addresses.shop}/")
    click.echo("\n  The first link signs you in, once, as Elina, who may do everything. Write in the shop and answer in the inbox.\n")
    sys.stdout.flush()
