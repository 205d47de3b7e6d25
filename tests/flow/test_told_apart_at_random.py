"""Two people are taken for one, anything happens to their conversations, and they are told apart: each has what is theirs (T-24)."""

from __future__ import annotations

import random
from typing import Any

import pytest

from channels.contract import Address
from gateway.errors import GatewayError, Unauthorised
from gateway.flow import identify, join, merge, people, split
from gateway.flow.identify import Vouched
from gateway.model import Agent, Conversation, MessageId
from gateway.store import agents
from tests.flow.story import Story, outcome


def _handles(name: str) -> dict[str, Address]:
    return {
        "visitor": Address(f"visitor:{name * 4:0>24}"),
        "mail": Address(f"mailto:{name}@example.fi"),
        "user": Address(f"user:shop/{name}"),
    }


async def _one_act(story: Story, dice: random.Random, agent: Agent, who: dict[str, dict[str, Address]]) -> None:
    rows = [Conversation(**row) for row in await story.rows("conversation")]
    row = dice.choice(rows)
    mates = [one for one in rows if one.contact_id == row.contact_id and one.id != row.id]
    public = [message.id for message in await story.messages(row) if message.pub]
    person = who[dice.choice(["aino", "bino"])]
    told: Any = None
    match dice.randrange(10):
        case 0 | 1 | 2:
            sender = person[dice.choice(["visitor", "mail"])]
            told = await outcome(story.says(sender, "words", subject=dice.choice(["Lamp", "Bill"]) if sender.startswith("mail") else None))
            if isinstance(told, Unauthorised):
                told = await outcome(story.says(person["user"], "words"))
        case 3 | 4:
            told = await outcome(story.replies(agent, row))
        case 5 | 6 if len(public) > 1:
            chosen = [MessageId(one) for one in dice.sample(public, dice.randrange(1, len(public)))]
            told = await outcome(story.db.run(split.split, agent.id, row.id, row.version, chosen))
        case 7 if mates:
            told = await outcome(story.db.run(join.join, agent.id, row.id, row.version, dice.choice(mates).id))
        case 8:
            told = await outcome(story.db.run(join.part, agent.id, row.id, row.version))
        case 9:
            told = await outcome(story.resolves(agent, row))
    assert told is None or not isinstance(told, Exception) or isinstance(told, GatewayError), told
    story.clock.advance(1)


async def _check(story: Story) -> None:
    owner = {row["address"]: row["contact_id"] for row in await story.rows("identity")}
    whose = {row["id"]: row["contact_id"] for row in await story.rows("conversation")}
    for row in await story.rows("participant"):
        assert owner.get(row["address"]) == whose[row["conversation_id"]], f"{row['address']} reads what is another's"
        assert not people.is_taken_over(await story.identity(row["address"])), f"the old token of {row['address']} reads"
    for row in await story.rows("message"):
        if row["address"] is not None:
            assert owner[row["address"]] == whose[row["conversation_id"]], f"words of {row['address']} are with somebody else"
    for row in await story.rows("delivery"):
        assert owner[row["address"]] == whose[row["conversation_id"]], row
    for row in await story.rows("conversation"):
        assert row["joined_to"] is None or whose[row["joined_to"]] == row["contact_id"], "joined across people"
        numbers = [message.pub for message in await story.messages(row["id"]) if message.pub]
        assert len(numbers) == len(set(numbers)) and max(numbers, default=0) <= row["last_pub"]
        assert not (row["holds"] and row["assignee_id"] is None), row
    assert await story.db.run(agents.reconcile) == []


@pytest.mark.parametrize("seed", range(12))
async def test_told_apart_after_anything(story: Story, seed: int) -> None:
    dice = random.Random(seed)
    agent = await story.agent(cap=4)
    who = {name: _handles(name) for name in ("aino", "bino")}
    for name, hands in who.items():
        await story.says(hands["visitor"], f"{name} one")
        contact = (await story.identity(hands["visitor"])).contact_id
        await story.db.run(people.prove, hands["mail"], contact, "code", story.clock.now())
        if dice.random() < 0.5:
            await story.says(hands["mail"], f"{name} two", subject="Lamp")
        if dice.random() < 0.2:
            await story.db.run(identify.sign_in, Vouched(hands["user"]), hands["visitor"])
            story.clock.advance(1)
    kept, gone = [(await story.identity(hands["visitor"])).contact_id for hands in who.values()]
    record = await story.db.run(merge.merge, agent.id, kept, gone)
    story.clock.advance(1)
    for _ in range(14):
        await _one_act(story, dice, agent, who)
        if dice.random() < 0.05:
            name = dice.choice(["aino", "bino"])
            signed = await outcome(story.db.run(identify.sign_in, Vouched(who[name]["user"]), who[name]["visitor"]))
            assert not isinstance(signed, Exception), signed
            story.clock.advance(1)
    undone = await outcome(story.db.run(merge.undo, agent.id, record.id))
    if isinstance(undone, GatewayError):
        return  # a sign-in has folded a second time
    assert undone is None, undone
    await _check(story)
