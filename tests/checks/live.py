"""The real program under attack: what it is told, how much memory and processor time it takes, what it counts and says."""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from gateway.commands.people import FIRST_EMAIL
from tests.gateway import GatewayProcess

SECRET = "the key that signs, and that nobody may ever read"
METRICS = "the-token-of-the-numbers"
PASSWORD = "quietly falling autumn leaves"
TOLD = {
    "secret_key": SECRET, "metrics_token": METRICS, "log_level": "debug", "log_format": "json", "limits__messages_per_minute": "100000",
    "limits__sessions_per_minute": "100000", "limits__files_per_minute": "100000", "limits__sockets_per_minute": "100000",
    "limits__sockets_per_address": "10000", "limits__connections_per_address": "10000",
}  # fmt: skip
OPEN = "/socket.io/?EIO=4&transport=websocket"
_LINKS: dict[str, str] = {}


def resident(pid: int) -> int:
    """Memory of a process in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def worked(pid: int) -> float:
    """Processor seconds a process has taken so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """Without cookies of its own and without a limit of connections."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(60)
    ) as session:
        yield session


async def visitor_token(gateway: GatewayProcess, session: aiohttp.ClientSession) -> str:
    async with session.post(gateway.url + "/api/visitor/session", json={"site": "demo"}) as answer:
        assert answer.status == 200
        return str((await answer.json())["token"])


async def sign_in(gateway: GatewayProcess, session: aiohttp.ClientSession) -> str:
    """A new session of the first agent: by the link the program printed at its start, and from then on with the password set there."""
    if gateway.url not in _LINKS:
        _LINKS[gateway.url] = gateway.said(r"/inbox/#link=(\S+)")
        path, body = "/api/session/link", {"token": _LINKS[gateway.url], "password": PASSWORD}
    else:
        path, body = "/api/session", {"email": FIRST_EMAIL, "password": PASSWORD}
    async with session.post(gateway.url + path, json=body, headers=ours(gateway)) as answer:
        assert answer.status == 200, await answer.text()
        return answer.cookies["throughline_session"].value


def ours(gateway: GatewayProcess, cookie: str | None = None) -> dict[str, str]:
    """The headers of the inbox page's own calls."""
    found = {"Origin": gateway.url, "X-Throughline": "1"}
    return found if cookie is None else {**found, "Cookie": f"throughline_session={cookie}"}


async def dropped(gateway: GatewayProcess, session: aiohttp.ClientSession) -> dict[str, int]:
    """What the socket guard has refused so far, by reason."""
    async with session.get(gateway.url + "/metrics") as answer:
        text = await answer.text()
    return {reason: int(float(count)) for reason, count in re.findall(r'throughline_socket_refused_total\{reason="(\w+)"\} (\S+)', text)}


async def attack(
    gateway: GatewayProcess, session: aiohttp.ClientSession, namespace: str, auth: Any, headers: dict[str, str], frames: list[str]
) -> list[str]:
    """Joins, sends the frames, and listens until the server hangs up or has answered a ping; gives everything it said."""
    said: list[str] = []
    async with session.ws_connect(gateway.url.replace("http", "ws", 1) + OPEN, headers=headers, autoping=False, max_msg_size=0) as socket:
        await socket.send_str(f"40{namespace},{json.dumps(auth)}")
        while not said or not said[-1].startswith((f"40{namespace},", "44")):
            said.append(str((await asyncio.wait_for(socket.receive(), 15)).data))
        for frame in frames:
            await socket.send_str(frame)
        while (came := await _answer(socket)).type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            said.append(str(came.data))
    return said


async def _answer(socket: aiohttp.ClientWebSocketResponse) -> aiohttp.WSMessage:
    """What comes next. Asks for a sign of life again and again, because one that comes too soon after the frames is not answered."""
    for _ in range(30):
        await socket.ping(b"alive?")
        try:
            return await asyncio.wait_for(socket.receive(), 0.5)
        except TimeoutError:
            continue
    raise AssertionError("the server neither answers nor hangs up")
