"""What agents say about conversations and customers, as the inbox calls it: marks, tags, links, spam, many at once, cards (docs/api.md)."""

from __future__ import annotations

from typing import Any

from gateway.clock import HOUR
from tests.api.ears import inbox
from tests.api.house import House, Worker, until


async def _events(agent: Worker, thread: str) -> list[str]:
    return [entry["name"] for entry in await agent.entries(thread) if entry["kind"] == "event"]


async def _items(agent: Worker, *threads: str) -> list[dict[str, Any]]:
    return [{"id": thread, "version": (await agent.row(thread))["version"]} for thread in threads]


async def test_put_changes_only_what_is_named(both: House) -> None:
    agent, visitor = await both.agent(), await both.visitor()
    thread = (await visitor.say("hei"))["thread"]["id"]
    path, due = f"/api/conversations/{thread}", both.clock.now() + HOUR
    row = (await agent.put(path, {"version": 0, "priority": 1, "subject": "Sofa", "category": "question", "due_at": due})).ok()[
        "conversation"
    ]
    assert (row["priority"], row["subject"], row["category"], row["due_at"]) == (1, "Sofa", "question", due)
    row = (await agent.put(path, {"version": row["version"], "category": None})).ok()["conversation"]
    assert (row["priority"], row["subject"], row["category"], row["due_at"]) == (1, "Sofa", None, due)
    (await agent.put(path, {"version": row["version"] - 1, "priority": 2})).problem(409)
    for wrong, field in (
        ({"priority": 9}, "priority"), ({"priority": None}, "priority"), ({"priority": 1.0}, "priority"), ({"subject": "x" * 301}, "subject"),
        ({"category": "nothing"}, "category"), ({"due_at": 5}, "due_at"), ({"due_at": 2**63}, "due_at"), ({"state": "closed"}, "state"),
    ):  # fmt: skip
        (await agent.put(path, {"version": row["version"], **wrong})).problem(400, field)
    assert (await agent.row(thread)) == row
    (await agent.put("/api/conversations/0191", {"version": 0})).problem(404)
    assert await _events(agent, thread) == ["prioritised", "categorised", "renamed", "due_set", "categorised"]


async def test_tags_come_and_go(both: House) -> None:
    agent, visitor = await both.agent(), await both.visitor()
    thread = (await visitor.say("hei"))["thread"]["id"]
    path = f"/api/conversations/{thread}/tags"
    assert (await agent.post(path, {"add": ["VIP", "sofa"]})).ok()["conversation"]["tags"] == ["sofa", "vip"]
    assert (await agent.post(path, {"add": ["vip"], "remove": ["sofa"]})).ok()["conversation"]["tags"] == ["vip"]
    assert (await agent.get("/api/conversations")).ok()["rows"][0]["tags"] == ["vip"]
    for wrong in (
        {"add": ["x" * 41]},
        {"add": [" "]},
        {"add": [f"t{number}" for number in range(20)]},
        {"add": ["x"] * 41},
        {"add": "vip"},
    ):
        (await agent.post(path, wrong)).problem(400)
    assert (await agent.row(thread))["tags"] == ["vip"] and await _events(agent, thread) == ["tagged", "untagged"]


async def test_links_are_seen_at_both_ends(both: House) -> None:
    agent = await both.agent()
    one, other = [(await (await both.visitor()).say("hei"))["thread"] for _ in range(2)]
    path = f"/api/conversations/{one['id']}"
    (link,) = (await agent.post(f"{path}/links", {"other": f"#{other['number']}", "kind": "duplicate_of"})).ok()["links"]
    assert (link["kind"], link["direction"], link["conversation"]["id"]) == ("duplicate_of", "to", other["id"])
    (link,) = (await agent.get(f"/api/conversations/{other['id']}")).ok()["links"]
    assert (link["kind"], link["direction"], link["conversation"]["id"]) == ("duplicate_of", "from", one["id"])
    (await agent.post(f"{path}/links", {"other": one["id"], "kind": "related"})).problem(400, "other")
    (await agent.post(f"{path}/links", {"other": other["id"], "kind": "likes"})).problem(400, "kind")
    (await agent.post(f"{path}/links", {"other": "4711", "kind": "related"})).problem(404)
    assert (await agent.post(f"{path}/unlink", {"other": other["id"], "kind": "duplicate_of"})).ok()["links"] == []
    (await agent.post(f"{path}/unlink", {"other": other["id"], "kind": "duplicate_of"})).problem(404)
    for thread in (one, other):
        assert await _events(agent, thread["id"]) == ["linked", "unlinked"]


