"""Who read and did what is written down before it is told, looked up by those who may, and found through an index."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import Any

import psycopg
import pytest

from gateway.db import revision
from gateway.db.database import Tx
from gateway.db.postgres_connection import driver_url
from gateway.store import audit as audit_store
from tests.api.house import PNG, House, Worker

LINE = {"id", "at", "agent", "act", "conversation", "contact", "detail"}


async def lines(caller: Worker, query: str = "") -> list[Any]:
    return list((await caller.get(f"/api/audit{query}")).ok()["lines"])


async def acts(caller: Worker, query: str = "") -> list[str]:
    """In the order they happened."""
    return [line["act"] for line in reversed(await lines(caller, query))]


async def test_what_an_agent_reads_and_does_is_there(both: House) -> None:
    chief, mikko, visitor = await both.agent("Maija", "manager"), await both.agent("Mikko"), await both.visitor()
    file = (await visitor.upload(PNG)).ok(201)["file"]["id"]
    which = (await visitor.say("My card is 4000", files=[file]))["thread"]["id"]
    for path in (
        f"conversations/{which}",
        f"conversations/{which}/entries",
        f"conversations/{which}/why",
        f"contacts/{await chief.contact(which)}",
        f"files/{file}",
    ):
        assert (await mikko.get(f"/api/{path}")).status == 200
    (await mikko.act(which, "take")).ok()
    await mikko.say(which, "Good day")
    found = await lines(chief, f"?agent={mikko.id}")
    assert all(set(line) == LINE for line in found)
    assert {"signed_in", "read", "downloaded", "replied"} <= {line["act"] for line in found}
    read = [line for line in found if line["act"] == "read"]
    assert [(line["conversation"] or {}).get("id") for line in reversed(read)] == [which, None], "the conversation once, the card once"
    for line in read:
        assert line["contact"]["id"] == await chief.contact(which) and line["agent"] == {"id": mikko.id, "name": "Mikko"}
    [download] = [line for line in found if line["act"] == "downloaded"]
    assert (download["conversation"]["id"], download["detail"]) == (which, {"file": file})
    assert "4000" not in (await chief.get("/api/audit")).raw.decode(), "what people wrote is not in it"


async def test_the_same_again_is_one_line_for_ten_minutes(both: House) -> None:
    chief, mikko, visitor = await both.agent("Maija", "manager"), await both.agent("Mikko"), await both.visitor()
    which = (await visitor.say("hei"))["thread"]["id"]
    for _ in range(3):
        (await mikko.get(f"/api/conversations/{which}")).ok()
        await mikko.entries(which)
        assert both.gateway.context is not None
        both.gateway.context.recent._written.clear()  # as another process, which has nothing in memory
    assert await both.count("audit_line") == 3, "two came in, one read"
    both.clock.ahead = 601
    (await mikko.get(f"/api/conversations/{which}")).ok()
    assert (await acts(chief, f"?conversation={which}"))[-2:] == ["read", "read"]


async def test_a_refetch_costs_no_write(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    mikko, visitor = await house.agent("Mikko"), await house.visitor()
    which = (await visitor.say("hei"))["thread"]["id"]
    await mikko.entries(which)

    def fail(tx: Tx, *_: Any) -> None:
        raise AssertionError("no write is needed")

    monkeypatch.setattr("gateway.flow.audit.note_read", fail)
    await mikko.entries(which)


async def test_without_the_line_there_is_no_answer(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    chief, mikko, visitor = await house.agent("Maija", "manager"), await house.agent("Mikko"), await house.visitor()
    file = (await visitor.upload(PNG)).ok(201)["file"]["id"]
    which = (await visitor.say("a secret", files=[file]))["thread"]["id"]
    contact = await chief.contact(which)

    def fail(tx: Tx, *_: Any) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("gateway.store.audit.add_line", fail)
    for path in (
        f"conversations/{which}",
        f"conversations/{which}/entries",
        f"conversations/{which}/why",
        f"contacts/{contact}",
        f"files/{file}",
        "conversations?q=secret",
        "contacts?q=secret",
    ):
        answer = await mikko.get(f"/api/{path}")
        assert answer.status >= 500 and b"secret" not in answer.raw, path


async def test_what_is_not_there_leaves_no_line(both: House) -> None:
    mikko = await both.agent("Mikko")
    before = await both.count("audit_line")
    for path in ("conversations/nothing", "conversations/nothing/entries", "conversations/nothing/why", "contacts/nobody", "files/none"):
        (await mikko.get(f"/api/{path}")).problem(404)
    assert await both.count("audit_line") == before


async def test_the_words_of_a_search_are_not_kept(both: House) -> None:
    chief, mikko, visitor = await both.agent("Maija", "manager"), await both.agent("Mikko"), await both.visitor()
    await visitor.say("swordfish")
    for _ in range(2):
        (await mikko.get("/api/conversations?q=swordfish&state=any&tag=vip")).ok()
    (await mikko.get("/api/conversations?q=another&state=any&tag=vip")).ok()
    (await mikko.get("/api/conversations?state=any")).ok()
    found = [line for line in await lines(chief) if line["act"] == "searched"]
    assert [line["detail"] for line in found] == [{"hits": 0, "filters": {"view": "all", "state": "any", "tag": "vip"}}] * 2
    assert "swordfish" not in (await chief.get("/api/audit")).raw.decode()


async def test_accounts_come_and_go_in_it(both: House) -> None:
    admin = await both.agent("Ritva", "admin")
    made = (await admin.post("/api/people", {"name": "Sanna", "email": "s@desk.example", "role": "agent"})).ok(201)
    sanna, token = made["person"]["id"], made["link"].partition("=")[2]
    page = both.stranger(**{"X-Throughline": "1", "Origin": both.url})
    came = await page.post("/api/session/link", {"token": token, "password": "correct horse battery staple"})
    cookie = came.headers["Set-Cookie"].partition(";")[0].partition("=")[2]
    her = Worker(both.url, both.session, both.agent_headers(cookie))
    assert (await her.call("DELETE", "/api/session")).status == 204
    (await admin.put(f"/api/people/{sanna}", {"role": "lead", "places": [{"class": "chat", "cap": 1}]})).ok()
    for act in ("link", "disable", "enable"):
        (await admin.post(f"/api/people/{sanna}/{act}", {})).ok()
    team = (await admin.post("/api/teams", {"name": "Desk"})).ok(201)["team"]["id"]
    (await admin.put(f"/api/teams/{team}", {"hours": {"zone": "UTC"}})).ok()
    assert (await admin.call("DELETE", f"/api/teams/{team}")).status == 204
    kind = (await admin.post("/api/categories", {"name": "Sizes"})).ok(201)["category"]["id"]
    (await admin.put(f"/api/categories/{kind}", {"hidden": True})).ok()
    assert await acts(admin, f"?agent={sanna}") == ["password_changed", "signed_in", "signed_out"]
    assert await acts(admin, f"?agent={admin.id}") == [
        "signed_in", "invited", "role_changed", "places_changed", "link_made", "disabled", "enabled", "team_added", "team_changed", "team_removed",
        "category_added", "category_changed",
    ]  # fmt: skip
    [changed] = [line for line in await lines(admin) if line["act"] == "role_changed"]
    assert changed["detail"] == {"agent": {"id": sanna, "name": "Sanna"}, "from": "agent", "to": "lead"}
    assert token not in (await admin.get("/api/audit")).raw.decode()


async def test_pages_and_filters(both: House) -> None:
    chief, mikko, sanna = await both.agent("Maija", "manager"), await both.agent("Mikko"), await both.agent("Sanna")
    found = []
    for number in range(4):
        which = (await (await both.visitor()).say("hei"))["thread"]["id"]
        reader = (mikko, sanna)[number % 2]
        (await reader.get(f"/api/conversations/{which}")).ok()
        (await reader.act(which, "take")).ok()
        await reader.say(which, "Good day")
        found.append(which)
    whole = await lines(chief)
    assert [line["at"] for line in whole] == sorted((line["at"] for line in whole), reverse=True)
    pieces, cursor = [], ""
    for _ in range(len(whole) + 1):
        told = (await chief.get(f"/api/audit?limit=3{cursor}")).ok()
        pieces += told["lines"]
        if told["cursor"] is None:
            break
        cursor = f"&cursor={told['cursor']}"
    assert pieces == whole, "every line once, whatever the size of the page"
    for query, wanted in (
        (f"agent={mikko.id}", lambda line: line["agent"]["id"] == mikko.id),
        (f"conversation={found[0]}", lambda line: (line["conversation"] or {}).get("id") == found[0]),
        (f"agent={sanna.id}&conversation={found[0]}", lambda line: False),
        (f"contact={whole[0]['contact']['id']}", lambda line: (line["contact"] or {}).get("id") == whole[0]["contact"]["id"]),
        (
            f"agent={sanna.id}&contact={whole[0]['contact']['id']}",
            lambda line: line["agent"]["id"] == sanna.id and line["contact"] == whole[0]["contact"],
        ),
        (f"since={whole[4]['at']}&until={whole[2]['at']}", lambda line: whole[4]["at"] <= line["at"] <= whole[2]["at"]),
        ("agent=nobody", lambda line: False),
    ):
        assert await lines(chief, "?" + query) == [line for line in whole if wanted(line)], query
    for wrong in (
        "cursor=x",
        "cursor=WzEsMl0=",
        "limit=0",
        "limit=201",
        "since=-1",
        "until=x",
        "agent=%00",
        "agent=a&agent=b",
        "contact=" + "x" * 65,
    ):
        (await chief.get(f"/api/audit?{wrong}")).problem(400)


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("agent", 403), ("lead", 403), ("manager", 200), ("admin", 200)])
async def test_who_may_read_it(house: House, role: str, status: int) -> None:
    assert (await (await house.agent("Somebody", role)).get("/api/audit")).status == status


STATEMENTS = [*audit_store._LINES.values(), *audit_store._EVENTS.values(), audit_store._CONVERSATION_SINCE, audit_store._CONTACT_SINCE]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.name)
def test_every_look_up_goes_through_an_index_on_sqlite(migrated_url: str, statement: Any) -> None:
    text, literals = statement.text("sqlite")
    values = dict.fromkeys(re.findall(r"(?<!:):(\w+)", text), "x") | {"since": 0, "until": 1 << 62, "at": 1 << 62, "limit": 100} | literals
    with closing(sqlite3.connect(revision.sqlite_path(migrated_url))) as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", values)]
    assert not [step for step in plan if step.startswith("SCAN") and "ix_audit_line_at" not in step], plan


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.name)
def test_every_look_up_goes_through_an_index_on_postgresql(migrated_url: str, statement: Any) -> None:
    """The tables are empty, so the planner is asked whether it could."""
    text, literals = statement.text("postgresql")
    values = dict.fromkeys(re.findall(r"%\((\w+)\)s", text), "x") | {"since": 0, "until": 1 << 62, "at": 1 << 62, "limit": 100} | literals
    with psycopg.connect(driver_url(migrated_url), autocommit=True) as connection:
        connection.execute("SET enable_seqscan = off")
        plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {text}".encode(), values))
    assert "Seq Scan" not in plan, plan
