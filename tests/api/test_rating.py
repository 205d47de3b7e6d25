"""What customers say beside their messages: that they want a person, where to reach them, and how it was."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.api.ears import inbox, widget
from tests.api.house import House, Visitor, Worker


async def events(agent: Worker, thread: str, name: str) -> list[Any]:
    return [entry for entry in await agent.entries(thread) if entry.get("name") == name]


async def rate(visitor: Visitor, score: Any = 5, **more: Any) -> Any:
    return await visitor.post("/api/visitor/rating", {"score": score, **more})


async def test_a_conversation_that_is_done_is_rated_and_agents_read_why(both: House) -> None:
    aino, mikko = await both.visitor(), await both.agent()
    (await rate(aino)).problem(404)
    thread = (await aino.say("hei"))["thread"]["id"]
    (await rate(aino)).problem(409)
    (await mikko.act(thread, "resolve", category="question")).ok()
    async with widget(aino) as hers, inbox(mikko, thread) as desk:
        assert (await rate(aino, 2, comment="  Slow,\u0000 but kind\r\n")).status == 204
        told = (await hers.hear("thread", lambda told: told["thread"]["rating"] == 2))["thread"]
        assert told == (await aino.get("/api/visitor/thread")).ok()["thread"]
        entry = (await desk.hear("entry", lambda told: told["entry"].get("name") == "rated"))["entry"]
        assert entry["payload"] == {"score": 2, "comment": "Slow,\ufffd but kind"} and entry["actor"]["kind"] == "customer"
        (await aino.post("/api/visitor/solved", {"solved": True})).ok()
        assert (await rate(aino, 4)).status == 204, "the last word counts, closed or not"
        assert (await rate(aino, 4)).status == 204
    assert [one["payload"]["score"] for one in await events(mikko, thread, "rated")] == [2, 4]
    assert (await mikko.row(thread))["rating"] == 4
    for path in ("thread", "items", "earlier"):
        assert b"kind" not in (await aino.get(f"/api/visitor/{path}")).raw.replace(b'"kind"', b""), "the comment is for agents"


@pytest.mark.parametrize("score", [0, 6, -1, True, "5", 4.5, None, 2**63])
async def test_a_score_is_one_to_five(house: House, score: Any) -> None:
    aino = await house.visitor()
    await aino.say("hei")
    (await rate(aino, score)).problem(400, "score")


async def test_a_comment_is_bounded(house: House) -> None:
    aino, mikko = await house.visitor(), await house.agent()
    thread = (await aino.say("hei"))["thread"]["id"]
    (await mikko.act(thread, "resolve", category="question")).ok()
    (await rate(aino, 5, comment="x" * 1001)).problem(400, "comment")
    assert (await rate(aino, 5, comment="x" * 1000)).status == 204


async def test_only_the_own_conversation_is_rated(both: House) -> None:
    aino, other, mikko = await both.visitor(), await both.visitor(), await both.agent()
    mine, theirs = (await aino.say("hei"))["thread"]["id"], (await other.say("moi"))["thread"]["id"]
    for thread in (mine, theirs):
        (await mikko.act(thread, "resolve", category="question")).ok()
    assert (await rate(other, 1)).status == 204
    assert ((await mikko.row(mine))["rating"], (await mikko.row(theirs))["rating"]) == (None, 1)


async def test_a_person_is_asked_for_once_in_ten_minutes(both: House) -> None:
    aino, mikko = await both.visitor(), await both.agent()
    (await aino.post("/api/visitor/person", {})).problem(400)
    thread = (await aino.say("hei"))["thread"]["id"]
    async with inbox(mikko, thread) as desk:
        answers = await asyncio.gather(*(aino.post("/api/visitor/person", {}) for _ in range(3)))
        assert {answer.status for answer in answers} == {200}
        told = answers[0].body
        assert set(told) == {"thread", "service"} and told["thread"]["id"] == thread
        entry = (await desk.hear("entry", lambda told: told["entry"].get("name") == "asked_person"))["entry"]
        assert entry["actor"] == {"id": None, "name": "", "kind": "customer"}
        await desk.hear("row", lambda told: told["row"]["id"] == thread)
    assert len(await events(mikko, thread, "asked_person")) == 1
    both.clock.ahead += 601
    (await aino.post("/api/visitor/person", {})).ok()
    assert len(await events(mikko, thread, "asked_person")) == 2
    (await aino.post("/api/visitor/person", {"x": 1})).problem(400)


async def test_who_wants_a_person_is_not_done(house: House) -> None:
    aino, mikko = await house.visitor(), await house.agent()
    thread = (await aino.say("hei"))["thread"]["id"]
    (await mikko.act(thread, "resolve", category="question")).ok()
    assert (await aino.post("/api/visitor/person", {})).ok()["thread"]["state"] == "open"
    (await mikko.act(thread, "resolve", category="question")).ok()
    (await aino.post("/api/visitor/solved", {"solved": True})).ok()
    (await aino.post("/api/visitor/person", {})).problem(400)


async def test_of_one_kind_the_last_claim_counts(both: House) -> None:
    aino, mikko = await both.visitor(), await both.agent()
    thread = (await aino.say("hei"))["thread"]["id"]

    async def claim(address: str, **more: Any) -> None:
        assert (await aino.post("/api/visitor/claim", {"address": address, **more})).status == 204

    async def claims() -> set[str]:
        card = (await mikko.get(f"/api/contacts/{await mikko.contact(thread)}")).ok()
        return {one["address"] for one in card["claims"]}

    await claim("a@example.fi", name="  Aino\u00a0Virtanen ")
    await claim("+358401234567", name="Somebody Else")
    assert await claims() == {"mailto:a@example.fi", "tel:+358401234567"}
    for address in ("b@example.fi", "b@example.fi", "a@example.fi", "A@EXAMPLE.fi"):
        await claim(address)
    assert await claims() == {"mailto:a@example.fi", "tel:+358401234567"}
    said = [one["payload"]["address"].partition(":")[2] for one in await events(mikko, thread, "claimed")]
    assert said == ["a@example.fi", "+358401234567", "b@example.fi", "a@example.fi"], "one line for each change"
    known = (await aino.get("/api/visitor/thread")).ok()["known"]
    assert (known["mail"], known["phone"]) == (True, True) and known["name"].startswith("Aino")
    assert (await mikko.row(thread))["contact"]["name"] == known["name"]


async def test_two_claims_at_once_leave_one(both: House) -> None:
    aino, mikko = await both.visitor(), await both.agent()
    thread = (await aino.say("hei"))["thread"]["id"]
    both.clock.ahead += 61
    bodies = [{"address": f"{name}@example.fi"} for name in "abcde"]
    answers = await asyncio.gather(*(aino.post("/api/visitor/claim", body) for body in bodies))
    assert {answer.status for answer in answers} == {204}
    card = (await mikko.get(f"/api/contacts/{await mikko.contact(thread)}")).ok()
    assert len(card["claims"]) == 1


@pytest.mark.parametrize("zone", ["Europe/Helsinki", "nowhere at all", "../../etc/passwd", 17, None, {"x": 1}, "x" * 5000])
async def test_a_time_zone_is_never_worth_refusing_a_message(house: House, zone: Any) -> None:
    aino, mikko = await house.visitor(), await house.agent()
    thread = (await aino.say("hei", time_zone=zone))["thread"]["id"]
    card = (await mikko.get(f"/api/contacts/{await mikko.contact(thread)}")).ok()
    assert card["time_zone"] == ("Europe/Helsinki" if zone == "Europe/Helsinki" else None)
