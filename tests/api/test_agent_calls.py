"""The agents' API at work: lists, timelines, taking and handing over, resolving, offers, merges (docs/api.md, R33)."""

from __future__ import annotations

import asyncio
from pathlib import Path

from gateway.clock import HOUR
from tests.api.house import House, Worker, open_house, until
from tests.stores import copy_file

ROW = {
    "id", "number", "state", "subject", "priority", "category", "channel", "contact", "assignee", "team", "preview", "preview_author", "last_at",
    "waiting_since", "due_at", "created_at", "last_seq", "seen_seq", "version", "offer", "snoozed_until",
    "tags", "spam", "rating",
}  # fmt: skip
MESSAGE = {
    "kind", "id", "conversation_id", "seq", "pub", "direction", "author", "channel", "text", "subject", "at", "files", "client_id", "delivery",
    "revisions",
}  # fmt: skip
EVENT = {"kind", "id", "conversation_id", "name", "actor", "payload", "at"}
CARD = {"id", "name", "locale", "time_zone", "blocked", "identities", "claims", "maybe", "page", "attributes", "conversations", "merges"}


async def test_lists_are_paged_in_their_order_without_gap_or_repeat(both: House) -> None:
    agent = await both.agent()
    threads = [(await (await both.visitor()).say(f"question {number}"))["thread"]["id"] for number in range(7)]
    for number in (1, 3):
        (await agent.act(threads[number], "take")).ok()
    waiting = [thread for number, thread in enumerate(threads) if number not in (1, 3)]
    for view, expected in (("all", threads[::-1]), ("unassigned", waiting), ("mine", [threads[3], threads[1]])):
        found, cursor = [], ""
        while True:
            page = (await agent.get(f"/api/conversations?view={view}&limit=2&cursor={cursor}")).ok()
            assert all(set(row) == ROW for row in page["rows"]) and len(page["rows"]) <= 2
            found += [row["id"] for row in page["rows"]]
            if page["cursor"] is None:
                break
            cursor = page["cursor"]
        assert found == expected, view
    counts = (await agent.get("/api/counts")).ok()
    assert (counts["mine"], counts["unassigned"], counts["all"], counts["waiting"]) == (2, 5, 7, 7)
    assert counts["longest_since"] == (await agent.row(threads[0]))["waiting_since"]
    (await agent.act(threads[1], "resolve", category="question")).ok()
    assert [row["id"] for row in (await agent.get("/api/conversations?view=mine&state=resolved")).ok()["rows"]] == [threads[1]]
    assert len((await agent.get("/api/conversations?view=all&state=any")).ok()["rows"]) == 7


async def test_a_team_has_its_list(house: House) -> None:
    agent, visitor = await house.agent(), await house.visitor()
    team, empty = await house.team("Support", agent), await house.team("Sales")
    thread = (await visitor.say("my sofa squeaks"))["thread"]["id"]
    row = (await agent.act(thread, "handover", team=team)).ok()["conversation"]
    assert row["team"] == {"id": team, "name": "Support"} and row["assignee"] is None

    async def listed(query: str) -> list[str]:
        return [row["id"] for row in (await agent.get(f"/api/conversations?{query}")).ok()["rows"]]

    assert await listed(f"team={team}") == [thread] and await listed(f"team={empty}") == [] == await listed("team=nobody")
    await until(lambda: listed("q=squeaks"), what="the search index")
    assert await listed(f"q=squeaks&team={team}") == [thread]
    assert await listed(f"q=squeaks&team={empty}") == [], "the team counts while searching, too"
    assert await listed("q=squeaks&view=mine") == [] == await listed("q=squeaks&state=closed")
    for odd in ("%22", "AND", "(", "*", "%22%22%22", "NEAR(", "a" * 900, "-", "col:x", "%F0%9F%98%80"):
        assert (await agent.get(f"/api/conversations?q={odd}")).status == 200, odd
    assert {(found["id"], found["name"]) for found in (await agent.get("/api/teams")).ok()["teams"]} == {
        (team, "Support"),
        (empty, "Sales"),
    }
    (me,) = (await agent.get("/api/agents")).ok()["agents"]
    assert set(me) == {"id", "name", "availability", "here", "load", "teams"} and me["teams"] == [team]


