"""The yardstick for live traffic: the same calls and events over bare aiohttp and python-socketio, with nothing stored or looked at.

Prints its port, ends with its stdin.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import socketio
from aiohttp import web

PROBE = "Bearer probe"


class Relay:
    """What a customer posts is told to every agent's window; what an agent posts is told to every customer's."""

    def __init__(self) -> None:
        self.server = socketio.AsyncServer(
            async_mode="aiohttp", transports=["websocket"], namespaces=["/visitor", "/agent"], cors_allowed_origins="*"
        )
        self.server.on("watch", self._nothing, namespace="/agent")
        self.app = web.Application()
        self.app.add_routes([web.post("/api/visitor/messages", self.ask), web.post("/api/conversations/{id}/replies", self.answer)])
        self.server.attach(self.app, "socket.io")

    async def _nothing(self, sid: str, data: Any) -> None:
        """A window says what it shows; here every window shows everything."""

    async def ask(self, request: web.Request) -> web.Response:
        body = await request.json()
        await self.server.emit("row", {"row": {"id": "one", "preview": body["text"]}}, namespace="/agent")
        if request.headers.get("Authorization") == PROBE:
            await self.server.emit("entry", {"conversation_id": "one", "entry": {"text": body["text"]}}, namespace="/agent")
        return web.json_response({"item": body})

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        await self.server.emit("item", {"item": {"text": body["text"]}}, namespace="/visitor")
        return web.json_response({"entry": body})


async def main() -> None:
    runner = web.AppRunner(Relay().app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
