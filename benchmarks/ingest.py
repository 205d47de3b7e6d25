"""How many customer messages a second are accepted, each durable before it is answered, and what that is worth beside two yardsticks."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from benchmarks import load, postgres, raw, started

VISITORS = 256


@dataclass(frozen=True, slots=True)
class Line:
    """The medians of one contestant at one number of connections: per second; milliseconds."""

    name: str
    engine: str
    connections: int
    per_second: float
    p50: float
    p99: float
    lowest: float
    highest: float
    to_raw: float | None = None
    to_echo: float | None = None


@dataclass(frozen=True, slots=True)
class Contestant:
    """Somebody who is measured once per round; `engine` is "" for the echo server."""

    name: str
    engine: str
    measure: Callable[[int, float], load.Outcome]
    """Connections and seconds → outcome."""


def measure(engines: Sequence[str], connections: Sequence[int], seconds: float, rounds: int, say: Callable[[str], None]) -> list[Line]:
    """All contestants in turn, round after round, so that a noisy neighbour disturbs all of them alike; the medians."""
    found: dict[tuple[str, str, int], list[load.Outcome]] = {}
    with contestants(engines, say) as all_of_them:
        for number in range(1, rounds + 1):
            for at_once in connections:
                for one in all_of_them:
                    outcome = one.measure(at_once, seconds)
                    found.setdefault((one.name, one.engine, at_once), []).append(outcome)
                    say(f"round {number}/{rounds}  {one.name:<10} {one.engine:<10} {at_once:>3} connections  {outcome.per_second:>7,.0f}/s")
    return _compared([_line(key, outcomes) for key, outcomes in found.items()], found)


def _line(key: tuple[str, str, int], outcomes: list[load.Outcome]) -> Line:
    rates = [outcome.per_second for outcome in outcomes]
    p50, p99 = median(outcome.p50 for outcome in outcomes), median(outcome.p99 for outcome in outcomes)
    return Line(*key, median(rates), p50, p99, min(rates), max(rates))


def _compared(lines: list[Line], found: dict[tuple[str, str, int], list[load.Outcome]]) -> list[Line]:
    """The median of the ratios of each round, rather than the ratio of medians: both halves then saw the same weather."""

    def ratio(line: Line, name: str, engine: str) -> float:
        pairs = zip(found["gateway", line.engine, line.connections], found[name, engine, line.connections], strict=True)
        return median(ours.per_second / theirs.per_second for ours, theirs in pairs)

    return [
        Line(**{**asdict(line), "to_raw": ratio(line, "raw driver", line.engine), "to_echo": ratio(line, "echo", "")})
        if line.name == "gateway"
        else line
        for line in lines
    ]


@contextmanager
def contestants(engines: Sequence[str], say: Callable[[str], None]) -> Iterator[list[Contestant]]:
    """Everything started, with its data in temporary folders that are removed afterwards."""
    with ExitStack() as stack:
        made: list[Contestant] = []
        for engine in engines:
            say(f"starting the gateway on {engine} …")
            data, own = _folder(stack), ""
            yardstick = f"sqlite:///{_folder(stack) / 'raw.db'}"
            if engine == "postgresql":
                server = stack.enter_context(postgres.server(_folder(stack)))
                own, yardstick = postgres.create(server, "gateway"), postgres.create(server, "raw")
            made.append(_gateway(stack.enter_context(started.gateway(data, own)), engine))
            made.append(_raw(yardstick, engine))
        made.append(_echo(stack.enter_context(started.echo())))
        yield made


def _folder(stack: ExitStack) -> Path:
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="throughline-bench-")))


def _gateway(server: started.Gateway, engine: str) -> Contestant:
    tokens = started.sessions(server.port, VISITORS)
    # The first messages open conversations, which is not what is measured.
    _loaded(server.port, tokens, 4, seconds=2.0)

    def run(connections: int, seconds: float) -> load.Outcome:
        with server.awake():
            return _loaded(server.port, tokens, connections, seconds)

    return Contestant("gateway", engine, run)


def _raw(url: str, engine: str) -> Contestant:
    def run(connections: int, seconds: float) -> load.Outcome:
        return load.Outcome(**started.call("raw", asdict(raw.Plan(url, connections, seconds, VISITORS))))

    return Contestant("raw driver", engine, run)


def _echo(port: int) -> Contestant:
    tokens = [f"{number:0100}" for number in range(VISITORS)]
    return Contestant("echo", "", lambda connections, seconds: _loaded(port, tokens, connections, seconds))


def _loaded(port: int, tokens: list[str], connections: int, seconds: float) -> load.Outcome:
    outcome = load.Outcome(**started.call("load", asdict(load.Plan(port, tokens, connections, seconds))))
    if outcome.refused:
        raise RuntimeError(f"{outcome.refused} requests were refused, the first one with:\n{outcome.first_refusal}")
    return outcome
