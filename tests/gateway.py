"""The real program as a process: started, killed, started again on the same port and data."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers import free_port

ROOT = Path(__file__).parent.parent
START_SECONDS = 60.0


class GatewayProcess:
    """`throughline run` with a folder of its own. `output` is everything it said."""

    verb = "run"

    def __init__(self, data: Path, *, roles: tuple[str, ...] = (), **environment: str) -> None:
        self.data = data
        self.port = free_port()
        self.shop_port = free_port()
        self.roles = roles
        self.output = data / "output.txt"
        self._environment = {f"THROUGHLINE_{name.upper()}": value for name, value in environment.items()}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def shop(self) -> str:
        return f"http://127.0.0.1:{self.shop_port}"

    @property
    def pid(self) -> int:
        assert self._process is not None, "the gateway is not running"
        return self._process.pid

    def __enter__(self) -> Self:
        self.data.mkdir(parents=True, exist_ok=True)
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Returns when /readyz says yes."""
        arguments = [self.verb, *self.roles, "--port", str(self.port), "--shop-port", str(self.shop_port)]
        with self.output.open("ab") as output:
            self._process = subprocess.Popen(
                [*self.command, *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=self._env(),
                cwd=self.data,
            )
        self._wait_ready()

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "gateway.cli", "--data", str(self.data)]

    def run(self, *arguments: str) -> str:
        """One command of the same installation; gives what it printed."""
        done = subprocess.run(
            [*self.command, *arguments], env=self._env(), cwd=self.data, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"throughline {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}"
        return done.stdout

    def kill(self) -> None:
        """kill -9: no handler runs."""
        assert self._process is not None, "the gateway is not running"
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)
        self._process = None

    def stop(self) -> int | None:
        """SIGTERM, and its exit code; kill -9 when it does not end in 15 s."""
        process, self._process = self._process, None
        if process is None:
            return None
        process.terminate()
        try:
            return process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
            raise

    def said(self, pattern: str) -> str:
        """The last thing it said that matches; group 1. It may be ready a moment before it has said so."""
        until = time.monotonic() + 5
        while not (found := re.findall(pattern, self.output.read_text("utf-8"))) and time.monotonic() < until:
            time.sleep(0.05)
        assert found, f"{pattern!r} is not in:\n{self.output.read_text('utf-8')}"
        return str(found[-1])

    def _env(self) -> dict[str, str]:
        python_path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        return {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": python_path, **self._environment}

    def _wait_ready(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert self._process is not None
            if self._process.poll() is not None:
                raise AssertionError(f"the gateway ended at its start:\n{self.output.read_text('utf-8')}")
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (OSError, urllib.error.HTTPError):
                time.sleep(0.05)
        raise AssertionError(f"the gateway was not ready in {START_SECONDS:g} s:\n{self.output.read_text('utf-8')}")


class DemoProcess(GatewayProcess):
    """`throughline demo`: the same with a house full of people."""

    verb = "demo"

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "gateway.cli", "--data", str(self.data / "house")]

    @property
    def link(self) -> str:
        """Signs in as somebody who may do everything, once."""
        return self.said(r"(http://\S+/inbox/#link=\S+)")
