"""What agents keep for later: snippets and saved searches, their own and everybody's."""

from __future__ import annotations

from sqlalchemy import func, or_, select, update

from gateway.db.database import Tx
from gateway.db.schema import saved_search, snippet
from gateway.db.statement import Statement
from gateway.errors import NotFound
from gateway.model import AgentId, SavedSearch, SearchId, Snippet, SnippetId
from gateway.store.sql import insert_row, p

s, q = snippet.c, saved_search.c

_ADD_SNIPPET = Statement("snippet.add", insert_row(snippet))
_SNIPPETS = Statement(
    "snippet.list",
    select(snippet).where(or_(s.shared == 1, s.agent_id == p("reader"))).order_by(func.lower(s.name), s.id).limit(p("limit")),
)
_SNIPPET = Statement("snippet.get", select(snippet).where(s.id == p("which"), or_(s.shared == 1, s.agent_id == p("reader"))))
_CHANGE = Statement(
    "snippet.change",
    update(snippet).where(s.id == p("which")).values(name=p("called"), text=p("new_text"), shared=p("for_all"), updated_at=p("at")),
)
_DELETE_SNIPPET = Statement("snippet.delete", snippet.delete().where(s.id == p("which")))
_COUNT_SNIPPETS = Statement("snippet.count", select(func.count()).select_from(snippet).where(s.agent_id == p("reader")))

_ADD_SEARCH = Statement("saved_search.add", insert_row(saved_search))
_SEARCHES = Statement(
    "saved_search.list",
    select(saved_search).where(or_(q.shared == 1, q.agent_id == p("reader"))).order_by(func.lower(q.name), q.id).limit(p("limit")),
)
_SEARCH = Statement("saved_search.get", select(saved_search).where(q.id == p("which"), or_(q.shared == 1, q.agent_id == p("reader"))))
_DELETE_SEARCH = Statement("saved_search.delete", saved_search.delete().where(q.id == p("which")))
_COUNT_SEARCHES = Statement("saved_search.count", select(func.count()).select_from(saved_search).where(q.agent_id == p("reader")))

MOST = 2_000
"""Lines of a list; more than anybody keeps."""


def add_snippet(tx: Tx, record: Snippet) -> None:
    tx.run(_ADD_SNIPPET, **record._asdict())


def list_snippets(tx: Tx, reader: AgentId) -> list[Snippet]:
    """Everybody's and the reader's own, by name."""
    return [Snippet(*row) for row in tx.all(_SNIPPETS, reader=reader, limit=MOST)]


def get_snippet(tx: Tx, snippet_id: SnippetId, reader: AgentId) -> Snippet:
    """Raises NotFound for another agent's own one too."""
    row = tx.one(_SNIPPET, which=snippet_id, reader=reader)
    if row is None:
        raise NotFound("There is no such snippet.")
    return Snippet(*row)


def mark_snippet(tx: Tx, changed: Snippet) -> None:
    tx.run(_CHANGE, which=changed.id, called=changed.name, new_text=changed.text, for_all=changed.shared, at=changed.updated_at)


def delete_snippet(tx: Tx, snippet_id: SnippetId) -> None:
    tx.run(_DELETE_SNIPPET, which=snippet_id)


def count_snippets(tx: Tx, agent_id: AgentId) -> int:
    """How many this agent has written."""
    return int(tx.all(_COUNT_SNIPPETS, reader=agent_id)[0][0])


def add_search(tx: Tx, record: SavedSearch) -> None:
    tx.run(_ADD_SEARCH, **record._asdict())


def list_searches(tx: Tx, reader: AgentId) -> list[SavedSearch]:
    """Everybody's and the reader's own, by name."""
    return [SavedSearch(*row) for row in tx.all(_SEARCHES, reader=reader, limit=MOST)]


def get_search(tx: Tx, search_id: SearchId, reader: AgentId) -> SavedSearch:
    """Raises NotFound for another agent's own one too."""
    row = tx.one(_SEARCH, which=search_id, reader=reader)
    if row is None:
        raise NotFound("There is no such saved search.")
    return SavedSearch(*row)


def delete_search(tx: Tx, search_id: SearchId) -> None:
    tx.run(_DELETE_SEARCH, which=search_id)


def count_searches(tx: Tx, agent_id: AgentId) -> int:
    return int(tx.all(_COUNT_SEARCHES, reader=agent_id)[0][0])
