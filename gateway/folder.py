"""The data folder of an embedded installation: which process has it, and where that one answers."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.errors import ConfigError

_ADDRESS = "address"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One gateway a data folder: hints and presence of a second one would not reach the first. The kernel lets go when the process ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ConfigError(f"Another gateway is running on {folder}. Stop it first, or choose another folder with --data.") from error
        yield


def note_address(folder: Path, address: str) -> None:
    """For the commands that print links."""
    (folder / _ADDRESS).write_text(address + "\n", "utf-8")


def find_address(folder: Path) -> str | None:
    """Where the gateway on this folder was started last."""
    noted = folder / _ADDRESS
    return noted.read_text("utf-8").strip() if noted.is_file() else None
