"""The programs a benchmark drives, each in a process of its own on loopback, stopped with the benchmark."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

_LIFTED = {
    "THROUGHLINE_LIMITS__MESSAGES_PER_MINUTE": "1000000",
    "THROUGHLINE_LIMITS__SESSIONS_PER_MINUTE": "1000000",
    "THROUGHLINE_LIMITS__CONNECTIONS_PER_ADDRESS": "100000",
    "THROUGHLINE_LIMITS__SOCKETS_PER_ADDRESS": "100000",
    "THROUGHLINE_LIMITS__SOCKETS_PER_MINUTE": "1000000",
}
"""All customers come from one address here: the limits against floods would be what is measured."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """A running server."""

    port: int
    pid: int

    @contextmanager
    def awake(self) -> Iterator[None]:
        """Outside of this it is stopped, so that what it still has to do (the search index) slows down none of its neighbours' rounds."""
        os.kill(self.pid, signal.SIGCONT)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGSTOP)


def call(module: str, plan: Mapping[str, Any]) -> dict[str, Any]:
    """Runs `python -m benchmarks.<module>` with the plan as JSON; gives the JSON it prints. Raises RuntimeError when it fails."""
    command = [sys.executable, "-m", f"benchmarks.{module}"]
    done = subprocess.run(command, input=json.dumps(plan), stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"benchmarks.{module} ended with {done.returncode}, see above")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextmanager
def echo() -> Iterator[int]:
    """The echo server's port."""
    command = [sys.executable, "-m", "benchmarks.echo"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield int(_line(process))
        finally:
            process.terminate()


@contextmanager
def relay() -> Iterator[Gateway]:
    """The bare server for live traffic."""
    command = [sys.executable, "-m", "benchmarks.relay"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Gateway(int(_line(process)), process.pid)
        finally:
            process.terminate()


@contextmanager
def gateway(folder: Path, database_url: str = "") -> Iterator[Gateway]:
    """`throughline run` as anybody would start it: all roles in one process, SQLite in `folder` or the database given."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("THROUGHLINE_")} | _LIFTED
    command = [sys.executable, "-m", "gateway.cli", "--data", str(folder)]
    if database_url:
        environment |= {"THROUGHLINE_DATABASE_URL": database_url, "THROUGHLINE_SECRET_KEY": uuid4().hex}
        subprocess.run([*command, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
    command += ["run", "--port", "0", "--no-shop"]
    log = folder / "log"
    with (
        log.open("w") as lines,
        subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=lines, text=True) as process,
    ):
        try:
            yield Gateway(_port(process, log), process.pid)
        finally:
            process.send_signal(signal.SIGCONT)
            process.terminate()


def _port(process: subprocess.Popen[str], log: Path) -> int:
    while line := _line(process):
        if found := re.search(r"http://127\.0\.0\.1:(\d+)/inbox/", line):
            return int(found[1])
    raise RuntimeError(f"the gateway did not start:\n{log.read_text()[-3000:]}")


def _line(process: subprocess.Popen[str]) -> str:
    if process.stdout is None:
        raise RuntimeError("its output goes elsewhere")
    return process.stdout.readline()


def sessions(port: int, count: int) -> list[str]:
    """The tokens of that many new visitors."""
    tokens = []
    for _ in range(count):
        address = f"http://127.0.0.1:{port}/api/visitor/session"
        request = urllib.request.Request(address, b'{"site": "demo"}', {"Content-Type": "application/json"}, method="POST")
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  loopback
            tokens.append(str(json.load(answer)["token"]))
    return tokens
