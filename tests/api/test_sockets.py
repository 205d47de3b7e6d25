"""Sockets: each event to whom it belongs and to nobody else; sessions that end close their windows (docs/api.md, T-17, T-19, R24)."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.flow import accounts
from gateway.model import AgentId
from tests.api.ears import Refused, inbox, listening, widget
from tests.api.house import House, open_house, until
from tests.stores import copy_file
from tests.web.sockets import Stage


def _is(state: str) -> Any:
    return lambda told: told["service"]["state"] == state


@pytest.mark.parametrize(
    "auth", [None, {}, {"token": None}, {"token": 1}, {"token": "x"}, {"token": ["x"]}, {"token": {"a": 1}}, {"token": "é" * 600}]
)
async def test_a_widget_without_a_good_token_is_refused(house: House, auth: Any) -> None:
    with pytest.raises(Refused, match="unauthorised"):
        async with listening(house.url, "/visitor", auth=auth):
            pass


async def test_an_inbox_without_a_session_is_refused(house: House) -> None:
    agent, visitor = await house.agent(), await house.visitor()
    for headers in (
        {},
        {"Cookie": "throughline_session="},
        {"Cookie": "throughline_session=x"},
        {"Authorization": visitor.headers["Authorization"]},
    ):
        with pytest.raises(Refused, match="unauthorised"):
            async with listening(house.url, "/agent", headers, auth={"token": visitor.token}):
                pass
    await house.gateway.db.run(accounts.disable, AgentId(agent.id))
    with pytest.raises(Refused, match="unauthorised"):
        async with inbox(agent):
            pass


async def test_another_sites_page_opens_no_socket(house: House) -> None:
    agent = await house.agent()
    with pytest.raises(Refused):
        async with listening(house.url, "/agent", {**agent.headers, "Origin": "https://evil.example"}):
            pass


async def test_the_ring_in_events(both: House) -> None:
    aino, other, mikko = await both.visitor(), await both.visitor(), await both.agent("Mikko")
    moi = (await other.say("moi"))["thread"]["id"]
    thread = (await aino.say("hei"))["thread"]["id"]
    async with widget(aino) as hers, widget(aino) as second, widget(other) as his, inbox(mikko, thread) as desk:
        item = (await aino.say("two"))["item"]
        assert (await second.hear("item", lambda told: told["item"]["text"] == "two"))["item"] == item
        entry = await desk.hear("entry", lambda told: told["entry"].get("text") == "two")
        assert entry["conversation_id"] == thread
        (listed,) = [found for found in await mikko.entries(thread) if found.get("text") == "two"]
        assert entry["entry"] == listed, "the socket tells what the list tells"
        row = (await desk.hear("row", lambda told: told["row"]["preview"] == "two"))["row"]
        assert row == {
            **await mikko.row(thread),
            "seen_seq": None,
            "version": row["version"],
            "assignee": row["assignee"],
            "offer": row["offer"],
        }
        reply = (await mikko.say(thread, "Hei Aino!"))["entry"]
        told = (await hers.hear("item", lambda told: told["item"]["text"] == "Hei Aino!"))["item"]
        assert (told["pub"], told["mine"], told["author"]) == (3, False, {"name": "Mikko", "kind": "agent"})
        sent = await desk.hear("delivery", lambda told: told["delivery"]["state"] == "sent")
        assert (sent["conversation_id"], sent["message_id"]) == (thread, reply["id"])
        await aino.post("/api/visitor/seen", {"pub": 3})
        assert await hers.hear("receipt", lambda told: told["state"] == "read") == {"pub": 3, "state": "read"}
        await desk.hear("delivery", lambda told: told["delivery"]["state"] == "read")
        (await mikko.act(thread, "resolve", category="question")).ok()
        state = (await hers.hear("thread", lambda told: told["thread"]["state"] == "resolved"))["thread"]
        assert state == (await aino.get("/api/visitor/thread")).ok()["thread"]
        assert all(name == "service" or (name == "thread" and told["thread"]["id"] == moi) for name, told in his.heard), his.heard


async def test_a_note_reaches_no_widget(both: House) -> None:
    aino, other, mikko, sanna = await both.visitor(), await both.visitor(), await both.agent("Mikko"), await both.agent("Sanna")
    mine, theirs = (await aino.say("hei"))["thread"]["id"], (await other.say("moi"))["thread"]["id"]
    secret = "between-us-only"
    async with widget(aino) as hers, widget(other) as his, inbox(sanna, mine) as desk:
        await mikko.say(mine, f"{secret} 1", "notes")
        await desk.hear("entry", lambda told: told["entry"].get("direction") == "note")
        (await mikko.act(mine, "handover", agent=sanna.id, note=f"{secret} 2")).ok()
        kept, gone = await mikko.contact(mine), await mikko.contact(theirs)
        merge = (await mikko.post(f"/api/contacts/{kept}/merge", {"other": gone})).ok()["merge"]["id"]
        await mikko.say(mine, f"{secret} 3", "notes")
        assert (await mikko.post(f"/api/merges/{merge}/undo")).status == 204
        await mikko.say(theirs, f"{secret} 4", "notes")
        for thread, ear in ((mine, hers), (theirs, his)):
            await mikko.say(thread, "the end")
            await ear.hear("item", lambda told: told["item"]["text"] == "the end")
            assert secret not in json.dumps(ear.heard), "hints keep their order, so nothing comes after this"


async def test_typing_goes_both_ways_and_no_further(house: House) -> None:
    aino, other, mikko, sanna = await house.visitor(), await house.visitor(), await house.agent("Mikko"), await house.agent("Sanna")
    thread = (await aino.say("hei"))["thread"]["id"]
    await other.say("moi")
    async with widget(aino) as hers, widget(other) as his, inbox(mikko, thread) as desk, inbox(sanna) as colleague:
        await hers.say("typing", {"on": True})
        expected = {"conversation_id": thread, "who": "customer", "agent_id": None, "name": "", "on": True}
        assert await desk.hear("typing") == expected and await colleague.hear("typing") == expected
        await desk.say("typing", {"conversation_id": thread, "on": True})
        assert await hers.hear("typing") == {"name": "Mikko", "on": True}
        assert (await colleague.hear("typing"))["agent_id"] == mikko.id
        await desk.say("typing", {"conversation_id": thread, "on": False})
        assert await hers.hear("typing") == {"name": "Mikko", "on": False}
        assert "typing" not in his.names()


async def test_a_viewer_is_not_seen_typing(house: House) -> None:
    aino, mikko, viewer = await house.visitor(), await house.agent("Mikko"), await house.agent("Vera", "viewer")
    thread = (await aino.say("hei"))["thread"]["id"]
    async with widget(aino) as hers, inbox(mikko, thread) as desk, inbox(viewer, thread) as looking:
        await looking.say("typing", {"conversation_id": thread, "on": True})
        await looking.say("watch", {"conversation_id": None})
        await desk.hear("watching", lambda told: len(told["agents"]) == 1)
        await desk.say("typing", {"conversation_id": thread, "on": True})
        assert await hers.hear("typing") == {"name": "Mikko", "on": True}, "and Vera's was not before it"


async def test_colleagues_see_who_has_it_open(house: House) -> None:
    aino, mikko, sanna = await house.visitor(), await house.agent("Mikko"), await house.agent("Sanna")
    thread = (await aino.say("hei"))["thread"]["id"]
    async with inbox(mikko, thread) as desk:
        async with inbox(sanna, thread):
            told = await desk.hear("watching", lambda told: len(told["agents"]) == 2)
            assert {(agent["id"], agent["name"]) for agent in told["agents"]} == {(mikko.id, "Mikko"), (sanna.id, "Sanna")}
        told = await desk.hear("watching", lambda told: len(told["agents"]) == 1)
        assert told["agents"][0]["id"] == mikko.id


async def test_what_a_window_may_not_say_is_dropped(house: House) -> None:
    aino, mikko = await house.visitor(), await house.agent("Mikko")
    thread = (await aino.say("hei"))["thread"]["id"]
    async with widget(aino) as hers, inbox(mikko, thread) as desk:
        for name, data in (
            ("watch", {"conversation_id": "x" * 65}), ("watch", {"conversation_id": 1}), ("typing", {"conversation_id": "another", "on": True}),
            ("typing", {"conversation_id": [thread]}), ("replying", {"conversation_id": [thread], "on": True}), ("replying", "x"), ("connect", {}), ("disconnect", {}), ("entry", {}), ("__class__", {}), ("typing", "x"),
        ):  # fmt: skip
            await desk.say(name, data)
        nonsense: tuple[tuple[str, Any], ...] = (
            ("watch", {"conversation_id": thread}),
            ("item", {}),
            ("typing", None),
            ("connect", {"token": "x"}),
        )
        for name, said in nonsense:
            await hers.say(name, said)
        await hers.say("typing", {"on": "yes"})
        await hers.say("typing", {"on": True})
        assert (await desk.hear("typing"))["on"] is True
        for _ in range(3):
            await hers.say("typing", {"on": True})
        await hers.say("typing", {"on": "yes"})
        assert (await desk.hear("typing"))["on"] is False, "what comes too soon after another is not passed on; the end always is"
        for on in (True, False) * 3:
            await hers.say("typing", {"on": on})
        await aino.say("still here")
        await desk.hear("entry", lambda told: told["entry"].get("text") == "still here")
        assert desk.names().count("typing") <= 4, "turning it on and off is no way around"
        assert not hers.closed.is_set() and not desk.closed.is_set()


async def test_windows_of_a_session_that_ended_are_closed(both: House) -> None:
    mikko = await both.agent("Mikko")
    again = type(mikko)(
        both.url, both.session, both.agent_headers(await both.sign_in(mikko.id)), id=mikko.id, name="Mikko", email=mikko.email
    )
    async with inbox(mikko) as kept, inbox(again) as other:
        assert (await mikko.put("/api/me/password", {"old": None, "new": "correct horse battery staple"})).status == 204
        await other.hear("signed_out", seconds=2)
        await asyncio.wait_for(other.closed.wait(), 2)
        assert not kept.closed.is_set()
        assert (await mikko.call("DELETE", "/api/session")).status == 204
        await kept.hear("signed_out", seconds=2)
        await asyncio.wait_for(kept.closed.wait(), 2)
    third = type(mikko)(
        both.url, both.session, both.agent_headers(await both.sign_in(mikko.id)), id=mikko.id, name="Mikko", email=mikko.email
    )
    async with inbox(third) as ear:
        await both.gateway.db.run(accounts.disable, AgentId(mikko.id))
        await asyncio.wait_for(ear.closed.wait(), 2)


async def test_presence_is_told_to_colleagues_and_customers(house: House) -> None:
    aino, mikko, sanna = await house.visitor(), await house.agent("Mikko"), await house.agent("Sanna")
    async with widget(aino) as hers, inbox(sanna) as desk:
        assert (await hers.hear("service", _is("open")))["service"]["agents"]
        assert (await aino.get("/api/visitor/thread")).ok()["service"] == {"state": "open", "opens_at": None, "agents": ["Sanna"]}
        async with inbox(mikko):
            told = (await desk.hear("presence", lambda told: told["agent"]["id"] == mikko.id))["agent"]
            assert told["here"] is True and told["availability"] == "available"
            (await mikko.put("/api/me/availability", {"availability": "away"})).ok()
            await desk.hear("presence", lambda told: told["agent"]["availability"] == "away")
        (await sanna.put("/api/me/availability", {"availability": "away"})).ok()
        assert (await hers.hear("service", _is("away")))["service"]["agents"] == []


async def test_when_the_agents_browser_closes_the_conversation_goes_back_with_its_place(migrated_file: Path, tmp_path: Path) -> None:
    routing = {"presence_seconds": 10, "chats": 1}
    async with open_house(tmp_path, copy_file(migrated_file, tmp_path / "throughline.db"), routing=routing) as house:
        aino, mikko = await house.visitor(), await house.agent("Mikko")
        async with inbox(mikko):
            told = await aino.say("hei")
            thread = told["thread"]["id"]
            await until(lambda: _assignee(mikko, thread), what="the assignment")
            since = (await mikko.row(thread))["waiting_since"]
        await until(lambda: _unassigned(mikko, thread), what="the return to the queue")
        row = await mikko.row(thread)
        assert (row["state"], row["waiting_since"]) == ("open", since)
        sanna = await house.agent("Sanna")
        async with inbox(sanna):
            assert (await until(lambda: _assignee(mikko, thread)))["id"] == sanna.id
        kinds = [entry["name"] for entry in await mikko.entries(thread) if entry["kind"] == "event"]
        assert kinds == ["assigned", "released", "assigned"]


async def test_when_the_last_agent_leaves_customers_are_told(migrated_file: Path, tmp_path: Path) -> None:
    async with open_house(tmp_path, copy_file(migrated_file, tmp_path / "throughline.db"), routing={"presence_seconds": 10}) as house:
        aino, mikko = await house.visitor(), await house.agent("Mikko")
        async with widget(aino) as hers:
            async with inbox(mikko):
                assert (await hers.hear("service", _is("open")))["service"]["agents"]
            assert (await hers.hear("service", _is("away")))["service"]["agents"] == []


async def _assignee(agent: Any, thread: str) -> Any:
    return (await agent.row(thread))["assignee"]


async def _unassigned(agent: Any, thread: str) -> bool:
    return (await agent.row(thread))["assignee"] is None


async def test_who_is_ended_while_closing_a_window_ends() -> None:
    """The library swallows a cancellation in a disconnect handler; the task that closes windows would then never stop."""
    stage, entered = Stage(), asyncio.Event()

    async def hang(*_: object) -> None:
        entered.set()
        await asyncio.Event().wait()

    server = await stage.start()
    try:
        async with listening(str(server.make_url("/")), "/visitor", auth={"token": "good"}):
            stage.sio.on("disconnect", hang, namespace="/visitor")
            (sid,) = (sid for sid, _ in stage.sio.manager.get_participants("/visitor", None))
            closing = asyncio.ensure_future(stage.sio.disconnect(sid, "/visitor"))
            await asyncio.wait_for(entered.wait(), 5)
            closing.cancel()
            await asyncio.wait([closing], timeout=5)
            assert closing.cancelled()
    finally:
        stage.sio.on("disconnect", stage.disconnect, namespace="/visitor")
        await server.close()
