"""Teams, who is in them, and when they are open."""

from __future__ import annotations

from sqlalchemy import null, select, update

from gateway.db.database import Tx
from gateway.db.schema import conversation, team, team_member
from gateway.db.statement import Statement, in_list
from gateway.errors import NotFound
from gateway.json import dumps
from gateway.model import AgentId, ConversationId, Team, TeamId
from gateway.store.sql import insert_row, p

_ADD_TEAM = Statement("team.add", insert_row(team).on_conflict_do_nothing(index_elements=["name"]).returning(team.c.id))
_TEAMS = Statement("team.list", select(team).order_by(team.c.name))
_TEAM = Statement("team.get", select(team).where(team.c.id == p("team_id")))
_LOCK_TEAM = Statement("team.lock", select(team).where(team.c.id == p("team_id")).with_for_update())
_KEEP_TEAM = Statement("team.keep", select(team).where(team.c.id == p("team_id")).with_for_update(read=True, key_share=True))
_KEEP_BY_NAME = Statement("team.keep_by_name", select(team).where(team.c.name == p("called")).with_for_update(read=True, key_share=True))
_TEAM_BY_NAME = Statement("team.by_name", select(team).where(team.c.name == p("called")))
_ADD_MEMBER = Statement("team_member.add", insert_row(team_member).on_conflict_do_nothing(index_elements=["team_id", "agent_id"]))
_REMOVE_MEMBER = Statement(
    "team_member.remove", team_member.delete().where(team_member.c.team_id == p("team_id"), team_member.c.agent_id == p("agent_id"))
)
_MEMBERS = Statement(
    "team_member.list", select(team_member.c.team_id, team_member.c.agent_id).order_by(team_member.c.team_id, team_member.c.agent_id)
)
_MEMBERS_OF = Statement("team_member.of", select(team_member.c.agent_id).where(team_member.c.team_id == p("of_team")))
_TEAMS_OF = Statement("team_member.teams_of", select(team_member.c.team_id).where(team_member.c.agent_id == p("of_agent")))
_CLEAR = Statement("team_member.clear", team_member.delete().where(team_member.c.team_id == p("of_team")))
_UPDATE = Statement("team.update", update(team).where(team.c.id == p("which")).values(name=p("called"), hours=p("open_hours")))
_DELETE = Statement("team.delete", team.delete().where(team.c.id == p("which")))
_QUEUED = Statement(
    "team.conversations",
    select(conversation.c.id, conversation.c.state)
    .where(conversation.c.team_id == p("of_team"))
    .order_by(conversation.c.id)
    .limit(p("limit"))
    .with_for_update(key_share=True),
)
_LET_GO = Statement(
    "team.let_go",
    update(conversation).where(in_list(conversation.c.id, "conversation_ids")).values(team_id=null(), version=conversation.c.version + 1),
)


def add_team(tx: Tx, record: Team) -> bool:
    return tx.one(_ADD_TEAM, **record._asdict()) is not None


def list_teams(tx: Tx) -> list[Team]:
    return [Team(*row) for row in tx.all(_TEAMS)]


def get_team(tx: Tx, team_id: TeamId, *, lock: bool = False) -> Team:
    """`lock`: to change or end it. Whoever puts something into it waits, and may find it gone."""
    row = tx.one(_LOCK_TEAM if lock else _TEAM, team_id=team_id)
    if row is None:
        raise NotFound("There is no such team.")
    return Team(*row)


def keep_team(tx: Tx, team_id: TeamId) -> Team:
    """`get_team` before something is put into it: it does not end until the unit does."""
    row = tx.one(_KEEP_TEAM, team_id=team_id)
    if row is None:
        raise NotFound("There is no such team.")
    return Team(*row)


def keep_by_name(tx: Tx, name: str) -> Team | None:
    """`find_team_by_name` before something is put into it."""
    row = tx.one(_KEEP_BY_NAME, called=name)
    return None if row is None else Team(*row)


def find_team_by_name(tx: Tx, name: str) -> Team | None:
    row = tx.one(_TEAM_BY_NAME, called=name)
    return None if row is None else Team(*row)


def add_member(tx: Tx, team_id: TeamId, agent_id: AgentId) -> None:
    tx.run(_ADD_MEMBER, team_id=team_id, agent_id=agent_id)


def delete_member(tx: Tx, team_id: TeamId, agent_id: AgentId) -> None:
    tx.run(_REMOVE_MEMBER, team_id=team_id, agent_id=agent_id)


def list_members(tx: Tx) -> list[tuple[TeamId, AgentId]]:
    return [(TeamId(row[0]), AgentId(row[1])) for row in tx.all(_MEMBERS)]


def list_members_of(tx: Tx, team_id: TeamId) -> set[AgentId]:
    return {AgentId(row[0]) for row in tx.all(_MEMBERS_OF, of_team=team_id)}


def list_teams_of(tx: Tx, agent_id: AgentId) -> set[TeamId]:
    return {TeamId(row[0]) for row in tx.all(_TEAMS_OF, of_agent=agent_id)}


def mark_team(tx: Tx, record: Team) -> None:
    """Stores name and hours."""
    tx.run(_UPDATE, which=record.id, called=record.name, open_hours=record.hours)


def delete_team(tx: Tx, team_id: TeamId) -> None:
    """The team and its memberships; no conversation may be its own any more."""
    tx.run(_CLEAR, of_team=team_id)
    tx.run(_DELETE, which=team_id)


def release_conversations(tx: Tx, team_id: TeamId, limit: int) -> list[tuple[ConversationId, str]]:
    """(id, state) of at most `limit` conversations of the team, which are nobody's queue's from now on."""
    found = [(ConversationId(row[0]), str(row[1])) for row in tx.all(_QUEUED, of_team=team_id, limit=limit)]
    if found:
        tx.run(_LET_GO, conversation_ids=dumps([conversation_id for conversation_id, _ in found]))
    return found
