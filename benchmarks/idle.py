"""What an open and quiet widget costs the gateway: memory, and processor time for all of them together."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks import started
from benchmarks.start import resident

SETTLE_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Line:
    """Kilobytes of resident memory per widget, and how much of one processor all of them take."""

    name: str
    widgets: int
    kilobytes: float
    processor: float


def measure(widgets: int, seconds: float, say: Callable[[str], None]) -> list[Line]:
    """The gateway, then a bare python-socketio server with as many."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="throughline-bench-")))
        server = stack.enter_context(started.gateway(folder))
        say(f"{widgets:,} visitors' sessions …")
        ours = _one("gateway", server.pid, server.port, started.sessions(server.port, widgets), seconds, say)
    with started.relay() as relay:
        theirs = _one("bare python-socketio", relay.pid, relay.port, ["quiet"] * widgets, seconds, say)
    return [ours, theirs]


def _one(name: str, pid: int, port: int, tokens: list[str], seconds: float, say: Callable[[str], None]) -> Line:
    time.sleep(SETTLE_SECONDS)
    before = resident(pid)
    command = [sys.executable, "-m", "benchmarks.crowd"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crowd:
        if crowd.stdin is None or crowd.stdout is None:
            raise RuntimeError("the crowd's output goes elsewhere")
        crowd.stdin.write(json.dumps({"port": port, "tokens": tokens}) + "\n")
        crowd.stdin.flush()
        if not crowd.stdout.readline():
            raise RuntimeError("the crowd did not come, see above")
        time.sleep(SETTLE_SECONDS)
        size = (resident(pid) - before) / len(tokens) / 1000
        say(f"{name}: {len(tokens):,} connected, {size:.1f} KB each; watching for {seconds:g} s …")
        spent = _processor(pid)
        time.sleep(seconds)
        spent = _processor(pid) - spent
        crowd.stdin.write("\n")
    return Line(name, len(tokens), size, spent / seconds)


def _processor(pid: int) -> float:
    """Seconds of processor time so far (proc(5): utime and stime)."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
