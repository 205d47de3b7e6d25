"""How a sample conversation is written down, and how long ago it began."""

from __future__ import annotations

from typing import Any, NamedTuple

MINUTE, HOUR, DAY = 60, 3600, 86_400


class Line(NamedTuple):
    """One step: seconds after the one before, who or what (c, a, note, or an act), and what goes with it."""

    after: int
    kind: str
    what: Any = None


class Talk(NamedTuple):
    """A conversation: who wrote, how many seconds ago it began, and its steps."""

    who: str
    ago: int
    lines: tuple[Line, ...]


def talk(who: str, ago: int, *lines: tuple[Any, ...]) -> Talk:
    return Talk(who, ago, tuple(Line(*line) for line in lines))
