"""What comes in: strict JSON, bounded sizes, and bodies and headers that dawdle (R-51, R-52)."""

from __future__ import annotations

import asyncio
import gzip
import json
import resource
import time
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import Field

from gateway.clock import SystemClock
from gateway.web import limits, problem
from gateway.web.limits import Body

LIMIT = 200_000


class Said(Body):
    text: str = Field(default="", max_length=100_000)
    number: int = 0
    share: float = 0.0
    names: list[str] = Field(default=[])
    inner: dict[str, list[int]] = Field(default={})


async def parsed(request: web.Request) -> web.Response:
    said = await limits.json_body(request, Said, LIMIT, seconds=0.5)
    return web.json_response({"text": said.text, "number": said.number})


async def uploaded(request: web.Request) -> web.Response:
    async with limits.upload(request, limit=1_000_000, seconds=1.0, rate=100_000) as came:
        body = await asyncio.to_thread(came.file.read)
        return web.json_response({"size": came.size, "sum": zlib.crc32(body)})


async def asked(request: web.Request) -> web.Response:
    return web.json_response({"limit": limits.whole(request, "limit", 100, 1, 200), "q": limits.one(request, "q")})


async def ignored(request: web.Request) -> web.Response:
    return web.Response(text="not read")


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    app = web.Application(middlewares=[problem.middleware(SystemClock())])
    app.add_routes([web.post("/json", parsed), web.post("/file", uploaded), web.get("/ask", asked), web.post("/ignored", ignored)])
    options = limits.server_options() | {"keepalive_timeout": 1.0, "lingering_time": 0.5}
    server = TestServer(app)
    await server.start_server(**options)
    yield server
    await server.close()


async def post(client: Any, body: Any, path: str = "/json", **headers: str) -> tuple[int, dict[str, Any]]:
    answer = await client.post(path, data=body, headers={"Content-Type": "application/json"} | headers)
    return answer.status, json.loads(await answer.read())


async def test_a_sound_body_passes(aiohttp_client: Any, server: TestServer) -> None:
    client = await aiohttp_client(server)
    text = "👩‍👩‍👧‍👦" * 2000 + "a" + "\u0301" * 5000 + "\u202e\ufffe\u0000"
    status, answer = await post(client, json.dumps({"text": text, "number": -5}).encode())
    assert (status, answer["text"], answer["number"]) == (200, text, -5)


BOMBS: dict[str, bytes] = {
    "deep": b'{"names":' + b"[" * 90_000 + b"]" * 90_000 + b"}",
    "deep and open": b'{"inner":' * 20_000,
    "5,000 digits": b'{"number":' + b"9" * 5000 + b"}",
    "4,000 digits": b'{"number":' + b"9" * 4000 + b"}",
    "2^63": b'{"inner":{"x":[1,9223372036854775808]}}',
    "digits in a float": b'{"share":1e999}',
    "NaN": b'{"share":NaN}',
    "Infinity": b'{"share":-Infinity}',
    "lone surrogate": b'{"text":"\\ud800"}',
    "lone low surrogate": b'{"text":"\\udc00x"}',
    "encoded surrogate": b'{"text":"\xed\xa0\x80"}',
    "byte order mark": b'\xef\xbb\xbf{"text":"x"}',
    "UTF-16": '{"text":"x"}'.encode("utf-16"),
    "UTF-32": '{"text":"x"}'.encode("utf-32-le"),
    "Latin 1": b'{"text":"\xe4"}',
    "nothing": b"",
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "two": b"{}{}",
    "a comma": b'{"number":1,}',
    "a comment": b'{"number":1/**/}',
    "single quotes": b"{'number':1}",
    "a text for a number": b'{"number":"1"}',
    "true for a number": b'{"number":true}',
    "a float for a number": b'{"number":1.0}',
    "a number for a text": b'{"text":1}',
    "null for a text": b'{"text":null}',
    "a list for a text": b'{"text":["x"]}',
    "an object for a list": b'{"names":{"0":"x"}}',
    "2^63 keys' worth": b'{"inner":{"' + b"a" * 190_000 + b'":"x"}}',
    "an unknown field": b'{"role":"admin"}',
    "a prototype": b'{"__proto__":{"x":1}}',
    "a raw control character": b'{"text":"\x00"}',
    "too long a text": b'{"text":"' + b"a" * 100_001 + b'"}',
    "many wrong fields": b"{" + b",".join(b'"f%d":1' % number for number in range(15_000)) + b"}",
    "too large": b'{"text":"' + b"a" * LIMIT + b'"}',
}


