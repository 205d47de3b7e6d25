"""Set-up does what it says on a machine where something is missing, and tells a person what to do."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import setup

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def tree(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty checkout that set-up takes for its own."""
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "STAMPS", tmp_path / ".stamps")
    return tmp_path


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("version", "enough"),
    [
        ("v18.20.4", False),
        ("v20.18.9", False),
        ("v20.19.0", True),
        ("v21.7.0", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.1.0", True),
    ],
)
def test_node_is_taken_when_vite_can_use_it(tree: Path, monkeypatch: pytest.MonkeyPatch, version: str, enough: bool) -> None:
    system = program(tree / "bin" / "node", f"echo {version}").parent
    program(system / "npm", "exit 0")
    program(tree / ".venv" / "bin" / "node", "echo v24.19.0")
    program(tree / ".venv" / "bin" / "npm", "exit 0")
    monkeypatch.setenv("PATH", str(system))
    assert setup.find_npm() == str((system if enough else tree / ".venv" / "bin") / "npm")


def test_a_step_that_fails_shows_why_and_what_to_do(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(setup.SetupError, match=r"(?s)the reason.*Could not do it \(exit code 3\).*Try harder") as failure:
        setup.step("do it", ["sh", "-c", "seq 100; echo the reason >&2; exit 3"], "Try harder.")
    assert "\n40\n" not in str(failure.value), "only the end is shown"
    assert capsys.readouterr().out == "  do it … failed\n"
    assert (tree / ".stamps" / "setup.log").read_text().startswith("1\n2\n"), "the whole log is kept"


def test_pages_are_built_again_only_when_they_changed(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []

    def build(purpose: str, *_: object) -> None:
        built.append(purpose)
        for folder in ("node_modules", "widget/dist", "gateway/console/dist"):
            (tree / folder).mkdir(parents=True, exist_ok=True)
            (tree / folder / "made").touch()

    source = tree / "widget" / "main.ts"
    source.parent.mkdir(parents=True)
    source.write_text("1")
    (tree / "package.json").write_text("{}")
    monkeypatch.setattr(setup, "step", build)
    monkeypatch.setattr(setup, "find_npm", lambda: "npm")
    monkeypatch.setattr(setup, "node_environment", dict)
    setup.build_front_ends()
    assert built == ["install the front ends' packages", "build the widget and the inbox"]
    setup.build_front_ends()
    (tree / "widget" / "__init__.py").touch()
    setup.build_front_ends()
    assert len(built) == 2
    source.write_text("2")
    setup.build_front_ends()
    assert built[2:] == ["build the widget and the inbox"]
    (tree / "widget" / "dist" / "made").unlink()
    setup.build_front_ends()
    assert len(built) == 4


def test_an_older_python_gets_a_sentence(tmp_path: Path) -> None:
    script = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tools import setup; sys.version_info = (3, 9, 2); sys.exit(setup.main(['run']))"
    environment = {"PATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer; this is 3.9" in done.stderr


def test_help_names_every_target() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    declared = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert declared is not None
    assert re.findall(r"^  make ([a-z-]+) ", shown, re.MULTILINE) == declared[1].split()


def test_the_lock_names_no_registry() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "://" in package.get("resolved", "")] == []


@pytest.mark.parametrize("ci", ["", "true"])
def test_a_missing_part_is_a_skip_that_is_named_and_an_error_on_ci(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ci: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", ci)
    pytester.makeconftest("from tests.conftest import _need, chromium_path, pytest_terminal_summary")
    pytester.makepyfile("def test_page(chromium_path): ...\ndef test_widget(chromium_path): ...")
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-o", "asyncio_default_fixture_loop_scope=function")
    if ci:
        result.assert_outcomes(errors=2)
        result.stdout.fnmatch_lines(["*MissingPart: missing part: Chromium (Debian package: chromium)*"])
    else:
        result.assert_outcomes(skipped=2)
        result.stdout.fnmatch_lines(["could not run for a missing part: Chromium (Debian package: chromium): 2 tests"])


def test_ci_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=False).returncode == 0
