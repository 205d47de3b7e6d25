"""JSON and forms from outside, tamed: what comes out of here has known types, bounded sizes and one meaning."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from math import isfinite
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from channels.contract import Malformed
from channels.text import clean

MAX_FIELDS = 200
"""Form fields; the largest provider webhook we know has about 40."""
_MAX_NUMBER_CHARS = 40
_INT64 = 1 << 63
_OPTIONAL: Any = object()


def loads(body: bytes, *, max_bytes: int, max_depth: int = 32) -> dict[str, Any]:
    """The JSON object in `body`. Raises Malformed with a sentence for anything else.

    Refused besides broken JSON: more than `max_bytes`, other encodings than UTF-8 and byte order marks, deeper nesting than
    `max_depth`, numbers of more than 40 characters, NaN and Infinity, a name that occurs twice in an object (two readers would
    see two messages), and half surrogate pairs.
    """
    if len(body) > max_bytes:
        raise Malformed(f"The body is too large: {len(body):,} bytes where {max_bytes:,} are allowed.")
    try:
        found = _decode(body.decode())
    except UnicodeDecodeError as error:
        raise Malformed("The body is not UTF-8.") from error
    except json.JSONDecodeError as error:
        raise Malformed(f"The body is not JSON: {error.msg} at character {error.pos}.") from error
    except RecursionError as error:
        raise Malformed(f"The body is nested deeper than {max_depth} levels.") from error
    if type(found) is not dict:
        raise Malformed("The body is not a JSON object.")
    if body.count(b"{") + body.count(b"[") > max_depth or b"\\u" in body:
        _inspect(found, max_depth)
    return found


def pairs(body: bytes, *, max_bytes: int) -> list[tuple[str, str]]:
    """The fields of a form (application/x-www-form-urlencoded) as they came, doubles included. Raises Malformed."""
    if len(body) > max_bytes:
        raise Malformed(f"The form is too large: {len(body):,} bytes where {max_bytes:,} are allowed.")
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except UnicodeError as error:
        raise Malformed("The form is not UTF-8.") from error
    except ValueError as error:
        raise Malformed(f"The form has more than {MAX_FIELDS} fields.") from error


def form(body: bytes, *, max_bytes: int) -> dict[str, Any]:
    """The fields of a form by name. Raises Malformed, also when a name occurs twice."""
    return _object(pairs(body, max_bytes=max_bytes))


def only(obj: Mapping[str, Any], known: Collection[str], *, within: str = "") -> None:
    """Refuses fields that are not `known`; `within` is the name of the field that holds `obj`."""
    for name in obj:
        if name not in known:
            _refuse("is not known here", name[:64], within)


def text(obj: Mapping[str, Any], field: str, *, max_chars: int, min_chars: int = 1, within: str = "") -> str:
    """A cleaned text of `min_chars` to `max_chars` code points."""
    value = obj.get(field)
    if type(value) is not str:
        _refuse("has to be a text", field, within, value)
    if not min_chars <= len(value) <= max_chars:
        _refuse(f"has {len(value):,} characters; {min_chars:,} to {max_chars:,} are allowed" if value else "is empty", field, within)
    return _cleaned(value, field, within)


def optional_text(obj: Mapping[str, Any], field: str, *, max_chars: int, within: str = "") -> str | None:
    """A cleaned text of up to `max_chars` code points; None when it is missing, null or empty."""
    if obj.get(field) in (None, ""):
        return None
    return text(obj, field, max_chars=max_chars, within=within)


def integer(obj: Mapping[str, Any], field: str, *, least: int = 0, most: int = _INT64 - 1, within: str = "") -> int:
    """A whole number from `least` to `most`; 1.0, "1" and true are none."""
    value = obj.get(field)
    if type(value) is not int:
        _refuse("has to be a whole number", field, within, value)
    if not least <= value <= most:
        _refuse(f"has to be between {least} and {most}", field, within)
    return value


def optional_integer(obj: Mapping[str, Any], field: str, *, least: int = 0, most: int = _INT64 - 1, within: str = "") -> int | None:
    """As `integer`; None when it is missing or null."""
    return None if obj.get(field) is None else integer(obj, field, least=least, most=most, within=within)


def boolean(obj: Mapping[str, Any], field: str, *, default: bool | None = None, within: str = "") -> bool:
    """true or false; `default` when it is missing."""
    value = obj.get(field, default)
    if type(value) is not bool:
        _refuse("has to be true or false", field, within, value)
    return value


def texts(obj: Mapping[str, Any], field: str, *, max_items: int, max_chars: int, within: str = "") -> tuple[str, ...]:
    """A list of up to `max_items` cleaned texts of 1 to `max_chars` code points each; () when it is missing or null."""
    found = []
    for value in sequence(obj, field, max_items=max_items, within=within):
        if type(value) is not str or not 0 < len(value) <= max_chars:
            _refuse(f"has to be a list of texts of 1 to {max_chars:,} characters", field, within)
        found.append(_cleaned(value, field, within))
    return tuple(found)


def sequence(obj: Mapping[str, Any], field: str, *, max_items: int, within: str = "") -> Sequence[Any]:
    """A list of up to `max_items` of anything; () when it is missing or null."""
    value = obj.get(field)
    if value is None:
        return ()
    if type(value) is not list:
        _refuse("has to be a list", field, within, value)
    if len(value) > max_items:
        _refuse(f"has {len(value):,} entries; {max_items:,} are allowed", field, within)
    return value


def mapping(obj: Mapping[str, Any], field: str, *, within: str = "") -> dict[str, Any]:
    """An object."""
    value = obj.get(field)
    if type(value) is not dict:
        _refuse("has to be an object", field, within, value)
    return value


def optional_mapping(obj: Mapping[str, Any], field: str, *, within: str = "") -> dict[str, Any] | None:
    """An object; None when it is missing or null."""
    return None if obj.get(field) is None else mapping(obj, field, within=within)


def _refuse(what: str, field: str, within: str, value: object = _OPTIONAL) -> NoReturn:
    path = f"{within}.{field}" if within else field
    raise Malformed(f"The field “{path}” {'is missing' if value is None else what}.", field=path)


def _cleaned(value: str, field: str, within: str) -> str:
    try:
        return clean(value)
    except ValueError:
        _refuse("is not valid Unicode", field, within)


def _object(found: list[tuple[str, Any]]) -> dict[str, Any]:
    obj = dict(found)
    if len(obj) != len(found):
        twice = Counter(name for name, _ in found).most_common(1)[0][0][:64]
        raise Malformed(f"The field “{twice}” occurs twice.", field=twice)
    return obj


def _integer(digits: str) -> int:
    if len(digits) > _MAX_NUMBER_CHARS:
        raise Malformed("The body holds a number that is too long.")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits) if len(digits) <= _MAX_NUMBER_CHARS else float("inf")
    if not isfinite(value):
        raise Malformed("The body holds a number that is too large.")
    return value


def _constant(name: str) -> NoReturn:
    raise Malformed(f"The body holds {name}, which JSON does not know.")


def _inspect(root: dict[str, Any], max_depth: int) -> None:
    """Depth and half surrogates, without recursion: the parser lets both pass."""
    level: list[Any] = [root]
    for _ in range(max_depth):
        deeper: list[Any] = []
        for node in level:
            for value in [*node, *node.values()] if type(node) is dict else node:
                if type(value) is str:
                    if not value.isascii():
                        _whole(value)
                elif type(value) in (dict, list):
                    deeper.append(value)
        if not deeper:
            return
        level = deeper
    raise Malformed(f"The body is nested deeper than {max_depth} levels.")


def _whole(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Malformed("The body holds half a character (a lone surrogate).") from error


_decode: Callable[[str], Any] = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
).decode
