"""Moves committed pages from the WAL into the database file beside the writer, so that no unit waits for it."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from gateway.db.sqlite_connection import connect

log = logging.getLogger("throughline.db")

TICK_SECONDS = 1.0
CHANGES = 4_000
"""Changed rows after which a checkpoint runs before its tick: about 4 MB of WAL. The file's size cannot tell, since it is
used again from its beginning; its header must not be read, since closing the file would drop SQLite's own locks on it."""


class Checkpoints:
    """`want_truncate` is called past `truncate_past` bytes of WAL: only the writer can empty it."""

    def __init__(self, path: Path, truncate_past: int, want_truncate: Callable[[], None]) -> None:
        self._path = path
        self._wal = Path(f"{path}-wal")
        self._truncate_past = truncate_past
        self._want_truncate = want_truncate
        self._wake = threading.Event()
        self._stopping = False
        self._dirty = False
        self._changes = 0
        self._done = 0
        self._connection: sqlite3.Connection | None = None
        self._thread = threading.Thread(target=self._main, name="throughline-sqlite-checkpoint", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()
        self._thread.join()

    def wrote(self, changes: int) -> None:
        """Called by the writer after each COMMIT with its connection's count of changed rows; cheap."""
        self._dirty = True
        self._changes = changes
        # The count starts again with a new connection.
        if abs(changes - self._done) >= CHANGES:
            self._wake.set()

    def truncated(self, emptied: bool) -> None:
        """Called by the writer; a reader in the way means: again at the next tick."""
        if not emptied:
            self._dirty = True

    def _main(self) -> None:
        while not self._stopping:
            self._wake.wait(TICK_SECONDS)
            self._wake.clear()
            if self._dirty:
                self._dirty = False
                self._done = self._changes
                self._checkpoint()
        self._close()

    def _checkpoint(self) -> None:
        try:
            if self._connection is None:
                self._connection = connect(self._path, busy_seconds=0)
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            if self._wal.stat().st_size > self._truncate_past:
                self._want_truncate()
        except (sqlite3.Error, OSError) as error:
            # The WAL keeps what was committed, so nothing is lost; writes report the disk themselves.
            log.warning("checkpoint failed, next try in %.0f s: %s", TICK_SECONDS, error)
            self._dirty = True
            self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
