"""Starts and stops real PostgreSQL and Redis for tests."""

from __future__ import annotations

import ctypes
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
import redis
from psycopg import sql

from tests.parts import MissingPart, find_postgres_binaries, find_redis

CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost",
)
"""For playwright's launch(args=…): works as root, and finds nobody beyond loopback."""

_FOLDER_PREFIX = "throughline-test-"
_START_SECONDS = 60.0
_PR_SET_PDEATHSIG = 1


def find_server_user() -> str | None:
    """Whom to run a server as: None is ourselves; as root one that PostgreSQL accepts, because initdb refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            pwd.getpwnam(name)
            return name
    raise MissingPart("a user to run PostgreSQL as", "postgresql")


def free_port() -> int:
    """A TCP port on 127.0.0.1 that was free a moment ago; a starter that loses the race tries another."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _die_with_parent(number: int) -> Callable[[], None] | None:
    """Has the kernel stop a server when the test run is killed. Linux only; elsewhere a killed run leaves it behind."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, number)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def sweep() -> None:
    """Removes what a killed run left: folders whose run is gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER_PREFIX}*-*"):
        owner = re.match(rf"{_FOLDER_PREFIX}(\d+)-", folder.name)
        if owner and not _alive(int(owner[1])):
            shutil.rmtree(folder, ignore_errors=True)


class Server:
    """A server process of ours with a folder of its own. Use as a context manager; `kill` and `start` again for fault tests."""

    stop_signal = signal.SIGTERM
    user: str | None = None

    def __init__(self) -> None:
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER_PREFIX}{os.getpid()}-"))
        self.log = self.folder / "log"

    @property
    def url(self) -> str:
        raise RuntimeError("each kind of server has its own address")

    def command(self) -> list[str]:
        raise RuntimeError("each kind of server has its own command")

    def ping(self) -> None:
        """Raises whatever the client library raises while the server is not there yet."""

    def start(self) -> None:
        """Starts and waits until it answers. Keeps the port of an earlier start, so that clients can come back."""
        attempts = 1 if self.port else 3
        for _ in range(attempts):
            self.port = self.port if attempts == 1 else free_port()
            if self._try_start():
                return
        raise RuntimeError(f"{self.command()[0]} did not start:\n{self.log_tail()}")

    def _try_start(self) -> bool:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent(self.stop_signal),
                **self.identity(),
            )
        deadline = time.monotonic() + _START_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                self.ping()
            except (psycopg.OperationalError, redis.ConnectionError):
                time.sleep(0.03)
            else:
                return True
        self.kill()
        return False

    def identity(self) -> dict[str, Any]:
        """How subprocess changes to `user`; nothing when we are not root."""
        if self.user is None:
            return {}
        entry = pwd.getpwnam(self.user)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def stop(self) -> None:
        """Orderly; after 20 s by force."""
        if self.process is None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def kill(self) -> None:
        """As in a crash; the data stays for the next `start`."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def log_tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:]) if self.log.exists() else "(no log)"

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgresServer(Server):
    """A cluster of its own, as durable as the real one (fsync on), on 127.0.0.1 and a socket in its folder."""

    stop_signal = signal.SIGINT  # "fast": PostgreSQL does not wait for clients to leave

    def __init__(self) -> None:
        self.binaries = find_postgres_binaries()
        self.user = find_server_user()
        super().__init__()
        self.password = secrets.token_hex(8)
        self.data = self.folder / "data"

    @property
    def url(self) -> str:
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgresql://throughline:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        if not self.data.exists():
            self._initialise()
        super().start()

    def _initialise(self) -> None:
        password_file = self.folder / "password"
        password_file.write_text(self.password)
        if self.user is not None:
            for path in (self.folder, password_file):
                shutil.chown(path, self.user)
        done = subprocess.run(
            [self.binaries / "initdb", "--pgdata", self.data, "--username=throughline", f"--pwfile={password_file}",
             "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"],
            cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, env={**os.environ, "TZ": "UTC"},
            **self.identity(),
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"initdb failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.folder,
            "max_connections": 100,
            "shared_buffers": "64MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "autovacuum_naptime": "10min",
            "max_wal_size": "256MB",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(self.binaries / "postgres"), "-D", str(self.data), *options]

    def ping(self) -> None:
        psycopg.connect(self.url, connect_timeout=5).close()


class RedisServer(Server):
    """Keeps nothing on disk: what it holds are hints."""

    def __init__(self) -> None:
        self.program = find_redis()
        super().__init__()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        options = {"bind": "127.0.0.1", "port": str(self.port), "save": "", "appendonly": "no", "dir": str(self.folder)}
        return [str(self.program), *(word for name, value in options.items() for word in (f"--{name}", value))]

    def ping(self) -> None:
        with redis.Redis.from_url(self.url, socket_connect_timeout=5) as client:
            client.ping()

    def empty(self) -> None:
        """Forgets every key; subscriptions stay."""
        with redis.Redis.from_url(self.url, socket_connect_timeout=5) as client:
            client.flushall()


@contextmanager
def fresh_database(server_url: str, template: str = "template0") -> Iterator[str]:
    """The address of a new database, a copy of `template` (which nobody may be connected to); dropped afterwards, whoever still uses it."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield server_url.rsplit("/", 1)[0] + f"/{name}"
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
