"""Three ways past a rule, closed: an old token that repeats itself, a card read by changing nothing, two ids cut to the same one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.house import House, open_house
from tests.api.test_identity import SITES, enter, signed


@pytest.fixture
async def shop(migrated_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """On each engine."""
    async with open_house(tmp_path, migrated_url, sites=SITES) as opened:
        yield opened


async def test_an_old_token_that_says_it_again_learns_nothing(shop: House) -> None:
    guest = await shop.visitor()
    await guest.say("hei", client_id="said-before")
    customer = await enter(shop, signed(shop), guest)
    again = {"client_id": "said-before", "text": "hei"}
    assert "thread" not in (await guest.post("/api/visitor/messages", again)).problem(401)
    told = (await customer.post("/api/visitor/messages", again)).ok()
    assert told["item"]["text"] == "hei" and told["thread"]["last_pub"] == 1, "the customer's widget may ask again"


async def test_ids_that_begin_alike_are_two_people(shop: House) -> None:
    grows = "\u0958"  # two characters when normalised
    for sub in (grows * 100 + "a", grows * 100 + "b"):
        body = {"site": "demo", "token": None, "identity": signed(shop, sub)}
        (await shop.stranger().post("/api/visitor/session", body)).problem(403)
    first, second = await enter(shop, signed(shop, grows * 63 + "a")), await enter(shop, signed(shop, grows * 63 + "b"))
    assert first.visitor != second.visitor


async def test_a_card_that_is_read_by_changing_nothing_is_in_the_audit(shop: House) -> None:
    agent, boss = await shop.agent("Ritva"), await shop.agent("Boss", role="admin")
    contact = await boss.contact((await (await shop.visitor()).say("hei"))["thread"]["id"])
    card = (await agent.put(f"/api/contacts/{contact}", {})).ok()
    assert card["identities"]
    lines = (await boss.get(f"/api/audit?agent={agent.id}&contact={contact}")).ok()["lines"]
    assert [line["act"] for line in lines] == ["read"]
