"""R-01 of the fault plan: `kill -9` at random points while customers write; what they were told is stored is there, once, in order."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.faults.driver import Crowd, crowd
from tests.faults.inside import Inside
from tests.faults.ledger import Ledger, judge
from tests.gateway import GatewayProcess
from tests.servers import PostgresServer

log = logging.getLogger("tests.faults")

SENDERS = 16
LIFTED: dict[str, Any] = {
    "limits__messages_per_minute": "1000000",
    "limits__sessions_per_minute": "1000000",
    "limits__files_per_minute": "1000000",
    "limits__connections_per_address": "1000",
    "demo_shop": "false",
}
"""All senders come from one address and write as fast as they are answered."""

pytestmark = [pytest.mark.kill, pytest.mark.timeout(240)]


@dataclass(slots=True)
class Round:
    """One run: who is killed, at which points, and what it took. KILL_SEED in the environment repeats a run."""

    gateway: GatewayProcess
    inside: Inside
    ledger: Ledger
    chance: random.Random
    ready_after: list[float] = field(default_factory=list)

    async def kill_gateway(self, crowd: Crowd) -> None:
        """Somewhere within half a second of writing; returns when the next process is ready."""
        await asyncio.sleep(self.chance.uniform(0.02, 0.5))
        self.gateway.kill()
        began = time.perf_counter()
        await asyncio.to_thread(self.gateway.start)
        self.ready_after.append(time.perf_counter() - began)
        await written(crowd, SENDERS)


async def written(crowd: Crowd, more: int) -> None:
    """Until so many more messages are confirmed: a round in which nobody got through would prove nothing."""
    wanted = crowd.sent + more
    while crowd.sent < wanted:
        await asyncio.sleep(0.01)


def seed() -> int:
    return int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(1 << 32))


@asynccontextmanager
async def run(gateway: GatewayProcess, inside: Inside, folder: Path) -> AsyncIterator[Round]:
    number = seed()
    log.warning("KILL_SEED=%d repeats this run", number)
    ledger = Ledger(folder / "ledger")
    try:
        yield Round(gateway, inside, ledger, random.Random(number))
    finally:
        ledger.close()


async def endure(this: Round, rounds: int, fault: Callable[[Crowd], Awaitable[None]]) -> None:
    """The faults one after the other while all write; then everything is looked at from outside and from inside."""
    async with crowd(this.gateway.url, this.ledger) as everybody:
        async with everybody.writing(SENDERS):
            for _ in range(rounds):
                await fault(everybody)
        seen = [one for sender in everybody.tokens for one in await everybody.read(sender)]
        assert this.gateway.stop() == 0
    ready = ", ".join(f"{seconds:.1f}" for seconds in this.ready_after)
    log.warning("%d rounds, %d messages, repeated %s, ready after %s s", rounds, everybody.sent, dict(everybody.repeats), ready)
    assert judge(this.ledger.read(), seen).complaints == []
    assert len(seen) == everybody.sent
    look_inside(this.inside, everybody)


def look_inside(inside: Inside, everybody: Crowd) -> None:
    assert inside.damage() == []
    assert inside.uneven() == []
    counts = inside.counts()
    assert counts.pop("half_attached") == 0
    assert counts.pop("conversations") == counts.pop("contacts") == SENDERS
    assert counts == dict.fromkeys(counts, everybody.sent), "each message has its line in the journal and in the timeline, once"
    by_sender: dict[str, list[str]] = {}
    for address, client_id, pub, seq, text in inside.said():
        by_sender.setdefault(address, []).append(client_id)
        number = len(by_sender[address])
        sender = address.removeprefix("visitor:")
        assert (client_id, pub, seq, text) == (f"message-{number:06d}", number, number, f"message {number} of {sender}")
    assert set(by_sender) == {f"visitor:{sender}" for sender in everybody.tokens}


async def test_fifteen_kills_on_sqlite_lose_and_double_nothing(tmp_path: Path) -> None:
    with GatewayProcess(tmp_path / "data", **LIFTED) as gateway:
        async with run(gateway, Inside(tmp_path / "data" / "throughline.db"), tmp_path) as this:
            await endure(this, 15, this.kill_gateway)


async def test_five_kills_on_postgresql_lose_and_double_nothing(tmp_path: Path, postgres_database: str) -> None:
    with gateway_on(postgres_database, tmp_path) as gateway:
        async with run(gateway, Inside(postgres_database), tmp_path) as this:
            await endure(this, 5, this.kill_gateway)


async def test_postgresql_torn_down_under_load_costs_nothing_but_time(tmp_path: Path) -> None:
    """As `pg_ctl restart -m immediate`: no session is ended in order, and the server recovers from its log. The gateway stays up."""
    with PostgresServer() as server, gateway_on(server.url, tmp_path) as gateway:
        async with run(gateway, Inside(server.url), tmp_path) as this:
            pid = gateway.pid

            async def restart(crowd: Crowd) -> None:
                await asyncio.sleep(this.chance.uniform(0.2, 0.7))
                await asyncio.to_thread(tear_down, server)
                began = time.perf_counter()
                await asyncio.to_thread(server.start)
                await written(crowd, SENDERS)
                this.ready_after.append(time.perf_counter() - began)
                assert gateway.pid == pid

            await endure(this, 1, restart)
            assert "was not properly shut down" in server.log.read_text(), "it ended in order, so nothing was tried"


def gateway_on(url: str, folder: Path) -> GatewayProcess:
    gateway = GatewayProcess(folder / "data", database_url=url, secret_key="k" * 40, **LIFTED)
    gateway.data.mkdir()
    gateway.run("migrate")
    return gateway


def tear_down(server: PostgresServer) -> None:
    assert server.process is not None
    server.process.send_signal(signal.SIGQUIT)
    server.process.wait(20)
