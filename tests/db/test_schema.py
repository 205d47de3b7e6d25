"""The tables are told three times, in schema.py, in the migrations and in model.py: all three say the same, on both engines."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, NullPool, create_engine, inspect

import gateway
from gateway import model
from gateway.db import revision, statement
from gateway.db.postgres_connection import driver_url
from gateway.db.schema import metadata
from tests.servers import fresh_database

TABLE_OF = {"AgentLoad": "agent_load", "Link": "conversation_link", "SavedSearch": "saved_search", "AuditLine": "audit_line"}
ENGINES: tuple[statement.Engine, ...] = ("sqlite", "postgresql")


def open_connection(url: str) -> Connection:
    spelled = url if revision.is_sqlite(url) else url.replace("postgresql://", "postgresql+psycopg://")
    return create_engine(spelled, poolclass=NullPool).connect()


def all_statements() -> list[statement.Statement]:
    """Also those of modules that nobody has imported yet; without the ones that tests declare."""
    for found in pkgutil.walk_packages(gateway.__path__, "gateway."):
        if found.name.startswith(("gateway.db.", "gateway.store.", "gateway.flow.", "gateway.blobs")) and ".migrations" not in found.name:
            importlib.import_module(found.name)
    return [each for each in statement.ALL if not each.name.startswith("test.")]


# On SQLite this index is declared and not made; that it is there on PostgreSQL, the next test sees.
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index 'ix_search_entry_words'")
def test_the_migrated_schema_is_the_declared_one(migrated_url: str) -> None:
    with open_connection(migrated_url) as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "include_name": is_ours}
        )
        assert compare_metadata(context, metadata) == []


def is_ours(name: str | None, kind: str, _: Any) -> bool:
    """The tables in which SQLite keeps a full-text index are its own affair."""
    return kind != "table" or not (name or "").startswith("search_text")


def described(connection: Connection) -> dict[str, Any]:
    """Everything Alembic does not compare as well: names, order of columns, checks, conditions of indexes."""
    seen = inspect(connection)
    return {
        table: {
            "columns": [(c["name"], str(c["type"]), c["nullable"], plain(c["default"])) for c in seen.get_columns(table)],
            "key": seen.get_pk_constraint(table),
            "links": sorted(seen.get_foreign_keys(table), key=str),
            "unique": sorted(seen.get_unique_constraints(table), key=str),
            "checks": sorted((c["name"], plain(c["sqltext"])) for c in seen.get_check_constraints(table)),
            "indexes": sorted((i["name"], i["column_names"], i["unique"], condition_of(i)) for i in seen.get_indexes(table)),
        }
        for table in seen.get_table_names()
        if table != "alembic_version" and is_ours(table, "table", None)
    }  # fmt: skip


def condition_of(index: Any) -> list[tuple[str, str | None]]:
    return [(name, plain(str(value))) for name, value in index.get("dialect_options", {}).items() if name.endswith("_where")]


def plain(text: str | None) -> str | None:
    return None if text is None else re.sub(r"\s+", "", text)


def test_names_checks_and_conditions_are_the_declared_ones(
    migrated_url: str, engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if engine == "sqlite":
        assert_same(migrated_url, f"sqlite:///{tmp_path / 'declared.db'}")
    else:
        with fresh_database(request.getfixturevalue("postgres_url")) as declared:
            assert_same(migrated_url, declared)


def assert_same(migrated: str, declared: str) -> None:
    with open_connection(declared) as connection:
        metadata.create_all(connection)
        connection.commit()
        wanted = described(connection)
    with open_connection(migrated) as connection:
        found = described(connection)
    assert found.keys() == wanted.keys()
    for table in wanted:
        assert found[table] == wanted[table], table


def records() -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, value in vars(model).items():
        if isinstance(value, type) and issubclass(value, tuple) and value.__module__ == model.__name__:
            yield name, value._fields  # type: ignore[attr-defined]  # a NamedTuple


@pytest.mark.parametrize(("name", "fields"), list(records()))
def test_a_record_has_its_tables_columns_in_order(name: str, fields: tuple[str, ...]) -> None:
    assert tuple(column.name for column in metadata.tables[TABLE_OF.get(name, name.lower())].columns) == fields


def test_statement_names_are_unique() -> None:
    names = [each.name for each in all_statements()]
    assert sorted(names) == sorted(set(names))


def test_every_statement_compiles_for_both_engines() -> None:
    statements = all_statements()
    assert len(statements) > 100
    for each in statements:
        for engine in ENGINES:
            text, literals = each.text(engine)
            assert text, each.name
            assert "POSTCOMPILE" not in text, each.name
            assert "[" not in "".join(literals), each.name


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_statement_prepares_on_sqlite(migrated_url: str) -> None:
    with closing(sqlite3.connect(revision.sqlite_path(migrated_url))) as connection:
        for each in all_statements():
            text, literals = each.text("sqlite")
            values = dict.fromkeys(re.findall(r"(?<!:):(\w+)", text)) | literals
            try:
                connection.execute(f"EXPLAIN {text}", values)
            except sqlite3.Error as error:
                pytest.fail(f"{each.name}: {error}\n{text}")


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_every_statement_prepares_on_postgresql(migrated_url: str) -> None:
    """With unknown parameters, as the driver sends None; what it sends for texts and numbers, the stores' own tests show."""
    with psycopg.connect(driver_url(migrated_url), autocommit=True) as connection:
        for each in all_statements():
            text, literals = each.text("postgresql")
            values = dict.fromkeys(re.findall(r"%\((\w+)\)s", text)) | literals
            try:
                connection.execute(f"EXPLAIN {text}".encode(), values)
            except psycopg.Error as error:
                pytest.fail(f"{each.name}: {error}\n{text}")
