"""Errors as the caller sees them: application/problem+json (RFC 9457) for programs, a small page for people, never a stack."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from channels.contract import Clock, Forged, IntakeError, Malformed
from gateway.errors import GatewayError, Unavailable, UnknownOutcome

__all__ = ["Problem", "middleware", "of", "page", "respond"]

RETRY_AFTER = 5
"""Seconds, where the error names none: short enough for a person, long enough for a restart of the store."""

_TITLES = {
    "invalid": "Invalid",
    "unauthorised": "Unauthorised",
    "forbidden": "Forbidden",
    "not_found": "Not found",
    "conflict": "Conflict",
    "too_large": "Too large",
    "too_many": "Too many",
    "unavailable": "Unavailable",
    "internal": "Internal error",
}
_CODES = {401: "unauthorised", 403: "forbidden", 404: "not_found", 409: "conflict", 413: "too_large", 429: "too_many"}
_SENTENCES = {
    400: "The request could not be understood.",
    401: "Nobody is signed in.",
    403: "This is not allowed.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    408: "The request took too long to arrive.",
    413: "The body is too large.",
    415: "This kind of body is not accepted.",
    429: "Too many requests; please wait a moment.",
    503: "The service cannot do this now. Nothing was stored; please try again.",
}
_INTERNAL = "Something went wrong on our side. Please try again; if it happens again, report the id."
_UNKNOWN_OUTCOME = "The connection to the store broke: it may or may not be stored. Send it again with the same client_id."
_CLOSING = frozenset({408, 413})
"""The rest of the body is still on its way: the connection is of no further use."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is told to the caller. `retry_after` in seconds; `unexpected` ones are logged with their stack."""

    status: int
    code: str
    detail: str
    field: str | None = None
    retry_after: int | None = None
    allow: str | None = None
    unexpected: bool = False


def of(error: Exception) -> Problem:
    """What a caller may know of an error. From 500 on only constant sentences: a driver's text can hold addresses and values."""
    match error:
        case GatewayError():
            return _of_gateway(error)
        case Forged():
            return Problem(403, "forbidden", str(error) or _SENTENCES[403])
        case Malformed():
            return Problem(400, "invalid", str(error) or _SENTENCES[400], field=error.field)
        case IntakeError():
            return Problem(400, "invalid", str(error) or _SENTENCES[400])
        case web.HTTPException() if error.status < 500:
            status = error.status
            return Problem(status, _CODES.get(status, "invalid"), _SENTENCES.get(status, _SENTENCES[400]), allow=error.headers.get("Allow"))
        case web.RequestPayloadError():
            return Problem(400, "invalid", _SENTENCES[400])
        case TimeoutError():
            return Problem(503, "unavailable", _SENTENCES[503], retry_after=RETRY_AFTER, unexpected=True)
        case _:
            return Problem(500, "internal", _INTERNAL, unexpected=True)


def respond(problem: Problem, error_id: str) -> web.Response:
    """The answer for programs, in the shape of docs/api.md."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": _TITLES[problem.code],
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
    }
    if problem.field is not None:
        body["field"] = problem.field
    body["id"] = error_id
    # ensure_ascii keeps a lone surrogate that came in with a field name from breaking the encoding here.
    response = web.Response(status=problem.status, body=json.dumps(body).encode("ascii"), content_type="application/problem+json")
    return _finish(response, problem)


def page(problem: Problem, error_id: str) -> web.Response:
    """The answer for a person who opened a page. No style and no script, so that it stands under any policy."""
    title = html.escape(_TITLES[problem.code])
    body = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1><p>{html.escape(problem.detail)}</p><p><small>{html.escape(error_id)}</small></p></body></html>"
    )
    return _finish(web.Response(status=problem.status, text=body, content_type="text/html"), problem)


def middleware(clock: Clock, pages: Sequence[str] = ("/chat/", "/inbox/")) -> Middleware:
    """Turns what a handler raises into an answer. `pages` are the path prefixes whose visitors are people, not programs."""
    log = structlog.get_logger("gateway.web")

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            caught: Exception = error
        except ConnectionError:
            raise  # the caller went away: nobody is there to be answered
        except Exception as error:  # noqa: BLE001  the last edge: what is not turned into an answer here becomes aiohttp's own
            caught = error
        problem, error_id = of(caught), clock.token(8)
        _record(log, request, problem, error_id, caught)
        if request.writer.output_size > 0:
            raise ConnectionResetError("the answer had begun; closing is the only way to tell the caller") from caught
        person = request.method in ("GET", "HEAD") and request.path.startswith(tuple(pages))
        return page(problem, error_id) if person else respond(problem, error_id)

    return answer


def _of_gateway(error: GatewayError) -> Problem:
    if isinstance(error, UnknownOutcome):
        return Problem(503, "unavailable", _UNKNOWN_OUTCOME, retry_after=_retry_after(error), unexpected=True)
    if isinstance(error, Unavailable):
        return Problem(503, "unavailable", _SENTENCES[503], retry_after=_retry_after(error), unexpected=True)
    if error.status >= 500 or error.code not in _TITLES:
        return Problem(500, "internal", _INTERNAL, unexpected=True)
    field = error.detail.get("field")
    retry_after = _retry_after(error) if error.status == 429 else None
    sentence = str(error) or _SENTENCES.get(error.status, _SENTENCES[400])
    return Problem(error.status, error.code, sentence, field=None if field is None else str(field), retry_after=retry_after)


def _retry_after(error: GatewayError) -> int:
    seconds = error.detail.get("retry_after")
    return max(1, math.ceil(seconds)) if isinstance(seconds, int | float) else RETRY_AFTER


def _record(log: Any, request: web.Request, problem: Problem, error_id: str, error: Exception) -> None:
    # The query stays out of the log: a link in a mail may carry a token there.
    seen = {"id": error_id, "method": request.method, "path": request.path, "status": problem.status}
    if isinstance(error, Unavailable):
        log.warning("request_unavailable", **seen, reason=str(error))  # no stack: while the store is away there is one of these per call
    elif problem.unexpected:
        log.error("request_failed", **seen, exc_info=error)
    else:
        log.info("request_refused", **seen, code=problem.code)


def _finish(response: web.Response, problem: Problem) -> web.Response:
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    if problem.allow is not None:
        response.headers["Allow"] = problem.allow
    response.headers["Cache-Control"] = "no-store"
    if problem.status in _CLOSING:
        response.force_close()
    return response
