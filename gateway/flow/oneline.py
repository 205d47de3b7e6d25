"""Names and subjects as they are kept: one clean line of bounded length, whoever wrote them."""

from __future__ import annotations

from typing import Final

from channels.text import clean
from gateway.errors import Invalid

NAME: Final = 200
SUBJECT: Final = 300
"""Characters."""


def cut(text: str, most: int) -> str:
    """What came from outside: what is too long is cut, because the message it came with must be taken."""
    return " ".join(clean(text[: most * 4]).split())[:most]


def strict(text: str, most: int, field: str) -> str:
    """What an agent typed. Raises Invalid beyond `most` characters."""
    line = " ".join(clean(text).split())
    if len(line) > most:
        raise Invalid(f"This is longer than {most:,} characters.", field=field)
    return line
