"""A statement is declared once with SQLAlchemy Core and compiled once per dialect; drivers run the text."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import ColumnElement, String, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

Engine = Literal["sqlite", "postgresql"]

_DIALECTS: dict[str, Dialect] = {
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": postgresql.psycopg.dialect(),  # type: ignore[no-untyped-call]
}

ALL: list[Statement] = []
"""Every statement of the house, so that a test can compile each for both engines."""


class Statement:
    """Text and literals per engine. Every parameter must be passed: compiled text knows no Python-side defaults.

    `sqlite` is the clause for that engine where no one clause does for both.
    """

    __slots__ = ("clause", "name", "_sqlite", "_texts")

    def __init__(self, name: str, clause: ClauseElement, *, sqlite: ClauseElement | None = None) -> None:
        self.name = name
        self.clause = clause
        self._sqlite = sqlite
        self._texts: dict[str, tuple[str, dict[str, Any]]] = {}
        ALL.append(self)

    def text(self, engine: Engine) -> tuple[str, dict[str, Any]]:
        """The SQL in the driver's named style, and the literals that sit in the clause."""
        found = self._texts.get(engine)
        if found is None:
            clause = self.clause if self._sqlite is None or engine != "sqlite" else self._sqlite
            compiled = clause.compile(dialect=_DIALECTS[engine])
            literals = {name: value for name, value in compiled.params.items() if value is not None}
            found = self._texts[engine] = (str(compiled), literals)
        return found


class in_list(ColumnElement[bool]):  # noqa: N801 - reads as an operator
    """`column IN (…)` over a parameter that holds a JSON array of texts: one compiled text for any length."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], parameter: str) -> None:
        self.column = column
        self.parameter = bindparam(parameter, type_=String)


@compiles(in_list, "sqlite")
def _in_list_sqlite(element: in_list, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = compiler.process(element.column, **kw), compiler.process(element.parameter, **kw)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(in_list, "postgresql")
def _in_list_postgresql(element: in_list, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = compiler.process(element.column, **kw), compiler.process(element.parameter, **kw)
    return f"{column} = ANY(ARRAY(SELECT jsonb_array_elements_text(CAST({values} AS jsonb))))"
