"""Who could answer a customer at this moment: available, here, and with a role that writes."""

from __future__ import annotations

from sqlalchemy import Text, bindparam, exists, literal_column, or_, select

from gateway.db.database import Tx
from gateway.db.schema import agent, presence, team_member
from gateway.db.statement import Statement
from gateway.model import TeamId
from gateway.store.sql import is_now, p

a = agent.c

_THERE = Statement(
    "staffing.there",
    select(a.name)
    .where(
        is_now(a.availability, "available"),
        a.disabled_at.is_(None),
        a.role != p("reads_only"),
        exists().where(presence.c.agent_id == a.id, presence.c.seen_until > p("at")),
        or_(
            bindparam("team_id", type_=Text) == literal_column("''"),
            exists().where(team_member.c.agent_id == a.id, team_member.c.team_id == bindparam("team_id", type_=Text)),
        ),
    )
    .order_by(a.name, a.id)
    .limit(p("limit")),
)


def list_there(tx: Tx, team_id: TeamId | None, limit: int) -> list[str]:
    """Names, in order; of the team's members when one is named."""
    return [str(row[0]) for row in tx.all(_THERE, team_id=team_id or "", reads_only="viewer", at=tx.now, limit=limit)]
