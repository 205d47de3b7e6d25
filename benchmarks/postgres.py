"""A PostgreSQL server for one benchmark: on loopback, in a folder of its own, as durable as its defaults make it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import click
import psycopg

_START_SECONDS = 60.0


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The server's address without a database's name. Raises click.ClickException where PostgreSQL is not installed."""
    binaries, user, password = _binaries(), _user(), uuid4().hex
    secret = folder / "password"
    secret.write_text(password)
    if user:
        shutil.chown(folder, user["user"])
        shutil.chown(secret, user["user"])
    subprocess.run(
        [binaries / "initdb", "--pgdata", folder / "data", "--username=throughline", f"--pwfile={secret}", "--auth=scram-sha-256",
         "--encoding=UTF8", "--locale=C", "--no-sync"],
        cwd=folder, check=True, stdout=subprocess.DEVNULL, **user,
    )  # fmt: skip
    port = _free_port()
    options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "shared_buffers": "128MB"}
    command = [
        str(binaries / "postgres"),
        "-D",
        str(folder / "data"),
        *(word for item in options.items() for word in ("-c", "{}={}".format(*item))),
    ]
    url = f"postgresql://throughline:{password}@127.0.0.1:{port}"
    with (folder / "log").open("w") as log, subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, text=True, **user) as process:
        try:
            _wait(url, process, folder / "log")
            yield url
        finally:
            process.send_signal(signal.SIGINT)


def create(server_url: str, name: str) -> str:
    """The address of a new, empty database; `name` is one of ours."""
    with psycopg.connect(f"{server_url}/postgres", autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
    return f"{server_url}/{name}"


def _binaries() -> Path:
    """Debian keeps them off PATH. Newest version first."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]), reverse=True)
    on_path = shutil.which("initdb")
    if versions:
        return versions[0].parent
    if on_path is None:
        raise click.ClickException("PostgreSQL is not installed here (Debian package: postgresql). Measure with --engine sqlite.")
    return Path(on_path).resolve().parent


def _user() -> dict[str, Any]:
    """initdb refuses root, so as root it runs as somebody else."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[str], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(f"{url}/postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()[-3000:]}") from None
            time.sleep(0.05)
        else:
            return
