"""What managers take away while customers write: nobody gets an error of the database."""

from __future__ import annotations

import asyncio

from channels.contract import Address
from gateway.errors import GatewayError
from gateway.flow import accounts, lifecycle, receive, teams
from tests.flow.story import Story, outcome


async def test_a_team_ends_while_customers_come_to_it(story: Story) -> None:
    boss = await story.agent("Boss", role="admin", cap=0)
    for number in range(8):
        team = await story.db.run(accounts.add_team, f"Team {number}")
        facts = [story.fact(Address(f"visitor:{number:020}{one:04}")) for one in range(6)]
        told = [outcome(story.db.run(receive.accept, fact, story.policy, story.references, team.name)) for fact in facts]
        found = await asyncio.gather(*told[:3], outcome(story.db.run(teams.dissolve, boss.id, team.id)), *told[3:])
        assert not [one for one in found if isinstance(one, Exception)]
    assert await story.count("team") == 0
    assert await story.count("conversation", team_id=None) == 48


async def test_a_team_ends_while_a_conversation_is_handed_to_it(story: Story) -> None:
    boss, agent = await story.agent("Boss", role="admin", cap=0), await story.agent(cap=99)
    for number in range(8):
        team = await story.db.run(accounts.add_team, f"Team {number}")
        where = [(await story.says(Address(f"visitor:{number:020}{one:04}"))).conversation for one in range(4)]
        handed = [
            outcome(story.db.run(lifecycle.hand_over, agent.id, one.id, one.version, None, team.id))
            for one in [await story.conversation(which) for which in where]
        ]
        found = await asyncio.gather(*handed[:2], outcome(story.db.run(teams.dissolve, boss.id, team.id)), *handed[2:])
        assert all(isinstance(one, GatewayError) for one in found if isinstance(one, Exception)), found
    assert await story.count("team") == 0
