"""Ten thousand names and ten thousand broken frames at the real program's sockets (T-15, T-16, T-18, T-38, R-49)."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import Sequence
from typing import Any

import aiohttp
import pytest

from gateway.web.sockets import EVENTS
from tests.checks.live import OPEN, attack, client, dropped, ours, resident, sign_in, visitor_token
from tests.gateway import GatewayProcess
from tests.web.test_guard import MALFORMED

ONCE = 14
"""Frames a fresh socket may send at once: a burst of 20, of which joining took 5 and the ping at the end takes one."""
AT_ONCE = 8
# All that a server may say here: engine.io's opening and pings, the namespace joined or refused, acknowledgements, hints of its own table.
ALLOWED = re.compile(
    r'0\{"sid":.*|2|40/(visitor|agent),\{"sid":"[\w-]{20}"\}|43/(visitor|agent),\d+\[\]|42/(visitor|agent),\["(presence|agents|service|watching|row)".*',
    re.DOTALL,
)
RESERVED = [
    "connect", "disconnect", "connect_error", "disconnecting", "error", "*", "message", "base", "__class__", "__init__", "__dict__", "trigger_event",
    "on_connect", "on_disconnect", "constructor", "__proto__", "toString", "newListener", "removeListener", "ping", "pong", "join", "leave", "enter_room",
    "emit", "item", "items", "thread", "receipt", "service", "entry", "row", "delivery", "presence", "watching", "changed", "signed_out", "agents",
    "Typing", "TYPING", "typing ", " typing", "typing\0", "typing\n", "ty\u200bping", "\uff54yping", "typing.on", "typing/", "", " ", "\0", "a" * 5_000,
]  # fmt: skip


def names(number: int) -> list[Any]:
    """Reserved ones, near misses, random words and things that are no text."""
    draw = random.Random(15)
    letters = "abcdefghijklmnopqrstuvwxyz_*./:- \0é\u202e😀"
    found: list[Any] = [*RESERVED, *(draw.choice([None, 0, -1, 1.5, True, [], {}, ["typing"], {"typing": 1}]) for _ in range(300))]
    known = {name for table in EVENTS.values() for name in table}
    while len(found) < number:
        word = "".join(draw.choices(letters, k=draw.randint(1, 16)))
        if word not in known:
            found.append(word)
    return found[:number]


def broken(number: int) -> list[str]:
    """Frames that are wrong in every way, random mutations of good ones among them."""
    draw = random.Random(18)
    found = [frame.replace("/visitor", "NS") for frame in MALFORMED if not frame.startswith(("1", "41"))]
    found += [
        "42NS," + "[" * 3_000,
        "42NS," + '["typing",' + '{"a":' * 3_000,
        "42NS," + '["typing",{"on":' + "[" * 3_000 + "]" * 3_000 + "}]",
        "4" * 16_000,
        "42NS," + "x" * 16_000,
    ]
    whole = '42NS,["typing",{"on":true,"conversation_id":"x"}]'
    while len(found) < number:
        frame = list(whole[: draw.randint(1, len(whole) - 1)])
        for _ in range(draw.randint(0, 4)):
            frame.insert(draw.randint(0, len(frame)), chr(draw.choice([0, 34, 44, 45, 48, 52, 54, 91, 93, 123, 125, 233, 0x1F600])))
        text = "".join(frame)
        if not text.startswith(("1", "41", "40")):
            found.append(text)
    return found[:number]


class Fuzz:
    """The program, and who attacks it on both namespaces."""

    def __init__(self, gateway: GatewayProcess, session: aiohttp.ClientSession, token: str, cookie: str) -> None:
        self.gateway = gateway
        self.session = session
        self.parties: list[tuple[str, Any, dict[str, str]]] = [("/visitor", {"token": token}, {}), ("/agent", None, ours(gateway, cookie))]

    async def send(self, frames: Sequence[str]) -> set[str]:
        """In fresh sockets of both kinds in turn, as many at a time as one may send; what was said to them and is not allowed."""
        waiting = [(frames[at : at + ONCE], self.parties[at // ONCE % 2]) for at in range(0, len(frames), ONCE)]
        odd: set[str] = set()

        async def work() -> None:
            while waiting:
                some, (namespace, auth, headers) = waiting.pop()
                said = await attack(
                    self.gateway, self.session, namespace, auth, headers, [frame.replace("NS", namespace) for frame in some]
                )
                odd.update(frame[:300] for frame in said if not ALLOWED.fullmatch(frame))

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        return odd


async def started(gateway: GatewayProcess, session: aiohttp.ClientSession) -> Fuzz:
    return Fuzz(gateway, session, await visitor_token(gateway, session), await sign_in(gateway, session))


async def test_ten_thousand_names_are_dropped_and_counted(gateway: GatewayProcess) -> None:
    async with client() as session:
        fuzz = await started(gateway, session)
        wanted = names(10_000)
        frames = [f"42NS,{json.dumps([name, {'on': True, 'token': 'x', 'HTTP_X_USER': 'admin'}])}" for name in wanted]
        await fuzz.send(frames[-600:])  # what a process needs once
        before, memory, pid = (await dropped(gateway, session)).get("event", 0), resident(gateway.pid), gateway.pid
        odd = await fuzz.send(frames)
        assert odd == set()
        assert (await dropped(gateway, session))["event"] - before == 10_000
        assert gateway.pid == pid and resident(gateway.pid) - memory < 20_000_000
        await _still_works(gateway, session)


async def test_ten_thousand_broken_frames_leave_it_alive_and_tell_nothing(gateway: GatewayProcess) -> None:
    async with client() as session:
        fuzz = await started(gateway, session)
        frames, logged = broken(10_000), len(gateway.output.read_text("utf-8"))
        await fuzz.send(frames[-600:])
        before, memory, pid = sum((await dropped(gateway, session)).values()), resident(gateway.pid), gateway.pid
        odd = await fuzz.send(frames)
        assert odd == set()
        assert sum((await dropped(gateway, session)).values()) - before >= 10_000
        assert gateway.pid == pid and resident(gateway.pid) - memory < 20_000_000
        await _still_works(gateway, session)
    assert "Traceback" not in gateway.output.read_text("utf-8")[logged:]


async def _still_works(gateway: GatewayProcess, session: aiohttp.ClientSession) -> None:
    headers = {"Authorization": f"Bearer {await visitor_token(gateway, session)}"}
    async with session.post(
        gateway.url + "/api/visitor/messages", json={"client_id": "afterwards", "text": "hei"}, headers=headers
    ) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("size", [20_000, 999_999, 1_000_001])
async def test_a_frame_of_any_size_ends_its_own_socket_only(gateway: GatewayProcess, size: int) -> None:
    async with client() as session:
        fuzz = await started(gateway, session)
        memory = resident(gateway.pid)
        for namespace, auth, headers in fuzz.parties:
            said = await attack(gateway, session, namespace, auth, headers, [f'42{namespace},["typing",{{"on":"{"x" * size}"}}]'])
            assert all(ALLOWED.fullmatch(frame) for frame in said)
        assert resident(gateway.pid) - memory < 20_000_000
        await _still_works(gateway, session)


async def test_nothing_but_websockets_is_served(gateway: GatewayProcess) -> None:
    """T-38: neither polling, nor JSONP, nor a session that could be taken over by its id."""
    async with client() as session:
        token = await visitor_token(gateway, session)
        for query in (
            "transport=polling",
            "transport=polling&j=0",
            "transport=polling&j=0&sid=x",
            "transport=websocket&j=0",
            "transport=websocket",
            "j=0",
            "",
            "transport=jsonp",
            "transport=polling&transport=websocket",
        ):
            for method, body in (("GET", None), ("POST", f'40/visitor,{{"token":"{token}"}}'), ("OPTIONS", None)):
                async with session.request(
                    method, f"{gateway.url}/socket.io/?EIO=4&{query}", data=body, headers={"Origin": gateway.url}
                ) as answer:
                    text = await answer.text()
                    assert answer.status in (400, 405), (query, method)
                    assert answer.content_type == "application/problem+json" and '"sid"' not in text and "___eio" not in text
        for wrong in (
            OPEN.replace("EIO=4", "EIO=3"),
            OPEN + "&sid=AAAAAAAAAAAAAAAAAAAA",
            OPEN + "&transport=polling",
            OPEN.replace("websocket", "polling"),
        ):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(gateway.url.replace("http", "ws", 1) + wrong)
        for origin in ("https://evil.example", "null", gateway.url + ".evil.example", gateway.url.replace("http", "https")):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(gateway.url.replace("http", "ws", 1) + OPEN, headers={"Origin": origin})
            assert refused.value.status == 403