async def test_entries_are_paged_both_ways(both: House) -> None:
    agent, visitor = await both.agent(), await both.visitor()
    thread = (await visitor.say("0"))["thread"]["id"]
    for number in range(1, 6):
        await agent.say(thread, str(number), "notes" if number % 2 else "replies")
    every = await agent.entries(thread)
    assert all(set(entry) == (MESSAGE if entry["kind"] == "message" else EVENT) for entry in every)
    assert [entry["at"] for entry in every] == sorted(entry["at"] for entry in every)

    def seqs(entries: list[dict[str, object]]) -> list[object]:
        return [entry["seq"] for entry in entries if entry["kind"] == "message"]

    assert seqs(every) == [1, 2, 3, 4, 5, 6]
    assert seqs(await agent.entries(thread, "?after=4")) == [5, 6] and seqs(await agent.entries(thread, "?after=2&limit=2")) == [3, 4]
    assert seqs(await agent.entries(thread, "?before=4")) == [1, 2, 3] and seqs(await agent.entries(thread, "?before=4&limit=2")) == [2, 3]
    assert seqs(await agent.entries(thread, "?limit=2")) == [5, 6] and seqs(await agent.entries(thread, "?after=6")) == []
    assert (await agent.get(f"/api/conversations/{thread}/entries")).ok()["last_seq"] == 6
    notes = [entry for entry in every if entry.get("direction") == "note"]
    assert [note["pub"] for note in notes] == [None] * 3 and all(note["delivery"] is None for note in notes)


async def test_a_reply_is_stored_once_per_client_id(both: House) -> None:
    agent, visitor = await both.agent(), await both.visitor()
    thread = (await visitor.say("hei"))["thread"]["id"]
    for kind in ("replies", "notes"):
        body = {"client_id": f"the-same-{kind}", "text": kind}
        answers = await asyncio.gather(*(agent.post(f"/api/conversations/{thread}/{kind}", body) for _ in range(8)))
        assert len({answer.ok()["entry"]["id"] for answer in answers}) == 1
    assert await both.count("message") == 3 and await both.count("delivery") == 1
    for bad in (
        {"client_id": "short", "text": "x"},
        {"client_id": "12345678", "text": " "},
        {"client_id": "12345678", "text": "x" * 10_001},
    ):
        (await agent.post(f"/api/conversations/{thread}/replies", bad)).problem(400)
    foreign = {"client_id": "12345678", "text": "x", "address": (await both.visitor()).address}
    (await agent.post(f"/api/conversations/{thread}/replies", foreign)).problem(400, "address")


async def test_two_who_take_at_once_and_one_has_it(both: House) -> None:
    agents = [await both.agent(name) for name in ("Mikko", "Sanna", "Olli")]
    thread = (await (await both.visitor()).say("hei"))["thread"]["id"]
    version = (await agents[0].row(thread))["version"]
    answers = await asyncio.gather(*(agent.post(f"/api/conversations/{thread}/take", {"version": version}) for agent in agents))
    (winner,) = [agent for agent, answer in zip(agents, answers, strict=True) if answer.status == 200]
    for answer in answers:
        if answer.status != 200:
            assert f"{winner.name} has it now." in answer.problem(409)["detail"]
    for name, more in (("handover", {}), ("resolve", {"category": "question"}), ("snooze", {"until": both.clock.now() + HOUR})):
        (await agents[0].post(f"/api/conversations/{thread}/{name}", {"version": version, **more})).problem(409)
    me = (await winner.get("/api/me")).ok()
    assert next(load["load"] for load in me["load"] if load["class"] == "chat") == 1


