"""The socket guard under load and at its ends: rates, numbers of sockets, slow readers, goodbyes (T-19, T-38, R-50)."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import aiohttp
import pytest
import socketio

from tests.web.sockets import NAMESPACE, OPEN, Stand, event


async def test_a_large_frame_closes_the_socket(stand: Stand) -> None:
    stage, dial = await stand()
    wire = await dial()
    await wire.join()
    await wire.send(event("typing", {"text": "x" * 1_000_000}))
    await wire.until_closed()
    await asyncio.wait_for(stage.left.wait(), 5)
    assert stage.typed == []
    again = await dial()
    await again.join()


async def test_a_flood_is_thinned_and_then_closed(stand: Stand) -> None:
    stage, dial = await stand(per_second=0.001)
    wire = await dial()
    await wire.join()
    for _ in range(60):
        await wire.send(event("typing", {"on": True}))
    await wire.until_closed()
    assert len(stage.typed) == 15  # a burst of 20, of which the connect took 5
    assert stage.drops["rate"] == 20


async def test_a_flood_of_pings_counts_too(stand: Stand) -> None:
    stage, dial = await stand(per_second=0.001)
    wire = await dial(autoping=False)
    await wire.join()
    for _ in range(60):
        await wire.socket.ping(b"x")
    while (message := await asyncio.wait_for(wire.socket.receive(), 5)).type is aiohttp.WSMsgType.PONG:
        pass
    assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING)
    assert stage.drops["rate"] == 20


@pytest.mark.parametrize(
    ("token", "said"), [("bad", "unauthorised"), ("raise", "unavailable"), ("forgot", "rejected"), ("hang", "unavailable")]
)
async def test_only_an_explicit_yes_connects(stand: Stand, token: str, said: str) -> None:
    stage, dial = await stand(event_seconds=0.2)
    wire = await dial()
    await wire.send(f'40{NAMESPACE},{{"token":"{token}"}}')
    refusal = await wire.hear(f"44{NAMESPACE},")
    assert said in refusal
    assert "SECRET" not in refusal
    await wire.send(event("typing", {"on": True}))
    await wire.join()  # the same socket may try again, and only then is it heard
    assert stage.typed == []
    assert stage.drops["early"] == 1


async def test_a_handler_that_fails_or_hangs_tells_the_client_nothing(stand: Stand) -> None:
    stage, dial = await stand(event_seconds=0.2)
    wire = await dial()
    await wire.join()
    await wire.send(f'42{NAMESPACE},1["broken",{{}}]', f'42{NAMESPACE},2["hanging",{{}}]', f'42{NAMESPACE},3["typing",{{}}]')
    assert await wire.hear("43") == f"43{NAMESPACE},3[]"
    assert stage.drops["failed"] == 2
    assert not any("SECRET" in said for said in wire.said)


async def test_a_socket_that_joins_nothing_is_cut(stand: Stand) -> None:
    stage, dial = await stand(join_seconds=0.2)
    wire = await dial()
    await wire.until_closed()
    assert stage.drops["idle"] == 1


async def test_another_namespace_is_refused(stand: Stand) -> None:
    stage, dial = await stand()
    wire = await dial()
    await wire.send("40", "40/admin,")
    assert (await wire.hear("44")).startswith("44")
    assert (await wire.hear("44/admin")).startswith("44/admin")
    assert stage.connects == []


async def test_sockets_of_one_peer_are_counted(stand: Stand) -> None:
    stage, dial = await stand(per_peer=3, new_per_minute=0.001, new_burst=5)
    wires = [await dial() for _ in range(3)]
    with pytest.raises(aiohttp.WSServerHandshakeError) as full:
        await dial()
    assert full.value.status == 429
    for wire in wires:
        await wire.socket.close()
    while len(stage.sio):
        await asyncio.sleep(0.01)
    for _ in range(2):
        wire = await dial()
        await wire.socket.close()
    with pytest.raises(aiohttp.WSServerHandshakeError) as often:
        # A false header must not make a new peer of the same one.
        await dial(headers={"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "CF-Connecting-IP": "203.0.113.9"})
    assert often.value.status == 429
    assert stage.drops["peer"] == 2


@pytest.mark.parametrize(
    "path",
    [
        "/socket.io/",
        "/socket.io/?EIO=4&transport=polling",
        "/socket.io/?EIO=3&transport=websocket",
        OPEN + "&sid=x",
        OPEN + "&transport=polling",
        OPEN + "&j=1",
    ],
)
async def test_only_websockets_of_version_four(stand: Stand, path: str) -> None:
    _, dial = await stand()
    if path.endswith("&j=1"):
        await (await dial(path)).hear("0{")
        return
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await dial(path)
    assert refused.value.status == 400


async def test_a_foreign_page_gets_no_socket(stand: Stand) -> None:
    stage, dial = await stand()
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await dial(origin="https://evil.example")
    assert refused.value.status == 403
    assert stage.drops["origin"] == 1
    await (await dial(origin="http://ours")).join()


async def test_a_client_that_does_not_read_is_dropped(stand: Stand) -> None:
    stage, dial = await stand()
    slow, honest = await dial(), await dial()
    await slow.join()
    await honest.join()
    slow.socket._response.connection.transport.pause_reading()  # type: ignore[union-attr]  # aiohttp's own client has no public way to stop reading
    reader = asyncio.create_task(honest.until_closed())
    for _ in range(5000):
        await stage.sio.emit("item", {"text": "x" * 20_000}, namespace=NAMESPACE)
        await asyncio.sleep(0)
        if stage.drops["slow"]:
            break
    assert stage.drops["slow"] >= 1
    await asyncio.wait_for(stage.left.wait(), 10)
    assert len(stage.sio) == 1
    reader.cancel()


async def test_disconnected_means_closed_at_once(stand: Stand) -> None:
    stage, dial = await stand()
    wire = await dial()
    await wire.join()
    sid = next(iter(stage.sio.manager.get_participants(NAMESPACE, None)))[0]
    await stage.sio.disconnect(sid, NAMESPACE)
    assert await wire.until_closed() in (1008, 1006)
    assert f"41{NAMESPACE}," in wire.said
    assert len(stage.disconnects) == 1
    while len(stage.sio):
        await asyncio.sleep(0.01)


async def test_leaving_the_namespace_ends_the_socket(stand: Stand) -> None:
    stage, dial = await stand()
    wire = await dial()
    await wire.join()
    await wire.send(f"41{NAMESPACE},")
    await wire.until_closed()
    assert len(stage.disconnects) == 1


async def test_stopping_closes_every_socket_and_takes_no_more(stand: Stand) -> None:
    stage, dial = await stand()
    wires = [await dial() for _ in range(3)]
    for wire in wires:
        await wire.join()
    closing = [asyncio.create_task(wire.until_closed()) for wire in wires]
    await asyncio.wait_for(stage.sio.stop(), 5)
    assert await asyncio.gather(*closing) == [1001] * 3
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await dial()
    assert refused.value.status == 503


async def test_a_forgotten_ping_ends_the_socket(stand: Stand) -> None:
    stage, dial = await stand(ping_interval=0.1, ping_timeout=0.3)
    wire = await dial()
    await wire.join()
    await wire.hear("2")
    await wire.until_closed()
    await asyncio.wait_for(stage.left.wait(), 5)


async def test_two_processes_share_redis(stand: Stand, redis_url: str) -> None:
    managers = [socketio.AsyncRedisManager(redis_url) for _ in range(2)]
    (here, dial), (there, _) = [await stand(client_manager=manager) for manager in managers]
    there.sio.manager.initialize()
    there.sio.manager_initialized = True
    wire = await dial()
    await wire.join()
    sid = next(iter(here.sio.manager.get_participants(NAMESPACE, None)))[0]
    async with asyncio.timeout(10):
        while not any(said.startswith(f"42{NAMESPACE},") for said in wire.said):
            # Until the other side has subscribed a hint is lost, which is what hints may be.
            await there.sio.emit("item", {"pub": 1}, namespace=NAMESPACE, to=sid)
            with suppress(TimeoutError):
                await asyncio.wait_for(wire.hear("42"), 0.2)
    await there.sio.disconnect(sid, NAMESPACE)
    assert await wire.until_closed() in (1008, 1006)
    assert len(here.disconnects) == 1
    await asyncio.gather(here.sio.stop(), there.sio.stop())
    for manager in managers:
        manager.thread.cancel()
        await manager.pubsub.aclose()
        await manager.redis.aclose()
