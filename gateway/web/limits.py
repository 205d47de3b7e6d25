"""What a caller may send: how much, how slowly, and in which shape. aiohttp leaves slow bodies open for ever, so the deadline is ours."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, Annotated, Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from gateway.errors import GatewayError, Invalid, NotFound, TooLarge

__all__ = [
    "Body", "Id", "OneLine", "TooSlow", "Upload", "cap_connections", "json_body", "one", "parse", "path_id", "read_body", "server_options", "short", "upload", "whole",
]  # fmt: skip

JSON_BYTES = 256 * 1024
"""Four times the longest message (10,000 code points of 4 bytes each, escaped) with room for its fields."""
BODY_SECONDS = 15.0
RATE = 1024
"""Bytes a second below which a sender is taken for an attacker; a GPRS telephone reaches 4,000."""
GRACE = 10.0
"""Seconds a body may take before its rate is looked at: one TCP retransmission storm on a train."""
_IN_MEMORY = 64 * 1024
"""Uploads up to here never touch the disk (Linux page-cache writes of this size do not block noticeably)."""

Model = TypeVar("Model", bound=BaseModel)


_ID = "^[A-Za-z0-9_-]{1,64}$"
Id = Annotated[str, StringConstraints(pattern=_ID)]
"""An id of ours in a body: what cannot be one is refused before a store sees it (PostgreSQL fails on U+0000)."""
OneLine = Annotated[str, StringConstraints(max_length=1000, pattern="^[^\\x00-\\x1f]*$")]
"""A text of one line without control characters."""


class TooSlow(GatewayError):
    """The body did not arrive in time (RFC 9110 section 15.5.9); the connection is closed."""

    status = 408
    code = "invalid"


class Body(BaseModel):
    """A JSON request: strict types (no "1" for 1, no true for 1), unknown fields refused, no NaN, values kept out of error texts.

    A field given twice counts as its last one, as in ECMA-404's most common reading and in every browser.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False, hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file body as it came: at position 0, gone when the block ends; `size` in bytes."""

    file: IO[bytes]
    size: int


async def read_body(request: web.Request, limit: int, seconds: float = BODY_SECONDS) -> bytes:
    """The exact bytes. Raises TooLarge beyond `limit` bytes, TooSlow after `seconds`, Invalid for an encoded body."""
    body = bytearray()

    async def keep(chunk: bytes) -> None:
        body.extend(chunk)

    await _pull(request, limit, seconds, keep)
    return bytes(body)


async def json_body(request: web.Request, model: type[Model], limit: int = JSON_BYTES, seconds: float = BODY_SECONDS) -> Model:
    """A JSON request as `model`. Raises Invalid (with the field), TooLarge, TooSlow.

    Only application/json is taken: the types a cross-site form can send are refused.
    """
    if request.content_type != "application/json":
        raise Invalid("The body must be application/json.", field="Content-Type")
    return parse(model, await read_body(request, limit, seconds))


def parse(model: type[Model], body: bytes) -> Model:
    """JSON bytes as `model`; raises Invalid with the first wrong field and a sentence.

    pydantic's own parser stops at 200 levels, at 4,300 digits, at lone surrogates, at a byte order mark and at anything but UTF-8.
    """
    try:
        found = model.model_validate_json(body)
    except ValidationError as error:
        raise _invalid(error) from None
    for field, value in found:
        if _too_big(value):
            raise Invalid(f"“{field}” holds a number that is too large.", field=field)
    return found


