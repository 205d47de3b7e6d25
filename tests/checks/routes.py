"""Every route there is, and for each a body that fits and bodies that do not: taken from the router and from the models, so that a new one is covered by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from unittest import mock

from pydantic import BaseModel

from gateway.web import limits, server
from gateway.web.health import Readiness
from gateway.web.sockets import Sockets
from tests.api.house import PNG, Caller, House
from tests.api.test_matrix import routes

SAFE = ("GET", "HEAD", "OPTIONS")
# Not checked by a cookie: a visitor's bearer token, a provider's signature, a handshake of its own.
OTHERWISE = ("/api/visitor/", "/hooks/", "/socket.io/")
# What the gateway writes by itself while nobody asks for a change.
_OWN = ("session", "presence", "lease", "present", "audit", "probe", "search", "word", "term", "sqlite_", "alembic", "here", "fts")
# What the adapter of the website chat reads by itself, without a model of the edge.
_MESSAGE = {
    "client_id": "string",
    "text": "string",
    "name": "string",
    "files": "array",
    "page": "object",
    "locale": "string",
    "time_zone": "string",
}
_SANE: dict[str, Any] = {"string": "sane1234", "integer": 1, "number": 1.0, "boolean": False, "array": [], "object": {}, "null": None}

ODD: dict[str, Any] = {
    "nothing": None, "true": True, "negative": -1, "2^63": 2**63, "a fraction": 1.5, "empty": "", "NUL": "a\0b", "ten kilobytes": "x" * 10_240,
    "a list": ["x"], "an operator": {"$gt": ""}, "another alphabet": "\u202e名<b>", "lists in lists": [[[]]], "well made but missing": "0193ffff-ffff-7fff-8fff-ffffffffffff",
}  # fmt: skip
ODD_IDS = {
    "missing": "0193ffff-ffff-7fff-8fff-ffffffffffff", "nought": "0", "negative": "-1", "2^63": str(2**63), "NUL": "a%00b", "ten kilobytes": "x" * 7_000,
    "a list": "x[]", "half a character": "%ED%A0%80", "a path": "..%2f..%2fetc", "quotes": "'%20OR%201=1--", "a sign": "%F0%9F%98%80", "a wildcard": "%25",
}  # fmt: skip
_number = count(1)


@dataclass(frozen=True)
class Route:
    """`fields` are those of its JSON body by kind; None when it takes none. `raw` says that it takes a file."""

    method: str
    path: str
    fields: dict[str, str] | None = None
    raw: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass
class Things:
    """Ids by what they are of; for paths by the word before `{id}`, for bodies by the field's name."""

    ids: dict[str, str] = field(default_factory=dict)

    def at(self, path: str, value: str | None = None) -> str:
        """The path with ids of ours, or with `value` in the place of every one."""
        if "{" not in path:
            return path + ("?site=demo" if path in ("/api/visitor/config", "/chat/") else "")
        kind = path.split("{")[0].rstrip("/").rsplit("/", 1)[-1]
        start, _, rest = path.partition("{")
        return start + (value if value is not None else self.ids.get(kind, "none")) + rest.partition("}")[2]

    def body(self, route: Route, version: int = 1) -> dict[str, Any]:
        """One that fits as far as the kinds tell."""
        named: dict[str, Any] = {
            "client_id": f"made-{next(_number):08}", "email": f"made{next(_number)}@desk.example", "version": version, "locale": "fi", "role": "agent", "availability": "available",
            "time_zone": "Europe/Helsinki", "category": "question", "act": "resolve", "kind": "related", "password": None, "token": None, "hours": None, "site": "demo", "address": None,
            "page": None, "agent": self.ids.get("agents"), "team": None, "other": self.ids.get("other"), "conversation": self.ids.get("conversations"), "contact": self.ids.get("contacts"),
            "until": 4_000_000_000_000_000, "due_at": None, "teams": [], "places": [], "identity": None, "new": "quietly falling autumn leaves", "old": None,
        }  # fmt: skip
        return {name: named.get(name, _SANE[kind]) for name, kind in (route.fields or {}).items()}


def every(house: House) -> list[Route]:
    """All routes as the application knows them, without bodies."""
    ctx = house.gateway.context
    assert ctx is not None
    app = server.make(ctx, Sockets(ctx), Readiness({}, house.clock), None)
    return [Route(method, path) for method, path in sorted(routes(app), key=lambda one: (one[1], one[0]))]


async def learned(house: House, things: Things, route: Route, caller: Caller) -> Route:
    """With its body: an empty one is sent, and the model it is held against is seen."""
    if route.method in SAFE or route.path.startswith(("/hooks/", "/socket.io/")):
        return route
    if route.path.endswith("/files"):
        return Route(route.method, route.path, None, raw=True)
    if route.path == "/api/visitor/messages":
        return Route(route.method, route.path, _MESSAGE)
    with _models() as seen:
        await caller.call(route.method, things.at(route.path), raw=b"{}", headers={"Content-Type": "application/json"})
    return Route(route.method, route.path, _kinds(seen[0]) if seen else None)


@contextmanager
def _models() -> Iterator[list[type[BaseModel]]]:
    seen: list[type[BaseModel]] = []
    real = limits.parse

    def parse(model: type[BaseModel], body: bytes) -> BaseModel:
        seen.append(model)
        return real(model, body)

    with mock.patch.object(limits, "parse", parse):
        yield seen


def _kinds(model: type[BaseModel]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, schema in model.model_json_schema().get("properties", {}).items():
        choices = [schema, *schema.get("anyOf", [])]
        found[name] = next(
            (str(choice["type"]) for choice in choices if choice.get("type") in _SANE and choice["type"] != "null"), "object"
        )
    return found


async def ask(caller: Caller, route: Route, path: str, body: Any, headers: dict[str, str] | None = None) -> Any:
    """A call with the body, or with a file where one is taken."""
    if route.raw:
        return await caller.call(route.method, path + "?name=made.png", raw=PNG, headers=headers)
    return await caller.call(route.method, path, body if route.fields is not None else None, headers=headers)


def stored(house: House) -> dict[str, list[Any]]:
    """Everything in the database that is changed only when somebody asks for it, by table."""
    path = house.gateway.settings.data / "throughline.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in names if not any(part in name for part in _OWN)]
        return {name: sorted(db.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in kept}
