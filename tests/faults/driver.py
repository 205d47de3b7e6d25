"""Customers who do not give up: each sends one message after the other and repeats it under the same id until it is taken."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.faults.ledger import Confirmation, Intent, Ledger, Stored

WITH_FILE = 8
"""Every so many messages carry a file."""
PAUSE = 0.05
"""Seconds before the next try: shorter ones would only slow down the start they wait for."""
_NO_ANSWER = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, TimeoutError)


def digest(text: str, content: bytes = b"") -> str:
    return hashlib.sha256(text.encode() + b"\0" + content).hexdigest()


@dataclass(slots=True)
class Crowd:
    """What the senders did: `sent` messages taken, `repeats` by reason."""

    base: str
    ledger: Ledger
    http: aiohttp.ClientSession
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    tokens: dict[str, str] = field(default_factory=dict)
    repeats: Counter[str] = field(default_factory=Counter)
    sent: int = 0

    async def join(self) -> str:
        """A new visitor, and their id."""
        body = await self._until_taken("POST", "/api/visitor/session", "", json={"site": "demo"})
        self.tokens[body["visitor"]] = body["token"]
        return str(body["visitor"])

    async def _write(self, sender: str) -> None:
        """Sends until told to stop; the message that is under way then is still brought to its end."""
        number = 0
        while not self.stopping.is_set():
            number += 1
            content = f"file {number} of {sender}\n".encode() * 20 if number % WITH_FILE == 0 else b""
            text, client_id = f"message {number} of {sender}", f"message-{number:06d}"
            self.ledger.intend(Intent(sender, client_id, digest(text, content)))
            files = [await self._upload(sender, content)] if content else []
            said = {"client_id": client_id, "text": text, "files": files}
            answer = await self._until_taken("POST", "/api/visitor/messages", sender, json=said)
            self.ledger.confirm(Confirmation(sender, client_id, answer["item"]["pub"]))
            self.sent += 1

    async def read(self, sender: str) -> list[Stored]:
        """What the customer sees of their own messages, files included."""
        found: list[Stored] = []
        while True:
            path = f"/api/visitor/items?after={found[-1].pub if found else 0}"
            items = (await self._until_taken("GET", path, sender))["items"]
            found.extend([await self._stored(sender, item) for item in items])
            if not items:
                return found

    async def _stored(self, sender: str, item: dict[str, Any]) -> Stored:
        content = b""
        for file in item["files"]:
            async with self.http.get(f"{self.base}/api/visitor/files/{file['id']}", headers=self._headers(sender)) as answer:
                content += await answer.read() if answer.status == 200 else b"missing"
        return Stored(sender, item["client_id"], item["pub"], digest(item["text"], content))

    async def _upload(self, sender: str, content: bytes) -> str:
        answer = await self._until_taken("POST", "/api/visitor/files?name=note.txt", sender, data=content)
        return str(answer["file"]["id"])

    async def _until_taken(self, method: str, path: str, sender: str, **body: Any) -> dict[str, Any]:
        """Repeats the same request while nobody answers or the answer is 503; any other refusal is an error of ours."""
        while True:
            try:
                async with self.http.request(method, self.base + path, headers=self._headers(sender), **body) as answer:
                    told: dict[str, Any] = await answer.json(content_type=None)
                    if answer.status in (200, 201):
                        return told
                    if answer.status != 503:
                        raise AssertionError(f"{method} {path} was answered with {answer.status}: {told}")
                    self.repeats["refused"] += 1
            except _NO_ANSWER as error:
                self.repeats[type(error).__name__] += 1
            await asyncio.sleep(PAUSE)

    def _headers(self, sender: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[sender]}"} if sender else {}

    @asynccontextmanager
    async def writing(self, senders: int) -> AsyncIterator[None]:
        """So many customers write meanwhile; at the end each brings to its end what was under way."""
        names = [await self.join() for _ in range(senders)]
        async with asyncio.TaskGroup() as tasks:
            for name in names:
                tasks.create_task(self._write(name))
            yield
            self.stopping.set()


@asynccontextmanager
async def crowd(base: str, ledger: Ledger) -> AsyncIterator[Crowd]:
    timeout = aiohttp.ClientTimeout(total=10.0)
    async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as http:
        yield Crowd(base, ledger, http)
