"""How long until the gateway answers ready on a database that has things in it, and what it weighs when nothing happens."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import load, started

MESSAGES_SECONDS = 4.0
SETTLE_SECONDS = 6.0
"""After this the search index and the first checks are done."""
_BARE = """
import asyncio, sys
from aiohttp import web
async def main():
    app = web.Application()
    app.add_routes([web.get("/readyz", lambda request: asyncio.sleep(0, web.json_response({"ready": True})))])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(sys.argv[1])).start()
    await asyncio.Event().wait()
asyncio.run(main())
"""


@dataclass(frozen=True, slots=True)
class Line:
    """Medians: seconds to the first 200 of /readyz, and megabytes of resident memory some seconds later."""

    name: str
    seconds: float
    lowest: float
    highest: float
    megabytes: float


def measure(rounds: int, say: Callable[[str], None]) -> list[Line]:
    """The gateway and a bare aiohttp server in turn."""
    found: dict[str, list[tuple[float, float]]] = {"gateway": [], "bare aiohttp": []}
    with tempfile.TemporaryDirectory(prefix="throughline-bench-") as name:
        folder = Path(name)
        say("making a database with some thousand messages …")
        _fill(folder)
        for number in range(1, rounds + 1):
            found["gateway"].append(_gateway(folder))
            found["bare aiohttp"].append(_bare())
            say(f"round {number}/{rounds}  gateway ready in {found['gateway'][-1][0]:.2f} s, {found['gateway'][-1][1]:.0f} MB")
    return [_line(name, outcomes) for name, outcomes in found.items()]


def _line(name: str, outcomes: list[tuple[float, float]]) -> Line:
    seconds = [one[0] for one in outcomes]
    return Line(name, median(seconds), min(seconds), max(seconds), median(one[1] for one in outcomes))


def _fill(folder: Path) -> None:
    with started.gateway(folder) as server:
        tokens = started.sessions(server.port, 64)
        plan = load.Plan(server.port, tokens, 8, MESSAGES_SECONDS)
        started.call("load", {name: getattr(plan, name) for name in ("port", "tokens", "connections", "seconds")})


def _gateway(folder: Path) -> tuple[float, float]:
    port = _free()
    command = [sys.executable, "-m", "gateway.cli", "--data", str(folder), "run", "--no-shop", "--port", str(port)]
    return _timed(command, port)


def _bare() -> tuple[float, float]:
    port = _free()
    return _timed([sys.executable, "-c", _BARE, str(port)], port)


def _timed(command: list[str], port: int) -> tuple[float, float]:
    with _process(command) as process:
        since = time.perf_counter()
        while not _is_ready(port):
            if process.poll() is not None:
                raise RuntimeError(f"{' '.join(command[:4])} ended with {process.returncode}")
            time.sleep(0.01)
        ready = time.perf_counter() - since
        time.sleep(SETTLE_SECONDS)
        return ready, resident(process.pid) / 1e6


@contextmanager
def _process(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("THROUGHLINE_")}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False


def resident(pid: int) -> int:
    """Bytes of resident memory (proc(5))."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _free() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
