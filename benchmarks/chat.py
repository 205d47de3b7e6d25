"""How long a customer's message takes to an agent's screen and the answer back, alone and among others."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from urllib.response import addinfourl

from benchmarks import started
from benchmarks.relay import PROBE
from benchmarks.talk import Outcome, Plan

OTHERS = 64
_FIGURES = ("there_p50", "there_p99", "back_p50", "back_p99", "round_p50", "round_p99")


@dataclass(frozen=True, slots=True)
class Line:
    """Medians over the rounds, milliseconds."""

    name: str
    rate: float
    there_p50: float
    there_p99: float
    back_p50: float
    back_p99: float
    round_p50: float
    round_p99: float
    count: int
    lost: int


def measure(rates: Sequence[float], seconds: float, rounds: int, say: Callable[[str], None]) -> list[Line]:
    """The gateway and the relay in turn, so that a noisy neighbour disturbs both alike. Raises RuntimeError when something was refused."""
    found: dict[tuple[str, float], list[Outcome]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="throughline-bench-")))
        server = stack.enter_context(started.gateway(folder))
        relay = stack.enter_context(started.relay())
        plans = {
            "gateway": _plan(folder, server.port),
            "relay": Plan(relay.port, "", PROBE.removeprefix("Bearer "), "one", ["other"], 0, 0, 0),
        }
        for number in range(1, rounds + 1):
            for rate in rates:
                for name, plan in plans.items():
                    outcome = _run(plan, rate, seconds)
                    found.setdefault((name, rate), []).append(outcome)
                    say(
                        f"round {number}/{rounds}  {name:<8} {rate:>5,.0f}/s  there and back p50 {outcome.round_p50:.1f} ms, p99 {outcome.round_p99:.1f} ms"
                    )
    return [_line(name, rate, outcomes) for (name, rate), outcomes in found.items()]


def _run(plan: Plan, rate: float, seconds: float) -> Outcome:
    """A probe is a message and its answer; the others make up the rest of the rate."""
    probes = min(10.0, rate)
    values = {**asdict(plan), "rate": max(0.0, rate - 2 * probes), "probes": probes, "seconds": seconds}
    return Outcome(**started.call("talk", values))


def _line(name: str, rate: float, outcomes: list[Outcome]) -> Line:
    middle = {field: median(getattr(one, field) for one in outcomes) for field in _FIGURES}
    return Line(name=name, rate=rate, count=sum(one.count for one in outcomes), lost=sum(one.lost for one in outcomes), **middle)


def _plan(folder: Path, port: int) -> Plan:
    """A signed-in agent, a customer of theirs, and others."""
    cookie = sign_in(folder, port)
    probe, *others = started.sessions(port, OTHERS + 1)
    headers = {"Authorization": f"Bearer {probe}", "Content-Type": "application/json"}
    asked = _post(port, "/api/visitor/messages", {"client_id": "the-first-question", "text": "Hello"}, headers)
    conversation = json.load(asked)["thread"]["id"]
    return Plan(port, cookie, probe, conversation, others, 0, 0, 0)


def sign_in(folder: Path, port: int) -> str:
    """The session cookie of a new agent of this house."""
    command = [sys.executable, "-m", "gateway.cli", "--data", str(folder), "agent", "add", "probe@bench.example", "--name", "Probe"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    token = said.rpartition("#link=")[2].split()[0]
    headers = {"Content-Type": "application/json", "X-Throughline": "1", "Origin": f"http://127.0.0.1:{port}"}
    answer = _post(port, "/api/session/link", {"token": token}, headers)
    return str(answer.headers["Set-Cookie"]).partition(";")[0]


def _post(port: int, path: str, body: dict[str, str], headers: dict[str, str]) -> addinfourl:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), headers, method="POST")
    answer: addinfourl = urllib.request.urlopen(request, timeout=10)  # noqa: S310  loopback
    return answer
