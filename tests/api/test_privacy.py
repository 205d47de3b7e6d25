"""Nobody sees what is not theirs: claims open nothing (R75), and a note is for colleagues only, whatever happens to its conversation (R24)."""

from __future__ import annotations

import json
from typing import Any

from tests.api.house import House, Visitor

SECRET = "between-us-only"


async def _everything(visitor: Visitor) -> str:
    """All that a visitor can ask for, as one text."""
    parts: list[Any] = [
        (await visitor.get(path)).ok() for path in ("/api/visitor/thread", "/api/visitor/items", "/api/visitor/items?after=0&limit=1")
    ]
    parts.append((await visitor.post("/api/visitor/session", {"site": "demo", "token": visitor.token})).ok())
    return json.dumps(parts, ensure_ascii=False)


async def test_claiming_somebodys_address_shows_nothing_of_theirs(both: House) -> None:
    owner, thief, agent = await both.visitor(), await both.visitor(), await both.agent()
    mine = (await owner.say("My order is 4711", name="Aino"))["thread"]["id"]
    assert (await owner.post("/api/visitor/claim", {"address": "aino@example.fi"})).status == 204
    await agent.say(mine, "It is on its way to Mannerheimintie 1")
    theirs = (await thief.say("hello"))["thread"]["id"]
    assert (await thief.post("/api/visitor/claim", {"address": "aino@example.fi"})).status == 204
    assert theirs != mine
    seen = await _everything(thief)
    assert "4711" not in seen and "Mannerheimintie" not in seen and "Aino" not in seen and mine not in seen
    card = (await agent.get(f"/api/conversations/{theirs}")).ok()["contact"]
    assert [claim["address"] for claim in card["claims"]] == ["mailto:aino@example.fi"] and card["conversations"] == []
    assert all(identity["kind"] == "visitor" for identity in card["identities"])
    (await thief.post("/api/visitor/messages", {"client_id": "12345678", "text": "x", "conversation": mine})).problem(400)


async def test_notes_reach_no_visitor_not_even_after_a_merge(both: House) -> None:
    owner, other, agent = await both.visitor(), await both.visitor(), await both.agent("Mikko")
    mine, theirs = (await owner.say("hei"))["thread"]["id"], (await other.say("moi"))["thread"]["id"]
    for thread in (mine, theirs):
        await agent.say(thread, f"note {SECRET}", "notes")
        await agent.say(thread, "an answer")
        await agent.say(thread, f"another {SECRET}", "notes")
    (await agent.act(mine, "handover", note=f"for you {SECRET}")).ok()
    (await agent.act(mine, "take")).ok()
    for visitor in (owner, other):
        assert SECRET not in await _everything(visitor)
        assert [item["pub"] for item in await visitor.items()] == [1, 2], "no hole that could be counted"
    kept, gone = await agent.contact(mine), await agent.contact(theirs)
    merge = (await agent.post(f"/api/contacts/{kept}/merge", {"other": gone})).ok()["merge"]["id"]
    for visitor in (owner, other):
        assert SECRET not in await _everything(visitor)
    await other.say("and now?")
    await agent.say(mine, "joined", "notes")
    await agent.say(mine, f"after the merge {SECRET}", "notes")
    for visitor in (owner, other):
        assert SECRET not in await _everything(visitor)
    assert (await agent.post(f"/api/merges/{merge}/undo")).status == 204
    for visitor in (owner, other):
        seen = await _everything(visitor)
        assert SECRET not in seen


async def test_a_merged_visitor_sees_only_from_their_own_first_message_on(both: House) -> None:
    owner, other, agent = await both.visitor(), await both.visitor(), await both.agent()
    mine = (await owner.say("my private matter"))["thread"]["id"]
    await agent.say(mine, "a private answer")
    theirs = (await other.say("I am the same person"))["thread"]["id"]
    kept, gone = await agent.contact(mine), await agent.contact(theirs)
    (await agent.post(f"/api/contacts/{kept}/merge", {"other": gone})).ok()
    assert "private" not in await _everything(other)
    await other.say("after the merge")
    await agent.say(mine, "to both of you")
    assert "private" not in await _everything(other)
    assert "after the merge" in [item["text"] for item in await other.items()]


async def test_a_merged_visitor_misses_nothing_of_what_comes_later(house: House) -> None:
    """The thread's id changes with the merge, so a widget asks again from the start; what it then gets is whole."""
    owner, other, agent = await house.visitor(), await house.visitor(), await house.agent()
    mine = (await owner.say("hei"))["thread"]["id"]
    for number in range(3):
        await other.say(f"moi {number}")
    theirs = (await other.get("/api/visitor/thread")).ok()["thread"]["id"]
    kept, gone = await agent.contact(mine), await agent.contact(theirs)
    (await agent.post(f"/api/contacts/{kept}/merge", {"other": gone})).ok()
    told = await other.say("after the merge")
    assert told["thread"]["id"] == mine
    state = (await other.get("/api/visitor/thread")).ok()["thread"]
    assert state["id"] == mine and state["state"] == "open"
    await agent.say(mine, "an answer")
    texts = [item["text"] for item in await other.items()]
    assert texts[-2:] == ["after the merge", "an answer"]


async def test_a_merged_visitors_thread_has_a_state_of_the_documented_ones(house: House) -> None:
    owner, other, agent = await house.visitor(), await house.visitor(), await house.agent()
    mine, theirs = (await owner.say("hei"))["thread"]["id"], (await other.say("moi", "my-first-one"))["thread"]["id"]
    kept, gone = await agent.contact(mine), await agent.contact(theirs)
    (await agent.post(f"/api/contacts/{kept}/merge", {"other": gone})).ok()
    for thread in (
        (await other.get("/api/visitor/thread")).ok()["thread"],
        (await other.get("/api/visitor/items")).ok()["thread"],
        (await other.say("moi", "my-first-one"))["thread"],
    ):
        assert thread["state"] in ("open", "snoozed", "resolved", "closed"), thread
