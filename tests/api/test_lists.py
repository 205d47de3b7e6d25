"""The lists as the inbox asks for them: filters, orders, cursors, search, counts, what is next (docs/api.md, R20, R58)."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote, urlencode

from gateway.clock import HOUR
from tests.api.house import House, Worker, until


async def _ids(agent: Worker, **query: Any) -> list[str]:
    return [row["id"] for row in (await agent.get(f"/api/conversations?{urlencode(query)}")).ok()["rows"]]


async def _set(agent: Worker, thread: str, **wanted: Any) -> Any:
    version = (await agent.row(thread))["version"]
    return (await agent.put(f"/api/conversations/{thread}", {"version": version, **wanted})).ok()["conversation"]


async def _threads(house: House, count: int) -> list[str]:
    return [(await (await house.visitor()).say(f"question {number}"))["thread"]["id"] for number in range(count)]


async def test_every_filter_alone_and_together(both: House) -> None:
    mikko, sanna = await both.agent("Mikko"), await both.agent("Sanna")
    team = await both.team("Sales", mikko)
    one, two, three = await _threads(both, 3)
    (await mikko.act(one, "take")).ok()
    (await mikko.act(two, "handover", agent=sanna.id)).ok()
    (await mikko.act(three, "handover", team=team)).ok()
    await _set(mikko, one, priority=1, category="question")
    (await mikko.post(f"/api/conversations/{one}/tags", {"add": ["VIP", "déjà vu"]})).ok()
    channel = (await mikko.row(one))["channel"]
    for query, expected in (
        ({"owner": "me"}, [one]),
        ({"owner": sanna.id}, [two]),
        ({"owner": "none"}, [three]),
        ({"view": "mine", "owner": sanna.id}, []),
        ({"view": "unassigned", "owner": "me"}, []),
        ({"team": team}, [three]),
        ({"team": "none"}, [two, one]),
        ({"tag": "vip"}, [one]),
        ({"tag": "Déjà VU"}, [one]),
        ({"tag": "vi"}, []),
        ({"category": "question"}, [one]),
        ({"category": "none"}, [three, two]),
        ({"priority": "1"}, [one]),
        ({"priority": "2", "owner": "none"}, [three]),
        ({"channel": channel}, [three, two, one]),
        ({"channel": "mail"}, []),
        ({"tag": "vip", "priority": "1", "category": "question", "owner": "me", "team": "none", "view": "mine"}, [one]),
        ({"tag": "vip", "priority": "3"}, []),
        ({"state": "any", "team": "", "tag": "", "q": "", "cursor": ""}, [three, two, one]),
    ):
        assert await _ids(mikko, **query) == expected, query
    for wrong in ("view=everything", "state=joined", "sort=best", "priority=0", "priority=x", "limit=0", "limit=201", "view=mine&view=all"):
        (await mikko.get(f"/api/conversations?{wrong}")).problem(400)


async def test_each_order_and_its_cursor(both: House) -> None:
    agent = await both.agent()
    first, second, third, fourth = await _threads(both, 4)
    now = both.clock.now()
    await _set(agent, third, priority=1)
    await _set(agent, second, due_at=now + HOUR)
    await _set(agent, fourth, due_at=now + 2 * HOUR)
    for sort, expected in (
        ("newest", [fourth, third, second, first]),
        ("oldest", [first, second, third, fourth]),
        ("waiting", [first, second, third, fourth]),
        ("due", [second, fourth, first, third]),
        ("priority", [third, second, fourth, first]),
    ):
        found: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = (await agent.get(f"/api/conversations?sort={sort}&limit=1&cursor={cursor}")).ok()
            found += [row["id"] for row in page["rows"]]
            cursor = page["cursor"]
        assert found == expected, sort
    assert await _ids(agent, view="due") == [second, fourth]
    assert await _ids(agent, view="waiting") == [first, second, third, fourth] == await _ids(agent, view="unassigned")
    (await agent.act(first, "take")).ok()
    assert await _ids(agent, view="waiting") == [first, second, third, fourth], "also those somebody has"
    await agent.say(first, "I am looking into it.")
    assert await _ids(agent, view="waiting") == [second, third, fourth]


async def test_a_cursor_is_good_for_its_own_order_only(house: House) -> None:
    agent = await house.agent()
    await _threads(house, 3)
    cursor = (await agent.get("/api/conversations?limit=1&sort=priority")).ok()["cursor"]
    assert (await agent.get(f"/api/conversations?sort=priority&cursor={cursor}")).status == 200
    (await agent.get(f"/api/conversations?sort=newest&cursor={cursor}")).problem(400, "cursor")
    for made_up in (
        [],
        ["newest"],
        ["newest", 1],
        ["newest", 1, 2],
        ["newest", "a", "b"],
        ["newest", 1 << 63, "x"],
        ["newest", 1.0, "x"],
        {"newest": 1},
        "newest",
        7,
        None,
    ):
        text = quote(base64.urlsafe_b64encode(json.dumps(made_up).encode()).decode())
        (await agent.get(f"/api/conversations?cursor={text}")).problem(400, "cursor")
    for noise in ("%00", "%", "AAAA", "%FF", "W" * 999):
        assert (await agent.get(f"/api/conversations?cursor={noise}")).status == 400, noise


async def test_search_goes_with_every_filter_and_never_shows_spam(both: House) -> None:
    agent = await both.agent()
    sofa, chair = [(await (await both.visitor()).say(f"my {what} squeaks"))["thread"]["id"] for what in ("sofa", "chair")]
    (await agent.act(sofa, "take")).ok()
    (await agent.post(f"/api/conversations/{sofa}/tags", {"add": ["loud"]})).ok()

    async def listed() -> bool:
        return await _ids(agent, q="squeaks") == [chair, sofa]

    await until(listed, what="the search index")
    assert await _ids(agent, q="squeaks", tag="loud") == [sofa] == await _ids(agent, q="squeaks", view="mine")
    assert await _ids(agent, q="squeaks sofa", owner="none") == [] == await _ids(agent, q="squeaks", state="closed")
    found = (await agent.get("/api/conversations?q=squeaks&limit=1")).ok()
    assert [row["id"] for row in found["rows"]] == [chair] and found["cursor"] is None
    (await agent.act(chair, "spam")).ok()
    for state in ("open", "closed", "any"):
        assert chair not in await _ids(agent, q="squeaks", state=state), state
    assert await _ids(agent, q="squeaks", state="spam") == [chair] == await _ids(agent, state="spam")


async def test_counts_and_next_and_tags(both: House) -> None:
    agent = await both.agent()
    team = await both.team("Sales", agent)
    assert (await agent.get("/api/next")).ok() == {"conversation": None}
    one, two, three = await _threads(both, 3)
    (await agent.act(three, "handover", team=team)).ok()
    (await agent.act(two, "take")).ok()
    await _set(agent, two, priority=3)
    counts = (await agent.get("/api/counts")).ok()
    assert counts == {
        "mine": 1, "unassigned": 2, "all": 3, "waiting": 3, "due": 0, "spam": 0, "teams": {team: 1},
        "longest_since": (await agent.row(one))["waiting_since"],
    }  # fmt: skip
    for _ in range(2):
        assert (await agent.get("/api/next")).ok()["conversation"]["id"] == one
    await _set(agent, two, priority=1)
    assert (await agent.get("/api/next")).ok()["conversation"]["id"] == two
    await agent.say(two, "Done.")
    assert (await agent.get("/api/next")).ok()["conversation"]["id"] == one
    for thread, words in ((one, ["vip", "sofa"]), (two, ["vip"]), (three, ["spammy"])):
        (await agent.post(f"/api/conversations/{thread}/tags", {"add": words})).ok()
    (await agent.act(three, "spam")).ok()
    assert (await agent.get("/api/tags")).ok()["tags"] == [{"name": "vip", "count": 2}, {"name": "sofa", "count": 1}]
    counts = (await agent.get("/api/counts")).ok()
    assert (counts["all"], counts["unassigned"], counts["spam"], counts["teams"]) == (2, 1, 1, {})


async def test_somebody_elses_next_is_not_mine(house: House) -> None:
    mikko, sanna = await house.agent("Mikko"), await house.agent("Sanna")
    (thread,) = await _threads(house, 1)
    (await mikko.act(thread, "take")).ok()
    assert (await mikko.get("/api/next")).ok()["conversation"]["id"] == thread
    assert (await sanna.get("/api/next")).ok()["conversation"] is None
