"""Whatever stands in a field of the agents' calls, it is taken or refused with a sentence: never an error of ours (T-25)."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

from tests.api.house import House, Worker

ODD: tuple[Any, ...] = (
    None, True, -1, 2**63, 2**63 - 1, 1.5, "", "\0", "a\0b", "\u202e", "x" * 5000, "{first_name:x}", "#99999999999999999", "１", [], {}, ["\0"], ["x"] * 300,
    [None], {"zone": "\0"}, {"zone": "Europe/Helsinki", "week": {"mon": [[1, 2]]}}, {"zone": "../etc"}, {"q": "a\0b"}, [{"class": "chat", "cap": 2**63}],
    [{"class": "\0", "cap": 1}], [{"id": "x", "version": 2**62}] * 101, [{"id": "\0", "version": 1}],
)  # fmt: skip


WHOLE: tuple[Any, ...] = (None, [], "x", 1)
"""Instead of an object."""
CURSORS: tuple[Any, ...] = (
    [], {}, 1, None, ["newest"], ["newest", 1], ["newest", True, "x"], ["newest", 1.0, "x"], ["newest", 1 << 70, "x"], ["newest", 1, "\0"],
    ["newest", -(1 << 62), "é"], ["oldest", 1, "x"], [1, "x"], [1 << 62, "x"], [True, "x"], [1, "\0"], [[], []], [1, "x", 2],
)  # fmt: skip


async def _calls(boss: Worker, house: House) -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path, a body of which each field is made odd in turn)."""
    aino = await house.visitor()
    one = (await aino.say("hei"))["thread"]["id"]
    message = next(entry["id"] for entry in await boss.entries(one) if entry["kind"] == "message")
    contact = await boss.contact(one)
    team = await house.team("Support", boss)
    category = (await boss.post("/api/categories", {"name": "Other"})).ok(201)["category"]["id"]
    snippet = (await boss.post("/api/snippets", {"name": "a", "text": "b", "shared": True})).ok(201)["snippet"]["id"]
    person = await house.agent("Ritva")
    at = f"/api/conversations/{one}"
    hours = {"zone": "Europe/Helsinki", "week": {}}
    return [
        ("PUT", at, {"version": 0, "priority": 1, "subject": "x", "category": category, "due_at": 1}),
        ("POST", f"{at}/tags", {"add": ["a"], "remove": ["b"]}),
        ("POST", f"{at}/links", {"other": one, "kind": "related"}),
        ("POST", f"{at}/unlink", {"other": one, "kind": "related"}),
        ("POST", f"{at}/join", {"version": 0, "other": one}),
        ("POST", f"{at}/part", {"version": 0}),
        ("POST", f"{at}/split", {"version": 0, "messages": [message], "subject": "x"}),
        ("POST", f"{at}/spam", {"version": 0, "block": False}),
        ("POST", f"{at}/unspam", {"version": 0}),
        ("POST", f"{at}/snooze", {"version": 0, "until": 1}),
        ("POST", f"{at}/seen", {"seq": 1}),
        ("POST", "/api/conversations/bulk", {"act": "tag", "items": [{"id": one, "version": 0}], "tag": "x", "until": 1, "priority": 1}),
        ("POST", "/api/conversations/bulk", {"act": "snooze", "items": [{"id": one, "version": 0}], "until": 1}),
        ("POST", "/api/conversations/bulk", {"act": "assign", "items": [{"id": one, "version": 0}], "agent": person.id}),
        ("POST", "/api/conversations/bulk", {"act": "assign", "items": [{"id": one, "version": 0}], "team": team}),
        ("POST", "/api/conversations", {"contact": contact, "name": "x", "subject": "x", "text": "x"}),
        ("PUT", f"/api/contacts/{contact}", {"name": "Aino", "locale": "fi", "time_zone": "Europe/Helsinki"}),
        ("POST", f"/api/contacts/{contact}/block", {}),
        ("POST", f"/api/contacts/{contact}/unblock", {}),
        ("POST", "/api/snippets", {"name": "x", "text": "y", "shared": False}),
        ("PUT", f"/api/snippets/{snippet}", {"name": "x", "text": "y", "shared": True}),
        ("POST", f"/api/snippets/{snippet}/fill", {"conversation": one}),
        ("POST", "/api/searches", {"name": "x", "query": {"state": "open"}, "shared": False}),
        ("POST", "/api/people", {"name": "x", "email": "x@y.example", "role": "agent", "teams": []}),
        ("PUT", f"/api/people/{person.id}", {"name": "x", "role": "agent", "skills": [], "teams": [], "places": []}),
        ("POST", "/api/teams", {"name": "x"}),
        ("PUT", f"/api/teams/{team}", {"name": "x", "members": [], "hours": hours}),
        ("POST", "/api/categories", {"name": "x"}),
        ("PUT", f"/api/categories/{category}", {"name": "x", "hidden": False}),
    ]


