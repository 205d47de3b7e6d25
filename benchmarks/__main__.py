"""The command line of the benchmarks."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import click

from benchmarks import chat as talking
from benchmarks import history as past
from benchmarks import idle as quiet
from benchmarks import ingest as ingestion
from benchmarks import size as sizes
from benchmarks import start as starting

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
    return aligned(rows, 2)


def aligned(rows: Sequence[tuple[str, ...]], texts: int) -> str:
    """Columns under each other; the first `texts` of them to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < texts else cell.rjust(width) for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def show(lines: Sequence[Any], header: tuple[str, ...], cells: Callable[[Any], tuple[str, ...]], as_json: bool, texts: int = 1) -> None:
    """Prints the table, or the lines as JSON."""
    if as_json:
        click.echo(json.dumps([asdict(line) for line in lines], indent=2))
    else:
        click.echo(aligned([header, *map(cells, lines)], texts))


def say(line: str) -> None:
    click.echo(line, err=True)


@main.command()
@click.option("--rate", type=click.FloatRange(min=0.2), multiple=True, default=(1, 200), help="Messages a second. May be repeated.")
@click.option("--seconds", type=click.FloatRange(min=1), default=15.0, help="Length of one measurement.")
@click.option("--rounds", type=click.IntRange(min=1), default=3, help="How often both are measured in turn; the table shows medians.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
def chat(rate: tuple[float, ...], seconds: float, rounds: int, as_json: bool) -> None:
    """A customer's message to the agent's screen and the answer back, in milliseconds.

    A real agent's socket has one conversation open, a real widget's socket is its customer; at most ten times a second the one asks by HTTP
    and the other answers as soon as the question is shown. Other customers write the rest of the rate. SQLite, everything in one process.
    The yardstick, in turn in the same rounds: the same calls and events over bare aiohttp and python-socketio, with nothing stored.
    """

    def cells(line: talking.Line) -> tuple[str, ...]:
        times = (line.there_p50, line.there_p99, line.back_p50, line.back_p99, line.round_p50, line.round_p99)
        return (line.name, f"{line.rate:g}", *(f"{time:.1f}" for time in times), str(line.count), str(line.lost))

    header = ("", "per second", "there p50", "p99", "back p50", "p99", "both p50", "p99", "asked", "lost")
    show(talking.measure(rate, seconds, rounds, say), header, cells, as_json)


@main.command()
@click.option("--widgets", type=click.IntRange(1, 20_000), default=2_000, help="How many are open at once.")
@click.option("--seconds", type=click.FloatRange(min=1), default=30.0, help="How long they are watched.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
def idle(widgets: int, seconds: float, as_json: bool) -> None:
    """Memory of an open and quiet widget, and processor time for all of them.

    The yardstick: a bare python-socketio server with as many sockets.
    """
    header = ("", "widgets", "KB each", "of a processor")
    cells: Callable[[quiet.Line], tuple[str, ...]] = lambda line: (  # noqa: E731 - a row of the table
        line.name, f"{line.widgets:,}", f"{line.kilobytes:.1f}", f"{line.processor:.1%}",
    )  # fmt: skip
    show(quiet.measure(widgets, seconds, say), header, cells, as_json)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
def size(as_json: bool) -> None:
    """What a visitor's browser downloads, in bytes of gzip."""
    show(sizes.measure(), ("", "bytes"), lambda line: (line.name, f"{line.size:,}"), as_json)


@main.command()
@click.option("--rounds", type=click.IntRange(min=1), default=5, help="How often both are started in turn; the table shows medians.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
def start(rounds: int, as_json: bool) -> None:
    """Seconds to /readyz on an existing database, and memory when nothing happens.

    The yardstick: a bare aiohttp server started by the same interpreter.
    """
    header = ("", "seconds", "lowest–highest", "MB")
    show(
        starting.measure(rounds, say),
        header,
        lambda line: (line.name, f"{line.seconds:.2f}", f"{line.lowest:.2f}–{line.highest:.2f}", f"{line.megabytes:.0f}"),
        as_json,
    )


@main.command()
@click.option("--messages", type=click.IntRange(100, 10_000_000), default=1_000_000, help="How many are stored in the full house.")
@click.option("--seconds", type=click.FloatRange(min=0.2), default=3.0, help="Length of one measurement of taking messages.")
@click.option("--rounds", type=click.IntRange(min=1), default=3, help="How often both are measured in turn; the table shows medians.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
def history(messages: int, seconds: float, rounds: int, as_json: bool) -> None:
    """A full house beside an empty one: taking messages, first pages, opening, searching. SQLite; filling takes some minutes."""
    header = ("milliseconds, where nothing else is said", "empty", "full", "÷", "empty p95", "full p95")

    def cells(line: past.Line) -> tuple[str, ...]:
        numbers = (line.empty, line.full, line.full / line.empty, line.empty_p95, line.full_p95)
        return (line.what, *(f"{number:,.2f}" if number < 100 else f"{number:,.0f}" for number in numbers))

    show(past.measure(messages, seconds, rounds, say), header, cells, as_json)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
