"""Headers of every kind of page, and which calls count as our own (T-37)."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from gateway.clock import SystemClock
from gateway.errors import Forbidden, NotFound
from gateway.web import problem, security
from gateway.web.security import FRAME_ANCESTORS

BASE = "https://chat.example.com"
PATHS = ["/inbox/", "/chat/", "/demo/", "/widget.js", "/api/me", "/healthz", "/inboxes", "/"]


@pytest.fixture
async def client(aiohttp_client: Any) -> Any:
    async def page(request: web.Request) -> web.Response:
        if request.query.get("frame"):
            request[FRAME_ANCESTORS] = tuple(request.query.getall("frame"))
        return web.Response(text="x")

    async def streamed(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Security-Policy": "sandbox", "Cache-Control": "private"})
        await response.prepare(request)
        await response.write_eof(b"x")
        return response

    async def missing(request: web.Request) -> web.Response:
        raise NotFound("no")

    app = web.Application(middlewares=[problem.middleware(SystemClock())])
    app.on_response_prepare.append(security.headers(https=True))
    for path in PATHS:
        app.router.add_get(path, page)
    app.router.add_get("/api/file", streamed)
    app.router.add_get("/inbox/missing", missing)
    return await aiohttp_client(app)


def directives(answer: Any) -> dict[str, str]:
    policy = answer.headers["Content-Security-Policy"]
    return {name: value for name, _, value in (part.strip().partition(" ") for part in policy.split(";"))}


@pytest.mark.parametrize("path", [*PATHS, "/nowhere", "/inbox/missing"])
async def test_every_answer_is_armoured(client: Any, path: str) -> None:
    answer = await client.get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "microphone=()" in answer.headers["Permissions-Policy"]
    assert "aiohttp" not in answer.headers["Server"]
    found = directives(answer)
    assert found["default-src"] == "'none'"
    assert found["base-uri"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "*" not in answer.headers["Content-Security-Policy"]


async def test_the_inbox_is_framed_by_nobody(client: Any) -> None:
    answer = await client.get("/inbox/", headers={"Host": "chat.example.com"})
    found = directives(answer)
    assert found["frame-ancestors"] == "'none'"
    assert found["script-src"] == "'self'"
    assert found["connect-src"] == "'self' wss://chat.example.com"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


async def test_the_chat_is_framed_by_the_sites_own_pages_only(client: Any) -> None:
    allowed = {"frame": "https://shop.example"}
    answer = await client.get(
        "/chat/", params=[("frame", "https://shop.example"), ("frame", "https://evil.example; script-src *"), ("frame", "*")]
    )
    assert directives(answer)["frame-ancestors"] == "https://shop.example"
    assert directives(answer)["script-src"] == "'self'"
    assert "X-Frame-Options" not in answer.headers
    assert directives(await client.get("/chat/"))["frame-ancestors"] == "'none'"
    assert directives(await client.get("/inbox/", params=allowed))["frame-ancestors"] == "'none'"


async def test_the_loader_may_be_loaded_by_other_sites(client: Any) -> None:
    assert (await client.get("/widget.js")).headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert (await client.get("/api/me")).headers["Cross-Origin-Resource-Policy"] == "same-origin"


async def test_answers_of_the_api_are_not_stored(client: Any) -> None:
    assert (await client.get("/api/me")).headers["Cache-Control"] == "no-store"
    assert (await client.get("/nowhere")).headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in (await client.get("/widget.js")).headers


async def test_a_handlers_own_policy_wins_also_when_streamed(client: Any) -> None:
    answer = await client.get("/api/file")
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert answer.headers["Cache-Control"] == "private"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_strange_host_adds_nothing_to_the_policy(client: Any) -> None:
    answer = await client.get("/inbox/", headers={"Host": "x; script-src *"})
    assert answer.status >= 400 or directives(answer)["connect-src"] == "'self'"


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"X-Throughline": "1", "Origin": BASE}, True),
        ({"X-Throughline": "1", "Origin": "HTTPS://Chat.Example.com"}, True),
        ({"X-Throughline": "1", "Origin": BASE, "Sec-Fetch-Site": "same-origin"}, True),
        ({"X-Throughline": "1", "Sec-Fetch-Site": "same-origin"}, True),
        ({"X-Throughline": "1"}, False),
        ({"Origin": BASE}, False),
        ({"X-Throughline": "0", "Origin": BASE}, False),
        ({"X-Throughline": "1", "Origin": "null"}, False),
        ({"X-Throughline": "1", "Origin": ""}, False),
        ({"X-Throughline": "1", "Origin": "http://chat.example.com"}, False),
        ({"X-Throughline": "1", "Origin": BASE + ".evil.example"}, False),
        ({"X-Throughline": "1", "Origin": BASE + ":444"}, False),
        ({"X-Throughline": "1", "Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, False),
        ({"X-Throughline": "1", "Origin": BASE, "Sec-Fetch-Site": "same-site"}, False),
        ({"X-Throughline": "1", "Origin": BASE, "Sec-Fetch-Site": "cross-site"}, False),
        ({"X-Throughline": "1", "Origin": BASE, "Sec-Fetch-Site": "none"}, False),
    ],
)
def test_only_our_own_pages_change_things(headers: dict[str, str], ours: bool) -> None:
    request = make_mocked_request("POST", "/api/session", headers=headers)
    if ours:
        security.same_origin(request, BASE)
    else:
        with pytest.raises(Forbidden):
            security.same_origin(request, BASE)


def test_no_base_means_no_page_of_ours() -> None:
    with pytest.raises(Forbidden):
        security.same_origin(make_mocked_request("POST", "/", headers={"X-Throughline": "1", "Origin": ""}), "")


def test_a_socket_is_opened_by_our_page_or_by_no_page() -> None:
    assert security.origin_allowed(make_mocked_request("GET", "/", headers={"Origin": BASE}), BASE)
    assert security.origin_allowed(make_mocked_request("GET", "/"), BASE)
    assert not security.origin_allowed(make_mocked_request("GET", "/", headers={"Origin": "https://evil.example"}), BASE)
    assert not security.origin_allowed(make_mocked_request("GET", "/", headers={"Origin": "null"}), BASE)