async def test_no_field_of_a_call_makes_an_error_of_ours(both: House) -> None:
    boss = await both.agent("Boss", role="admin")
    tried: list[tuple[str, str, Any]] = []
    for method, path, body in await _calls(boss, both):
        tried.extend((method, path, {**body, name: odd}) for name in body for odd in ODD)
        tried.extend((method, path, whole) for whole in WHOLE)
    gate, turns = asyncio.Semaphore(8), asyncio.Lock()
    one = next(path.split("/")[3] for method, path, _ in tried if method == "PUT" and path.startswith("/api/conversations/"))

    async def known(body: Any) -> Any:
        """The version as it is now, so that what is odd is looked at."""
        if not isinstance(body, dict) or not ({"version", "items"} & set(body)):
            return body
        version = (await boss.row(one))["version"]
        if body.get("version") == 0:
            return {**body, "version": version}
        return {**body, "items": [{"id": one, "version": version}]} if body.get("items") == [{"id": one, "version": 0}] else body

    async def ask(method: str, path: str, body: Any) -> str | None:
        versioned = isinstance(body, dict) and bool({"version", "items"} & set(body))
        async with turns if versioned else gate:
            answer = await boss.call(method, path, raw=json.dumps(await known(body)).encode(), headers={"Content-Type": "application/json"})
        if answer.status >= 400:
            answer.problem(answer.status)
        return f"{method} {path} {str(body)[:200]}: {answer.status}" if answer.status >= 500 else None

    found = [wrong for wrong in await asyncio.gather(*(ask(*one) for one in tried)) if wrong is not None]
    assert not found, "\n".join(found[:20])


async def test_no_query_makes_an_error_of_ours(both: House) -> None:
    boss = await both.agent("Boss", role="admin")
    await (await both.visitor()).say("hei")
    odd = [
        "",
        "",
        "%00",
        "%20",
        "-1",
        "0",
        "99999999999999999999",
        "9223372036854775808",
        "%F0%9F%98%80",
        "%22",
        "%27--",
        "*",
        "a%20OR%20b",
        "none",
        "me",
        "%C4%B0",
    ]
    odd += ["x" * 1000, "x" * 1001]
    cursors = [
        base64.urlsafe_b64encode(json.dumps(told).encode()).decode()
        for told in CURSORS
    ] + [base64.urlsafe_b64encode(b"[" * 700).decode(), "%", "a", "====", "é"]  # fmt: skip
    paths = [
        f"/api/conversations?{name}={value}"
        for name in ("view", "state", "team", "tag", "category", "priority", "owner", "channel", "sort", "limit", "q")
        for value in odd
    ]
    paths += [f"/api/audit?{name}={value}" for name in ("agent", "contact", "conversation", "since", "until", "limit") for value in odd]
    paths += [f"{path}?cursor={cursor}" for path in ("/api/conversations", "/api/audit") for cursor in cursors]
    paths += [f"/api/contacts?q={value}" for value in odd]
    for path in paths:
        answer = await boss.get(path)
        assert answer.status < 500, (path, answer.raw)
        if answer.status >= 400:
            answer.problem(answer.status)