async def test_handing_over_to_a_colleague_and_back_to_the_queue(both: House) -> None:
    mikko, sanna, viewer = await both.agent("Mikko"), await both.agent("Sanna"), await both.agent("Vera", "viewer")
    thread = (await (await both.visitor()).say("hei"))["thread"]["id"]
    (await mikko.act(thread, "take")).ok()
    row = (await mikko.act(thread, "handover", agent=sanna.id, note="she knows")).ok()["conversation"]
    assert row["assignee"] == {"id": sanna.id, "name": "Sanna"}
    (await mikko.act(thread, "handover", agent=sanna.id, team="x")).problem(400, "team")
    (await mikko.act(thread, "handover", agent="nobody")).problem(404)
    (await mikko.act(thread, "handover", team="nobody")).problem(404)
    (await mikko.act(thread, "handover", agent=viewer.id)).problem(403)
    assert (await mikko.row(thread))["assignee"]["id"] == sanna.id
    row = (await sanna.act(thread, "handover")).ok()["conversation"]
    assert row["assignee"] is None and row["waiting_since"] is not None
    why = (await mikko.get(f"/api/conversations/{thread}/why")).ok()["assignments"]
    assert sorted(assignment["reason"] for assignment in why) == ["Handed over by Mikko.", "Taken by hand."]


async def test_resolving_needs_a_category_and_snoozing_a_time_to_come(both: House) -> None:
    agent, visitor = await both.agent(), await both.visitor()
    thread = (await visitor.say("hei"))["thread"]["id"]
    (await agent.act(thread, "resolve")).problem(400, "category")
    (await agent.act(thread, "resolve", category="nonsense")).problem(400, "category")
    categories = [found["id"] for found in (await agent.get("/api/categories")).ok()["categories"]]
    (await agent.act(thread, "snooze", until=both.clock.now() - 1)).problem(400, "until")
    row = (await agent.act(thread, "snooze", until=both.clock.now() + HOUR)).ok()["conversation"]
    assert row["state"] == "snoozed" and row["snoozed_until"] > both.clock.now()
    await visitor.say("still there?")
    assert (await agent.row(thread))["state"] == "open"
    row = (await agent.act(thread, "resolve", category=categories[0])).ok()["conversation"]
    assert (row["state"], row["category"]) == ("resolved", categories[0])
    (await agent.act(thread, "resolve", category=categories[0])).problem(409)
    assert (await agent.act(thread, "reopen")).ok()["conversation"]["state"] == "open"
    (await agent.act(thread, "reopen")).problem(409)


async def test_an_offer_is_accepted_declined_or_runs_out(migrated_file: Path, tmp_path: Path) -> None:
    url = copy_file(migrated_file, tmp_path / "throughline.db")
    async with open_house(tmp_path, url, routing={"offer_seconds": 30}) as house:
        mikko, sanna = await house.agent("Mikko"), await house.agent("Sanna")
        await house.here(mikko)
        thread = (await (await house.visitor()).say("hei"))["thread"]["id"]

        async def offer() -> object:
            return (await mikko.row(thread))["offer"]

        told = await until(offer, what="the offer")
        assert isinstance(told, dict) and told["agent_id"] == mikko.id and told["deadline"] > house.clock.now()
        (await sanna.act(thread, "accept")).problem(403)
        (await sanna.act(thread, "decline")).problem(409)
        assert (await mikko.act(thread, "decline")).ok()["conversation"]["assignee"] is None
        await house.here(sanna)

        async def offered_to(agent: Worker) -> bool:
            found = (await mikko.row(thread))["offer"]
            return bool(found) and found["agent_id"] == agent.id

        await until(lambda: offered_to(sanna), what="the offer to Sanna")
        house.clock.ahead += 31
        (await sanna.act(thread, "accept")).problem(409)
        olli = await house.agent("Olli")
        await house.here(olli)
        await until(lambda: offered_to(olli), 15, what="the offer to Olli")
        row = (await olli.act(thread, "accept")).ok()["conversation"]
        assert row["assignee"] == {"id": olli.id, "name": "Olli"} and row["offer"] is None


