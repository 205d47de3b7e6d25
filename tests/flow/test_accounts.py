"""Accounts: sessions and links end when they should, hints go out to close sockets, and everything leaves its line."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gateway.clock import HOUR
from gateway.db.database import Hint, Tx
from gateway.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorised
from gateway.flow import accounts, audit, staff, teams
from gateway.flow.staff import Change
from gateway.model import Agent, AgentId, AuditLine, TeamId
from gateway.store import audit as audit_store
from gateway.store.audit import Wanted
from tests.flow.story import AINO, BINO, Story, outcome


def kinds(hints: list[Hint], agent: Agent) -> set[str]:
    return {hint.kind for hint in hints if hint.payload.get("agent_id") == agent.id}


async def signed_in(story: Story, session: str) -> bool:
    return await story.db.read(accounts.find_session, session) is not None


async def acts(story: Story) -> list[str]:
    return [row["act"] for row in sorted(await story.rows("audit_line"), key=lambda row: (row["at"], row["id"]))]


async def test_a_link_is_good_once_for_a_day_in_one_spelling(story: Story) -> None:
    ritva = await story.agent()
    await story.db.run(accounts.new_link, ritva.id, "Token")
    for odd in ("", " ", "token", "TOKEN", "Token ", " Token", "Token\n"):
        with pytest.raises(Unauthorised):
            await story.db.run(accounts.sign_in_by_link, odd, "session", None)
    assert (await story.db.run(accounts.sign_in_by_link, "Token", "session", None)).id == ritva.id
    with pytest.raises(Unauthorised):
        await story.db.run(accounts.sign_in_by_link, "Token", "another", None)
    await story.db.run(accounts.new_link, ritva.id, "Old")
    story.clock.advance(24 * HOUR / 1_000_000)
    with pytest.raises(Unauthorised):
        await story.db.run(accounts.sign_in_by_link, "Old", "another", None)


async def test_a_link_used_by_two_at_once_lets_one_in(story: Story) -> None:
    ritva = await story.agent()
    await story.db.run(accounts.new_link, ritva.id, "Token")
    came = await asyncio.gather(*(outcome(story.db.run(accounts.sign_in_by_link, "Token", f"session-{n}", None)) for n in range(4)))
    assert len([one for one in came if isinstance(one, Agent)]) == 1


async def test_a_changed_password_ends_sessions_and_links(story: Story, hints: list[Hint]) -> None:
    ritva = await story.agent()
    for session in ("one", "two"):
        await story.db.run(accounts.open_session, ritva.id, session)
    await story.db.run(accounts.new_link, ritva.id, "Token")
    hints.clear()
    await story.db.run(accounts.change_password, ritva.id, "one", "hash")
    assert ([await signed_in(story, session) for session in ("one", "two")], "signed_out" in kinds(hints, ritva)) == ([True, False], True)
    with pytest.raises(Unauthorised):
        await story.db.run(accounts.sign_in_by_link, "Token", "three", None)
    with pytest.raises(Unauthorised):
        await story.db.run(accounts.open_session, ritva.id, "three", "the hash before")
    await story.db.run(accounts.open_session, ritva.id, "three", "hash")
    assert await acts(story) == ["signed_in", "signed_in", "password_changed", "signed_in"]


async def test_nobody_comes_in_while_the_account_ends(story: Story) -> None:
    """The password was checked, then the account ended, then the session would have been opened."""
    ritva = await story.agent()
    await story.db.run(staff.disable, None, ritva.id)
    with pytest.raises(Unauthorised):
        await story.db.run(accounts.open_session, ritva.id, "late")
    await story.db.run(staff.enable, None, ritva.id)
    assert not await signed_in(story, "late")


async def test_the_end_of_an_account_gives_back_and_tells(story: Story, hints: list[Hint]) -> None:
    ritva, olli = await story.agent(), await story.agent("Olli", role="manager")
    waiting = (await story.says(AINO)).conversation
    await story.takes(ritva, waiting)
    await story.db.run(accounts.open_session, ritva.id, "one")
    hints.clear()
    await story.db.run(staff.disable, olli.id, ritva.id)
    assert (await story.conversation(waiting)).assignee_id is None and not await signed_in(story, "one")
    assert kinds(hints, ritva) >= {"signed_out", "presence"} and Hint("agents", "changed", {"what": "people"}) in hints
    [line] = await story.rows("audit_line", act="disabled")
    assert line["agent_id"] == olli.id


async def test_another_role_keeps_the_session_and_closes_the_sockets(story: Story, hints: list[Hint]) -> None:
    ritva, olli = await story.agent(), await story.agent("Olli", role="manager")
    waiting, answered = (await story.says(AINO)).conversation, (await story.says(BINO)).conversation
    for conversation in (waiting, answered):
        await story.takes(ritva, conversation)
    await story.replies(ritva, answered)
    await story.db.run(accounts.open_session, ritva.id, "one")
    hints.clear()
    await story.db.run(staff.change, olli.id, ritva.id, Change(role="lead"))
    assert await signed_in(story, "one") and "rights_changed" in kinds(hints, ritva) and "signed_out" not in kinds(hints, ritva)
    assert (await story.conversation(waiting)).assignee_id == ritva.id
    await story.db.run(staff.change, olli.id, ritva.id, Change(role="viewer"))
    assert [(await story.conversation(one)).assignee_id for one in (waiting, answered)] == [None, ritva.id]
    hints.clear()
    await story.db.run(staff.change, olli.id, ritva.id, Change(role="viewer", skills=["x"]))
    assert "rights_changed" not in kinds(hints, ritva), "it is the same role"


async def test_a_refused_change_leaves_nothing(story: Story) -> None:
    lead, olli = await story.agent("Liisa", role="lead"), await story.agent("Olli", role="manager")
    ritva, admin = await story.agent(), await story.agent("Aada", role="admin")
    before = await story.dump()
    tries: tuple[tuple[AgentId, AgentId, Change, type[Exception]], ...] = (
        (lead.id, ritva.id, Change(places={"chat": 9}, role="lead"), Forbidden), (lead.id, olli.id, Change(places={"chat": 9}), Forbidden),
        (olli.id, admin.id, Change(name="X", places={"chat": 9}), Forbidden), (olli.id, ritva.id, Change(role="manager"), Forbidden),
        (olli.id, olli.id, Change(role="lead"), Forbidden), (admin.id, admin.id, Change(role="viewer"), Forbidden),
        (olli.id, ritva.id, Change(places={"tea": 1}), Invalid), (olli.id, ritva.id, Change(teams=["nowhere"], places={"chat": 9}), Invalid),
        (olli.id, AgentId("nobody"), Change(places={"chat": 1}), NotFound), (olli.id, AgentId("nobody"), Change(name="X"), NotFound),
        (ritva.id, lead.id, Change(), Forbidden),
    )  # fmt: skip
    for by, whom, wanted, error in tries:
        with pytest.raises(error):
            await story.db.run(staff.change, by, whom, wanted)
    for one in (None, olli.id):
        with pytest.raises((Conflict, Forbidden)):
            await story.db.run(staff.disable, one, admin.id)
    assert await story.dump() == before


async def test_admins_who_demote_each_other_at_once(story: Story) -> None:
    admins = [await story.agent(f"Admin{n}", role="admin") for n in range(3)]
    rounds = [(one, other) for one in admins for other in admins if one is not other]
    told = await asyncio.gather(
        *(outcome(story.db.run(staff.change, one.id, other.id, Change(role="agent"))) for one, other in rounds),
        *(outcome(story.db.run(staff.disable, one.id, other.id)) for one, other in rounds),
    )
    assert all(isinstance(one, Agent | Forbidden | Conflict) for one in told), told
    assert [row for row in await story.rows("agent", role="admin") if row["disabled_at"] is None]


async def test_changes_at_once_do_not_undo_each_other(story: Story) -> None:
    ritva, olli = await story.agent(), await story.agent("Olli", role="manager")
    wanted = [Change(role="lead"), Change(skills=["billing"]), Change(name="Ritva R."), Change(places={"chat": 9})]
    await asyncio.gather(*(story.db.run(staff.change, olli.id, ritva.id, one) for one in wanted))
    [row] = await story.rows("agent", id=ritva.id)
    assert (row["role"], row["skills"], row["name"]) == ("lead", '["billing"]', "Ritva R.")


async def test_the_operator_stands_with_whom_it_was_done_to(story: Story) -> None:
    ritva = await story.agent()
    await story.db.run(staff.change, None, ritva.id, Change(role="admin"))
    [line] = await story.rows("audit_line")
    assert (line["agent_id"], line["act"]) == (ritva.id, "role_changed") and '"by":"command line"' in line["detail"]


async def test_a_team_is_given_up_in_pieces(story: Story, hints: list[Hint], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teams, "CHUNK", 1)
    olli = await story.agent("Olli", role="manager")
    team = await story.db.run(teams.add, olli.id, "Desk")
    found = [(await story.says(who)).conversation for who in (AINO, BINO)]
    for conversation in found:
        await story.hands_over(olli, conversation, team=team.id)
    await story.takes(olli, found[1])
    await story.resolves(olli, found[1])
    hints.clear()
    told: list[bool] = []
    while not told or not told[-1]:
        told.append(await story.db.run(teams.dissolve, olli.id, team.id))
    assert told == [False, False, True]
    assert [(await story.conversation(one)).team_id for one in found] == [None, None]
    assert [hint.payload["conversation_id"] for hint in hints if hint.kind == "row"] == [found[0].id], "only those somebody still looks at"
    with pytest.raises(NotFound):
        await story.db.run(teams.dissolve, olli.id, TeamId(team.id))


def _fill(tx: Tx, agent_ids: list[AgentId], count: int) -> None:
    for number in range(count):
        audit_store.add_line(
            tx, AuditLine(f"line-{number:05}", 1000 + number // 3, agent_ids[number % len(agent_ids)], "read", None, None, "{}")
        )


async def test_every_page_of_the_audit_fits_the_one_before(story: Story) -> None:
    people = [await story.agent(name) for name in ("Ritva", "Olli")]
    await story.db.run(_fill, [one.id for one in people], 60)
    for text in ("a", "b", "c"):
        where = (await story.says(AINO, text)).conversation
        await story.replies(people[0], where)
    whole: list[dict[str, Any]] = await story.db.read(audit.read_lines, Wanted(limit=200))
    assert len([line for line in whole if line["act"] == "replied"]) == 3
    for size in (1, 7, 64):
        pieces: list[dict[str, Any]] = []
        at, after_id = audit_store.FIRST
        while page := await story.db.read(audit.read_lines, Wanted(at=at, after_id=after_id, limit=size)):
            pieces += page
            at, after_id = page[-1]["at"], page[-1]["id"]
        assert pieces == whole, size
