"""Addresses from outside never lead inside, and answers of providers become the right outcome."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

import aiohttp
import pytest
from aiohttp import web
from multidict import CIMultiDict

from channels.contract import Broken, Later, Never, SendError, Unknown, Unreachable
from channels.http import SafeFetch, failure, outcome, retry_after

NOW = 1_700_000_000_000_000


class Canary:
    """A server on loopback that counts who reaches it."""

    def __init__(self) -> None:
        self.hits: list[web.Request] = []
        self.port = 0
        self.released = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.hits.append(request)
        path = request.path
        if path.startswith("/hop/"):
            left = int(path.removeprefix("/hop/"))
            return web.Response(status=302, headers={"Location": f"/hop/{left - 1}" if left else "/file", "Set-Cookie": "a=b"})
        if path == "/away":
            return web.Response(status=307, headers={"Location": request.query["to"]})
        if path == "/big":
            response = web.StreamResponse()
            await response.prepare(request)
            for _ in range(100):
                await response.write(b"x" * 1_000)
            return response
        if path == "/slow":
            await self.released.wait()
        if path == "/packed":
            return web.Response(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
        if path.startswith("/status/"):
            return web.Response(status=int(path.removeprefix("/status/")), headers={"Retry-After": "7"})
        return web.Response(body=b"the file")


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    found = Canary()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", found.answer)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.port = runner.addresses[0][1]
    yield found
    found.released.set()
    await runner.cleanup()


async def numeric(host: str, port: int) -> list[str]:
    """Reads a name as generously as the C library does, and knows two names besides."""
    known = {"localhost": "127.0.0.1", "inside.example": "10.1.2.3", "mixed.example": "93.184.216.34 127.0.0.1"}
    if host.rstrip(".").lower() in known:
        return known[host.rstrip(".").lower()].split()
    try:
        return [socket.inet_ntoa(socket.inet_aton(host))]
    except OSError:
        raise socket.gaierror(socket.EAI_NONAME, "unknown") from None


@pytest.fixture
async def fetch() -> AsyncIterator[SafeFetch]:
    found = SafeFetch(lookup=numeric)
    yield found
    await found.close()


HOSTS = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0x7f.0.0.1", "017700000001", "0177.0.0.1", "127.0.0.01", "127.000.000.001",
    "0", "0.0.0.0", "localhost", "localhost.", "LOCALHOST", "inside.example", "mixed.example", "127.0.0.1.", "127。0。0。1", "①②⑦.⓪.⓪.①", "１２７.0.0.1",
    "%31%32%37.0.0.1", "127.0.0.1%00", "127.0.0.1%2f", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::7f00:1]",
    "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "[fd12::1]",
    "[ff02::1]", "[fec0::1]", "[2001:db8::1]", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "198.18.0.1",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.0.192", "192.88.99.1", "user@127.0.0.1", "user:pw@127.0.0.1", "127.0.0.1:80@127.0.0.1", "example.com@127.0.0.1", "[127.0.0.1]",
    "127.0.0.1\\@example.com", "127.0.0.1\t", "127.0.0.1\r\nX: y", " 127.0.0.1", "127.0.0.1#@example.com", "",
]  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
async def test_no_spelling_leads_inside(host: str, canary: Canary, fetch: SafeFetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.http._PORTS", frozenset({80, 443, canary.port}))
    for url in (
        f"http://{host}:{canary.port}/file",
        f"http://{host}/file",
        f"https://{host}/file",
        f"//{host}/file",
        f"http:\\\\{host}\\file",
    ):
        with pytest.raises(SendError):
            await fetch(url, 1_000, 2)
    assert canary.hits == []


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "gopher://127.0.0.1/", "ftp://example.com/", "data:,x", "javascript:x", "http://", "http:", "x", "http://1.1.1.1:22/", "http://1.1.1.1:99999/", "http://1.1.1.1:-1/", "http://" + "x" * 5_000, "http://[", "\0"])  # fmt: skip
async def test_other_schemes_and_ports_are_refused(url: str, fetch: SafeFetch) -> None:
    with pytest.raises(Never):
        await fetch(url, 1_000, 2)


async def test_the_operator_opens_a_door(canary: Canary) -> None:
    for entry, host in ((f"127.0.0.1:{canary.port}", "127.0.0.1"), (f"files.example:{canary.port}", "files.example")):
        fetch = SafeFetch([entry], lookup=lambda host, port: answered("127.0.0.1"))
        assert await fetch(f"http://{host}:{canary.port}/file", 8, 2) == b"the file"
        with pytest.raises(Never):
            await fetch(f"http://other.example:{canary.port}/file", 8, 2)
        with pytest.raises(Never):
            await fetch("http://127.0.0.1/file", 8, 2)
        await fetch.close()


async def answered(*found: str) -> list[str]:
    return list(found)


async def test_a_network_can_be_opened_on_web_ports(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch = SafeFetch(["127.0.0.0/8"], lookup=numeric)
    with pytest.raises(Never, match="80 and 443"):
        await fetch(f"http://127.0.0.1:{canary.port}/file", 100, 2)
    monkeypatch.setattr("channels.http._PORTS", frozenset({canary.port}))
    assert await fetch(f"http://localhost:{canary.port}/file", 100, 2) == b"the file"
    with pytest.raises(Never):
        await fetch(f"http://inside.example:{canary.port}/file", 100, 2)
    await fetch.close()


async def test_a_name_is_looked_up_once_and_the_checked_address_is_used(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.http._PORTS", frozenset({canary.port}))
    answers = iter(["127.0.0.2", "127.0.0.1"])
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return [next(answers)]

    fetch = SafeFetch(["127.0.0.2/32"], lookup=rebinding)
    with pytest.raises(Later):
        await fetch(f"http://rebinding.example:{canary.port}/file", 100, 2)
    assert asked == ["rebinding.example"]
    with pytest.raises(Never):
        await fetch(f"http://rebinding.example:{canary.port}/file", 100, 2)
    assert canary.hits == []
    await fetch.close()


@pytest.fixture
async def opened(canary: Canary) -> AsyncIterator[SafeFetch]:
    found = SafeFetch([f"127.0.0.1:{canary.port}"], lookup=numeric)
    yield found
    await found.close()


async def test_three_redirects_and_no_more(canary: Canary, opened: SafeFetch) -> None:
    base = f"http://127.0.0.1:{canary.port}"
    assert await opened(f"{base}/hop/2", 100, 2) == b"the file"
    with pytest.raises(Never, match="3 times"):
        await opened(f"{base}/hop/3", 100, 2)
    assert not any("Cookie" in hit.headers or "Authorization" in hit.headers for hit in canary.hits)


@pytest.mark.parametrize("to", ["http://127.0.0.1/file", "http://localhost/", "http://10.0.0.1/", "file:///etc/passwd", "//127.0.0.1/", "http://a:b@127.0.0.1/", "http://[::1]/", "http://[", "\\\\127.0.0.1"])  # fmt: skip
async def test_every_redirect_is_checked_again(to: str, canary: Canary, opened: SafeFetch) -> None:
    with pytest.raises(SendError):
        await opened(f"http://127.0.0.1:{canary.port}/away?to={to}", 100, 2)
    assert [hit.path for hit in canary.hits if hit.path != "/away"] in ([], ["/127.0.0.1"])


async def test_size_time_and_packing_are_limited(canary: Canary, opened: SafeFetch) -> None:
    base = f"http://127.0.0.1:{canary.port}"
    assert len(await opened(f"{base}/big", 100_000, 2)) == 100_000
    for path, limit in (("/big", 99_999), ("/file", 7), ("/packed", 100)):
        with pytest.raises(Never):
            await opened(base + path, limit, 2)
    with pytest.raises(Later):
        await opened(f"{base}/slow", 100, 0.05)
    for status, kind in ((404, Unreachable), (403, Broken), (500, Later), (418, Never)):
        with pytest.raises(kind):
            await opened(f"{base}/status/{status}", 100, 2)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, None), (201, None), (204, None), (202, None), (301, Later), (400, Never), (401, Broken), (402, Broken), (403, Broken), (404, Unreachable), (405, Never),
     (408, Later), (409, Later), (410, Unreachable), (413, Never), (415, Never), (422, Never), (425, Later), (429, Later), (451, Never), (500, Later), (501, Later),
     (502, Later), (503, Later), (504, Unknown), (529, Later), (100, Unknown), (0, Unknown), (600, Unknown), (-1, Unknown)],
)  # fmt: skip
def test_outcomes(status: int, kind: type[SendError] | None) -> None:
    found = outcome(status, {}, NOW)
    assert (type(found) if found else None) is kind
    assert found is None or str(status) in str(found)


def test_waiting_times() -> None:
    later = format_datetime(datetime.fromtimestamp(NOW / 1_000_000 + 90, UTC), usegmt=True)
    past = format_datetime(datetime.fromtimestamp(NOW / 1_000_000 - 90, UTC), usegmt=True)
    cases: list[tuple[str, float | None]] = [
        ("30", 30), ("0", 0), (" 5 ", 5), ("1.5", 1.5), (later, 90), (past, 0), ("999999999", 86_400), ("", None), ("soon", None), ("-5", None), ("nan", None),
        ("inf", None), ("1e3", None), ("٣", None), ("9" * 5_000, None), ("Mon, 99 Foo 2026", None), ("1,2", None),
    ]  # fmt: skip
    for value, seconds in cases:
        for headers in ({"Retry-After": value}, {"retry-after": value}, CIMultiDict({"RETRY-AFTER": value})):
            assert retry_after(headers, NOW) == (pytest.approx(seconds) if seconds is not None else None), value
    found = outcome(429, {"Retry-After": "30"}, NOW)
    assert isinstance(found, Later)
    assert found.after == 30
    no_headers: Mapping[str, str] = {}
    assert retry_after(no_headers, NOW) is None


async def test_failures_before_and_after_the_body_left(canary: Canary) -> None:
    async def dropped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.abort()

    server = await asyncio.start_server(dropped, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = unused.getsockname()[1]
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.2)) as session:
            told = []
            for url in (
                f"http://127.0.0.1:{closed}/",
                f"http://127.0.0.1:{port}/",
                f"http://127.0.0.1:{canary.port}/slow",
                f"https://127.0.0.1:{canary.port}/",
            ):
                with pytest.raises((aiohttp.ClientError, TimeoutError, OSError)) as caught:
                    await session.post(url, data=b"x")
                told.append(type(failure(caught.value)))
    server.close()
    await server.wait_closed()
    assert told == [Later, Unknown, Unknown, Later]
