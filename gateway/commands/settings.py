"""Settings of one command: what the command line says wins over environment and file."""

from __future__ import annotations

from typing import Any

import click

import gateway.log
from gateway.config import Settings, load


def settings_of(ctx: click.Context, **overrides: Any) -> Settings:
    """Loaded once per command, with logging set up as they say. `ctx.obj` holds the options of the main command."""
    given = {**ctx.obj, **{name: value for name, value in overrides.items() if value is not None}}
    settings = load(**given)
    gateway.log.set_up(settings.log_format, settings.log_level)
    return settings
