"""Small pictures of our own making for the sample files: a PNG needs no more than zlib."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

Pixel = tuple[int, int, int]
WIDTH, HEIGHT = 320, 220


def _png(paint: Callable[[int, int], Pixel]) -> bytes:
    """PNG (W3C, third edition), 8-bit truecolour, each line unfiltered."""
    lines = b"".join(b"\0" + bytes(value for x in range(WIDTH) for value in paint(x, y)) for y in range(HEIGHT))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b"")


def _wood(x: int, y: int) -> Pixel:
    grain = (x * 3 + (y * y) // 40 + (x * y) // 500) % 23
    return 176 - grain, 126 - grain, 78 - grain // 2


def _leg(x: int, y: int) -> Pixel:
    """A sofa on a light floor, one of its legs missing."""
    if 40 <= x < 280 and 60 <= y < 140:
        return (96, 122, 108) if y > 96 or x < 64 or x >= 256 else (112, 140, 124)
    if 140 <= y < 176 and (56 <= x < 68 or 152 <= x < 164):
        return _wood(x, y)
    return (236, 232, 224) if y < 176 else (214, 206, 192)


def _scratch(x: int, y: int) -> Pixel:
    """A table top with a long scratch."""
    return (232, 214, 188) if abs((y - 60) * 3 - (x - 70)) < 6 and 80 < x < 260 else _wood(x, y)


def _crack(x: int, y: int) -> Pixel:
    edge = 150 + (y * 7 % 9) - 4
    return (52, 36, 22) if abs(x - edge) < 2 + y // 90 and y > 30 else _wood(x, y)


def picture(name: str) -> bytes:
    """The file of this name. Raises KeyError for another one."""
    return _png({"leg.png": _leg, "scratch.png": _scratch, "table.png": _crack}[name])
