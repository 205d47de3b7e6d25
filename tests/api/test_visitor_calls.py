"""The visitors' API, shape by shape as docs/api.md has it, on both engines."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.api.house import PNG, House, Visitor, open_house
from tests.stores import copy_file

ITEM = {"pub", "id", "mine", "author", "text", "channel", "at", "client_id", "files", "state"}
THREAD = {"id", "number", "state", "last_pub", "read_by_agent_pub", "agent", "waiting", "asked_solved", "rating"}
AWAY: dict[str, object] = {"state": "away", "opens_at": None, "agents": []}
NOTHING = {"name": None, "mail": False, "phone": False}
FILE = {"id", "name", "media_type", "size", "state"}
CONFIG = {
    "site", "title", "accent", "greeting", "position", "locale", "suggestions", "origins", "max_file_bytes", "file_types", "max_text",
    "fields", "ways",
}  # fmt: skip


async def test_the_configuration_is_for_everybody_and_for_known_sites_only(house: House) -> None:
    answer = await house.stranger().get("/api/visitor/config?site=demo")
    assert set(answer.ok()) == CONFIG
    assert answer.body["max_text"] == 10_000 and "image/png" in answer.body["file_types"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*" and answer.headers["Cache-Control"] == "max-age=60"
    for query in ("", "?site=", "?site=other", "?site=demo%00"):
        assert (await house.stranger().get("/api/visitor/config" + query)).status in (400, 404), query


async def test_a_session_is_new_renewed_or_replaced(house: House) -> None:
    first = (await house.stranger().post("/api/visitor/session", {"site": "demo"})).ok()
    assert set(first) == {"token", "visitor", "thread", "service", "known"}
    assert first["thread"] is None and first["service"] == AWAY and first["known"] == NOTHING and len(first["visitor"]) >= 22
    same = (await house.stranger().post("/api/visitor/session", {"site": "demo", "token": first["token"]})).ok()
    assert same["visitor"] == first["visitor"]
    for bad in ("x", first["token"][:-1], first["token"] + "A", first["token"].replace("~demo~", "~shop~"), "é", "~~~~", "v1~" * 200):
        told = (await house.stranger().post("/api/visitor/session", {"site": "demo", "token": bad})).ok()
        assert told["visitor"] != first["visitor"]
    (await house.stranger().post("/api/visitor/session", {"site": "nowhere"})).problem(404)


async def test_a_message_is_stored_and_told_as_documented(both: House) -> None:
    visitor = await both.visitor()
    assert (await visitor.get("/api/visitor/thread")).ok() == {"thread": None, "service": AWAY, "known": NOTHING}
    assert (await visitor.get("/api/visitor/items")).ok() == {"items": [], "thread": None}
    page = {"url": "https://shop.example/desk", "title": "Desk", "referrer": "https://search.example/"}
    told = await visitor.say("Missä pöytäni on? 🪑 मेज़", "first-one", page=page, locale="fi", name="Aino")
    assert set(told) == {"item", "thread"} and set(told["item"]) == ITEM and set(told["thread"]) == THREAD
    item, thread = told["item"], told["thread"]
    assert (item["pub"], item["mine"], item["text"], item["client_id"]) == (1, True, "Missä pöytäni on? 🪑 मेज़", "first-one")
    assert item["author"] == {"name": "Aino", "kind": "customer"} and item["files"] == [] and item["state"] is None
    assert (thread["state"], thread["last_pub"], thread["waiting"], thread["agent"]) == ("open", 1, True, None)
    assert (await visitor.get("/api/visitor/items")).ok() == {"items": [item], "thread": thread}
    assert (await visitor.get("/api/visitor/thread")).ok()["thread"] == thread


async def test_items_come_in_pages_by_pub_without_holes(both: House) -> None:
    visitor = await both.visitor()
    for number in range(5):
        await visitor.say(f"line {number}")
    first = (await visitor.get("/api/visitor/items?after=0&limit=2")).ok()["items"]
    assert [item["pub"] for item in first] == [1, 2]
    assert [item["pub"] for item in await visitor.items(after=2)] == [3, 4, 5]
    assert await visitor.items(after=5) == [] == await visitor.items(after=10**15)


async def test_a_client_id_is_taken_once(both: House) -> None:
    visitor = await both.visitor()
    first = await visitor.say("hei", "the-same-one")
    assert await visitor.say("hei", "the-same-one") == first
    assert (await visitor.say("another text", "the-same-one"))["item"] == first["item"]
    answers = await asyncio.gather(*(visitor.say("ten at once", "ten-at-once") for _ in range(10)))
    assert len({answer["item"]["id"] for answer in answers}) == 1
    assert [item["text"] for item in await visitor.items()] == ["hei", "ten at once"]
    other = await both.visitor()
    assert (await other.say("mine", "the-same-one"))["item"]["id"] != first["item"]["id"], "client ids are the visitor's own"


async def test_ten_first_messages_at_once_make_one_conversation(both: House) -> None:
    visitor = await both.visitor()
    answers = await asyncio.gather(*(visitor.say(f"{number}", f"first-{number:05}") for number in range(10)))
    assert len({answer["thread"]["id"] for answer in answers}) == 1
    assert sorted(answer["item"]["pub"] for answer in answers) == list(range(1, 11))


async def test_a_client_id_is_still_known_after_a_restart(migrated_file: Path, tmp_path: Path) -> None:
    url = copy_file(migrated_file, tmp_path / "throughline.db")
    async with open_house(tmp_path, url) as house:
        visitor = await house.visitor()
        first = await visitor.say("hei", "before-the-end")
    async with open_house(tmp_path, url) as house:
        again = await house.visitor(token=visitor.token)
        assert again.visitor == visitor.visitor
        assert await again.say("hei", "before-the-end") == first
        assert len(await again.items()) == 1


async def test_what_the_agent_says_comes_back_with_its_state(both: House) -> None:
    visitor, agent = await both.visitor(), await both.agent("Mikko")
    thread = (await visitor.say("hei"))["thread"]["id"]
    await agent.say(thread, "Hei Aino!")
    told = (await visitor.get("/api/visitor/items?after=1")).ok()
    (item,) = told["items"]
    assert (item["pub"], item["mine"], item["author"]) == (2, False, {"name": "Mikko", "kind": "agent"})
    assert item["client_id"] is None, "an agent's client id is not the customer's business"
    assert item["state"] in ("queued", "sent") and told["thread"]["agent"] == {"name": "Mikko"} and told["thread"]["waiting"] is False
    for call, state in (("delivered", "delivered"), ("seen", "read"), ("delivered", "read")):
        assert (await visitor.post(f"/api/visitor/{call}", {"pub": 2})).status == 204
        assert (await visitor.items(after=1))[0]["state"] == state
    (entry,) = [entry for entry in await agent.entries(thread) if entry.get("direction") == "out"]
    assert entry["delivery"]["state"] == "read"


async def test_seen_takes_any_pub_and_changes_nobody_elses(both: House) -> None:
    visitor, other, agent = await both.visitor(), await both.visitor(), await both.agent()
    thread = (await visitor.say("hei"))["thread"]["id"]
    await other.say("moi")
    await agent.say(thread, "Hei!")
    assert (await other.post("/api/visitor/seen", {"pub": 2})).status == 204
    assert (await visitor.items(after=1))[0]["state"] != "read"
    stranger = await both.visitor()
    assert (await stranger.post("/api/visitor/seen", {"pub": 1})).status == 204
    for pub in (0, 10**12, 2**63 - 1):
        assert (await visitor.post("/api/visitor/seen", {"pub": pub})).status == 204
    (await visitor.post("/api/visitor/seen", {"pub": -1})).problem(400, "pub")


async def test_a_claim_needs_a_conversation_and_an_address(both: House) -> None:
    visitor, agent = await both.visitor(), await both.agent()
    (await visitor.post("/api/visitor/claim", {"address": "aino@example.fi"})).problem(400, "address")
    thread = (await visitor.say("hei"))["thread"]["id"]
    for typed in ("aino@example.fi", "Aino@Example.FI", "+358 40 123 4567", "aino@example.fi"):
        assert (await visitor.post("/api/visitor/claim", {"address": typed})).status == 204, typed
    for typed in ("", "aino", "@", "visitor:abc", "12", "a@b\n.fi", "x" * 5000):
        both.clock.ahead += 60  # six claims a minute
        (await visitor.post("/api/visitor/claim", {"address": typed})).problem(400, "address")
    card = (await agent.get(f"/api/conversations/{thread}")).ok()["contact"]
    # One line for a mailbox: a case of its own is another mailbox only in the part before the @.
    assert "mailto:aino@example.fi" in [claim["address"] for claim in card["claims"]]
    assert "tel:+358401234567" in [claim["address"] for claim in card["claims"]]
    assert [identity["kind"] for identity in card["identities"]] == ["visitor"], "a claim is no identity"


async def test_solved_closes_and_not_solved_opens_again(both: House) -> None:
    visitor, agent = await both.visitor(), await both.agent("Mikko")
    (await visitor.post("/api/visitor/solved", {"solved": True})).problem(404)
    thread = (await visitor.say("hei"))["thread"]["id"]
    assert (await visitor.post("/api/visitor/solved", {"solved": True})).ok()["thread"]["state"] == "open", "nobody asked"
    await agent.say(thread, "So it is.")
    (await agent.act(thread, "resolve", category="question")).ok()
    assert (await visitor.get("/api/visitor/thread")).ok()["thread"]["asked_solved"] is True
    told = (await visitor.post("/api/visitor/solved", {"solved": False})).ok()["thread"]
    assert set(told) == THREAD and told["state"] == "open" and told["agent"] == {"name": "Mikko"} and told["asked_solved"] is False
    (await agent.act(thread, "resolve", category="question")).ok()
    assert (await visitor.post("/api/visitor/solved", {"solved": True})).ok()["thread"]["state"] == "closed"
    later = await visitor.say("One more thing")
    assert later["thread"]["id"] != thread and later["item"]["pub"] == 1


async def test_files_travel_with_a_message(both: House) -> None:
    visitor = await both.visitor()
    answer = await visitor.upload(PNG, "kuva.png")
    file = answer.ok(201)["file"]
    assert set(file) == FILE and (file["name"], file["media_type"], file["size"], file["state"]) == (
        "kuva.png",
        "image/png",
        len(PNG),
        "stored",
    )
    told = await visitor.say("", "only-a-file", files=[file["id"]])
    assert told["item"]["files"] == [file] and told["item"]["text"] == ""
    assert await visitor.say("", "only-a-file", files=[file["id"]]) == told
    (item,) = await visitor.items()
    assert item == told["item"]
    again = {"client_id": "another-one", "text": "x", "files": [file["id"]]}
    (await visitor.post("/api/visitor/messages", again)).problem(400, "files")
    assert len(await visitor.items()) == 1


def _changed(token: str, part: int, value: str) -> str:
    parts = token.split("~")
    parts[part] = value
    return "~".join(parts)


CALLS: tuple[tuple[str, str, Any], ...] = (
    ("GET", "/api/visitor/thread", None), ("GET", "/api/visitor/items", None), ("POST", "/api/visitor/messages", {"client_id": "12345678", "text": "x"}),
    ("POST", "/api/visitor/seen", {"pub": 1}), ("POST", "/api/visitor/delivered", {"pub": 1}), ("POST", "/api/visitor/claim", {"address": "a@b.fi"}),
    ("POST", "/api/visitor/solved", {"solved": True}), ("POST", "/api/visitor/files?name=a.txt", {"a": 1}), ("GET", "/api/visitor/files/x", None),
)  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
async def test_every_call_refuses_a_token_that_is_not_ours(house: House, aino: Visitor, method: str, path: str, body: Any) -> None:
    token = aino.token
    for header in (
        None, "", "Bearer", "Bearer ", token, f"bearer {token}", f"Basic {token}", f"Bearer  {token}", f"Bearer {token} ", f"Bearer {token[:-1]}",
        f"Bearer {token}{token}", f"Bearer {_changed(token, 1, 'A' * 24)}", f"Bearer {_changed(token, 2, 'shop')}",
        f"Bearer {_changed(token, 3, 'ffffffff')}", f"Bearer {_changed(token, 0, 'v2')}", f"Bearer {_changed(token, 4, '')}", "Bearer ~~~~",
    ):  # fmt: skip
        if header is not None and header.strip() == f"Bearer {token}":
            continue
        caller = house.stranger(**({} if header is None else {"Authorization": header}))
        (await caller.call(method, path, body)).problem(401)
    assert await house.count("message") == 0


async def test_a_token_of_another_house_or_too_old_is_refused(house: House, aino: Visitor) -> None:
    from gateway.web.visitor_tokens import VisitorTokens

    foreign = VisitorTokens([b"another key, which is long enough too"]).issue(aino.visitor, "demo", house.clock.now())
    (await house.stranger(Authorization=f"Bearer {foreign}").get("/api/visitor/items")).problem(401)
    house.clock.ahead = 401 * 86_400
    (await aino.get("/api/visitor/items")).problem(401)


async def test_the_token_of_a_site_that_is_gone_is_refused(migrated_file: Path, tmp_path: Path) -> None:
    url = copy_file(migrated_file, tmp_path / "throughline.db")
    sites: dict[str, Any] = {"demo": {}, "shop": {}}
    async with open_house(tmp_path, url, sites=sites) as house:
        visitor = await house.visitor("shop")
        await visitor.say("hei")
        elsewhere = (await house.stranger().post("/api/visitor/session", {"site": "demo", "token": visitor.token})).ok()
        assert elsewhere["visitor"] != visitor.visitor, "one site's visitor is nobody on the other"
    async with open_house(tmp_path, url, sites={"demo": {}}) as house:
        (await house.stranger(**visitor.headers).get("/api/visitor/items")).problem(401)
