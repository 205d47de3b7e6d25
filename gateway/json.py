"""JSON as the house writes it: compact, UTF-8, the same text for the same value."""

from __future__ import annotations

import json
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dumps(value: Any) -> str:
    return _encode(value)


def loads(text: str) -> Any:
    """Only for what we wrote ourselves; input from outside goes through the edge's strict loader."""
    return json.loads(text)
