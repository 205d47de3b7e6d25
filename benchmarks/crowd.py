"""Widgets that are open and quiet, in a process of their own: they answer pings and nothing else.

Reads a plan (JSON) from stdin; prints a line when all are connected; ends with a second line on stdin.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass

import aiohttp

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Plan:
    port: int
    tokens: list[str]


async def widget(session: aiohttp.ClientSession, port: int, token: str, here: asyncio.Semaphore) -> asyncio.Task[None]:
    """Engine.IO 4 and Socket.IO 5 by hand: open, connect to the namespace, then pong for each ping. Raises RuntimeError when refused."""
    async with here:
        socket = await session.ws_connect(f"http://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket", heartbeat=None)
        await socket.receive_str()
        await socket.send_str("40/visitor," + json.dumps({"token": token}))
        answer = await socket.receive_str()
        if not answer.startswith("40/visitor,"):
            raise RuntimeError(f"a widget was refused: {answer}")

    async def quiet() -> None:
        async for message in socket:
            if message.data == "2":
                await socket.send_str("3")

    return asyncio.create_task(quiet())


async def main(plan: Plan) -> None:
    loop = asyncio.get_running_loop()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        here = asyncio.Semaphore(AT_ONCE)
        tasks = await asyncio.gather(*(widget(session, plan.port, token, here) for token in plan.tokens))
        print("connected", flush=True)
        await loop.run_in_executor(None, sys.stdin.readline)
        for task in tasks:
            task.cancel()


if __name__ == "__main__":
    asyncio.run(main(Plan(**json.loads(sys.stdin.readline()))))
