"""What a visitor's browser downloads, in bytes of gzip: before the chat is opened, at the first open, and what may follow."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import widget

ROOT = Path(__file__).resolve().parent.parent
SOCKET = ROOT / "node_modules" / "socket.io-client" / "dist" / "socket.io.min.js"
_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    size: int


def measure() -> list[Line]:
    """Raises FileNotFoundError before the pages are built. The last line is the yardstick: the socket library alone, as it is published."""
    chat = widget.DIST / "chat"
    page = chat / "index.html"
    first, largest, later = _parts(chat, page)
    return [
        Line("before it is opened: the loader", _zipped([widget.DIST / "widget.js"])),
        Line("first open: page, script, style, the largest language", _zipped([page, *first]) + largest),
        Line("after that, only when asked for", _zipped(later)),
        Line("yardstick: socket.io-client as published, without a page around it", _zipped([SOCKET])),
    ]


def _parts(chat: Path, page: Path) -> tuple[list[Path], int, list[Path]]:
    """What the page names and what that imports at once; bytes of the largest language; the rest."""
    named = {chat / name for name in re.findall(r'(?:src|href)="\.?/?(?:chat/)?([\w./-]+\.(?:js|css))"', page.read_text("utf-8"))}
    everything = sorted(path for path in chat.rglob("*") if path.suffix in (".js", ".css"))
    entry = {path for path in everything if any(path.name == one.name for one in named)}
    languages = [path for path in everything if re.fullmatch(r"(?:words[-.])?[a-z]{2}[-.][\w-]+\.js", path.name)]
    later = [path for path in everything if path not in entry and path not in languages]
    return sorted(entry), max((_zipped([path]) for path in languages), default=0), later


def _zipped(paths: Iterable[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes(), _LEVEL, mtime=0)) for path in paths)
