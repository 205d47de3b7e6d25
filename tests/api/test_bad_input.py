"""What nobody should send: every row is answered with a sentence that names the field, and nothing is stored (R-52, T-25, T-26)."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from tests.api.house import House, Visitor

GOOD: dict[str, Any] = {"client_id": "12345678", "text": "hei"}
MESSAGES = "/api/visitor/messages"


def but(**changed: Any) -> bytes:
    return json.dumps({**GOOD, **changed}).encode()


# name, the body, the field the answer names, the status
TABLE: tuple[tuple[str, bytes, str | None, int], ...] = (
    ("nothing at all", b"", None, 400),
    ("not an object", b"[]", None, 400),
    ("a text", b'"hei"', None, 400),
    ("half of it", but()[:-1], None, 400),
    ("something behind it", but() + b"{}", None, 400),
    ("a comment", b'{"client_id": "12345678", /* */ "text": "x"}', None, 400),
    ("an unknown field", but(admin=True), None, 400),
    ("an unknown field of the page", but(page={"url": "https://a.example", "x": 1}), None, 400),
    ("no client id", json.dumps({"text": "x"}).encode(), "client_id", 400),
    ("a short client id", but(client_id="1234567"), "client_id", 400),
    ("a long client id", but(client_id="x" * 65), "client_id", 400),
    ("a client id with a space", but(client_id="1234 5678"), "client_id", 400),
    ("a client id with NUL", but(client_id="1234567\0"), "client_id", 400),
    ("a client id that is a number", but(client_id=12345678), "client_id", 400),
    ("a client id that is a list", but(client_id=["12345678"]), "client_id", 400),
    ("no words and no files", but(text=""), "text", 400),
    ("only spaces", but(text=" \n\t\u00a0\u2003"), "text", 400),
    ("no text and no files", json.dumps({"client_id": "12345678"}).encode(), "text", 400),
    ("a text that is a number", but(text=1), "text", 400),
    ("a text that is an object", but(text={"$gt": ""}), "text", 400),
    ("one character too many", but(text="ä" * 10_001), "text", 400),
    ("half a surrogate pair", b'{"client_id": "12345678", "text": "\\ud83e"}', None, 400),
    ("half a surrogate pair in a name", b'{"client_id": "12345678", "text": "x", "name": "\\udc00"}', None, 400),
    ("half a surrogate pair in a field's name", b'{"client_id": "12345678", "text": "x", "\\ud800": 1}', None, 400),
    ("bytes that are no UTF-8", b'{"client_id": "12345678", "text": "\xff"}', None, 400),
    ("UTF-16", but().decode().encode("utf-16"), None, 400),
    ("UTF-32", but().decode().encode("utf-32"), None, 400),
    ("a byte order mark", b"\xef\xbb\xbf" + but(), None, 400),
    ("NaN", b'{"client_id": "12345678", "text": NaN}', None, 400),
    ("Infinity", b'{"client_id": "12345678", "text": -Infinity}', None, 400),
    ("a huge number", b'{"client_id": "12345678", "text": ' + b"9" * 5000 + b"}", None, 400),
    ("60,000 levels of lists", b"[" * 60_000 + b"]" * 60_000, None, 400),
    ("20,000 levels of objects", b'{"a":' * 20_000 + b"1" + b"}" * 20_000, None, 400),
    ("deep within a field", b'{"client_id": "12345678", "text": "x", "page": ' + b"[" * 50 + b"]" * 50 + b"}", None, 400),
    ("a body over the limit", but(text="x" * 200_000), None, 413),
    ("files that are no list", but(files="x"), "files", 400),
    ("a file id that is a number", but(files=[1]), "files", 400),
    ("a file id with a path", but(files=["../../etc/passwd"]), "files", 400),
    ("a file nobody uploaded", but(files=["0191-nobody"]), "files", 400),
    ("eleven files", but(files=[f"file-{number}" for number in range(11)]), "files", 400),
    ("a locale with a tag", but(locale="<b>"), "locale", 400),
    ("a long name", but(name="x" * 201), "name", 400),
    ("a page that is a text", but(page="https://a.example"), "page", 400),
)  # fmt: skip


async def test_the_table(house: House, aino: Visitor) -> None:
    for name, body, field, status in TABLE:
        answer = await aino.call("POST", MESSAGES, raw=body, headers={"Content-Type": "application/json"})
        assert answer.status == status, f"{name}: {answer.status} {answer.raw[:300]!r}"
        told = answer.problem(status)
        assert field is None or str(told.get("field", "")).startswith(field), f"{name}: {told}"
        assert "Traceback" not in answer.raw.decode() and "Error" not in answer.raw.decode(), name
    for table in ("message", "conversation", "contact", "identity", "intake", "event"):
        assert await house.count(table) == 0, table
    assert (await aino.say("and still it works"))["item"]["pub"] == 1


async def test_the_table_on_postgresql_for_what_only_it_refuses(both: House) -> None:
    visitor, agent = await both.visitor(), await both.agent()
    told = await visitor.say("a\0b", name="A\0ino", page={"url": "https://a.example/", "title": "T\0"})
    assert told["item"]["text"] == "a\ufffdb" and told["item"]["author"]["name"] == "A\ufffdino"
    thread = told["thread"]["id"]
    for kind in ("replies", "notes"):
        assert (await agent.say(thread, "c\0d", kind))["entry"]["text"] == "c\ufffdd", kind
    handed = (await agent.act(thread, "handover", note="e\0f")).ok()
    assert handed["conversation"]["id"] == thread
    opened = await agent.post("/api/conversations", {"name": "G\0", "subject": "h\0i", "text": "j\0k"})
    assert opened.ok(201)["conversation"]["subject"] == "h\ufffdi"
    assert [entry["text"] for entry in await agent.entries(opened.body["conversation"]["id"]) if entry["kind"] == "message"] == ["j\ufffdk"]


async def test_ids_that_no_database_takes_are_not_found(both: House) -> None:
    visitor, agent = await both.visitor(), await both.agent()
    thread = (await visitor.say("hei"))["thread"]["id"]
    contact = (await agent.row(thread))["contact"]["id"]
    for odd in (
        "%00",
        "a%00b",
        "%ED%A0%80",
        "%F0%9F%98%80",
        "x" * 4000,
        "'; DROP TABLE message; --".replace(" ", "%20"),
        "..%2f..%2fetc",
        "0",
        "-1",
    ):
        assert (await visitor.get(f"/api/visitor/files/{odd}")).status == 404, odd
        for path in (
            f"/api/conversations/{odd}",
            f"/api/conversations/{odd}/entries",
            f"/api/conversations/{odd}/why",
            f"/api/files/{odd}",
            f"/api/contacts/{odd}",
        ):
            assert (await agent.get(path)).status == 404, path
        for path, body in (
            (f"/api/conversations/{odd}/take", {"version": 1}), (f"/api/conversations/{odd}/seen", {"seq": 1}), (f"/api/merges/{odd}/undo", None),
            (f"/api/conversations/{odd}/notes", {"client_id": "12345678", "text": "x"}), (f"/api/contacts/{odd}/merge", {"other": contact}),
        ):  # fmt: skip
            (await agent.post(path, body)).problem(404)
    for path, body in (
        (f"/api/contacts/{contact}/merge", {"other": "a\0b"}),
        (f"/api/conversations/{thread}/handover", {"version": 0, "agent": "\0"}),
        (f"/api/conversations/{thread}/handover", {"version": 0, "team": "\0"}),
        (f"/api/conversations/{thread}/resolve", {"version": 0, "category": "\0"}),
        (f"/api/conversations/{thread}/replies", {"client_id": "12345678", "text": "x", "address": "visitor:\0"}),
        (f"/api/conversations/{thread}/replies", {"client_id": "12345678", "text": "x", "files": ["\0"]}),
    ):
        answer = await agent.post(path, body)
        assert 400 <= answer.status < 500, (path, body, answer.raw)
    for query in ("team=%00", "q=%00", "view=%00", "cursor=%00", "team=x%0Ay"):
        assert (await agent.get(f"/api/conversations?{query}")).status == 400, query
    assert await both.count("message") == 1


async def test_a_packed_body_is_refused_unseen(aino: Visitor) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    for encoding in ("gzip", "deflate", "br", "zstd", "gzip, gzip"):
        answer = await aino.call("POST", MESSAGES, raw=bomb[:40_000], headers={"Content-Encoding": encoding})
        answer.problem(400)


async def test_a_field_given_twice_counts_once(aino: Visitor) -> None:
    body = b'{"client_id": "12345678", "text": "first", "text": "last"}'
    answer = await aino.call("POST", MESSAGES, raw=body)
    assert answer.status in (200, 400)
    assert [item["text"] for item in await aino.items()] == ([] if answer.status == 400 else ["last"])


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json-patch+json", ""]
)
async def test_a_cross_site_forms_type_does_not_reach_an_agents_call(house: House, kind: str) -> None:
    agent = await house.agent()
    body = b'{"availability": "away"}'
    (await agent.call("PUT", "/api/me/availability", raw=body, headers={"Content-Type": kind})).problem(400, "Content-Type")
    assert (await agent.get("/api/me")).ok()["availability"] == "available"


AGENTS_TABLE: tuple[tuple[str, bytes, str | None], ...] = (
    ("unknown field", b'{"version": 1, "admin": true}', "admin"),
    ("a text for a number", b'{"version": "1"}', "version"),
    ("true for a number", b'{"version": true}', "version"),
    ("a fraction", b'{"version": 1.5}', "version"),
    ("NaN", b'{"version": NaN}', "version"),
    ("a number beyond the store's", b'{"version": 9223372036854775808}', "version"),
    ("5,000 digits", b'{"version": ' + b"9" * 5000 + b"}", None),
    ("nothing", b"", None),
    ("null", b"null", None),
    ("a list", b"[]", None),
    ("deep", b"[" * 100_000, None),
    ("a byte order mark", b'\xef\xbb\xbf{"version": 1}', None),
    ("UTF-16", '{"version": 1}'.encode("utf-16"), None),
    ("half a surrogate pair", b'{"version": 1, "\\ud800": 1}', None),
)  # fmt: skip


async def test_the_agents_table(house: House, aino: Visitor) -> None:
    agent = await house.agent()
    thread = (await aino.say("hei"))["thread"]["id"]
    for name, body, field in AGENTS_TABLE:
        answer = await agent.call("POST", f"/api/conversations/{thread}/take", raw=body, headers={"Content-Type": "application/json"})
        told = answer.problem(400)
        assert field is None or told.get("field") == field, f"{name}: {told}"
    assert (await agent.row(thread))["assignee"] is None


async def test_tampered_queries_of_the_lists(both: House) -> None:
    import base64

    agent = await both.agent()
    forged = [
        "x", "====", "AAAA", base64.urlsafe_b64encode(b"[]").decode(), base64.urlsafe_b64encode(b"[1,2,3]").decode(),
        base64.urlsafe_b64encode(b'["x",1]').decode(), base64.urlsafe_b64encode(b'[true,"x"]').decode(), base64.urlsafe_b64encode(b'{"a":1}').decode(),
        base64.urlsafe_b64encode(b'[1e400,"x"]').decode(), base64.urlsafe_b64encode(b"[" + b"9" * 400 + b',"x"]').decode(),
        base64.urlsafe_b64encode(b'[1,"\\ud800"]').decode(), base64.urlsafe_b64encode(b'[1,"\\u0000"]').decode(), base64.urlsafe_b64encode(b"\xff\xff").decode(),
        base64.urlsafe_b64encode(b"[" * 740).decode(), "é",
    ]  # fmt: skip
    for cursor in forged:
        (await agent.get(f"/api/conversations?cursor={cursor}")).problem(400, "cursor")
    for query, field in (
        ("view=foreign", "view"), ("state=joined", "state"), ("limit=0", "limit"), ("limit=-1", "limit"), ("limit=201", "limit"), ("limit=1e3", "limit"),
        ("limit=9" + "9" * 30, "limit"), ("limit=", "limit"), ("limit=٣", "limit"), ("view=all&view=mine", "view"), ("team=" + "x" * 1001, "team"),
    ):  # fmt: skip
        (await agent.get(f"/api/conversations?{query}")).problem(400, field)
    for query in ("after=-1", "after=x", "before=-2", "after=" + "9" * 19, "limit=0"):
        (await agent.get(f"/api/conversations/x/entries?{query}")).problem(400)
