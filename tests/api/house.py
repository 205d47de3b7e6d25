"""A whole gateway in this process, and the people who call it: visitors, agents, strangers."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import aiohttp

from gateway.app import ROLES, Gateway
from gateway.clock import SECOND, SystemClock
from gateway.config import Settings
from gateway.db.database import Tx
from gateway.db.sqlite import SqliteDatabase
from gateway.db.statement import Statement
from gateway.flow import accounts
from gateway.model import AgentId
from gateway.store import agents as agent_store
from gateway.web.auth import COOKIE

SECRET = "a secret key for tests, long enough."
ROOMY = {
    "messages_per_minute": 100_000, "sessions_per_minute": 100_000, "files_per_minute": 100_000, "sockets_per_minute": 100_000,
    "sockets_per_address": 10_000, "connections_per_address": 10_000,
}  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0" * 20


class MovedClock(SystemClock):
    """The real clock, which a test may set forward."""

    ahead = 0.0

    def now(self) -> int:
        return super().now() + round(self.ahead * SECOND)

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead


@dataclass(frozen=True)
class Answer:
    """What came back. `body` is the JSON if there is one, else the bytes."""

    status: int
    body: Any
    headers: Any
    raw: bytes

    def ok(self, status: int = 200) -> Any:
        assert self.status == status, f"{self.status}: {self.raw[:500]!r}"
        return self.body

    def problem(self, status: int, field: str | None = None) -> Any:
        """The problem+json of docs/api.md: a sentence, a code, an id."""
        assert self.status == status, f"{self.status}: {self.raw[:500]!r}"
        assert self.headers["Content-Type"] == "application/problem+json"
        assert self.body["status"] == status and self.body["type"] == "about:blank" and self.body["id"] and self.body["title"]
        assert self.body["code"] in {
            "invalid", "unauthorised", "forbidden", "not_found", "conflict", "too_large", "too_many", "unavailable",
        }  # fmt: skip
        assert self.body["detail"][0].isupper() or self.body["detail"][0] in "“"
        assert self.body["detail"].endswith("."), self.body["detail"]
        if field is not None:
            assert self.body.get("field") == field, self.body
        if status in (429, 503):
            assert int(self.headers["Retry-After"]) >= 1
        return self.body


@dataclass
class Caller:
    """Anybody who calls, with the headers they always send."""

    url: str
    session: aiohttp.ClientSession
    headers: dict[str, str] = field(default_factory=dict)

    async def call(
        self, method: str, path: str, data: Any = None, *, raw: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """`data` goes as JSON, `raw` as it is. Nothing is followed."""
        sent = {**self.headers, **(headers or {})}
        if raw is None and data is not None:
            raw, sent = json.dumps(data).encode(), {"Content-Type": "application/json", **sent}
        async with self.session.request(
            method, self.url + path, data=io.BytesIO(raw) if raw and len(raw) > 1_000_000 else raw, headers=sent, allow_redirects=False
        ) as came:
            content = await came.read()
            is_json = came.content_type in ("application/json", "application/problem+json") and content
            return Answer(came.status, json.loads(content) if is_json else content, came.headers.copy(), content)

    async def get(self, path: str, **more: Any) -> Answer:
        return await self.call("GET", path, **more)

    async def post(self, path: str, data: Any = None, **more: Any) -> Answer:
        return await self.call("POST", path, data, **more)

    async def put(self, path: str, data: Any = None, **more: Any) -> Answer:
        return await self.call("PUT", path, data, **more)


@dataclass
class Visitor(Caller):
    """Somebody with the chat open."""

    token: str = ""
    visitor: str = ""
    said: int = 0

    @property
    def address(self) -> str:
        return f"visitor:{self.visitor}"

    async def say(self, text: str, client_id: str = "", **more: Any) -> Any:
        """Writes; gives `{"item", "thread"}`."""
        self.said += 1
        client_id = client_id or f"{self.visitor[:8]}-{self.said:06}"
        return (await self.post("/api/visitor/messages", {"client_id": client_id, "text": text, **more})).ok()

    async def items(self, after: int = 0) -> list[Any]:
        return list((await self.get(f"/api/visitor/items?after={after}")).ok()["items"])

    async def upload(self, content: bytes, name: str = "photo.png", kind: str = "image/png") -> Answer:
        return await self.call("POST", f"/api/visitor/files?name={name}", raw=content, headers={"Content-Type": kind})


@dataclass
class Worker(Caller):
    """An agent with a session."""

    id: str = ""
    name: str = ""
    email: str = ""
    cookie: str = ""
    said: int = 0

    async def row(self, conversation: str) -> Any:
        return (await self.get(f"/api/conversations/{conversation}")).ok()["conversation"]

    async def contact(self, conversation: str) -> str:
        """The id of whose conversation it is."""
        return str((await self.row(conversation))["contact"]["id"])

    async def act(self, conversation: str, name: str, **more: Any) -> Answer:
        """take, resolve, …: with the version the list shows, once more when the router was faster."""
        while True:
            row = await self.row(conversation)
            answer = await self.post(f"/api/conversations/{conversation}/{name}", {"version": row["version"], **more})
            if answer.status != 409 or "changed while you looked" not in answer.body["detail"]:
                return answer

    async def say(self, conversation: str, text: str, kind: str = "replies", **more: Any) -> Any:
        self.said += 1
        body = {"client_id": f"{self.id[-8:]}-{self.said:06}", "text": text, **more}
        return (await self.post(f"/api/conversations/{conversation}/{kind}", body)).ok()

    async def entries(self, conversation: str, query: str = "") -> list[Any]:
        return list((await self.get(f"/api/conversations/{conversation}/entries{query}")).ok()["entries"])


class House:
    """The running gateway and the ways in."""

    def __init__(self, gateway: Gateway, url: str, session: aiohttp.ClientSession, clock: MovedClock) -> None:
        self.gateway = gateway
        self.url = url
        self.session = session
        self.clock = clock
        self._count = 0

    def stranger(self, **headers: str) -> Caller:
        return Caller(self.url, self.session, headers)

    async def visitor(self, site: str = "demo", token: str | None = None) -> Visitor:
        told = (await self.stranger().post("/api/visitor/session", {"site": site, "token": token})).ok()
        return Visitor(self.url, self.session, {"Authorization": f"Bearer {told['token']}"}, token=told["token"], visitor=told["visitor"])

    async def agent(self, name: str = "Mikko", role: str = "agent") -> Worker:
        """A new agent with a session."""
        self._count += 1
        email = f"{name.lower()}{self._count}@desk.example"
        made = await self.gateway.db.run(accounts.add_agent, name, email, role, self.gateway.policy)
        cookie = await self.sign_in(made.id)
        return Worker(self.url, self.session, self.agent_headers(cookie), id=made.id, name=name, email=email, cookie=cookie)

    async def sign_in(self, agent_id: str) -> str:
        token = self.clock.token()
        await self.gateway.db.run(accounts.open_session, AgentId(agent_id), token)
        return token

    async def link(self, agent_id: str) -> str:
        token = self.clock.token()
        await self.gateway.db.run(accounts.new_link, AgentId(agent_id), token)
        return token

    def agent_headers(self, cookie: str) -> dict[str, str]:
        return {"Cookie": f"{COOKIE}={cookie}", "X-Throughline": "1", "Origin": self.url}

    async def team(self, name: str, *members: Worker) -> str:
        made = await self.gateway.db.run(accounts.add_team, name, [AgentId(member.id) for member in members])
        return str(made.id)

    async def here(self, agent: Worker) -> None:
        """As if the agent's inbox were open for the next minute."""
        await self.gateway.db.run(_here, AgentId(agent.id), self.clock.now() + 60 * SECOND)

    async def count(self, table: str) -> int:
        """Rows of a table of ours."""
        return await self.gateway.db.read(_count, table)


