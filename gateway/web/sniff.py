"""What a file is, from its first bytes: never from its name, never from what the sender says."""

from __future__ import annotations

import re

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
)
_MARKUP = re.compile(rb"<\s*(!doctype|html|head|body|script|svg|math|iframe|object|embed|style|link|meta|img|\?xml)", re.IGNORECASE)
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Pictures that may be shown in place: none of them can carry script."""


def media_type(head: bytes, name: str = "") -> str:
    """A media type for the first kilobytes of a file (WHATWG MIME Sniffing's signatures); application/octet-stream when unsure.

    Everything that looks like markup is text/html, whatever it claims: it is refused or sent as a download only.
    """
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if _MARKUP.search(head):
        return "text/html"
    return _text_type(head, name)


def _text_type(head: bytes, name: str) -> str:
    if b"\0" in head:
        return "application/octet-stream"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:
            return "application/octet-stream"
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"
