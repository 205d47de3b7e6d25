"""The command line: what every command says and how it ends, on a real installation in a folder of its own."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
import structlog
from click.testing import CliRunner, Result

from gateway.cli import main
from tests.stores import copy_file

Say = Callable[..., Result]


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Every command sets logging up for its process; here that is the test run's."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Say:
    """`bare("agent", "list")` in an empty folder without a database."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments, **more: CliRunner().invoke(main, [*arguments], **more)


@pytest.fixture
def say(bare: Say, migrated_file: Path, tmp_path: Path) -> Say:
    """With a migrated database in var/."""
    (tmp_path / "var").mkdir()
    copy_file(migrated_file, tmp_path / "var" / "throughline.db")
    return bare


def ok(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


def refused(result: Result, *words: str, code: int = 1) -> str:
    """A sentence on the error stream, and never a traceback."""
    assert result.exit_code == code, result.output
    assert isinstance(result.exception, SystemExit), result.exception
    for word in words:
        assert word in result.stderr, result.stderr
    assert "Traceback" not in result.output
    return result.stderr


def commands() -> list[list[str]]:
    found: list[list[str]] = [[]]
    for name, command in main.commands.items():
        found.append([name])
        if isinstance(command, click.Group):
            found.extend([name, inner] for inner in command.commands)
    return found


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_explains_itself(bare: Say, path: list[str]) -> None:
    told = ok(bare(*path, "--help"))
    assert "Usage:" in told and ok(bare(*path, "-h")) == told
    body = told.split("\n", 2)[2]
    assert re.search(r"[A-Z][^\n]+[.;:,)]", body), told


def test_what_is_no_command_is_refused(bare: Say) -> None:
    for arguments in (
        ["nothing"],
        ["agent", "nothing"],
        ["run", "kitchen"],
        ["run", "--port", "70000"],
        ["agent", "add"],
        ["agent", "add", "a@b.fi"],
    ):
        assert bare(*arguments).exit_code == 2, arguments
    assert re.fullmatch(r"\S+, version \d+\.\d+\.\d+\n", ok(bare("--version")))


def test_migrating_twice_does_it_once(bare: Say, tmp_path: Path) -> None:
    first = ok(bare("migrate"))
    assert "Applied: " in first and (tmp_path / "var" / "throughline.db").is_file()
    assert ok(bare("migrate")) == "The database is up to date.\n"


def test_without_tables_the_commands_about_people_say_what_to_do(bare: Say) -> None:
    for arguments in (
        ["agent", "list"],
        ["team", "list"],
        ["agent", "link", "a@b.fi"],
        ["team", "add", "Support"],
        ["agent", "disable", "a@b.fi"],
    ):
        refused(bare(*arguments), "throughline migrate")


def test_agents_come_are_listed_and_go(say: Say) -> None:
    assert "There are no agents yet" in ok(say("agent", "list"))
    told = ok(say("agent", "add", "Mikko@Desk.example", "--name", "Mikko", "--role", "lead"))
    assert "Mikko <" in told and "as lead" in told and re.search(r"http://127\.0\.0\.1:8080/inbox/#link=[\w-]{43}\n", told)
    listed = ok(say("agent", "list"))
    assert "Mikko" in listed and "lead" in listed and "chat 0/3" in listed
    refused(say("agent", "add", "mikko@desk.example", "--name", "Another"), "has an account already")
    refused(say("agent", "add", "no address", "--name", "X"), "is not a mail address")
    refused(say("agent", "add", "x@desk.example", "--name", " "), "needs a name")
    refused(say("agent", "add", "y@desk.example", "--name", "Y", "--team", "Nowhere"), "There is no team “Nowhere”")
    assert "y@desk.example" not in ok(say("agent", "list")), "nothing is half done"
    assert say("agent", "add", "z@desk.example", "--name", "Z", "--role", "king").exit_code == 2
    links = {re.search(r"#link=([\w-]+)", ok(say("agent", "link", "mikko@desk.example"))) for _ in range(2)}
    assert len({found[1] for found in links if found}) == 2
    assert "5 at once in chat" in ok(say("agent", "capacity", "mikko@desk.example", "chat", "5"))
    assert "chat 0/5" in ok(say("agent", "list"))
    assert say("agent", "capacity", "mikko@desk.example", "chat", "-1").exit_code == 2
    assert say("agent", "capacity", "mikko@desk.example", "tea", "1").exit_code == 2
    assert "can no longer sign in" in ok(say("agent", "disable", "mikko@desk.example"))
    for arguments in (["link"], ["disable"], ["capacity"]):
        more = ["chat", "1"] if arguments == ["capacity"] else []
        refused(say("agent", *arguments, "nobody@desk.example", *more), "There is no agent nobody@desk.example")


def test_a_disabled_agent_gets_no_link(say: Say) -> None:
    ok(say("agent", "add", "mikko@desk.example", "--name", "Mikko"))
    ok(say("agent", "disable", "mikko@desk.example"))
    assert "mikko@desk.example" not in ok(say("agent", "list"))
    refused(say("agent", "link", "mikko@desk.example"), "mikko@desk.example")


def test_roles_skills_and_a_return(say: Say) -> None:
    ok(say("agent", "add", "ritva@desk.example", "--name", "Ritva", "--role", "admin"))
    ok(say("agent", "add", "mikko@desk.example", "--name", "Mikko"))
    assert "Mikko <mikko@desk.example> is lead now." in ok(say("agent", "role", "mikko@desk.example", "lead"))
    assert say("agent", "role", "mikko@desk.example", "king").exit_code == 2
    for arguments in (["role", "ritva@desk.example", "lead"], ["disable", "ritva@desk.example"]):
        refused(say("agent", *arguments), "Ritva is the last admin")
    ok(say("agent", "role", "mikko@desk.example", "admin"))
    ok(say("agent", "disable", "ritva@desk.example"))
    refused(say("agent", "link", "ritva@desk.example"), "has ended")
    assert "can sign in again" in ok(say("agent", "enable", "ritva@desk.example"))
    assert "#link=" in ok(say("agent", "link", "ritva@desk.example"))
    assert ok(say("agent", "skills", "mikko@desk.example")) == "mikko@desk.example: (no skills)\n"
    for _ in range(2):
        assert ok(say("agent", "skills", "mikko@desk.example", "finnish", "Billing")) == "mikko@desk.example: billing, finnish\n"
    assert "(no skills)" in ok(say("agent", "skills", "mikko@desk.example", "--none"))
    refused(say("agent", "skills", "mikko@desk.example", "x" * 41), "40 characters")


def test_a_team_has_hours(say: Say, tmp_path: Path) -> None:
    ok(say("team", "add", "Tuki"))
    assert "always open" in ok(say("team", "hours", "Tuki"))
    told = ok(
        say(
            "team",
            "hours",
            "Tuki",
            "--zone",
            "UTC",
            "--mon",
            "09:00-12:00",
            "--mon",
            "13:00-17:00",
            "--holiday",
            "2026-12-25",
            "--holiday",
            "2026-12-24=09:00-12:00",
        )
    )
    expected = {
        "zone": "UTC",
        "week": {"mon": [["09:00", "12:00"], ["13:00", "17:00"]]},
        "holidays": {"2026-12-25": [], "2026-12-24": [["09:00", "12:00"]]},
    }
    assert json.loads(told.splitlines()[0]) == expected and re.search(r"(Open|Closed) now[.]", told)
    assert ok(say("team", "hours", "Tuki")) == told
    for arguments, words in (
        (["--mon", "09:00-17:00"], "time zone"), (["--zone", "Europe/Turku"], "Europe/Turku"), (["--zone", "UTC", "--mon", "17:00-09:00"], "is not after"),
        (["--zone", "UTC", "--mon", "09:00"], "pair"), (["--zone", "UTC", "--holiday", "tomorrow"], "is not a date"),
    ):  # fmt: skip
        refused(say("team", "hours", "Tuki", *arguments), words)
    assert say("team", "hours", "Tuki", "--zone", "UTC", "--none").exit_code == 2
    refused(say("team", "hours", "Nowhere", "--none"), "There is no team “Nowhere”")
    file = tmp_path / "hours.json"
    for content, fits in (("{", False), ("[]", False), ('{"zone": "Mars"}', False), (json.dumps(expected), True)):
        file.write_text(content)
        answer = say("team", "hours", "Tuki", "--file", str(file))
        assert (answer.exit_code == 0) is fits and "Traceback" not in answer.output
    assert "always open" in ok(say("team", "hours", "Tuki", "--none"))


def test_teams_are_made_joined_and_left(say: Say) -> None:
    assert "There are no teams yet" in ok(say("team", "list"))
    assert "Added the team “Tuki 🪑”" in ok(say("team", "add", "Tuki 🪑"))
    refused(say("team", "add", "Tuki 🪑"), "There is a team “Tuki 🪑” already")
    refused(say("team", "add", "  "), "needs a name")
    ok(say("agent", "add", "mikko@desk.example", "--name", "Mikko", "--team", "Tuki 🪑"))
    ok(say("agent", "add", "sanna@desk.example", "--name", "Sanna"))
    for _ in range(2):
        assert "joined" in ok(say("team", "join", "Tuki 🪑", "sanna@desk.example"))
    assert re.search(r"Tuki 🪑\s+Mikko, Sanna|Tuki 🪑\s+Sanna, Mikko", ok(say("team", "list")))
    assert "left" in ok(say("team", "join", "Tuki 🪑", "mikko@desk.example", "--leave"))
    assert re.search(r"Tuki 🪑\s+Sanna\n", ok(say("team", "list")))
    refused(say("team", "join", "Nowhere", "sanna@desk.example"), "There is no team “Nowhere”")
    refused(say("team", "join", "Tuki 🪑", "nobody@desk.example"), "There is no agent")


def test_a_link_names_the_public_address(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THROUGHLINE_PUBLIC_URL", "https://chat.example")
    assert "https://chat.example/inbox/#link=" in ok(say("agent", "add", "a@desk.example", "--name", "A"))


def test_check_says_what_is_right_and_what_is_not(say: Say, bare: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = ok(say("check"))
    assert "BAD" not in told and told.count("ok ") >= 8
    (tmp_path / "var" / "secret.key").write_text("short")
    answer = say("check")
    assert answer.exit_code == 1 and re.search(r"BAD\s+keys: .*secret\.key is damaged", answer.output)
    monkeypatch.setenv("THROUGHLINE_SECRET_KEY", "x" * 40)
    ok(say("check"))
    monkeypatch.setenv("THROUGHLINE_CHANNELS", '{"webchat": {"kind": "webchat"}, "fax": {"kind": "fax"}}')
    answer = say("check")
    assert answer.exit_code == 1 and "fax (fax)" in answer.output
    monkeypatch.setenv("THROUGHLINE_DATA", str(tmp_path / "elsewhere"))
    answer = say("check")
    assert answer.exit_code == 1 and "Run throughline migrate" in answer.output


ODD = (
    ("THROUGHLINE_REDIS_URL", "not a url"), ("THROUGHLINE_REDIS_URL", "http://127.0.0.1:1"), ("THROUGHLINE_DATABASE_URL", "mysql://x/y"),
    ("THROUGHLINE_DATABASE_URL", "sqlite:///"), ("THROUGHLINE_DATABASE_URL", "nonsense"), ("THROUGHLINE_DATA", "/dev/null/x"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "value"), ODD)
def test_check_and_run_end_with_a_sentence_whatever_is_wrong(say: Say, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("THROUGHLINE_SECRET_KEY", "x" * 40)
    for arguments in (["check"], ["run", "--port", "0", "--no-shop"], ["agent", "list"] if name != "THROUGHLINE_REDIS_URL" else ["check"]):
        answer = say(*arguments)
        assert answer.exit_code == 1 and isinstance(answer.exception, SystemExit), (arguments, answer.output, answer.exception)


def test_a_broken_file_of_settings_is_named(say: Say, tmp_path: Path) -> None:
    file = tmp_path / "throughline.toml"
    for content, words in (
        (b"port = \n", "throughline.toml"), (b"\xff\xfe", "throughline.toml"), (b'port = "x"\n', "port"), (b"unknown = 1\n", "unknown"),
        (b"[limits]\ntext_chars = 1\n", "limits.text_chars"), (b'[sites.demo]\naccent = "red"\n', "sites.demo.accent"),
        (b'[sites.demo]\norigins = ["https://shop.example/path"]\n', "sites.demo.origins"), (b"[channels.x]\nenabled = true\n", "channels.x.kind"),
    ):  # fmt: skip
        file.write_bytes(content)
        told = refused(say("agent", "list"), words)
        assert "input_value" not in told


def test_a_start_loads_neither_the_migrations_nor_the_other_engine() -> None:
    """They cost a good part of the time to /readyz and of the idle memory."""
    program = (
        "import sys, gateway.cli; print([name for name in ('alembic', 'psycopg', 'twilio', 'tweepy', 'slack_bolt') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
