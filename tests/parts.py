"""The programs that tests drive, or the name of the Debian package that is missing. Standard library only: set-up asks it too."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


class MissingPart(Exception):
    """Something the tests need is not on this machine; `package` is where Debian has it."""

    def __init__(self, part: str, package: str) -> None:
        super().__init__(f"missing part: {part} (Debian package: {package})")
        self.part = part
        self.package = package


def find_program(part: str, package: str, *names: str) -> Path:
    """The first of `names` on PATH. Raises MissingPart."""
    for name in names:
        found = shutil.which(name)
        if found:
            return Path(found)
    raise MissingPart(part, package)


def find_chromium() -> Path:
    """The browser that playwright is pointed at with `executable_path`. Raises MissingPart."""
    return find_program("Chromium", "chromium", "chromium", "chromium-browser", "google-chrome")


def find_postgres_binaries() -> Path:
    """The folder with initdb and postgres, newest version first; Debian keeps them off PATH. Raises MissingPart."""
    versions = sorted(
        (folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()),
        key=lambda folder: int(folder.parent.name),
        reverse=True,
    )
    for folder in versions:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    return find_program("PostgreSQL server", "postgresql", "initdb").resolve().parent


def find_redis() -> Path:
    """Redis, or Valkey, which speaks the same. Raises MissingPart."""
    return find_program("Redis server", "redis-server", "redis-server", "valkey-server")


def find_missing() -> list[MissingPart]:
    """Every part that this machine lacks."""
    missing = []
    for find in (find_chromium, find_postgres_binaries, find_redis):
        try:
            find()
        except MissingPart as part:
            missing.append(part)
    return missing


if __name__ == "__main__":  # tools/setup.py asks what to install: one line each, part and package with a tab between
    sys.stdout.writelines(f"{missing.part}\t{missing.package}\n" for missing in find_missing())
