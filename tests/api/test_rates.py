"""Floods: past a limit the answer is 429 with the time to wait, and what a caller writes into headers does not help (T-36)."""

from __future__ import annotations

from pathlib import Path

from tests.api.house import House, open_house
from tests.stores import copy_file

FEW = {"messages_per_minute": 3, "sessions_per_minute": 4, "files_per_minute": 2}


async def test_each_visitor_has_a_limit_of_their_own(migrated_file: Path, tmp_path: Path) -> None:
    async with open_house(tmp_path, copy_file(migrated_file, tmp_path / "throughline.db"), limits=FEW) as house:
        one, other = await house.visitor(), await house.visitor()
        for number in range(3):
            await one.say(f"{number}")
        told = (await one.post("/api/visitor/messages", {"client_id": "one-too-many", "text": "x"})).problem(429)
        assert told["code"] == "too_many"
        await other.say("not my fault")
        assert len(await one.items()) == 3
        for _ in range(2):
            assert (await one.upload(b"x", "a.txt")).status == 201
        (await one.upload(b"x", "a.txt")).problem(429)
        house.clock.ahead += 21
        await one.say("later it goes on")


async def test_sessions_are_counted_by_peer_whatever_the_headers_say(migrated_file: Path, tmp_path: Path) -> None:
    async with open_house(tmp_path, copy_file(migrated_file, tmp_path / "throughline.db"), limits=FEW) as house:
        answers = [
            await house.stranger(**{"X-Forwarded-For": f"203.0.113.{number}", "CF-Connecting-IP": f"203.0.113.{number}", "Forwarded": "for=1.2.3.4"})
            .post("/api/visitor/session", {"site": "demo"})
            for number in range(5)
        ]  # fmt: skip
        assert [answer.status for answer in answers] == [200, 200, 200, 200, 429]
        answers[-1].problem(429)


async def test_claims_and_marks_have_limits_too(house: House) -> None:
    visitor = await house.visitor()
    await visitor.say("hei")
    statuses = [(await visitor.post("/api/visitor/claim", {"address": "a@b.fi"})).status for _ in range(8)]
    assert statuses == [204] * 6 + [429] * 2


async def test_guessing_a_password_ends_soon(house: House) -> None:
    agent = await house.agent("Mikko")
    caller = house.stranger(**{"X-Throughline": "1", "Origin": house.url})
    statuses = []
    for number in range(11):
        body = {"email": agent.email if number % 2 else agent.email.upper(), "password": f"wrong password {number}"}
        statuses.append((await caller.post("/api/session", body, headers={"X-Forwarded-For": f"203.0.113.{number}"})).status)
    assert statuses == [401] * 10 + [429]
