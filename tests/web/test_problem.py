"""Errors at the edge: one shape, constant words for what is ours to know only, and a page for people (T-16)."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import structlog
from aiohttp import web

from channels.contract import Forged, IntakeError, Malformed
from gateway import errors
from gateway.clock import SystemClock
from gateway.web import problem

CASES: list[tuple[Exception, int, str, dict[str, Any]]] = [
    (errors.Invalid("The message is empty.", field="text"), 400, "invalid", {"detail": "The message is empty.", "field": "text"}),
    (errors.Unauthorised("Nobody is signed in."), 401, "unauthorised", {}),
    (errors.Forbidden("No."), 403, "forbidden", {}),
    (errors.NotFound("No such conversation."), 404, "not_found", {"detail": "No such conversation."}),
    (errors.Conflict("Mikko was faster."), 409, "conflict", {"detail": "Mikko was faster."}),
    (errors.TooLarge("Too large."), 413, "too_large", {}),
    (errors.TooMany("Wait.", retry_after=2.1), 429, "too_many", {"retry": "3"}),
    (errors.Unavailable("SECRET host=10.0.0.5 is down"), 503, "unavailable", {"retry": "5"}),
    (errors.UnknownOutcome("SECRET"), 503, "unavailable", {"retry": "5"}),
    (errors.ConfigError("SECRET"), 500, "internal", {}),
    (Forged("The signature is wrong."), 403, "forbidden", {"detail": "The signature is wrong."}),
    (Malformed("There is no From.", raw=b"SECRET", field="From"), 400, "invalid", {"field": "From"}),
    (IntakeError("Not taken."), 400, "invalid", {}),
    (web.HTTPNotFound(text="SECRET"), 404, "not_found", {}),
    (web.HTTPRequestEntityTooLarge(max_size=1, actual_size=2), 413, "too_large", {}),
    (web.HTTPUnsupportedMediaType(), 415, "invalid", {}),
    (web.HTTPBadRequest(reason="SECRET"), 400, "invalid", {}),
    (web.HTTPInternalServerError(text="SECRET"), 500, "internal", {}),
    (TimeoutError("SECRET"), 503, "unavailable", {"retry": "5"}),
    (RuntimeError("SECRET password=hunter2"), 500, "internal", {}),
    (KeyError("SECRET"), 500, "internal", {}),
    (RecursionError("SECRET"), 500, "internal", {}),
]


def app_raising(error: Exception) -> web.Application:
    async def handler(request: web.Request) -> web.Response:
        raise error

    app = web.Application(middlewares=[problem.middleware(SystemClock())])
    app.router.add_route("*", "/api/thing", handler)
    app.router.add_route("*", "/inbox/thing", handler)
    app.router.add_get("/api/only-get", handler)
    return app


@pytest.mark.parametrize(("error", "status", "code", "more"), CASES, ids=[type(case[0]).__name__ for case in CASES])
async def test_every_error_has_the_documented_shape(
    aiohttp_client: Any, error: Exception, status: int, code: str, more: dict[str, Any]
) -> None:
    client = await aiohttp_client(app_raising(error))
    with structlog.testing.capture_logs() as logs:
        answer = await client.post("/api/thing?token=SECRET")
    body = await answer.json(content_type="application/problem+json")
    assert answer.status == body["status"] == status
    assert body["type"] == "about:blank"
    assert body["code"] == code
    assert body["title"]
    assert body["detail"]
    assert len(body["id"]) >= 10
    assert set(body) <= {"type", "title", "status", "code", "detail", "field", "id"}
    assert answer.headers.get("Retry-After") == more.get("retry")
    assert body.get("field") == more.get("field")
    assert "detail" not in more or body["detail"] == more["detail"]
    assert "SECRET" not in json.dumps(body)
    assert "Traceback" not in json.dumps(body)
    assert "SECRET" not in str(answer.headers)
    assert [line["id"] for line in logs] == [body["id"]]
    assert "token" not in logs[0]["path"]
    assert ("exc_info" in logs[0]) == (status >= 500 and not (isinstance(error, errors.Unavailable)))


async def test_unknown_addresses_and_methods(aiohttp_client: Any) -> None:
    client = await aiohttp_client(app_raising(RuntimeError()))
    nowhere = await client.get("/api/nowhere")
    assert nowhere.status == 404
    assert (await nowhere.json(content_type="application/problem+json"))["code"] == "not_found"
    wrong = await client.delete("/api/only-get")
    assert wrong.status == 405
    assert "GET" in wrong.headers["Allow"]


async def test_people_get_a_page_without_style_or_script(aiohttp_client: Any) -> None:
    client = await aiohttp_client(app_raising(errors.NotFound('<script>alert("x")</script>')))
    answer = await client.get("/inbox/thing")
    text = await answer.text()
    assert answer.status == 404
    assert answer.content_type == "text/html"
    assert "<script" not in text
    assert "style" not in text
    assert "&lt;script&gt;" in text
    posted = await client.post("/inbox/thing")
    assert posted.content_type == "application/problem+json"


async def test_redirects_pass(aiohttp_client: Any) -> None:
    client = await aiohttp_client(app_raising(web.HTTPFound("/inbox/")))
    assert (await client.get("/api/thing", allow_redirects=False)).status == 302


async def test_a_field_name_with_half_a_character_is_no_error_of_ours(aiohttp_client: Any) -> None:
    client = await aiohttp_client(app_raising(errors.Invalid("no", field="\ud800")))
    assert (await client.post("/api/thing")).status == 400


async def test_an_answer_that_has_begun_is_cut_and_not_continued(aiohttp_client: Any) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"half")
        raise RuntimeError("SECRET")

    app = web.Application(middlewares=[problem.middleware(SystemClock())])
    app.router.add_get("/api/stream", handler)
    client = await aiohttp_client(app)
    answer = await client.get("/api/stream")
    assert answer.status == 200
    assert await answer.content.readany() == b"half"
    with pytest.raises(Exception, match=r"(?i)payload|closed|lost|reset"):
        await asyncio.wait_for(answer.content.read(), 5)
