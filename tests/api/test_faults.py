"""When the store is away: 503 with a sentence, nothing half stored, and all well again by itself (R-61, R74)."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from gateway.db import migrate
from gateway.db.database import Tx
from gateway.db.statement import Statement
from tests.api.house import Caller, House, Visitor, open_house, until
from tests.conftest import _need
from tests.servers import PostgresServer

FULL_NOW = Statement("test.full_now", text("PRAGMA max_page_count = 1"))
ROOM = Statement("test.room", text("PRAGMA max_page_count = 1073741823"))


def full(tx: Tx) -> None:
    """SQLite takes the pages there are for the limit: none more."""
    tx.one(FULL_NOW)


def room(tx: Tx) -> None:
    tx.one(ROOM)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program holds the file."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


async def _ready(caller: Caller) -> bool:
    return (await caller.get("/readyz")).status == 200


async def _not_ready(caller: Caller) -> Any:
    answer = await caller.get("/readyz")
    return answer if answer.status == 503 else None


def _message(number: int, words: str = "x") -> dict[str, str]:
    return {"client_id": f"in-trouble-{number}", "text": words}


async def _well_again(house: House, visitor: Visitor, refused: dict[str, str]) -> None:
    """What was refused is taken the second time, once, and nothing of the first try is left."""
    caller = house.stranger()
    await until(lambda: _ready(caller), 15, "readiness")
    before = len(await visitor.items())
    assert (await visitor.post("/api/visitor/messages", refused)).status == 200
    assert (await visitor.post("/api/visitor/messages", refused)).status == 200
    items = await visitor.items()
    assert len(items) == before + 1 and [item["pub"] for item in items] == list(range(1, len(items) + 1))
    assert await house.count("message") == len(items) and await house.count("intake") == len(items)


async def test_it_is_ready_and_says_of_what(house: House) -> None:
    answer = await house.stranger().get("/readyz")
    assert answer.ok() == {"ready": True, "checks": {"database": "ok", "migrations": "ok", "loops": "ok", "disk": "ok"}}
    assert (await house.stranger().get("/healthz")).raw == b"ok"


async def test_another_program_holds_the_file(house: House, aino: Visitor) -> None:
    await aino.say("before")
    with locked(house.gateway.settings.data / "throughline.db"):
        refused, ready, read = await asyncio.gather(
            aino.post("/api/visitor/messages", _message(1)), house.stranger().get("/readyz"), aino.get("/api/visitor/items")
        )
        refused.problem(503)
        assert ready.status == 503 and ready.body["ready"] is False and ready.body["checks"]["database"].endswith(".")
        assert int(ready.headers["Retry-After"]) >= 1
        assert len(read.ok()["items"]) == 1, "reading goes on"
        assert (await house.stranger().get("/healthz")).status == 200
        assert await house.count("message") == 1
    await _well_again(house, aino, _message(1))


async def test_the_disk_is_full(house: House, aino: Visitor) -> None:
    await aino.say("before")
    await house.gateway.db.run(full)
    statuses = []
    for number in range(40):
        answer = await aino.post("/api/visitor/messages", _message(number, "x" * 9_000))
        statuses.append(answer.status)
        if answer.status == 503:
            answer.problem(503)
            assert "full" not in answer.raw.decode(), "what is wrong with our disk is told by /readyz, not to customers"
            break
    assert statuses[-1] == 503 and set(statuses) <= {200, 503}, statuses
    stored = statuses.count(200) + 1
    assert len(await aino.items()) == stored
    assert (await house.stranger().get("/healthz")).status == 200
    await house.gateway.db.run(room)
    await _well_again(house, aino, _message(len(statuses) - 1, "x" * 9_000))


@pytest.mark.kill
async def test_postgresql_stops_and_comes_back(tmp_path: Path) -> None:
    with _need(PostgresServer) as server:
        await asyncio.to_thread(migrate.upgrade, server.url)
        async with open_house(tmp_path, server.url) as house:
            aino, caller = await house.visitor(), house.stranger()
            await aino.say("before")
            await asyncio.to_thread(server.stop)
            refused = await aino.post("/api/visitor/messages", _message(1))
            refused.problem(503)
            (await aino.get("/api/visitor/items")).problem(503)
            answer = await until(lambda: _not_ready(caller), what="unreadiness")
            assert server.password not in answer.raw.decode() and str(server.port) not in answer.raw.decode()
            assert answer.body["checks"]["database"] != "ok"
            assert (await caller.get("/healthz")).status == 200
            await asyncio.to_thread(server.start)
            await _well_again(house, aino, _message(1))


async def test_the_numbers_are_for_this_machine_and_move(house: House, aino: Visitor) -> None:
    async def number(name: str) -> float:
        lines = (await house.stranger().get("/metrics")).raw.decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name) and not line.startswith("#"))

    before = await number('throughline_intake_total{channel="webchat",outcome="accepted"}')
    await aino.say("one", "counted-once")
    await aino.say("one", "counted-once")
    assert await number('throughline_intake_total{channel="webchat",outcome="accepted"}') == before + 1
    assert await number('throughline_intake_total{channel="webchat",outcome="duplicate"}') == 1
    assert await number('throughline_requests_total{method="POST",route="/api/visitor/messages",status="200"}') == 2
    text_of_all = (await house.stranger().get("/metrics")).raw.decode()
    assert aino.visitor not in text_of_all and aino.token not in text_of_all
    for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Host"):
        (await house.stranger(**{header: "127.0.0.1"}).get("/metrics")).problem(403)
    (await house.stranger(**{"X-Forwarded-For": "127.0.0.1", "Authorization": "Bearer "}).get("/metrics")).problem(403)


async def test_the_numbers_from_elsewhere_need_the_token(migrated_file: Path, tmp_path: Path) -> None:
    from tests.stores import copy_file

    async with open_house(
        tmp_path, copy_file(migrated_file, tmp_path / "throughline.db"), metrics_token="a token for the watcher"
    ) as house:
        through = {"X-Forwarded-For": "203.0.113.1"}
        assert (await house.stranger(**through, Authorization="Bearer a token for the watcher").get("/metrics")).status == 200
        (await house.stranger(**through, Authorization="Bearer a token for the watche").get("/metrics")).problem(403)
        (await house.stranger(**through, Authorization="Bearer é").get("/metrics")).problem(403)
