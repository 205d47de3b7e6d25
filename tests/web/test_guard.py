"""The socket guard on real websockets: closed names, small frames, and no word of ours to an offender (T-15, T-16, T-18, R-49)."""

from __future__ import annotations

import asyncio
import inspect
import random
import resource
from pathlib import Path
from typing import Any

import engineio
import pytest
import socketio

from gateway.web.guard import PEER
from tests.web.sockets import NAMESPACE, ROOMY, Stand, event


def test_the_private_names_we_override_are_still_there() -> None:
    source = inspect.getsource(socketio.AsyncServer) + inspect.getsource(socketio.AsyncServer.__mro__[1])
    for name in (
        "_handle_eio_message",
        "_handle_eio_connect",
        "_handle_event",
        "_handle_connect",
        "_handle_event_internal",
        "_trigger_event",
    ):
        assert f"self.{name}" in source or f"server.{name}" in source
        assert callable(getattr(socketio.AsyncServer, name))
    assert list(inspect.signature(socketio.AsyncServer._handle_event).parameters) == ["self", "eio_sid", "namespace", "id", "data"]
    engine = inspect.getsource(engineio.AsyncServer)
    assert "self._async['translate_request']" in engine
    assert "self.server._async['websocket']" in inspect.getsource(engineio.async_socket.AsyncSocket)
    assert "self.server.create_queue()" in inspect.getsource(engineio.async_socket.AsyncSocket.__mro__[1])


async def test_an_honest_client_is_heard_in_order(stand: Stand) -> None:
    stage, dial = await stand()
    wire = await dial()
    await wire.join()
    for number in range(10):
        await wire.send(event("typing", {"on": True, "number": number}))
    await wire.send(f'42{NAMESPACE},7["typing",{{"on":false}}]')
    assert await wire.hear("43") == f"43{NAMESPACE},7[]"
    assert [data.get("number") for data in stage.typed] == [*range(10), None]
    assert stage.connects[0][PEER] == "127.0.0.1"
    assert not any(key.startswith("HTTP_X") for key in stage.connects[0])
    assert not stage.drops


async def test_the_librarys_own_client_works(stand: Stand) -> None:
    stage, dial = await stand(ping_interval=0.2)
    base = str((await dial()).socket._response.url.origin()).replace("ws", "http", 1)
    client = socketio.AsyncClient(reconnection=False)
    told: asyncio.Queue[Any] = asyncio.Queue()
    client.on("item", told.put, namespace=NAMESPACE)
    await client.connect(base, auth={"token": "good"}, namespaces=[NAMESPACE], transports=["websocket"])
    await client.emit("typing", {"on": True}, namespace=NAMESPACE)
    await asyncio.wait_for(stage.heard.wait(), 5)
    await asyncio.sleep(0.7)  # three pings
    await stage.sio.emit("item", {"pub": 1}, namespace=NAMESPACE)
    assert await asyncio.wait_for(told.get(), 5) == {"pub": 1}
    await client.disconnect()
    await asyncio.wait_for(stage.left.wait(), 5)


async def test_two_thousand_names_do_nothing(stand: Stand) -> None:
    stage, dial = await stand(**ROOMY)
    wire = await dial()
    await wire.join()
    draw = random.Random(7)
    alphabet = "abcdefghijklmnopqrstuvwxyz_*./ \u0000é\U0001f600"
    names: list[Any] = [
        "connect",
        "disconnect",
        "*",
        "__class__",
        "message",
        "__init__",
        "trigger_event",
        "connect_error",
        "Typing",
        "typing ",
        "",
    ]
    names += ["".join(draw.choices(alphabet, k=draw.randint(1, 12))) for _ in range(1900)]
    names += [draw.choice([None, 0, -1, 1.5, True, [], {}, ["typing"], {"typing": 1}]) for _ in range(89)]
    for name in names:
        await wire.send(event(name, {"HTTP_X_USER": "admin"}, {"token": "good"}) if draw.random() < 0.5 else event(name, {"on": True}))
    await wire.send(event("typing", {"on": True}))
    await asyncio.wait_for(stage.heard.wait(), 10)
    assert stage.typed == [{"on": True}]
    assert len(stage.connects) == 1
    assert stage.disconnects == []
    assert stage.drops["event"] == len(names) == 2000