@asynccontextmanager
async def upload(request: web.Request, limit: int, seconds: float = 300.0, rate: int = RATE) -> AsyncIterator[Upload]:
    """A raw file body, streamed to a nameless temporary file. Raises TooLarge, TooSlow (also below `rate` bytes a second), Invalid."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:

        async def keep(chunk: bytes) -> None:
            if file.tell() + len(chunk) > _IN_MEMORY:
                await asyncio.to_thread(file.write, chunk)
            else:
                file.write(chunk)

        size = await _pull(request, limit, seconds, keep, rate)
        file.seek(0)
        yield Upload(file, size)


def short(text: str, most: int, field: str) -> None:
    """Raises Invalid for a text of more than `most` characters."""
    if len(text) > most:
        raise Invalid(f"This is longer than {most:,} characters.", field=field)


def one(request: web.Request, name: str, default: str | None = None, longest: int = 1000) -> str | None:
    """A query parameter that may be given once. Raises Invalid when it is repeated, too long, or holds a control character."""
    values = request.query.getall(name, [])
    if len(values) > 1:
        raise Invalid(f"“{name}” is given more than once.", field=name)
    if not values:
        return default
    if len(values[0]) > longest or any(ord(char) < 32 or 0xD800 <= ord(char) <= 0xDFFF for char in values[0]):
        raise Invalid(f"“{name}” is not acceptable.", field=name)
    return values[0]


def path_id(request: web.Request, name: str = "id") -> str:
    """An id in the path. Raises NotFound for what cannot be one of ours."""
    value: str = request.match_info[name]
    if not re.fullmatch(_ID[1:-1], value, re.ASCII):
        raise NotFound("There is nothing at this address.")
    return value


def whole(request: web.Request, name: str, default: int, low: int, high: int) -> int:
    """A query parameter that is a whole number from `low` to `high`; `default` when it is absent. Raises Invalid."""
    text = one(request, name, longest=20)
    if text is None:
        return default
    if not (text.isascii() and text.removeprefix("-").isdigit() and low <= int(text) <= high):
        raise Invalid(f"“{name}” must be a whole number from {low} to {high}.", field=name)
    return int(text)


def server_options() -> dict[str, Any]:
    """Keyword arguments for web.AppRunner, each against one kind of abuse.

    * `keepalive_timeout` is also the time a connection has for its first and every next complete header: the default of 3,630 s would
      keep slow headers for an hour.
    * `lingering_time`: how long the rest of a refused body is read away, so that the caller can read the refusal (default 10 s).
    * `auto_decompress` off: nothing is ever unpacked before a handler has looked; `read_body` refuses encoded bodies.
    * lines, fields and number of headers: 8 kB, 8 kB, 64 (aiohttp answers 400 beyond).
    """
    return {
        "keepalive_timeout": 25.0,
        "lingering_time": 2.0,
        "auto_decompress": False,
        "max_line_size": 8190,
        "max_field_size": 8190,
        "max_headers": 64,
    }


def cap_connections(server: web.Server, per_peer: int = 200, total: int = 10_000, exempt: Callable[[str], bool] = lambda _: False) -> None:
    """Drops connections beyond `per_peer` of one address and `total`, before a byte is read. `exempt` says whether an
    address is a proxy of ours.

    `server` is `runner.server` after `await runner.setup()`. aiohttp has no switch for this, so the two notices it gives are wrapped.
    """
    made, lost = server.connection_made, server.connection_lost
    open_by_peer: Counter[str] = Counter()
    counted: dict[Any, str] = {}

    def connection_made(handler: Any, transport: asyncio.Transport) -> None:
        made(handler, transport)
        name = transport.get_extra_info("peername")
        peer = str(name[0]) if isinstance(name, tuple) else ""
        counted[handler] = peer
        open_by_peer[peer] += 1
        if len(counted) > total or (open_by_peer[peer] > per_peer and not exempt(peer)):
            transport.abort()

    def connection_lost(handler: Any, exc: BaseException | None = None) -> None:
        lost(handler, exc)
        peer = counted.pop(handler, None)
        if peer is not None:
            open_by_peer[peer] -= 1
            if not open_by_peer[peer]:
                del open_by_peer[peer]

    # setattr: mypy rightly refuses to see a method replaced, and there is no other seam below the HTTP parser.
    setattr(server, "connection_made", connection_made)  # noqa: B010
    setattr(server, "connection_lost", connection_lost)  # noqa: B010


async def _pull(request: web.Request, limit: int, seconds: float, keep: Callable[[bytes], Awaitable[None]], rate: int = 0) -> int:
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Invalid("Encoded bodies are not accepted; send it as it is.", field="Content-Encoding")
    if request.content_length is not None and request.content_length > limit:
        raise TooLarge(f"The body is larger than {limit} bytes.")
    if request.content.is_eof():
        return await _keep_arrived(request, limit, keep)
    loop = asyncio.get_running_loop()
    start = loop.time()
    received = 0
    try:
        async with asyncio.timeout(seconds) as deadline:
            while chunk := await request.content.readany():
                received += len(chunk)
                if received > limit:
                    raise TooLarge(f"The body is larger than {limit} bytes.")
                await keep(chunk)
                if rate:
                    deadline.reschedule(start + min(seconds, min(GRACE, seconds) + received / rate))
    except TimeoutError:
        raise TooSlow("The body took too long to arrive.") from None
    return received


async def _keep_arrived(request: web.Request, limit: int, keep: Callable[[bytes], Awaitable[None]]) -> int:
    """A small body comes with its header: there is nothing to wait for, so no deadline is set up."""
    body = request.content.read_nowait()
    if len(body) > limit:
        raise TooLarge(f"The body is larger than {limit} bytes.")
    if body:
        await keep(body)
    return len(body)


def _too_big(value: object) -> bool:
    """Whether an integer in it does not fit the store's BIGINT: JSON knows no bound, and a forgotten one in a model must not become a 500."""
    match value:
        case bool() | str():
            return False
        case int():
            return not -(2**63) <= value < 2**63
        case BaseModel():
            return any(_too_big(inner) for _, inner in value)
        case dict():
            return any(_too_big(inner) for inner in value.values())
        case list() | tuple():
            return any(_too_big(inner) for inner in value)
        case _:
            return False


def _invalid(error: ValidationError) -> Invalid:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"])[:64]
    if first["type"] == "json_invalid":
        return Invalid("The body is not valid JSON in UTF-8.")
    if not field:
        return Invalid("The body must be a JSON object.") if first["type"] == "model_type" else Invalid(f"{first['msg']}.")
    if first["type"] == "missing":
        return Invalid(f"“{field}” is missing.", field=field)
    if first["type"] == "extra_forbidden":
        return Invalid(f"There is no field “{field}”.", field=field)
    return Invalid(f"“{field}” is not acceptable: {first['msg']}.", field=field)
