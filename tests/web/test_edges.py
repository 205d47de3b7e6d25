"""Addresses behind proxies, rates, health, numbers and static files (T-27, T-36, R-61)."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from gateway.clock import FakeClock, SystemClock
from gateway.errors import ConfigError, TooMany
from gateway.web import forwarded, health, metrics, problem
from gateway.web.metrics import Metrics
from gateway.web.rates import Rate, Rates
from gateway.web.static import Assets

PROXIES = forwarded.trusted_proxies(["10.0.0.0/8", "::1"])


def call(peer: str | None, headers: dict[str, str] | list[tuple[str, str]] | None = None) -> web.Request:
    transport = mock.Mock()
    transport.get_extra_info.side_effect = lambda name, default=None: (peer, 1234) if name == "peername" and peer is not None else default
    return make_mocked_request("GET", "/", headers=CIMultiDict(headers or {}), transport=transport)


@pytest.mark.parametrize(
    ("socket", "chain", "expected"),
    [
        ("203.0.113.7", None, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # a stranger's header
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),  # what the caller wrote itself stands on the left
        ("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4, rubbish", "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4, rubbish, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("10.0.0.1", "1.2.3.4," * 5000 + "198.51.100.1", "198.51.100.1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("fe80::1%eth0", None, "fe80::1"),
        (None, "1.2.3.4, 198.51.100.1", "198.51.100.1"),  # a Unix socket
        (None, None, ""),
    ],
)
def test_the_real_peer(socket: str | None, chain: str | None, expected: str) -> None:
    assert forwarded.peer(call(socket, {} if chain is None else {"X-Forwarded-For": chain}), PROXIES) == expected


def test_header_games_do_not_change_the_peer() -> None:
    names = ["X-Forwarded-For", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP", "Forwarded", "X-Client-IP", "X-Remote-User"]
    assert {forwarded.peer(call("203.0.113.7", {name: "1.2.3.4"}), PROXIES) for name in names} == {"203.0.113.7"}
    assert {forwarded.peer(call("10.0.0.1", {name: "1.2.3.4"}), PROXIES) for name in names[1:]} == {"10.0.0.1"}
    repeated = [("X-Forwarded-For", "1.2.3.4"), ("X-Forwarded-For", "198.51.100.1")]
    assert forwarded.peer(call("10.0.0.1", repeated), PROXIES) == "198.51.100.1"


def test_an_ipv6_line_is_one_peer() -> None:
    assert forwarded.limit_key("2001:db8:1:2::1") == forwarded.limit_key("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert forwarded.limit_key("2001:db8:1:3::1") != forwarded.limit_key("2001:db8:1:2::1")
    assert forwarded.limit_key("198.51.100.1") == "198.51.100.1"
    assert forwarded.limit_key("") == ""


def test_the_public_address() -> None:
    told = {"Host": "inner:8080", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "Chat.Example.com"}
    assert forwarded.public_base(call("10.0.0.1", told), PROXIES) == "https://chat.example.com"
    assert forwarded.public_base(call("203.0.113.7", told), PROXIES) == "http://inner:8080"
    assert forwarded.public_base(call("203.0.113.7", told), PROXIES, "https://set.example/") == "https://set.example"
    assert forwarded.public_base(call("10.0.0.1", told | {"X-Forwarded-Proto": "javascript"}), PROXIES) == ""
    for host in ("", "evil.example/path", "a b", "x@y", "evil\\", "<script>", "a" * 300, "host:port"):
        assert forwarded.public_base(call("203.0.113.7", {"Host": host}), PROXIES) == "", host


@pytest.mark.parametrize("text", ["", "proxy.example", "10.0.0.1/8", "300.0.0.1"])
def test_a_mistyped_proxy_stops_the_start(text: str) -> None:
    with pytest.raises(ConfigError):
        forwarded.trusted_proxies([text])


def test_a_burst_then_a_steady_rate() -> None:
    clock = FakeClock()
    rates = Rates(clock, {"login": Rate.per_minute(6, burst=3)})
    assert [rates.allow("login", "a") for _ in range(3)] == [None] * 3
    assert rates.allow("login", "a") == pytest.approx(10)
    assert rates.allow("login", "b") is None
    clock.advance(10)
    assert rates.allow("login", "a") is None
    with pytest.raises(TooMany) as refused:
        rates.require("login", "a")
    assert refused.value.detail["retry_after"] == pytest.approx(10)
    clock.advance(3600)
    assert [rates.allow("login", "a") for _ in range(4)].count(None) == 3
    rates.forget("login", "a")
    assert rates.allow("login", "a", cost=3) is None


@pytest.mark.parametrize(("per_second", "burst"), [(0, 1), (-1, 1), (1, 0)])
def test_a_senseless_rate_stops_the_start(per_second: float, burst: float) -> None:
    with pytest.raises(ConfigError):
        Rate(per_second, burst)


def test_buckets_are_bounded_and_the_busy_one_stays() -> None:
    rates = Rates(FakeClock(), {"login": Rate(0.001, 1)}, most=100)
    assert rates.allow("login", "busy") is None
    for number in range(5000):
        rates.allow("login", str(number))
        assert rates.allow("login", "busy") is not None
    assert len(rates) == 100


async def well() -> str | None:
    return None


async def ill() -> str | None:
    return "The disk is full."


async def failing() -> str | None:
    raise RuntimeError("SECRET")


async def hanging() -> str | None:
    await asyncio.Event().wait()
    return None


def watched(checks: dict[str, Callable[[], Awaitable[str | None]]], clock: Any = None, token: str | None = None) -> web.Application:
    numbers = Metrics()
    real = SystemClock()
    app = web.Application(middlewares=[metrics.middleware(numbers, real), problem.middleware(real)])
    app.add_routes(health.routes(health.Readiness(checks, clock or real, seconds=0.2), numbers, token))
    return app


async def test_alive_is_not_ready(aiohttp_client: Any) -> None:
    client = await aiohttp_client(watched({"database": well, "disk": ill, "migrations": failing, "search": hanging}))
    assert (await client.get("/healthz")).status == 200
    with structlog.testing.capture_logs() as logs:
        answer = await client.get("/readyz")
    body = await answer.json()
    assert answer.status == 503
    assert "Retry-After" in answer.headers
    assert body["ready"] is False
    assert body["checks"]["database"] == "ok"
    assert body["checks"]["disk"] == "The disk is full."
    assert "SECRET" not in body["checks"]["migrations"]
    assert body["checks"]["search"] == "No answer within 0.2 s."
    assert [line["check"] for line in logs] == ["migrations"]


async def test_ready_and_asked_once_for_many(aiohttp_client: Any) -> None:
    asked = 0

    async def counting() -> str | None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        return None

    clock = FakeClock()
    client = await aiohttp_client(watched({"database": counting}, clock))
    answers = await asyncio.gather(*(client.get("/readyz") for _ in range(20)))
    assert {answer.status for answer in answers} == {200}
    assert await answers[0].json() == {"ready": True, "checks": {"database": "ok"}}
    assert asked == 1
    clock.advance(2)
    await client.get("/readyz")
    assert asked == 2


async def test_numbers_are_for_this_machine_or_the_token(aiohttp_client: Any) -> None:
    client = await aiohttp_client(watched({}, token="t0ken"))
    assert (await client.get("/metrics")).status == 200
    for name in ("X-Forwarded-For", "Forwarded", "Via"):
        assert (await client.get("/metrics", headers={name: "127.0.0.1"})).status == 403
    passed_on = {"X-Forwarded-For": "203.0.113.7"}
    assert (await client.get("/metrics", headers=passed_on | {"Authorization": "Bearer t0ken"})).status == 200
    for wrong in ("Bearer t0kem", "Bearer", "Bearer é", "Basic t0ken"):
        assert (await client.get("/metrics", headers=passed_on | {"Authorization": wrong})).status == 403


async def test_requests_are_counted_by_route_and_not_by_path(aiohttp_client: Any) -> None:
    async def thing(request: web.Request) -> web.Response:
        return web.Response()

    app = watched({})
    app.router.add_get("/api/things/{id}", thing)
    client = await aiohttp_client(app)
    for number in range(5):
        await client.get(f"/api/things/{number}")
        await client.get(f"/nowhere/{number}")
    await client.request("INVENTED", "/nowhere")
    text = await (await client.get("/metrics")).text()
    assert 'throughline_requests_total{method="GET",route="/api/things/{id}",status="200"} 5.0' in text
    assert 'throughline_requests_total{method="GET",route="unmatched",status="404"} 5.0' in text
    assert "INVENTED" not in text
    assert "/nowhere" not in text


async def test_loop_lag_is_seen() -> None:
    numbers, clock = Metrics(), FakeClock()
    slept = 0

    async def late(seconds: float) -> None:
        nonlocal slept
        slept += 1
        if slept > 1:
            await asyncio.Event().wait()
        clock.advance(seconds + 0.25)

    with mock.patch.object(clock, "sleep", late):
        watching = asyncio.create_task(metrics.watch_loop(numbers, clock))
        for _ in range(5):
            await asyncio.sleep(0)
    assert numbers.registry.get_sample_value("throughline_loop_lag_seconds") == pytest.approx(0.25)
    watching.cancel()


@pytest.fixture
def built(tmp_path: Path) -> Path:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<!doctype html><script src=assets/inbox-BxY3f_a1.js></script>")
    (dist / "assets" / "inbox-BxY3f_a1.js").write_text("console.log('x');" * 500)
    (dist / "sound.mp3").write_bytes(b"\xff\xfb" * 10)
    (dist / ".env").write_text("SECRET")
    (tmp_path / "outside.txt").write_text("SECRET")
    (dist / "link.txt").symlink_to(tmp_path / "outside.txt")
    return dist


async def serve(aiohttp_client: Any, folder: Path) -> Any:
    app = web.Application(middlewares=[problem.middleware(SystemClock())])
    app.add_routes(Assets(folder).routes("/inbox/"))
    return await aiohttp_client(app, auto_decompress=False)


async def test_pages_and_files(aiohttp_client: Any, built: Path) -> None:
    client = await serve(aiohttp_client, built)
    page = await client.get("/inbox/")
    assert page.status == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    script = await client.get("/inbox/assets/inbox-BxY3f_a1.js", headers={"Accept-Encoding": "br, gzip;q=0.8"})
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "immutable" in script.headers["Cache-Control"]
    assert script.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(await script.read()).startswith(b"console")
    plain = await client.get("/inbox/assets/inbox-BxY3f_a1.js", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in plain.headers
    assert len(await plain.read()) == 8500
    again = await client.get("/inbox/assets/inbox-BxY3f_a1.js", headers={"If-None-Match": script.headers["ETag"]})
    assert again.status == 304
    assert (await client.head("/inbox/assets/inbox-BxY3f_a1.js")).status == 200
    sound = await client.get("/inbox/sound.mp3")
    assert (sound.headers["Content-Type"], sound.headers["Cache-Control"]) == ("audio/mpeg", "no-cache")
    bare = await client.get("/inbox", allow_redirects=False)
    assert (bare.status, bare.headers["Location"]) == (308, "/inbox/")


@pytest.mark.parametrize("name", ["../outside.txt", "..%2foutside.txt", "%2e%2e/outside.txt", "..%5coutside.txt", "/etc/passwd", "%2fetc%2fpasswd", "link.txt", ".env", "assets", "assets/", "index.html%00.js", "nope.js"])  # fmt: skip
async def test_nothing_but_the_build_is_served(aiohttp_client: Any, built: Path, name: str) -> None:
    client = await serve(aiohttp_client, built)
    # By hand: every client library tidies such a path before it sends it.
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(f"GET /inbox/{name} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    assert answer.split(b" ")[1] == b"404"
    assert b"SECRET" not in answer


async def test_an_unbuilt_page_says_what_to_do_and_appears_once_built(aiohttp_client: Any, tmp_path: Path) -> None:
    client = await serve(aiohttp_client, tmp_path / "dist")
    answer = await client.get("/inbox/")
    assert answer.status == 503
    assert "make build" in await answer.text()
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "index.html").write_text("built")
    assert await (await client.get("/inbox/")).text() == "built"
