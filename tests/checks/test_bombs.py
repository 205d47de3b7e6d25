"""Requests made to break the program: slow ones, packed ones, deep ones; it answers, stays small, and serves others meanwhile (R-51, R-52)."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
import zlib
from collections.abc import Callable

import aiohttp
import pytest

from tests.checks.live import client, resident, visitor_token, worked
from tests.gateway import GatewayProcess

MIB = 1024 * 1024


def _packed(size: int) -> bytes:
    """`size` bytes of nothing as gzip, a member for each megabyte: about a thousandth of it."""
    return gzip.compress(b"\0" * MIB, 9) * (size // MIB)


def _parts(number: int, encoding: str = "") -> bytes:
    head = f"Content-Transfer-Encoding: {encoding}\r\n".encode() if encoding else b""
    part = (
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n'
        + head
        + b"\r\n"
        + (b" \r\n" * 20 if encoding else b"y")
        + b"\r\n"
    )
    return part * number + b"--x--\r\n"


def _said(text: str) -> bytes:
    return b'{"client_id":"12345678","text":' + text.encode("utf-8", "surrogatepass") + b"}"


# name → headers, body; each made only when it is sent.
BODIES: dict[str, tuple[dict[str, str], Callable[[], bytes]]] = {
    "gzip of 300 MB": ({"Content-Encoding": "gzip"}, lambda: _packed(300 * MIB)),
    "gzip in gzip": ({"Content-Encoding": "gzip, gzip"}, lambda: gzip.compress(_packed(100 * MIB))),
    "40,000 empty gzip members": ({"Content-Encoding": "gzip"}, lambda: gzip.compress(b"") * 40_000),
    "deflate": ({"Content-Encoding": "deflate"}, lambda: zlib.compress(b"\0" * 50 * MIB)),
    "zstd of a lot": ({"Content-Encoding": "zstd"}, lambda: bytes.fromhex("28b52ffda4000000400100") + b"\x02\x00\x10\x00" * 20_000),
    "br": ({"Content-Encoding": "br"}, lambda: b"\x5b\xff\xff\xff\xff" * 20_000),
    "an unknown packing": ({"Content-Encoding": "identity, x"}, lambda: b"{}"),
    "10,000 parts": ({"Content-Type": "multipart/form-data; boundary=x"}, lambda: _parts(10_000)),
    "parts of white space in base64": ({"Content-Type": "multipart/form-data; boundary=x"}, lambda: _parts(2_000, "base64")),
    "a form of 100,000 fields": ({"Content-Type": "application/x-www-form-urlencoded"}, lambda: b"a=1&" * 100_000),
    "100,000 levels": ({}, lambda: b"[" * 100_000),
    "100,000 levels within": ({}, lambda: _said('{"a":' * 20_000 + "1" + "}" * 20_000)),
    "5,000 digits": ({}, lambda: _said("9" * 5_000)),
    "100,000 digits": ({}, lambda: _said("9" * 100_000)),
    "a tiny fraction": ({}, lambda: _said("1e-99999")),
    "a huge power": ({}, lambda: _said("1e99999")),
    "NaN": ({}, lambda: _said("NaN")),
    "Infinity": ({}, lambda: _said("-Infinity")),
    "a field twice": ({}, lambda: b'{"client_id":"12345678","text":"a","text":"b"}'),
    "a field 9,000 times": ({}, lambda: b'{"client_id":"12345678"' + b',"text":"a"' * 9_000 + b"}"),
    "half a character": ({}, lambda: _said('"\\ud800"')),
    "half a character in bytes": ({}, lambda: _said('"\ud800"')),
    "a byte order mark": ({}, lambda: b"\xef\xbb\xbf" + _said('"x"')),
    "UTF-16": ({}, lambda: _said('"x"').decode().encode("utf-16")),
    "UTF-32": ({}, lambda: _said('"x"').decode().encode("utf-32")),
    "UTF-7": ({"Content-Type": "application/json; charset=utf-7"}, lambda: b"+AHs-+AH0-"),
    "NUL": ({}, lambda: b"\0" * 100_000),
    "50,000 fields": ({}, lambda: json.dumps({f"f{number}": 1 for number in range(12_000)}).encode()),
    "names that collide": ({}, lambda: json.dumps({f"{number * 2**61}": 1 for number in range(5_000)}).encode()),
    "quotes only": ({}, lambda: _said('"' + '\\"' * 60_000)),
    "escapes only": ({}, lambda: _said('"' + "\\u0041" * 23_000 + '"')),
    "too long": ({}, lambda: _said('"' + "x" * 300_000 + '"')),
    "2 GB promised": ({"Content-Length": "2147483648"}, lambda: b""),
}


async def _send(
    gateway: GatewayProcess, session: aiohttp.ClientSession, token: str, headers: dict[str, str], body: bytes
) -> tuple[int, bytes]:
    told = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
    if "Content-Length" in headers:
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        answer = await raw(gateway, f"POST /api/visitor/messages HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode())
        return int(answer.split(b" ")[1]), answer
    async with session.post(gateway.url + "/api/visitor/messages", data=body, headers=told, skip_auto_headers=["Accept-Encoding"]) as came:
        return came.status, await came.read()


async def raw(gateway: GatewayProcess, data: bytes, seconds: float = 20.0) -> bytes:
    """Sends the bytes; what came until the server hung up or said all it had to."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    try:
        writer.write(data)
        return await asyncio.wait_for(reader.read(65_536), seconds)
    except ConnectionError:
        return b"HTTP/1.1 400 (hung up)"
    finally:
        writer.close()


