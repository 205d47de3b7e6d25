"""A whole copy of a SQLite database, taken before it is changed; the last few are kept."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from gateway.clock import SystemClock

KEPT = 3


def keep_backup(path: Path, folder: Path, revision: str) -> Path:
    """Copies what is committed into `folder`, durably, readable to whom the database is; older copies than the last three go.

    Another connection may hold the write lock meanwhile. Raises sqlite3.Error or OSError (a full disk); then no copy is left.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # The time is padded, so that names sort by it.
    copy = folder / f"{path.name}.{SystemClock().now():018d}.{revision}.backup"
    part = copy.with_name(f"{copy.name}.part")
    try:
        # VACUUM INTO wants an empty file or none; this one is ours alone before the first byte is in it.
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(part),))
        os.chmod(part, path.stat().st_mode & 0o777)
        _sync(part)
        part.rename(copy)
        _sync(folder)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    for old in list_backups(path, folder)[:-KEPT]:
        old.unlink()
    return copy


def list_backups(path: Path, folder: Path) -> list[Path]:
    """Oldest first."""
    return sorted(found for found in folder.iterdir() if found.name.startswith(f"{path.name}.") and found.name.endswith(".backup"))


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