@pytest.mark.parametrize("name", BOMBS)
async def test_bombs_are_refused_quickly(aiohttp_client: Any, server: TestServer, name: str) -> None:
    client = await aiohttp_client(server)
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    status, answer = await post(client, BOMBS[name])
    assert time.process_time() - started < 1.0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
    assert status == (413 if name == "too large" else 400)
    assert answer["code"] == ("too_large" if name == "too large" else "invalid")
    assert len(answer["detail"]) < 300
    assert "pydantic" not in answer["detail"]


async def test_the_refusal_names_the_field(aiohttp_client: Any, server: TestServer) -> None:
    client = await aiohttp_client(server)
    assert (await post(client, b'{"names":["a",1]}'))[1]["field"] == "names.1"
    assert (await post(client, b'{"role":1}'))[1]["detail"] == "There is no field “role”."


async def test_a_field_given_twice_counts_as_its_last(aiohttp_client: Any, server: TestServer) -> None:
    client = await aiohttp_client(server)
    assert (await post(client, b'{"number":1,"number":2}'))[1]["number"] == 2


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp", ""]
)
async def test_types_that_a_form_can_send_are_no_json(aiohttp_client: Any, server: TestServer, kind: str) -> None:
    client = await aiohttp_client(server)
    status, answer = await post(client, b"{}", **{"Content-Type": kind})
    assert (status, answer["field"]) == (400, "Content-Type")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "x"])
@pytest.mark.parametrize("path", ["/json", "/file"])
async def test_encoded_bodies_are_refused_unread(aiohttp_client: Any, server: TestServer, encoding: str, path: str) -> None:
    client = await aiohttp_client(server)
    bomb = gzip.compress(b"\0" * 50_000_000, 9) + gzip.compress(b"") * 2000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status, answer = await post(client, bomb, path, **{"Content-Encoding": encoding})
    assert (status, answer["field"]) == (400, "Content-Encoding")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


async def chunks(number: int, size: int, pause: float = 0.0) -> AsyncIterator[bytes]:
    for _ in range(number):
        yield b"x" * size
        await asyncio.sleep(pause)


async def test_a_body_without_a_length_is_stopped_at_the_limit(aiohttp_client: Any, server: TestServer) -> None:
    client = await aiohttp_client(server)
    status, answer = await post(client, chunks(30, 10_000))
    assert (status, answer["code"]) == (413, "too_large")
    status, answer = await post(client, chunks(110, 10_000), "/file")
    assert (status, answer["code"]) == (413, "too_large")


async def test_a_false_length_does_not_help(aiohttp_client: Any, server: TestServer) -> None:
    client = await aiohttp_client(server)
    answer = await raw(server, b"POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n{")
    assert b" 413 " in answer
    for length in ("-1", "+5", "1e3", "5, 5", "99999999999999999999999"):
        answer = await raw(
            server, f"POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{{}}".encode()
        )
        assert answer.split(b" ")[1][:1] == b"4", length
    both = b"POST /json HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    assert (await raw(server, both)).split(b" ")[1][:1] == b"4"
    broken = b"POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"
    assert b" 400 " in await raw(server, broken)
    assert (await post(client, b"{}"))[0] == 200


async def raw(server: TestServer, data: bytes, drip: float | None = None) -> bytes:
    """Sends the bytes, then, with `drip`, one more every so many seconds; returns what came until the server closed."""
    reader, writer = await asyncio.open_connection(server.host, server.port)

    async def dripping() -> None:
        while drip is not None:
            await asyncio.sleep(drip)
            writer.write(b"x")

    task = asyncio.create_task(dripping())
    try:
        writer.write(data)
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        return b""
    finally:
        task.cancel()
        writer.close()