async def test_bombs_cost_less_than_a_second_and_no_memory(gateway: GatewayProcess) -> None:
    async with client() as session:
        token = await visitor_token(gateway, session)
        await _send(gateway, session, token, {}, _said('"hei"'))
        memory, wrong = resident(gateway.pid), []
        for name, (headers, make) in BODIES.items():
            body, before = make(), worked(gateway.pid)
            status, told = await _send(gateway, session, token, headers, body)
            took = worked(gateway.pid) - before
            if not 400 <= status < 500 or took > 1.0 or b"Traceback" in told or len(told) > 2_000:
                wrong.append(f"{name}: {status} in {took:.2f} s, {told[:200]!r}")
        assert wrong == []
        assert resident(gateway.pid) - memory < 50 * MIB
        assert (await _send(gateway, session, token, {}, _said('"still here"')))[0] == 200


HEADS: dict[str, bytes] = {
    "a field of 9 KB": b"X-Long: " + b"a" * 9_000 + b"\r\n",
    "200 fields": b"".join(b"X-%d: 1\r\n" % number for number in range(200)),
    "100,000 fields": b"X: 1\r\n" * 100_000,
    "a cookie of 9 KB": b"Cookie: throughline_session=" + b"a" * 9_000 + b"\r\n",
    "5,000 cookies": b"Cookie: " + b"a=1; " * 1_600 + b"\r\n",
    "a folded line": b"X-Folded: a\r\n b\r\n",
    "a space before the colon": b"Content-Length : 0\r\n",
    "a bare line end": b"X: a\nY: b\r\n",
    "NUL": b"X: a\0b\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 5\r\n",
    "a length and chunks": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    "chunks twice": b"Transfer-Encoding: chunked, chunked\r\n",
    "chunks of another kind": b"Transfer-Encoding: xchunked\r\n",
    "no colon": b"nonsense\r\n",
    "eight bits": b"X-\xff: \xfe\r\n",
}
LINES: dict[str, bytes] = {
    "an address of 9 KB": b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "another version": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n\r\n",
    "HTTP/2's beginning": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500,
    "an unknown method": b"X" * 1_000 + b" / HTTP/1.1\r\nHost: x\r\n\r\n",
    "no address": b"GET  HTTP/1.1\r\nHost: x\r\n\r\n",
    "a whole address": b"GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n",
    "a tunnel": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "TRACE": b"TRACE / HTTP/1.1\r\nHost: x\r\nCookie: throughline_session=secret\r\n\r\n",
    "only line ends": b"\r\n" * 5_000 + b"GARBAGE\r\n\r\n",
}


async def test_broken_heads_are_refused(gateway: GatewayProcess) -> None:
    memory, wrong = resident(gateway.pid), []
    for name, head in {
        **{name: b"POST /api/visitor/session HTTP/1.1\r\nHost: x\r\n" + lines + b"\r\n" for name, lines in HEADS.items()},
        **LINES,
    }.items():
        answer = await raw(gateway, head + b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" * 2)
        first = answer.split(b"\r\n")[0]
        if answer and (b" 5" in first[8:11] or b"Traceback" in answer or b"throughline_session=secret" in answer):
            wrong.append(f"{name}: {answer[:300]!r}")
        if name in ("two lengths", "a length and chunks") and b" 200 " in answer:
            wrong.append(f"{name}: a second request was smuggled in, {answer[:300]!r}")
    assert wrong == []
    assert resident(gateway.pid) - memory < 50 * MIB


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_three_hundred_slow_heads_and_bodies_are_closed_in_thirty_seconds(gateway: GatewayProcess) -> None:
    """With the settings everybody has; tests/web/test_limits.py holds the same with short ones."""
    async with client() as session:
        token = await visitor_token(gateway, session)
        head = f"POST /api/visitor/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n".encode()
        starts = [
            b"POST /api/visitor/messages HTTP/1.1\r\nHost: x\r\nX-",
            head + b"Content-Length: 100\r\n\r\n{",
            head + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
        ]
        started = time.monotonic()
        slow = asyncio.gather(*(_drip(gateway, starts[at % 3]) for at in range(900)))
        honest: list[float] = []
        while not slow.done():
            before = time.monotonic()
            async with session.get(gateway.url + "/healthz") as answer:
                assert answer.status == 200
            honest.append(time.monotonic() - before)
            await asyncio.wait([slow], timeout=0.5)
        lasted: list[float] = await slow
        assert len(lasted) == 900 and max(lasted) <= 30.0, f"the last one was closed after {max(lasted):.1f} s"
        assert time.monotonic() - started < 60.0
        assert sorted(honest)[len(honest) // 2] < 1.0


async def _drip(gateway: GatewayProcess, start: bytes) -> float:
    """One more byte every two seconds; how long the server put up with it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    began = time.monotonic()
    writer.write(start)
    closed = asyncio.ensure_future(reader.read())
    try:
        while not closed.done() and time.monotonic() - began < 60:
            writer.write(b"x")
            await asyncio.wait([closed], timeout=2.0)
    finally:
        closed.cancel()
        writer.close()
    return time.monotonic() - began