async def test_connect_and_disconnect_cannot_be_sent_as_events(stand: Stand) -> None:
    stage, dial = await stand()
    wire = await dial()
    await wire.join()
    await wire.send(
        event("connect", {"HTTP_X_USER": "admin"}, {"token": "good"}), event("disconnect", "x"), event("connect", {"token": "good"})
    )
    await wire.send(event("typing", {"on": True}))
    await asyncio.wait_for(stage.heard.wait(), 10)
    assert len(stage.connects) == 1
    assert stage.disconnects == []
    assert stage.drops["event"] == 3


@pytest.mark.parametrize("arguments", [(), ("text",), ([],), (None,), (1,), ({}, {}), (True, {"on": True})])
async def test_the_one_argument_is_an_object(stand: Stand, arguments: tuple[Any, ...]) -> None:
    stage, dial = await stand()
    wire = await dial()
    await wire.join()
    await wire.send(event("typing", *arguments), event("typing", {"last": True}))
    await asyncio.wait_for(stage.heard.wait(), 10)
    assert stage.typed == [{"last": True}]
    assert stage.drops["shape"] == 1


MALFORMED = [
    "", "0", "2", "2probe", "4", "5", "6", "7", "9", "x", "b", "b!!!", "bAAAA", "4{", '4{"a":1}', "4" + "[" * 9000, "42", "42/", "42/visitor", "42/visitor,",
    "42/visitor,[", "42/visitor,{}", '42/visitor,"typing"', "42/visitor,null", "42/visitor,[]", "42/visitor," + "[" * 9000, "42/visitor," + '{"a":' * 1500,
    "42/visitor," + "1" * 120 + "[]", '42/visitor,["typing",{"n":' + "9" * 5000 + "}]", '42/other,["typing",{}]', '42["typing",{}]', "43/visitor,1[]", "44/visitor,{}",
    '451-/visitor,["typing",{"_placeholder":true,"num":0}]', "46", "45999999999-/visitor,[]", "4²", "42²[]", "40/visitor,[]", '40/visitor,"x"', "40/visitor,1", "41/other,", "\u0000",
]  # fmt: skip


def resident() -> int:
    """Memory of this process in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


async def test_malformed_frames_leave_the_socket_and_the_process_alive(stand: Stand) -> None:
    stage, dial = await stand(**ROOMY)
    wire = await dial()
    await wire.join()
    before = resident()
    for frame in MALFORMED * 250:
        await wire.send(frame)
    await wire.socket.send_bytes(b"\x00\x01")
    await wire.send(event("typing", {"on": True}))
    await asyncio.wait_for(stage.heard.wait(), 20)
    assert len(stage.connects) == 1
    assert sum(stage.drops.values()) >= 10_000
    assert resident() - before < 20_000_000
    assert not any("Traceback" in said or "Error" in said or "SECRET" in said for said in wire.said)


async def test_random_bytes_in_frames(stand: Stand) -> None:
    stage, dial = await stand(**ROOMY)
    wire = await dial()
    await wire.join()
    draw = random.Random(11)
    whole = event("typing", {"on": True, "name": "Aino"})
    for _ in range(3000):
        frame = list(whole[: draw.randint(0, len(whole))])
        for _ in range(draw.randint(1, 4)):
            frame.insert(draw.randint(0, len(frame)), chr(draw.choice([0, 34, 44, 45, 48, 52, 54, 91, 93, 123, 125, 233, 0x1F600])))
        text = "".join(frame)
        if not text.startswith(("1", "41")):  # those are a client's good right to go
            await wire.send(text)
    await wire.send(event("typing", {"last": True}))
    while {"last": True} not in stage.typed:
        stage.heard.clear()
        await asyncio.wait_for(stage.heard.wait(), 20)
    assert len(stage.connects) == 1
    assert len(stage.sio) == 1


@pytest.mark.parametrize("frame", ["x", "4{", event("nope", {}), '451-/visitor,["typing",{}]', event("refusing", {})])
async def test_an_offender_is_closed_after_twenty_errors(stand: Stand, frame: str) -> None:
    stage, dial = await stand(per_second=1e6, burst=1e6)
    wire, honest = await dial(), await dial()
    await wire.join()
    await honest.join()
    await wire.send(*[frame] * 20)
    assert await wire.until_closed() in (1008, 1006)
    await asyncio.wait_for(stage.left.wait(), 5)
    assert len(stage.disconnects) == 1
    assert stage.drops["closed"] == 1
    assert all(said.startswith(("0{", f"40{NAMESPACE},")) for said in wire.said)
    await honest.send(event("typing", {"on": True}))
    await asyncio.wait_for(stage.heard.wait(), 5)
