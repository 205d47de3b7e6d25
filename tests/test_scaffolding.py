"""The scaffolding itself: servers are real and come back, and nothing leaves this machine unnoticed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from tests import no_network, parts, servers
from tests.servers import PostgresServer, RedisServer

BEYOND = ("192.0.2.1", 9)  # RFC 5737: documentation, routed nowhere


@pytest.fixture
def expect_attempts() -> Iterator[list[str]]:
    """Takes the attempts a test made on purpose, before the autouse fixture fails it for them."""
    seen: list[str] = []
    yield seen
    seen.extend(no_network.install().take())
    assert seen, "nothing was noticed"


def test_each_database_is_fresh_and_durable(postgres_database: str) -> None:
    with psycopg.connect(postgres_database) as connection:
        connection.execute("CREATE TABLE t (x text)")
        row = connection.execute(
            "SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('server_encoding')"
        ).fetchone()
    assert row == ("on", "on", "UTF8")


def test_a_database_is_dropped_even_while_in_use(postgres_url: str) -> None:
    with servers.fresh_database(postgres_url) as url:
        left_open = psycopg.connect(url)
    with pytest.raises(psycopg.OperationalError):
        left_open.execute("SELECT 1")
    left_open.close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


@pytest.mark.kill
def test_a_killed_postgres_comes_back_with_its_data(postgres_url: str) -> None:
    with PostgresServer() as server:
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept (x int)")
            connection.execute("INSERT INTO kept VALUES (7)")
        server.kill()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(server.url, connect_timeout=5)
        server.start()
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT x FROM kept").fetchall() == [(7,)]
    assert not server.folder.exists()


def test_redis_is_real_and_empty(redis_server: RedisServer, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        assert client.info("server")["redis_mode"] == "standalone"


def test_a_missing_part_names_the_package() -> None:
    with pytest.raises(parts.MissingPart, match=r"missing part: Teapot \(Debian package: teapot\)"):
        parts.find_program("Teapot", "teapot", "no-such-program-418")


def test_a_run_that_was_killed_leaves_nothing_for_long(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    stale, own = tmp_path / f"throughline-test-{ended.pid}-x", tmp_path / f"throughline-test-{os.getpid()}-x"
    stale.mkdir()
    own.mkdir()
    servers.sweep()
    assert not stale.exists()
    assert own.exists()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "0.0.0.0", "localhost", "LOCALHOST.", "shop.localhost", "", None, b"localhost"],
)
def test_loopback_is_allowed(host: object) -> None:
    assert no_network.is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["192.0.2.1", "10.0.0.1", "169.254.169.254", "::ffff:192.0.2.1", "2001:db8::1", "localhost.example.com", "example.com", b"example.com"],
)
def test_beyond_loopback_is_not(host: object) -> None:
    assert not no_network.is_loopback(host)


def test_connecting_out_is_refused_and_noticed(expect_attempts: list[str]) -> None:
    with socket.socket() as sock, pytest.raises(no_network.NetworkRefused, match=r"192\.0\.2\.1:9"):
        sock.connect(BEYOND)


def test_a_datagram_out_is_refused_and_noticed(expect_attempts: list[str]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock, pytest.raises(no_network.NetworkRefused):
        sock.sendto(b"x", BEYOND)


def test_a_name_is_not_looked_up(expect_attempts: list[str]) -> None:
    with pytest.raises(no_network.NetworkRefused, match="look-up of example"):
        socket.getaddrinfo("example.com", 443)


def test_a_process_we_start_is_guarded_too() -> None:
    script = "import socket\ntry: socket.create_connection(('example.com', 80))\nexcept OSError as error: print(type(error).__name__)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "NetworkRefused\n", done.stderr
    attempts = no_network.install().take()
    assert len(attempts) == 1
    assert "look-up of example.com" in attempts[0]


def test_loopback_and_unix_sockets_work(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()[:2]):
        pass
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as client:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        client.connect(str(tmp_path / "s"))


def test_a_test_that_swallows_the_error_fails_all_the_same(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("from tests.conftest import loopback_only")
    pytester.makepyfile(
        """
        import socket

        def test_quiet():
            try:
                socket.getaddrinfo("example.com", 443)
            except OSError:
                pass

        def test_next():
            pass
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-o", "asyncio_default_fixture_loop_scope=function")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*tests stay on loopback, but this was tried:*", "*look-up of example.com*"])
