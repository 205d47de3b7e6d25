"""Shorthand for declaring statements: parameters, whole-row inserts, conditional counts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Table, bindparam, literal_column
from sqlalchemy.dialects.postgresql import Insert, insert

__all__ = ["insert", "insert_row", "is_now", "one_of", "p"]


def p(name: str) -> BindParameter[Any]:
    """A parameter. Name it unlike the columns of the table it updates: SQLAlchemy keeps those names for SET."""
    return bindparam(name)


def insert_row(table: Table) -> Insert:
    """INSERT of every column, each from the parameter of its name: pass `record._asdict()`."""
    return insert(table).values({column.name: bindparam(column.name) for column in table.columns})


def one_of(column: ColumnElement[Any], *values: str) -> ColumnElement[bool]:
    """`column IN ('a', 'b')` with the values in the text, so that a partial index on the same words is used by both engines."""
    return column.in_([literal_column(f"'{value}'") for value in values])


def is_now(column: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    """`column = 'value'` with the value in the text: see `one_of`."""
    return column == literal_column(f"'{value}'")
