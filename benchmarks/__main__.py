"""The command line of the benchmarks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import click

from benchmarks import ingest as ingestion

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100, "show_default": True}


@click.group(context_settings=_CONTEXT)
def main() -> None:
    """Measure Throughline on this machine, on loopback only, with everything started for it and removed afterwards."""


@main.command()
@click.option("--seconds", type=click.FloatRange(min=0.2), default=2.0, help="Length of one measurement.")
@click.option("--rounds", type=click.IntRange(min=1), default=5, help="How often everybody is measured in turn; the table shows medians.")
@click.option("--connections", type=click.IntRange(1, 256), multiple=True, default=(1, 32), help="Customers at once. May be repeated.")
@click.option("--engine", type=click.Choice(["sqlite", "postgresql", "both"]), default="both", help="Which store.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
def ingest(seconds: float, rounds: int, connections: tuple[int, ...], engine: str, as_json: bool) -> None:
    """Customer messages accepted per second.

    A second process posts messages of 256 visitors to the visitors' HTTP API of a gateway started with “throughline run”. Each
    answer means that the message is durable: SQLite with WAL and synchronous=FULL, PostgreSQL with its defaults.

    Two yardsticks run in the same rounds. “raw driver”: the same seven statements with the same durability and no HTTP; on SQLite
    one writer that commits as many units together as there are connections, on PostgreSQL up to 12 threads. “echo”: a bare aiohttp
    server that answers the same requests with their own JSON and stores nothing.
    """
    engines = ["sqlite", "postgresql"] if engine == "both" else [engine]
    lines = ingestion.measure(engines, connections, seconds, rounds, lambda line: click.echo(line, err=True))
    if as_json:
        click.echo(json.dumps([asdict(line) for line in lines], indent=2))
    else:
        click.echo(table(lines))


def table(lines: Sequence[ingestion.Line]) -> str:
    """Aligned text, one line per contestant and number of connections."""
    rows: list[tuple[str, ...]] = [("", "store", "connections", "per second", "lowest–highest", "p50 ms", "p99 ms", "÷ raw", "÷ echo")]
    for line in sorted(lines, key=lambda line: (line.connections, line.engine == "", line.engine)):
        ratios = ["" if ratio is None else f"{ratio:.2f}" for ratio in (line.to_raw, line.to_echo)]
        spread = f"{line.lowest:,.0f}–{line.highest:,.0f}"
        numbers = (f"{line.per_second:,.0f}", spread, f"{line.p50:.2f}", f"{line.p99:.2f}")
        rows.append((line.name, line.engine, str(line.connections), *numbers, *ratios))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width) for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
