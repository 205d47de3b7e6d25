"""`throughline check`: what has to be right before the gateway can run, each with a sentence when it is not."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import channels.contract
import widget
from channels import registry
from gateway import app, config
from gateway.clock import SystemClock
from gateway.config import Settings
from gateway.db import revision
from gateway.errors import GatewayError
from gateway.flow import staffing
from gateway.live.bus import LocalBus
from gateway.live.redis import RedisBus
from gateway.store import teams
from gateway.web.server import CONSOLE

Complaint = str | None
Check = Callable[[Settings], Awaitable[Complaint]]


async def run_all(settings: Settings) -> list[tuple[str, Complaint]]:
    """Every check in turn: (name, None or what to do)."""
    found: list[tuple[str, Complaint]] = []
    for name, check in _CHECKS.items():
        try:
            found.append((name, await check(settings)))
        except (GatewayError, OSError) as error:
            found.append((name, str(error)))
    return found


async def _our_channels(settings: Settings) -> Complaint:
    """The PyPI package `channels` (Django) installs the same import name."""
    ours = Path(app.__file__).parent.parent / "channels"
    if Path(channels.contract.__file__).parent != ours:
        return f"The import “channels” is {channels.contract.__file__}, not ours: uninstall the Django package “channels” from this environment."
    return None


async def _keys(settings: Settings) -> Complaint:
    config.keys(settings)
    return None


async def _schema(settings: Settings) -> Complaint:
    return await asyncio.to_thread(revision.check, settings.database)


async def _database(settings: Settings) -> Complaint:
    db = app.open_database(settings, SystemClock(), LocalBus().publish)
    await db.start()
    try:
        return await db.probe()
    finally:
        await db.stop()


async def _redis(settings: Settings) -> Complaint:
    url = settings.redis_url.get_secret_value()
    if not url:
        return None if settings.is_embedded else "Set THROUGHLINE_REDIS_URL when several processes run."
    clock = SystemClock()
    bus = RedisBus(url, clock)
    await bus.start()
    try:
        for _ in range(30):
            if bus.healthy() is None:
                break
            await clock.sleep(0.1)
        return bus.healthy()
    finally:
        await bus.stop()


async def _folder(settings: Settings) -> Complaint:
    settings.data.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data).free
    return f"Only {free // 1_000_000} MB are free in {settings.data}." if free < 500_000_000 else None


async def _channels(settings: Settings) -> Complaint:
    unknown = [
        f"{name} ({wanted.kind})" for name, wanted in settings.channels.items() if wanted.enabled and wanted.kind not in registry.kinds()
    ]
    lost = [key for key, site in settings.sites.items() if site.channel not in settings.channels]
    if unknown:
        return f"Unknown kinds: {', '.join(unknown)}. Known: {', '.join(registry.kinds())}."
    return f"These sites name a channel that is not configured: {', '.join(lost)}." if lost else None


async def _teams(settings: Settings) -> Complaint:
    """Names of teams in the configuration: without them everybody answers, which is no reason not to start."""
    for key, site in settings.sites.items():
        staffing.made(key, site.team, site.hours)
    wanted = {site.team for site in settings.sites.values() if site.team}
    if not wanted or await _schema(settings) is not None:  # without its tables, the check of the schema says it
        return None
    db = app.open_database(settings, SystemClock(), LocalBus().publish)
    await db.start()
    try:
        known = {team.name for team in await db.read(teams.list_teams)}
    finally:
        await db.stop()
    lost = sorted(wanted - known)
    return f"There is no team of this name, so everybody answers its site: {', '.join(lost)}." if lost else None


async def _pages(settings: Settings) -> Complaint:
    missing = [
        str(path) for path in (widget.DIST / "widget.js", widget.DIST / "chat" / "index.html", CONSOLE / "index.html") if not path.is_file()
    ]
    return f"Not built: {', '.join(missing)}. Run “make build”." if missing else None


_CHECKS: dict[str, Check] = {
    "our own package “channels”": _our_channels,
    "keys": _keys,
    "data folder": _folder,
    "database schema": _schema,
    "database takes writes": _database,
    "redis": _redis,
    "channels and sites": _channels,
    "teams of sites": _teams,
    "built pages": _pages,
}
