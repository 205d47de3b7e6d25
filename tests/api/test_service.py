"""Whether somebody is there, said honestly: per site, by team, by hours (docs/api.md, Service)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.app import Gateway
from gateway.errors import ConfigError
from tests.api.ears import inbox, widget
from tests.api.house import House, MovedClock, Worker, open_house, settings_of, until
from tests.stores import copy_file

SHUT: dict[str, Any] = {"zone": "UTC", "week": {}}
AWAY: dict[str, Any] = {"state": "away", "opens_at": None, "agents": []}
CLOSED: dict[str, Any] = {"state": "closed", "opens_at": None, "agents": []}
SITES: dict[str, Any] = {"demo": {}, "team": {"team": "Support"}, "lost": {"team": "Nobody"}, "shut": {"hours": SHUT}}


async def service(house: House, site: str = "demo") -> Any:
    return (await house.stranger().post("/api/visitor/session", {"site": site})).ok()["service"]


async def test_who_is_there_is_told_by_first_name_and_three_at_most(both: House) -> None:
    assert await service(both) == AWAY
    people = [await both.agent(name) for name in ("Mikko", "Aino", "Zoe", "Kaisa")]
    boss = await both.agent("Boss", "manager")
    (await boss.put(f"/api/people/{people[1].id}", {"name": "Aino Maria Virtanen"})).ok()
    viewer = await both.agent("Vera", "viewer")
    await both.here(viewer)
    assert await service(both) == AWAY, "who may only read answers nobody"
    for person in people:
        await both.here(person)
    assert await service(both) == {"state": "open", "opens_at": None, "agents": ["Aino", "Kaisa", "Mikko"]}
    for person in people:
        (await person.put("/api/me/availability", {"availability": "away"})).ok()
    assert await service(both) == AWAY


async def test_a_site_is_answered_by_its_team(migrated_url: str, tmp_path: Path) -> None:
    async with open_house(tmp_path, migrated_url, sites=SITES) as house:
        mikko, sanna = await house.agent("Mikko"), await house.agent("Sanna")
        support = await house.team("Support", sanna)
        await house.here(mikko)
        assert (await service(house, "team"), await service(house, "shut")) == (AWAY, CLOSED)
        assert (await service(house))["agents"] == (await service(house, "lost"))["agents"] == ["Mikko"]
        thread = (await (await house.visitor("team")).say("hei"))["thread"]["id"]
        assert (await mikko.row(thread))["team"] == {"id": support, "name": "Support"}
        common = (await (await house.visitor("lost")).say("hei"))["thread"]["id"]
        assert (await mikko.row(common))["team"] is None
        await house.here(sanna)
        assert (await service(house, "team"))["agents"] == ["Sanna"]


async def test_the_teams_hours_count_where_the_site_has_none(migrated_url: str, tmp_path: Path) -> None:
    sites = {"team": {"team": "Support"}, "own": {"team": "Support", "hours": {"zone": "UTC", "week": ALWAYS}}}
    async with open_house(tmp_path, migrated_url, sites=sites) as house:
        boss = await house.agent("Boss", "manager")
        team = await house.team("Support", boss)
        await house.here(boss)
        assert (await service(house, "team"))["state"] == "open"
        (await boss.put(f"/api/teams/{team}", {"hours": SHUT})).ok()
        assert await service(house, "team") == CLOSED
        assert (await service(house, "own"))["state"] == "open"


ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


async def test_widgets_hear_of_it_by_site(migrated_file: Path, tmp_path: Path) -> None:
    async with open_house(tmp_path, copy_file(migrated_file, tmp_path / "throughline.db"), sites=SITES) as house:
        mikko, sanna = await house.agent("Mikko"), await house.agent("Sanna")
        await house.team("Support", sanna)
        demo, team = await house.visitor("demo"), await house.visitor("team")
        async with widget(demo) as here, widget(team) as there:
            async with inbox(mikko):
                told = await here.hear("service", lambda told: told["service"]["state"] == "open")
                assert told == {"service": (await demo.get("/api/visitor/thread")).ok()["service"]}
                async with inbox(sanna):
                    told = await there.hear("service", lambda told: told["service"]["state"] == "open")
                    assert told["service"]["agents"] == ["Sanna"]
                    await here.hear("service", lambda told: told["service"]["agents"] == ["Mikko", "Sanna"])
                    (await sanna.put("/api/me/availability", {"availability": "away"})).ok()
                    await there.hear("service", lambda told: told["service"]["state"] == "away")
            assert all("Mikko" not in told["service"]["agents"] for _, told in there.heard)


async def test_widgets_hear_when_the_hours_begin_and_end(migrated_file: Path, tmp_path: Path) -> None:
    clock = MovedClock()
    day = clock.now() // (86_400 * 1_000_000)
    # Noon of the day after tomorrow, when it is closed; it opens at 13:00 and closes at 14:00.
    clock.ahead = (day + 2) * 86_400 + 12 * 3600 - clock.now() / 1_000_000
    week = {name: [["13:00", "14:00"]] for name in ALWAYS}
    sites = {"demo": {"hours": {"zone": "UTC", "week": week}}}
    url = copy_file(migrated_file, tmp_path / "throughline.db")
    async with open_house(tmp_path, url, clock=clock, sites=sites, routing={"presence_seconds": 10}) as house:
        mikko, aino = await house.agent("Mikko"), await house.visitor()
        told = await service(house)
        assert told["state"] == "closed" and datetime.fromtimestamp(told["opens_at"] / 1_000_000, UTC).hour == 13
        async with widget(aino) as ear, inbox(mikko):
            clock.ahead += 3600
            await ear.hear("service", lambda told: told["service"]["state"] == "open", seconds=15)
            clock.ahead += 3600
            told = await ear.hear("service", lambda told: told["service"]["state"] == "closed", seconds=15)
            assert told["service"]["opens_at"] > clock.now() and told["service"]["agents"] == []


async def test_the_configuration_tells_fields_and_ways(migrated_file: Path, tmp_path: Path) -> None:
    sites = {"demo": {"fields": ["phone"], "identity_keys": ["k" * 32], "team": "Support", "hours": SHUT}, "plain": {}}
    async with open_house(tmp_path, copy_file(migrated_file, tmp_path / "throughline.db"), sites=sites) as house:
        told = await house.stranger().get("/api/visitor/config?site=demo")
        assert told.ok()["fields"] == ["phone"] and told.body["ways"] == []
        assert b"kkkk" not in told.raw and b"Support" not in told.raw
        assert (await house.stranger().get("/api/visitor/config?site=plain")).ok()["fields"] == ["name", "mail"]
        assert house.gateway.context is not None and "kkkk" not in repr(house.gateway.context)


@pytest.mark.parametrize(
    ("hours", "words"), [({"week": {}}, "time zone"), ({"zone": "UTC", "week": {"mon": [["9", "17"]]}}, "mon"), ({"x": 1}, "“x”")]
)
async def test_hours_that_are_not_right_stop_the_start(migrated_file: Path, tmp_path: Path, hours: Any, words: str) -> None:
    url = copy_file(migrated_file, tmp_path / "throughline.db")
    with pytest.raises(ConfigError, match=words) as error:
        await Gateway(settings_of(tmp_path, url, sites={"shop": {"hours": hours}})).start()
    assert "“shop”" in str(error.value)


# --- the agents' side of it ------------------------------------------------------------------------------------------------------------


async def test_colleagues_see_who_writes_an_answer(house: House) -> None:
    aino, mikko, sanna, vera = await house.visitor(), await house.agent(), await house.agent("Sanna"), await house.agent("Vera", "viewer")
    thread = (await aino.say("hei"))["thread"]["id"]

    def writes(*who: Worker) -> Any:
        return lambda told: {agent["id"] for agent in told["agents"] if agent["replying"]} == {one.id for one in who}

    async with inbox(mikko, thread) as desk:
        async with inbox(sanna, thread) as hers, inbox(vera, thread) as reader:
            await desk.hear("watching", lambda told: len(told["agents"]) == 3)
            await reader.say("replying", {"conversation_id": thread, "on": True})
            await desk.say("replying", {"conversation_id": "another", "on": True})
            await hers.say("replying", {"conversation_id": thread, "on": True})
            await desk.hear("watching", writes(sanna))
            await hers.say("replying", {"conversation_id": thread, "on": False})
            await desk.hear("watching", writes())
            await hers.say("replying", {"conversation_id": thread, "on": True})
            await desk.hear("watching", writes(sanna))
            await hers.say("watch", {"conversation_id": None})
            await desk.hear("watching", lambda told: len(told["agents"]) == 2 and writes()(told))
            await hers.say("watch", {"conversation_id": thread})
            await hers.say("replying", {"conversation_id": thread, "on": True})
            await desk.hear("watching", writes(sanna))
        await desk.hear("watching", lambda told: len(told["agents"]) == 1 and writes()(told))
        assert all(writes()(told) or writes(sanna)(told) for name, told in desk.heard if name == "watching")


async def test_a_window_that_fell_silent_does_not_write_for_ever(migrated_file: Path, tmp_path: Path) -> None:
    url = copy_file(migrated_file, tmp_path / "throughline.db")
    async with open_house(tmp_path, url, routing={"presence_seconds": 10}) as house:
        aino, mikko = await house.visitor(), await house.agent()
        thread = (await aino.say("hei"))["thread"]["id"]
        async with inbox(mikko, thread) as desk:
            await desk.say("replying", {"conversation_id": thread, "on": True})
            await desk.hear("watching", lambda told: told["agents"][0]["replying"])
            house.clock.ahead += 61
            await desk.hear("watching", lambda told: not told["agents"][0]["replying"], seconds=15)


async def test_inboxes_hear_what_to_fetch_again(both: House) -> None:
    boss, mikko = await both.agent("Boss", "manager"), await both.agent()
    async with inbox(mikko) as desk:
        (await boss.post("/api/teams", {"name": "Support"})).ok(201)
        assert await desk.hear("changed", lambda told: told["what"] == "teams") == {"what": "teams"}


async def test_a_window_connects_again_when_its_agent_may_do_something_else(both: House) -> None:
    boss, mikko, aino = await both.agent("Boss", "manager"), await both.agent(), await both.visitor()
    thread = (await aino.say("hei"))["thread"]["id"]
    async with inbox(mikko, thread) as desk, inbox(boss) as other:
        (await boss.put(f"/api/people/{mikko.id}", {"role": "viewer"})).ok()
        await until(lambda: _closed(desk), what="the end of the old window")
        assert "signed_out" not in desk.names() and not other.closed.is_set()
    async with widget(aino) as hers, inbox(mikko, thread) as desk, inbox(boss, thread) as writes:
        await desk.say("typing", {"conversation_id": thread, "on": True})
        await desk.say("watch", {"conversation_id": None})
        await writes.hear("watching", lambda told: len(told["agents"]) == 1)
        await writes.say("typing", {"conversation_id": thread, "on": True})
        assert (await hers.hear("typing"))["name"] == "Boss", "and not the reader's before it"


async def _closed(ear: Any) -> bool:
    return bool(ear.closed.is_set())