async def test_a_ticket_opened_by_hand(both: House) -> None:
    agent = await both.agent()
    body = {"address": "aino@example.fi", "name": "Aino", "subject": "By telephone", "text": "She called about a sofa."}
    row = (await agent.post("/api/conversations", body)).ok(201)["conversation"]
    assert row["subject"] == "By telephone" and row["assignee"]["id"] == agent.id and row["contact"]["name"] == "Aino"
    shown = (await agent.get(f"/api/conversations/{row['id']}")).ok()
    assert set(shown) >= {"conversation", "contact", "joined"} and set(shown["contact"]) == CARD
    assert [claim["address"] for claim in shown["contact"]["claims"]] == ["mailto:aino@example.fi"] and shown["contact"]["identities"] == []
    assert [entry["text"] for entry in await agent.entries(row["id"]) if entry["kind"] == "message"] == ["She called about a sofa."]
    (await agent.post(f"/api/conversations/{row['id']}/replies", {"client_id": "12345678", "text": "x"})).problem(400, "address")
    for bad, field in (
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"address": "x"}, "address"),
        ({"name": "x" * 201}, "name"),
        ({"name": "A", "x": 1}, "x"),
    ):
        (await agent.post("/api/conversations", bad)).problem(400, field)


async def test_merging_undoing_and_renaming(both: House) -> None:
    agent, one, other = await both.agent(), await both.visitor(), await both.visitor()
    mine, theirs = (await one.say("hei"))["thread"]["id"], (await other.say("moi"))["thread"]["id"]
    kept, gone = await agent.contact(mine), await agent.contact(theirs)
    (await agent.post(f"/api/contacts/{kept}/merge", {"other": kept})).problem(400, "other")
    merge = (await agent.post(f"/api/contacts/{kept}/merge", {"other": gone})).ok()["merge"]["id"]
    (await agent.post(f"/api/contacts/{kept}/merge", {"other": gone})).problem(409)
    shown = (await agent.get(f"/api/conversations/{mine}")).ok()
    assert [found["id"] for found in shown["joined"]] == [theirs] and [found["id"] for found in shown["contact"]["merges"]] == [merge]
    assert {entry["text"] for entry in await agent.entries(mine) if entry["kind"] == "message"} == {"hei", "moi"}
    (await agent.act(theirs, "take")).problem(409)
    assert (await agent.post(f"/api/merges/{merge}/undo")).status == 204
    (await agent.post(f"/api/merges/{merge}/undo")).problem(409)
    assert {entry["text"] for entry in await agent.entries(mine) if entry["kind"] == "message"} == {"hei"}
    assert (await agent.put(f"/api/contacts/{kept}", {"name": "  Aino  "})).ok()["name"] == "Aino"
    assert (await agent.row(mine))["contact"]["name"] == "Aino"
    (await agent.put(f"/api/contacts/{kept}", {"name": "x" * 201})).problem(400, "name")


async def test_read_marks_are_each_ones_own_and_the_customer_sees_the_owners(both: House) -> None:
    mikko, sanna, visitor = await both.agent("Mikko"), await both.agent("Sanna"), await both.visitor()
    thread = (await visitor.say("hei"))["thread"]["id"]
    (await mikko.act(thread, "take")).ok()
    assert (await sanna.post(f"/api/conversations/{thread}/seen", {"seq": 1})).status == 204
    assert (await visitor.get("/api/visitor/thread")).ok()["thread"]["read_by_agent_pub"] == 0
    assert (await mikko.post(f"/api/conversations/{thread}/seen", {"seq": 10**9})).status == 204
    assert (await visitor.get("/api/visitor/thread")).ok()["thread"]["read_by_agent_pub"] == 1
    assert (await mikko.row(thread))["seen_seq"] == 1 == (await sanna.row(thread))["seen_seq"]
    (await mikko.post(f"/api/conversations/{thread}/seen", {"seq": -1})).problem(400, "seq")
