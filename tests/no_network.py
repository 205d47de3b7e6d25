"""Keeps tests on loopback: a connection or a name look-up beyond it is refused, remembered, and fails the test.

Covers every Python socket of this process (an audit hook, so C callers of the socket module too) and of Python processes that inherit
our environment (tests/guard/sitecustomize.py installs the same hook there and reports through a file). Not covered: sockets that native
code opens itself (libpq, Node, Chromium). For Chromium use `servers.CHROMIUM_ARGS`, which leaves it no names to find.
"""

from __future__ import annotations

import atexit
import ipaddress
import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

REPORT = "THROUGHLINE_TEST_NETWORK_REPORT"
"""Names the file that processes started by tests append their attempts to."""
_GUARD = Path(__file__).parent / "guard"
_TO_ADDRESS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_TO_NAME = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}


class NetworkRefused(ConnectionRefusedError):
    """A test tried to leave this machine."""


def is_loopback(host: object) -> bool:
    """True for 127.0.0.0/8, ::1, the unspecified addresses (they mean this machine) and the names of localhost."""
    if host is None:
        return True
    name = bytes(host).decode() if isinstance(host, (bytes, bytearray)) else str(host)
    if name == "" or name.rstrip(".").lower() == "localhost" or name.rstrip(".").lower().endswith(".localhost"):
        return True
    address = _literal(name)
    return address is not None and (address.is_loopback or address.is_unspecified)


def _literal(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def refused(event: str, args: tuple[Any, ...]) -> str | None:
    """What an audit event would reach beyond loopback, or None when it may happen."""
    if event in _TO_ADDRESS:
        sock, address = args[0], args[1]
        if address is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
            return None
        return None if is_loopback(address[0]) else f"{event.removeprefix('socket.')} to {address[0]}:{address[1]}"
    if event in _TO_NAME:
        host = args[0]
        # Reading a literal address or our own host name asks nobody; smtplib and email.utils do the latter.
        if is_loopback(host) or host == socket.gethostname() or _literal(os.fsdecode(host)) is not None:
            return None
        return f"look-up of {os.fsdecode(host)}"
    return None


class Guard:
    """The attempts since the last look, of this process and of those it started."""

    def __init__(self, report: Path) -> None:
        self.report = report
        self._read = 0

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        if not event.startswith("socket."):
            return
        attempt = refused(event, args)
        if attempt is not None:
            with self.report.open("a") as lines:
                lines.write(f"{attempt} (process {os.getpid()})\n")
            raise NetworkRefused(f"tests stay on loopback: {attempt}")

    def take(self) -> list[str]:
        """What was tried since the last call; empty when nothing was."""
        try:
            with self.report.open() as lines:
                lines.seek(self._read)
                text = lines.read()
                self._read = lines.tell()
        except FileNotFoundError:
            return []
        return text.splitlines()


_installed: Guard | None = None


def install() -> Guard:
    """Puts the hook in, once per process (an audit hook stays until the process ends), and hands it on to processes started later."""
    global _installed
    if _installed is None:
        inherited = os.environ.get(REPORT)
        path = Path(inherited) if inherited else Path(tempfile.gettempdir()) / f"throughline-network-{os.getpid()}.txt"
        if not inherited:
            path.unlink(missing_ok=True)
            atexit.register(path.unlink, missing_ok=True)
        _installed = Guard(path)
        sys.addaudithook(_installed.hook)
        os.environ[REPORT] = str(path)
        paths = [str(_GUARD), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
    return _installed