async def test_three_hundred_slow_bodies_and_headers_are_closed(server: TestServer) -> None:
    headers = b"POST /%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n"
    started = time.monotonic()
    silent = [raw(server, headers % b"json" + b"\r\n{") for _ in range(100)]
    dripping = [raw(server, headers % b"json" + b"\r\n{", drip=0.1) for _ in range(50)]
    unread = [raw(server, headers % b"ignored" + b"\r\n{", drip=0.1) for _ in range(50)]
    slow_headers = [raw(server, headers % b"json" + b"X-Slow: ", drip=0.1) for _ in range(50)]
    nothing = [raw(server, b"") for _ in range(50)]
    answers = await asyncio.gather(*silent, *dripping, *unread, *slow_headers, *nothing)
    assert time.monotonic() - started < 8  # limits of 0.5 s for a body, 1 s for headers, 0.5 s for the rest
    assert all(b" 408 " in answer and b'"code": "invalid"' in answer for answer in answers[:100])
    # A byte sent into the closing connection may be answered with a reset, which throws away what had come.
    assert all(b" 408 " in answer or answer == b"" for answer in answers[100:150])


async def test_an_upload_below_the_rate_is_ended(aiohttp_client: Any, server: TestServer) -> None:
    client = await aiohttp_client(server)
    body = bytes(range(256)) * 2000
    status, answer = await post(client, body, "/file")
    assert (status, answer) == (200, {"size": len(body), "sum": zlib.crc32(body)})
    status, answer = await post(client, chunks(1000, 10, pause=0.05), "/file")
    assert (status, answer["code"]) == (408, "invalid")


async def test_a_slow_start_is_forgiven_but_not_a_slow_whole(
    monkeypatch: pytest.MonkeyPatch, aiohttp_client: Any, server: TestServer
) -> None:
    monkeypatch.setattr(limits, "GRACE", 0.2)
    client = await aiohttp_client(server)
    started = time.monotonic()
    assert (await post(client, chunks(1000, 1, pause=0.02), "/file"))[0] == 408
    assert time.monotonic() - started < 0.9  # the whole would have had 1 s
    assert (await post(client, chunks(30, 20_000, pause=0.005), "/file"))[0] == 200


@pytest.mark.parametrize(
    "head",
    [
        b"GET /ask HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 9000 + b"\r\n\r\n",
        b"GET /ask?" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /ask HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: 1\r\n" % number for number in range(200)) + b"\r\n",
        b"GET /ask HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n",
        b"GET /ask HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=["field", "line", "many", "name", "NUL", "TLS"],
)
async def test_headers_have_limits(server: TestServer, head: bytes) -> None:
    answer = await raw(server, head)
    assert answer == b"" or answer.split(b" ")[1] in (b"400", b"431")
    assert b"Traceback" not in answer


async def test_query_parameters_are_strict(aiohttp_client: Any, server: TestServer) -> None:
    client = await aiohttp_client(server)
    assert await (await client.get("/ask?limit=7&q=%C3%A4")).json() == {"limit": 7, "q": "ä"}
    assert await (await client.get("/ask")).json() == {"limit": 100, "q": None}
    for query in (
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=1.0",
        "limit=x",
        "limit=",
        "limit=1&limit=2",
        "limit=9223372036854775808",
        "limit=%D9%A3",
        "q=%00",
        "q=" + "a" * 1001,
    ):
        answer = await client.get(f"/ask?{query}")
        assert answer.status == 400, query
        assert (await answer.json(content_type=None))["field"] == query[: query.index("=")]


async def test_connections_of_one_peer_are_capped() -> None:
    app = web.Application()
    app.add_routes([web.get("/ask", asked)])
    server = TestServer(app)
    await server.start_server(**limits.server_options())
    assert server.runner is not None
    assert server.runner.server is not None
    limits.cap_connections(server.runner.server, per_peer=5)
    kept = [await asyncio.open_connection(server.host, server.port) for _ in range(5)]
    for reader, writer in kept:
        writer.write(b"GET /ask HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in await asyncio.wait_for(reader.readline(), 5)
    assert await raw(server, b"GET /ask HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") == b""
    kept[0][1].close()
    async with asyncio.timeout(5):
        while not await raw(server, b"GET /ask HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"):
            await asyncio.sleep(0.01)
    for _, writer in kept:
        writer.close()
    await server.close()


async def test_proxies_are_not_counted_as_peers() -> None:
    server = TestServer(web.Application())
    await server.start_server(**limits.server_options())
    assert server.runner is not None
    assert server.runner.server is not None
    limits.cap_connections(server.runner.server, per_peer=1, exempt=lambda peer: peer == "127.0.0.1")
    kept = await asyncio.open_connection(server.host, server.port)
    assert b"404" in await raw(server, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    kept[1].close()
    await server.close()