async def test_spam_with_a_block_and_back(both: House) -> None:
    agent, visitor = await both.agent(), await both.visitor()
    thread = (await visitor.say("buy my pills"))["thread"]["id"]
    row = (await agent.act(thread, "spam", block=True)).ok()["conversation"]
    assert (row["state"], row["spam"], row["assignee"]) == ("closed", True, None)
    contact = row["contact"]["id"]
    assert (await agent.get(f"/api/contacts/{contact}")).ok()["blocked"] is True
    before = {table: await both.count(table) for table in ("message", "file", "claim", "intake")}
    (await visitor.post("/api/visitor/messages", {"client_id": "again-0001", "text": "more pills"})).problem(403)
    (await visitor.upload(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)).problem(403)
    (await visitor.post("/api/visitor/claim", {"address": "aino@example.fi"})).problem(403)
    assert {table: await both.count(table) for table in before} == before
    (await agent.act(thread, "reopen")).problem(409)
    row = (await agent.act(thread, "unspam")).ok()["conversation"]
    assert (row["state"], row["spam"]) == ("open", False) and row["waiting_since"] is not None
    assert (await visitor.say("sorry"))["thread"]["id"] == thread
    (await agent.act(thread, "unspam")).problem(409)


async def test_many_at_once_each_for_itself(both: House) -> None:
    lead, agent = await both.agent("Liisa", role="lead"), await both.agent()
    threads = [(await (await both.visitor()).say(f"question {number}"))["thread"]["id"] for number in range(3)]
    items = await _items(lead, *threads)
    items[1]["version"] += 1
    told = (
        await lead.post(
            "/api/conversations/bulk", {"act": "resolve", "items": [*items, {"id": "0191", "version": 0}], "category": "question"}
        )
    ).ok()
    assert [(row["id"], row["state"]) for row in told["done"]] == [(threads[0], "resolved"), (threads[2], "resolved")]
    assert [failed["id"] for failed in told["failed"]] == [threads[1], "0191"]
    assert all(failed["detail"].endswith(".") for failed in told["failed"]) and (await lead.row(threads[1]))["state"] == "open"
    for act, more in (
        ("reopen", {}),
        ("priority", {"priority": 1}),
        ("tag", {"tag": "VIP"}),
        ("assign", {"agent": agent.id}),
        ("assign", {}),
        ("spam", {}),
    ):
        told = (await lead.post("/api/conversations/bulk", {"act": act, "items": await _items(lead, threads[0]), **more})).ok()
        assert told["failed"] == [] and len(told["done"]) == 1, act
    assert (told["done"][0]["spam"], told["done"][0]["tags"], told["done"][0]["priority"]) == (True, ["vip"], 1)
    for wrong, field in (
        ({"act": "resolve", "items": items * 34}, "items"), ({"act": "delete", "items": items}, "act"), ({"act": "snooze", "items": items}, "until"),
        ({"act": "tag", "items": items, "tag": ""}, "add"), ({"act": "assign", "items": items, "agent": "a", "team": "b"}, "team"),
    ):  # fmt: skip
        (await lead.post("/api/conversations/bulk", wrong)).problem(400, field)
    refused = (await agent.post("/api/conversations/bulk", {"act": "reopen", "items": items})).problem(403)
    assert "lead" in refused["detail"]


async def test_a_card_is_corrected_and_only_where_it_is_named(both: House) -> None:
    agent, visitor = await both.agent(), await both.visitor()
    thread = (await visitor.say("hei", locale="fi"))["thread"]["id"]
    path = f"/api/contacts/{await agent.contact(thread)}"
    card = (await agent.put(path, {"name": " Aino  Virtanen ", "time_zone": "Europe/Helsinki"})).ok()
    assert (card["name"], card["locale"], card["time_zone"]) == ("Aino Virtanen", "fi", "Europe/Helsinki")
    card = (await agent.put(path, {"time_zone": None, "locale": "pt-BR"})).ok()
    assert (card["name"], card["locale"], card["time_zone"]) == ("Aino Virtanen", "pt-BR", None)
    for zone in ("Europe/Atlantis", "../../etc/passwd", "", "Europe", "europe/helsinki\0", "x" * 999):
        (await agent.put(path, {"time_zone": zone})).problem(400, "time_zone")
    for locale in ("", "finnish language", "f", "fi-", "x" * 999):
        (await agent.put(path, {"locale": locale})).problem(400, "locale")
    (await agent.put(path, {"name": None})).problem(400, "name")
    assert (await agent.get(path)).ok() == card


