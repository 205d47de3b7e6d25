"""What every test may ask for: real servers, a browser, and the promise that nothing leaves this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from tests import no_network
from tests.parts import MissingPart, find_chromium
from tests.servers import PostgresServer, RedisServer, fresh_database

pytest_plugins = ["pytester", "tests.fixtures_db"]
T = TypeVar("T")

_guard = no_network.install()


def _need(make: Callable[[], T]) -> T:
    """Skips the test when a part of the machine is missing; on CI that is an error, because there nobody reads skips."""
    try:
        return make()
    except MissingPart as missing:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            raise
        pytest.skip(str(missing))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says at the end what could not run, so that a green line is not mistaken for a full run."""
    missing: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _, found, part = text.partition("missing part: ")
        if found:
            missing[part] = missing.get(part, 0) + 1
    for part, count in sorted(missing.items()):
        terminalreporter.write_line(f"could not run for a missing part: {part}: {count} tests", yellow=True)


@pytest.fixture(autouse=True)
def loopback_only() -> Iterator[None]:
    """Fails the test that tried to leave this machine, also when the code under test swallowed the error."""
    yield
    attempts = _guard.take()
    if attempts:
        pytest.fail("tests stay on loopback, but this was tried:\n  " + "\n  ".join(attempts), pytrace=False)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The cluster all tests share. A test that stops or kills a server starts its own: `with PostgresServer() as server`."""
    with _need(PostgresServer) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PostgresServer) -> str:
    """postgresql://… of the maintenance database of a real server. For tables of your own take `postgres_database`."""
    return postgres_server.url


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """postgresql://… of a new, empty database, dropped after the test."""
    with fresh_database(postgres_url) as url:
        yield url


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """The Redis all tests share. A test that stops or kills a server starts its own: `with RedisServer() as server`."""
    with _need(RedisServer) as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """redis://… of a real server, empty."""
    redis_server.empty()
    return redis_server.url


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """For playwright: `launch(executable_path=str(chromium_path), args=servers.CHROMIUM_ARGS)`."""
    return _need(find_chromium)


@pytest.fixture(autouse=True, scope="session")
def _no_ambient_settings() -> Iterator[None]:
    """A developer's own THROUGHLINE_… variables change no test."""
    patch = pytest.MonkeyPatch()
    for name in [name for name in os.environ if name.startswith("THROUGHLINE_") and name != no_network.REPORT]:
        patch.delenv(name)
    yield
    patch.undo()
