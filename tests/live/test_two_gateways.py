"""Two processes, one PostgreSQL, one Redis: what is said to one is heard at the other, and nothing is lost when Redis goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import pytest

from tests.api.ears import inbox, widget
from tests.api.house import House, Worker, open_house, until
from tests.conftest import _need
from tests.servers import RedisServer

ENGINE = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


@pytest.fixture
def own_redis() -> object:
    with _need(RedisServer) as server:
        yield server


@pytest.fixture
async def houses(migrated_url: str, own_redis: RedisServer, tmp_path: Path) -> AsyncIterator[tuple[House, House]]:
    async with AsyncExitStack() as stack:
        made = [await stack.enter_async_context(open_house(tmp_path / name, migrated_url, redis_url=own_redis.url)) for name in ("a", "b")]
        for house in made:
            await until(partial(_healthy, house), what="the bus")
        yield made[0], made[1]


async def _healthy(house: House) -> bool:
    return house.gateway.bus.healthy() is None


async def _ill(house: House) -> bool:
    return house.gateway.bus.healthy() is not None


def at(house: House, agent: Worker) -> Worker:
    """The same agent, calling the other process."""
    return Worker(
        house.url, house.session, house.agent_headers(agent.cookie), id=agent.id, name=agent.name, email=agent.email, cookie=agent.cookie
    )


@ENGINE
async def test_what_is_said_to_one_is_heard_at_the_other(houses: tuple[House, House]) -> None:
    one, other = houses
    aino, mikko = await one.visitor(), await one.agent("Mikko")
    thread = (await aino.say("hei"))["thread"]["id"]
    async with widget(aino, other.url) as hers, inbox(at(other, mikko), thread) as desk:
        item = (await aino.say("to the first"))["item"]
        assert (await hers.hear("item", lambda told: told["item"]["text"] == "to the first"))["item"] == item
        await desk.hear("entry", lambda told: told["entry"].get("text") == "to the first")
        await mikko.say(thread, "from the first")
        assert (await hers.hear("item", lambda told: not told["item"]["mine"]))["item"]["text"] == "from the first"
        await hers.say("typing", {"on": True})
        await desk.hear("typing")
        assert (await mikko.put("/api/me/password", {"old": None, "new": "correct horse battery staple"})).status == 204
        assert not desk.closed.is_set(), "the session that changed it stays"
        assert (await mikko.call("DELETE", "/api/session")).status == 204
        await asyncio.wait_for(desk.closed.wait(), 2)


@ENGINE
async def test_both_lead_one_router_and_an_agent_is_full_once(houses: tuple[House, House]) -> None:
    one, other = houses
    mikko = await one.agent("Mikko")
    async with inbox(mikko):
        visitors = [await house.visitor() for house in (one, other) * 4]
        await asyncio.gather(*(visitor.say("hei") for visitor in visitors))

        async def full() -> bool:
            return int((await mikko.get("/api/counts")).ok()["mine"]) >= 3

        await until(full, what="three chats for Mikko")
        me = (await mikko.get("/api/me")).ok()
        assert [load for load in me["load"] if load["class"] == "chat"] == [{"class": "chat", "load": 3, "cap": 3}]
        assert (await mikko.get("/api/counts")).ok()["unassigned"] == 5


@ENGINE
@pytest.mark.kill
async def test_redis_goes_and_nothing_is_lost(houses: tuple[House, House], own_redis: RedisServer) -> None:
    one, other = houses
    aino, mikko = await one.visitor(), await one.agent("Mikko")
    thread = (await aino.say("before"))["thread"]["id"]
    async with widget(aino, other.url) as hers:
        await asyncio.to_thread(own_redis.kill)
        for house in houses:
            await until(partial(_ill, house), what="the end of the bus")
        assert (await aino.say("while it is away"))["item"]["pub"] == 2
        await mikko.say(thread, "an answer meanwhile")
        assert [item["pub"] for item in await aino.items()] == [1, 2, 3]
        assert (await one.stranger().get("/readyz")).status == 200, "hints are no reason to stop taking messages"
        await asyncio.to_thread(own_redis.start)
        for house in houses:
            await until(partial(_healthy, house), what="the bus")
        # Nobody knows what was missed, so every window is sent to connect again, and fetches.
        await asyncio.wait_for(hers.closed.wait(), 10)
    async with widget(aino, other.url) as hers:
        assert [item["text"] for item in await aino.items()] == ["before", "while it is away", "an answer meanwhile"]
        await mikko.say(thread, "afterwards")
        await hers.hear("item", lambda told: told["item"]["text"] == "afterwards")