def _here(tx: Tx, agent_id: AgentId, until: int) -> None:
    agent_store.mark_here(tx, agent_id, "a test", until)


def _count(tx: Tx, table: str) -> int:
    from sqlalchemy import text

    row = tx.one(Statement(f"test.count.{table}", text(f"SELECT count(*) FROM {table}")))
    assert row is not None
    return int(row[0])


def settings_of(data: Path, url: str, **more: Any) -> Settings:
    """`url` is the database's; one in the data folder is what the gateway takes by itself."""
    limits = {**ROOMY, **more.pop("limits", {})}
    database = {} if url.startswith("sqlite:") else {"database_url": url, "secret_key": SECRET}
    return Settings(**{"data": data, "port": 0, "demo_shop": False, "limits": limits, **database, **more})


@asynccontextmanager
async def open_house(
    data: Path, url: str, *, roles: tuple[str, ...] = ROLES, clock: MovedClock | None = None, **more: Any
) -> AsyncIterator[House]:
    clock = clock or MovedClock()
    # Half a second instead of five: how long another program's lock is waited for.
    with mock.patch("gateway.app.SqliteDatabase", partial(SqliteDatabase, busy_seconds=0.5)):
        gateway = Gateway(settings_of(data, url, **more), roles, clock)
    addresses = await gateway.start()
    try:
        # A jar of nobody's: every caller sends exactly the cookie it has.
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=30)) as session:
            yield House(gateway, addresses.gateway, session, clock)
    finally:
        async with asyncio.timeout(20):
            await gateway.stop()


async def until(ask: Callable[[], Awaitable[Any]], seconds: float = 10.0, what: str = "it") -> Any:
    """The first truthy answer; for what the gateway does by itself and tells nobody."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        found = await ask()
        if found:
            return found
        assert asyncio.get_running_loop().time() < deadline, f"{what} did not happen within {seconds:g} s"
        await asyncio.sleep(0.05)
