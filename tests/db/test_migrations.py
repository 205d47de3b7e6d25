"""Migrations keep every row, happen whole or not at all, and say what is wrong."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, Connection, LargeBinary, NullPool, Text, create_engine, text

from gateway.db import migrate, revision
from gateway.db.backup import list_backups
from gateway.db.schema import metadata
from gateway.errors import ConfigError, Unavailable
from tests.stores import copy_file

CATEGORIES = [
    "bugs",
    "feature_requests",
    "churn_responses",
    "onboarding",
    "user_education",
    "power_users",
    "question",
    "technical",
    "partnership",
]
CHOICES = {"state": "open", "kind": "related", "direction": "in", "role": "agent", "availability": "away"}
"""What a column of this name may hold; the tables' own defaults do the rest."""

REBUILD = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9999_rebuild", {head!r}

def upgrade():
    how = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("contact", recreate=how) as batch:
        batch.add_column(sa.Column("made_up", sa.Text, nullable=False, server_default=sa.text("'x'")))
    with op.batch_alter_table("conversation", recreate=how) as batch:
        batch.add_column(sa.Column("made_up", sa.Text, nullable=True))
    with op.batch_alter_table("agent", recreate=how) as batch:
        batch.alter_column("name", server_default=sa.text("'nobody'"))
{more}
"""


@pytest.fixture
def empty_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if engine == "sqlite":
        return f"sqlite:///{tmp_path / 'not there yet' / '50 %20 data' / 'store.db'}"
    return str(request.getfixturevalue("postgres_database"))


def connect(url: str) -> Connection:
    file = URL.create("sqlite", database=str(revision.sqlite_path(url))) if revision.is_sqlite(url) else None
    return create_engine(file or url.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool).connect()


def sql(url: str, statement: str, **values: Any) -> list[Any]:
    with connect(url) as connection:
        result = connection.execute(text(statement), values)
        rows = list(result) if result.returns_rows else []
        connection.commit()
        return rows


def counts(url: str) -> dict[str, int]:
    with connect(url) as connection:
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in metadata.tables}


def fill(url: str) -> None:
    """A row in every table, each pointing to the rows it can point to."""
    with connect(url) as connection:
        for table in metadata.sorted_tables:
            values: dict[str, Any] = {}
            for column in table.columns:
                if column.foreign_keys and column.name != "joined_to":
                    values[column.name] = "one"
                elif isinstance(column.type, LargeBinary):
                    values[column.name] = b"one"
                elif isinstance(column.type, Text):
                    values[column.name] = CHOICES.get(column.name, "one")
                else:
                    values[column.name] = 1
            values |= {"joined_to": None} if table.name == "conversation" else {}
            values |= {"state": "wanted"} if table.name == "file" else {"state": "queued"} if table.name == "delivery" else {}
            connection.execute(table.insert(), values)
        connection.commit()


def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str = "") -> Path:
    folder = tmp_path / "made up versions"
    folder.mkdir()
    (folder / "9999_rebuild.py").write_text(REBUILD.format(head=revision.head(), more=more))
    monkeypatch.setattr(revision, "VERSIONS", (*revision.VERSIONS, folder))
    return folder


def test_an_empty_place_gets_all_tables_and_the_standard_categories(empty_url: str) -> None:
    assert revision.current(empty_url) is None
    assert "throughline migrate" in (revision.check(empty_url) or "")
    said: list[str] = []
    applied = migrate.upgrade(empty_url, say=said.append)
    assert applied[0] == "0001_foundation"
    assert applied[-1] == revision.head() == revision.current(empty_url)
    assert said == [f"Applied {revision}." for revision in applied]
    assert revision.check(empty_url) is None
    rows = sql(empty_url, "SELECT id, position FROM category ORDER BY position")
    assert rows == [(name, 10 * place) for place, name in enumerate(CATEGORIES, 1)]
    assert migrate.upgrade(empty_url) == []
    assert counts(empty_url) == dict.fromkeys(metadata.tables, 0) | {"category": 9}


def test_looking_creates_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'none' / 'store.db'}"
    assert revision.current(url) is None
    assert revision.check(url) is not None
    assert os.listdir(tmp_path) == []


def test_all_rows_are_still_there_after_their_tables_were_built_anew(
    migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(migrated_url)
    before = counts(migrated_url)
    assert all(before.values())
    made_up(tmp_path, monkeypatch)
    assert "9999_rebuild" in (revision.check(migrated_url) or "")
    assert migrate.upgrade(migrated_url) == ["9999_rebuild"]
    assert counts(migrated_url) == before
    assert sql(migrated_url, "SELECT made_up, name FROM contact") == [("x", "one")]
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        sql_checked(migrated_url, "INSERT INTO claim (id, contact_id, address, at) VALUES ('two', 'nobody', 'a', 1)")
    with pytest.raises(Exception, match=r"(?i)unique"):
        sql_checked(
            migrated_url,
            "INSERT INTO conversation (id, number, contact_id, topic, created_at, last_at) VALUES ('two', 2, 'one', 'one', 1, 1)",
        )


def sql_checked(url: str, statement: str) -> None:
    with connect(url) as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA foreign_keys=ON"))
        connection.execute(text(statement))


def test_a_migration_that_fails_changes_nothing(migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(migrated_url)
    before, head = counts(migrated_url), revision.head()
    made_up(tmp_path, monkeypatch, "    op.execute('DELETE FROM presence')\n    op.execute('SELECT * FROM no_such_table')\n")
    with pytest.raises(Exception, match="no_such_table"):
        migrate.upgrade(migrated_url)
    assert revision.current(migrated_url) == head
    assert counts(migrated_url) == before
    with pytest.raises(Exception, match="made_up"):
        sql(migrated_url, "SELECT made_up FROM contact")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_broken_links_are_refused(migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(migrated_url)
    before = counts(migrated_url)
    made_up(tmp_path, monkeypatch, "    op.execute('DELETE FROM agent')\n")
    with pytest.raises(ConfigError, match="presence → agent: 1 rows"):
        migrate.upgrade(migrated_url)
    assert counts(migrated_url) == before


def test_a_newer_database_is_left_alone(migrated_url: str) -> None:
    sql(migrated_url, "UPDATE alembic_version SET version_num = '9998_from_the_future'")
    assert "newer than this program" in (revision.check(migrated_url) or "")
    with pytest.raises(ConfigError, match="9998_from_the_future"):
        migrate.upgrade(migrated_url)


def test_tables_of_unknown_origin_are_left_alone(empty_url: str) -> None:
    if revision.is_sqlite(empty_url):
        revision.sqlite_path(empty_url).parent.mkdir(parents=True)
    sql(empty_url, "CREATE TABLE conversation (id TEXT)")
    with pytest.raises(ConfigError, match="use an empty one"):
        migrate.upgrade(empty_url)
    assert revision.current(empty_url) is None


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "mysql://x", "store.db"])
def test_another_kind_of_place_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(ConfigError):
        revision.check(url)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_copy_is_kept_before_a_change_and_three_in_all(
    migrated_file: Path, migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = revision.head()
    made_up(tmp_path, monkeypatch)
    path, folder = revision.sqlite_path(migrated_url), tmp_path / "copies"
    path.chmod(0o640)
    fill(migrated_url)
    held = counts(migrated_url)
    assert migrate.upgrade(migrated_url) == ["9999_rebuild"]
    copies = list_backups(path, tmp_path)
    assert len(copies) == 1
    assert head in copies[0].name
    assert stat.S_IMODE(copies[0].stat().st_mode) == 0o640
    kept = f"sqlite:///{copies[0]}"
    assert counts(kept) == held
    assert revision.current(kept) == head
    assert migrate.upgrade(migrated_url) == []
    assert list_backups(path, tmp_path) == copies
    latest = []
    for _ in range(5):
        copy_file(migrated_file, path)
        migrate.upgrade(migrated_url, backup=folder)
        latest.append(list_backups(path, folder)[-1])
    assert list_backups(path, folder) == latest[-3:]
    assert list_backups(path, tmp_path) == copies
    assert [name for name in os.listdir(folder) if name.endswith(".part")] == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_without_a_copy_nothing_is_changed(migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = revision.head()
    made_up(tmp_path, monkeypatch)

    def fail(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(migrate, "keep_backup", fail)
    with pytest.raises(Unavailable, match="No space left"):
        migrate.upgrade(migrated_url)
    assert revision.current(migrated_url) == head


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_locked_file_is_unavailable(migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_up(tmp_path, monkeypatch)
    monkeypatch.setattr(revision, "BUSY_SECONDS", 0.05)
    with contextlib.closing(sqlite3.connect(revision.sqlite_path(migrated_url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="locked"):
            migrate.upgrade(migrated_url)
        other.execute("ROLLBACK")
    assert migrate.upgrade(migrated_url) == ["9999_rebuild"]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_table_in_use_is_not_waited_for_for_ever(migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_up(tmp_path, monkeypatch)
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "50ms")
    with psycopg.connect(migrated_url) as other:
        other.execute("SELECT count(*) FROM contact")
        with pytest.raises(Unavailable, match="lock"):
            migrate.upgrade(migrated_url)
    assert migrate.upgrade(migrated_url) == ["9999_rebuild"]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_server_that_is_away_is_unavailable(migrated_url: str) -> None:
    nobody = migrated_url.replace(migrated_url.rsplit(":", 1)[1], "1/none")
    for call in (revision.check, migrate.upgrade):
        with pytest.raises(Unavailable):
            call(nobody)


def test_two_at_once_are_as_good_as_one(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(migrate.upgrade, [empty_url] * 4))
    assert sorted(map(bool, results)) == [False, False, False, True]
    assert revision.check(empty_url) is None


def test_revisions_follow_each_other_by_name() -> None:
    """The quick look takes the last name for the head; the machinery follows what each file says."""
    script = migrate._script()
    assert script.get_current_head() == revision.head()
    assert [found.revision for found in script.walk_revisions()][::-1] == revision.list_known()


INSIDE = "    print('inside', flush=True)\n    import sys\n    sys.stdin.read()\n"
PROGRAM = """
import sys
from pathlib import Path
from gateway.db import migrate, revision
revision.VERSIONS = (*revision.VERSIONS, Path(sys.argv[2]))
migrate.upgrade(sys.argv[1])
"""


@pytest.mark.kill
def test_a_kill_in_the_middle_leaves_the_old_tables(migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(migrated_url)
    before, head = counts(migrated_url), revision.head()
    folder = made_up(tmp_path, monkeypatch, "    op.execute('DELETE FROM presence')\n" + INSIDE)
    command = [sys.executable, "-c", PROGRAM, migrated_url, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"inside\n"
        process.send_signal(signal.SIGKILL)
    assert revision.current(migrated_url) == head
    assert counts(migrated_url) == before
    (folder / "9999_rebuild.py").write_text(REBUILD.format(head=head, more=""))
    assert migrate.upgrade(migrated_url) == ["9999_rebuild"]
    assert counts(migrated_url) == before


def test_there_is_no_way_back() -> None:
    """Going back is what the backup is for: a downgrade would drop what was written since."""
    for folder in revision.VERSIONS:
        for path in folder.glob("*.py"):
            assert "def downgrade" not in path.read_text()
    assert not hasattr(migrate, "downgrade")
