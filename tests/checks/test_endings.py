"""Whose rights end loses the open windows at once; who may say what over a socket; ids nobody guesses (T-17, T-19, T-20, R-60)."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from gateway.flow import accounts, staff
from gateway.model import AgentId
from gateway.web.sockets import AGENT, EVENTS, VISITOR, Sockets
from gateway.web.visitor_tokens import new_visitor_id
from tests.api.ears import Ear, Refused, inbox, widget
from tests.api.house import House, Visitor, Worker
from tests.checks.routes import ODD, ODD_IDS

SECONDS = 2.0
PASSWORD = "quietly falling autumn leaves"


async def _leaves(house: House, agent: Worker, admin: Worker) -> None:
    assert (await agent.call("DELETE", "/api/session")).status == 204


async def _changes_password(house: House, agent: Worker, admin: Worker) -> None:
    """Elsewhere: the session that does it stays."""
    elsewhere = Worker(house.url, house.session, house.agent_headers(await house.sign_in(agent.id)))
    assert (await elsewhere.put("/api/me/password", {"old": None, "new": PASSWORD})).status == 204


async def _uses_a_new_link(house: House, agent: Worker, admin: Worker) -> None:
    nobody = house.stranger(**house.agent_headers(""))
    assert (await nobody.post("/api/session/link", {"token": await house.link(agent.id), "password": PASSWORD})).status == 200


async def _is_disabled(house: House, agent: Worker, admin: Worker) -> None:
    (await admin.post(f"/api/people/{agent.id}/disable", {})).ok()


async def _is_disabled_by_the_operator(house: House, agent: Worker, admin: Worker) -> None:
    await house.gateway.db.run(accounts.disable, AgentId(agent.id))


async def _gets_another_role(house: House, agent: Worker, admin: Worker) -> None:
    (await admin.put(f"/api/people/{agent.id}", {"role": "viewer"})).ok()


async def _gets_another_role_from_the_operator(house: House, agent: Worker, admin: Worker) -> None:
    await house.gateway.db.run(staff.change, None, AgentId(agent.id), staff.Change(role="viewer"))


ENDS: tuple[Callable[[House, Worker, Worker], Awaitable[None]], ...] = (
    _leaves, _changes_password, _uses_a_new_link, _is_disabled, _is_disabled_by_the_operator, _gets_another_role, _gets_another_role_from_the_operator,
)  # fmt: skip


@pytest.mark.parametrize("ends", ENDS, ids=lambda ends: str(ends.__name__).strip("_"))
async def test_every_window_is_closed_within_two_seconds(house: House, ends: Callable[..., Awaitable[None]]) -> None:
    agent, admin, visitor = await house.agent("Mikko"), await house.agent("Sanna", "admin"), await house.visitor()
    thread = (await visitor.say("hei"))["thread"]["id"]
    async with AsyncExitStack() as open_windows:
        windows = [await open_windows.enter_async_context(inbox(agent, thread)) for _ in range(3)]
        other = await open_windows.enter_async_context(inbox(admin, thread))
        customer = await open_windows.enter_async_context(widget(visitor))
        await ends(house, agent, admin)
        await asyncio.wait_for(asyncio.gather(*(window.closed.wait() for window in windows)), SECONDS)
        assert not other.closed.is_set() and not customer.closed.is_set(), "nobody else is thrown out"
        for window in windows:
            before = list(window.heard)
            await visitor.say(f"after the end {len(before)}")
            assert window.heard == before
    if "role" not in ends.__name__:
        with pytest.raises(Refused):
            async with inbox(agent):
                pass
        (await agent.get("/api/me")).problem(401)
    else:
        async with inbox(agent, thread) as again, widget(visitor) as customer:
            await again.say("typing", {"conversation_id": thread, "on": True})
            await visitor.say("are you there?")
            await again.hear("entry", lambda told: told["entry"].get("text") == "are you there?")
            assert "typing" not in customer.names(), "a viewer is not seen typing, whatever they were before"


async def test_a_session_that_ended_unheard_is_noticed_by_the_next_look(house: House) -> None:
    """T-19 when the hint was lost: the look at every open window, which the gateway takes by itself every 15 seconds."""
    agent = await house.agent()
    async with inbox(agent) as window:
        house.clock.ahead += 15 * 86_400  # longer than a session lives without use; nobody tells
        (sockets,) = _instances(house, Sockets)
        await sockets.renew()
        await asyncio.wait_for(window.closed.wait(), SECONDS)


def _instances(house: House, kind: type[Any]) -> list[Any]:
    return [found for found in gc.get_objects() if type(found) is kind and found._ctx is house.gateway.context]


# Over a socket: what each caller's event does to the others. A new event needs its row.
ROWS: dict[tuple[str, str], dict[str, bool]] = {
    (VISITOR, "typing"): {"owner": True, "other": False},
    (AGENT, "watch"): {"agent": True, "viewer": True},
    (AGENT, "typing"): {"agent": True, "viewer": False},
    (AGENT, "replying"): {"agent": True, "viewer": False},
}


def test_every_event_has_its_row() -> None:
    assert {(namespace, name) for namespace, names in EVENTS.items() for name in names} == set(ROWS)


@pytest.mark.parametrize(("namespace", "name"), sorted(ROWS))
async def test_the_matrix_of_events(house: House, namespace: str, name: str) -> None:
    """Whether somebody else sees it: a colleague who has the conversation open, and for typing the customer it is about."""
    owner, other = await house.visitor(), await house.visitor()
    thread = (await owner.say("hei"))["thread"]["id"]
    await other.say("moi")
    colleague = await house.agent("Sanna", "lead")
    for caller, expected in ROWS[namespace, name].items():
        who: Any = {"owner": owner, "other": other}.get(caller) or await house.agent(caller.title(), caller)
        async with inbox(colleague, thread) as desk, widget(owner) as hers:
            async with widget(who) if isinstance(who, Visitor) else inbox(who, None if name == "watch" else thread) as ear:
                # Answered when it has been dealt with, so what it caused stands before what is said next.
                await ear.io.call(
                    name, {"on": True} if isinstance(who, Visitor) else {"conversation_id": thread, "on": True}, namespace=namespace
                )
                await _until_said(owner, desk, caller)
                seen = [told for event, told in desk.heard if _is_about(event, told, name, thread, who)]
                assert bool(seen) == expected, (namespace, name, caller, desk.heard)
                if (namespace, name) == (AGENT, "typing"):
                    assert ("typing" in hers.names()) == expected


def _is_about(event: str, told: Any, name: str, thread: str, who: Any) -> bool:
    if told.get("conversation_id") != thread:
        return False
    if name == "typing":
        return event == "typing" and told["on"] and (told["agent_id"] == who.id if isinstance(who, Worker) else told["who"] == "customer")
    found = [agent for agent in told.get("agents", []) if agent["id"] == who.id]
    return event == "watching" and any(agent["replying"] if name == "replying" else True for agent in found)


async def _until_said(owner: Visitor, desk: Ear, mark: str) -> None:
    """Hints keep their order, so what was to come has come once this has."""
    await owner.say(f"the end of {mark}")
    await desk.hear("entry", lambda told: told["entry"].get("text") == f"the end of {mark}")


async def test_events_with_any_id_and_any_value_reach_nobody_they_should_not(house: House) -> None:
    owner, other, agent = await house.visitor(), await house.visitor(), await house.agent()
    thread, theirs = (await owner.say("hei"))["thread"]["id"], (await other.say("moi"))["thread"]["id"]
    file = (await owner.upload(b"words", "a.txt")).ok(201)["file"]["id"]
    values = [*ODD.values(), *ODD_IDS.values(), theirs, agent.id, file, owner.visitor, f"address:visitor:{owner.visitor}", "agents", "*"]
    heard: list[tuple[str, Any]] = []
    async with widget(owner) as hers:
        for value in values:
            house.clock.ahead += 5
            async with widget(other) as his, inbox(agent) as desk:  # anew: who makes twenty errors is shown the door
                for ear, names in ((his, EVENTS[VISITOR]), (desk, EVENTS[AGENT])):
                    for name in sorted(names):
                        if not (ear is desk and value == theirs):  # agents see every conversation
                            await ear.say(
                                name, {"conversation_id": value, "on": True, "who": "agent", "agent_id": agent.id, "name": "Mikko"}
                            )
                await his.say("typing", {"on": value})
                await desk.say("typing", {"conversation_id": "x", "on": value})
                await his.io.call("typing", {"on": False}, namespace=VISITOR)  # answered in turn: all before it has been dealt with
                await desk.io.call("watch", {"conversation_id": None}, namespace=AGENT)
                assert not his.closed.is_set() and not desk.closed.is_set()
            heard += [*his.heard, *desk.heard]
        await agent.say(thread, "the end")
        await hers.hear("item", lambda told: told["item"]["text"] == "the end")
        assert "typing" not in hers.names() and not hers.closed.is_set()
    assert not [told for event, told in heard if event in ("item", "entry")], "and nobody was told words"
    drops = house.gateway.metrics.registry.get_sample_value("throughline_socket_refused_total", {"reason": "failed"})
    assert not drops, "no event made a handler fail"


async def test_ids_are_long_and_random_and_a_second_window_takes_nothing_from_the_first(house: House) -> None:
    """T-20: 128 bits and more from the system's randomness; two windows of one visitor live side by side."""
    ids = {new_visitor_id(house.clock) for _ in range(10_000)}
    tokens = {house.clock.token() for _ in range(10_000)}
    assert len(ids) == len(tokens) == 10_000
    assert all(len(one) * 6 >= 128 for one in (*ids, *tokens))
    starts = {one[:3] for one in ids}
    assert len(starts) > 8_000, "no common beginning, no counter"
    visitor, agent = await house.visitor(), await house.agent()
    async with widget(visitor) as first, widget(visitor) as second, inbox(agent) as desk, inbox(agent) as other_desk:
        sids = [ear.io.get_sid(ear.namespace) for ear in (first, second, desk, other_desk)] + [
            ear.io.eio.sid for ear in (first, second, desk, other_desk)
        ]
        assert len(set(sids)) == 8 and all(len(sid) >= 20 for sid in sids)
        item = (await visitor.say("to both"))["item"]
        for ear in (first, second):
            assert (await ear.hear("item"))["item"] == item
            assert not ear.closed.is_set()
        for ear in (desk, other_desk):
            await ear.hear("row")