async def test_a_message_tells_the_time_zone(house: House) -> None:
    agent, visitor = await house.agent(), await house.visitor()
    thread = (await visitor.say("hei", time_zone="Asia/Kolkata"))["thread"]["id"]
    path = f"/api/contacts/{await agent.contact(thread)}"
    assert (await agent.get(path)).ok()["time_zone"] == "Asia/Kolkata"
    await visitor.say("moi")
    assert (await agent.get(path)).ok()["time_zone"] == "Asia/Kolkata"


async def test_who_may_be_the_same_person(both: House) -> None:
    agent, one, other = await both.agent(), await both.visitor(), await both.visitor()
    mine, theirs = [(await visitor.say("hei"))["thread"]["id"] for visitor in (one, other)]
    contact, stranger = await agent.contact(mine), await agent.contact(theirs)
    (await agent.put(f"/api/contacts/{stranger}", {"name": "Bino"})).ok()
    assert (await agent.get(f"/api/contacts/{contact}")).ok()["maybe"] == []
    for visitor in (one, other):
        assert (await visitor.post("/api/visitor/claim", {"address": "aino@example.fi"})).status == 204
    (maybe,) = (await agent.get(f"/api/contacts/{contact}")).ok()["maybe"]
    assert maybe == {"contact": {"id": stranger, "name": "Bino"}, "address": "mailto:aino@example.fi", "why": "same_claim"}


async def test_contacts_are_found_by_name_address_and_what_was_said(both: House) -> None:
    agent, visitor = await both.agent(), await both.visitor()
    thread = (await visitor.say("the sofa squeaks", name="Aino Virtanen"))["thread"]
    assert (await visitor.post("/api/visitor/claim", {"address": "aino@example.fi"})).status == 204
    await visitor.say("are you there")

    async def found(words: str) -> list[Any]:
        return list((await agent.get(f"/api/contacts?q={words}")).ok()["contacts"])

    await until(lambda: found("squeaks"), what="the search index")
    await until(lambda: found("aino@example"), what="the address")
    contact = await agent.contact(thread["id"])
    for words in ("virtanen", "aino@example.fi", "sofa", str(thread["number"])):
        (line,) = await found(words)
        assert (line["id"], line["name"], line["addresses"], line["number"]) == (
            contact,
            "Aino Virtanen",
            ["aino@example.fi"],
            thread["number"],
        )
        assert line["last_at"] == (await agent.row(thread["id"]))["last_at"]
    assert await found("nobody") == [] == await found("")
    (await agent.act(thread["id"], "spam")).ok()
    assert await found("sofa") == []


async def test_a_conversation_begun_with_a_known_contact(both: House) -> None:
    agent, visitor = await both.agent(), await both.visitor()
    thread = (await visitor.say("hei", name="Aino"))["thread"]
    contact = await agent.contact(thread["id"])
    refused = (await agent.post("/api/conversations", {"contact": contact, "subject": "Again"})).problem(409)
    assert str(thread["number"]) in refused["detail"]
    (await agent.act(thread["id"], "resolve", category="question")).ok()
    row = (await agent.post("/api/conversations", {"contact": contact, "subject": " The \t sofa ", "address": "aino@example.fi"})).ok(201)[
        "conversation"
    ]
    assert (row["contact"], row["subject"], row["assignee"]["id"]) == ({"id": contact, "name": "Aino"}, "The sofa", agent.id)
    assert row["id"] != thread["id"]
    assert [claim["label"] for claim in (await agent.get(f"/api/contacts/{contact}")).ok()["claims"]] == ["aino@example.fi"]
    (await agent.post("/api/conversations", {"contact": "0191"})).problem(404)


async def test_lists_and_timelines_hear_of_every_change(house: House) -> None:
    agent, visitor, watcher = await house.agent(), await house.visitor(), await house.agent("Sanna")
    thread = (await visitor.say("hei"))["thread"]["id"]
    async with inbox(watcher) as ears:
        await ears.say("watch", {"conversation_id": thread})
        await ears.hear("watching", lambda told: told["conversation_id"] == thread)
        (await agent.post(f"/api/conversations/{thread}/tags", {"add": ["vip"]})).ok()
        await ears.hear("row", lambda told: told["row"]["tags"] == ["vip"])
        await ears.hear("entry", lambda told: told["entry"].get("name") == "tagged")
        (await agent.act(thread, "spam")).ok()
        await ears.hear("row", lambda told: told["row"]["spam"])
        await ears.hear("entry", lambda told: told["entry"].get("name") == "spam")
