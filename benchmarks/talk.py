"""A conversation under load, in a process of its own: a customer asks, an agent's window shows it, the agent answers, the widget shows that.

Reads a plan (JSON) from stdin and writes what came of it (JSON) to stdout.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any
from uuid import uuid4

import aiohttp
import socketio

from benchmarks.load import TEXT, summary

LONGEST = 10.0
"""Seconds until a message that has not shown up counts as lost."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`rate` messages of other customers a second beside the probe, which asks `probes` times a second."""

    port: int
    cookie: str
    probe: str
    conversation: str
    others: list[str]
    rate: float
    probes: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """Milliseconds: to the agent's window, back to the widget, and there and back. `lost` probes did not show up in time."""

    there_p50: float
    there_p99: float
    back_p50: float
    back_p99: float
    round_p50: float
    round_p99: float
    count: int
    lost: int
    sent_by_others: int


class Talk:
    def __init__(self, plan: Plan, session: aiohttp.ClientSession) -> None:
        self._plan, self._session = plan, session
        self._base = f"http://127.0.0.1:{plan.port}"
        self._shown: dict[tuple[str, str | None], asyncio.Future[float]] = {}
        self.times: list[tuple[float, float]] = []
        self.lost = self.others = 0

    async def run(self) -> Outcome:
        agent = await self._window("/agent", "entry", "entry", headers={"Cookie": self._plan.cookie})
        await agent.emit("watch", {"conversation_id": self._plan.conversation}, namespace="/agent")
        widget = await self._window("/visitor", "item", "item", auth={"token": self._plan.probe})
        await asyncio.sleep(0.5)
        until = perf_counter() + self._plan.seconds
        await asyncio.gather(self._paced(self._plan.probes, until, self._probe), self._paced(self._plan.rate, until, self._other))
        await agent.disconnect()
        await widget.disconnect()
        return self._outcome()

    async def _window(self, namespace: str, event: str, field: str, **options: Any) -> socketio.AsyncClient:
        client = socketio.AsyncClient(reconnection=False)

        async def shown(data: dict[str, Any]) -> None:
            waiting = self._shown.get((namespace, data[field].get("text")))
            if waiting is not None and not waiting.done():
                waiting.set_result(perf_counter())

        client.on(event, shown, namespace=namespace)
        await client.connect(self._base, namespaces=[namespace], transports=["websocket"], **options)
        return client

    async def _paced(self, rate: float, until: float, do: Callable[[int], Coroutine[Any, Any, None]]) -> None:
        """Starts one after the other at the rate, whatever the answers take: a slow server does not lower its own load."""
        running: set[asyncio.Task[None]] = set()
        number, start = 0, perf_counter()
        while rate and (now := perf_counter()) < until:
            due = start + number / rate
            if due > now:
                await asyncio.sleep(due - now)
            task = asyncio.create_task(do(number))
            running.add(task)
            task.add_done_callback(running.discard)
            number += 1
        await asyncio.gather(*running)

    async def _ask(self, token: str, text: str) -> None:
        body = {"client_id": uuid4().hex, "text": text}
        headers = {"Authorization": f"Bearer {token}"}
        async with self._session.post(f"{self._base}/api/visitor/messages", json=body, headers=headers) as answer:
            answer.raise_for_status()
            await answer.read()

    async def _reply(self, text: str) -> None:
        headers = {"Cookie": self._plan.cookie, "X-Throughline": "1", "Origin": self._base}
        url = f"{self._base}/api/conversations/{self._plan.conversation}/replies"
        async with self._session.post(url, json={"client_id": uuid4().hex, "text": text}, headers=headers) as answer:
            answer.raise_for_status()
            await answer.read()

    async def _other(self, number: int) -> None:
        await self._ask(self._plan.others[number % len(self._plan.others)], TEXT)
        self.others += 1

    async def _probe(self, number: int) -> None:
        question, reply = f"{TEXT} {uuid4().hex}", f"It left us this morning. {uuid4().hex}"
        loop = asyncio.get_running_loop()
        seen = self._shown["/agent", question] = loop.create_future()
        read = self._shown["/visitor", reply] = loop.create_future()
        start = perf_counter()
        asked = asyncio.create_task(self._ask(self._plan.probe, question))
        try:
            async with asyncio.timeout(LONGEST):
                there = await seen
                answered = asyncio.create_task(self._reply(reply))
                back = await read
                await asked
                await answered
        except TimeoutError:
            self.lost += 1
            return
        self.times.append((there - start, back - there))

    def _outcome(self) -> Outcome:
        there, back = [one[0] for one in self.times], [one[1] for one in self.times]
        parts = [summary(found, 1.0) for found in (there, back, [sum(one) for one in self.times])]
        out, home, whole = parts
        return Outcome(
            out.p50, out.p99, home.p50, home.p99, whole.p50, whole.p99, count=len(self.times), lost=self.lost, sent_by_others=self.others
        )


async def main(plan: Plan) -> Outcome:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        return await Talk(plan, session).run()


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(main(Plan(**json.load(sys.stdin)))))))
