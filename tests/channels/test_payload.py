"""JSON and forms from outside: whatever comes, it is a tame object or a sentence about why not."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from time import perf_counter
from timeit import repeat
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import payload
from channels.contract import Malformed

LIMIT = 1_000_000
WHOLE = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False) | WHOLE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WHOLE, inner, max_size=4),
    max_leaves=20,
)

BOMBS: list[tuple[bytes, str]] = [
    (b"[" * 100_000, "nested"),
    (b'{"a":' * 100_000, "nested"),
    (b'{"a":' * 33 + b"1" + b"}" * 33, "nested"),
    (b'{"a":' + b"[" * 32 + b"]" * 32 + b"}", "nested"),
    (b'{"a":' + b"9" * 5_000 + b"}", "number"),
    (b'{"a":-' + b"9" * 900_000 + b"}", "number"),
    (b'{"a":1e999}', "number"),
    (b'{"a":0.' + b"1" * 900_000 + b"}", "number"),
    (b'{"a":NaN}', "NaN"),
    (b'{"a":-Infinity}', "Infinity"),
    (b'{"a":1,"a":1}', "twice"),
    (b'{"a":{"b":1,"\\u0062":2}}', "twice"),
    (b"{" + b",".join(b'"k%d":1' % n for n in range(60_000)) + b',"k59999":1}', "twice"),
    (b'{"a":"\\ud800"}', "surrogate"),
    (b'{"\\udc00":1}', "surrogate"),
    (b'{"a":["x","\\ud83d\\ud83d"]}', "surrogate"),
    (b'{"a":"\xed\xa0\x80"}', "UTF-8"),
    (b"\xef\xbb\xbf{}", "JSON"),
    ('{"a":1}'.encode("utf-16"), "UTF-8"),
    ('{"a":1}'.encode("utf-16-be"), "JSON"),
    ('{"a":1}'.encode("utf-32-le"), "JSON"),
    (b"", "JSON"),
    (b"[]", "object"),
    (b'"text"', "object"),
    (b"null", "object"),
    (b'{"a":1}x', "JSON"),
    (b'{"a":"\0"}', "JSON"),
    (b"{'a':1}", "JSON"),
    (b"{}" + b" " * LIMIT, "large"),
]


@pytest.mark.parametrize(("body", "said"), BOMBS, ids=lambda value: repr(value[:20]))
def test_bombs_are_refused_with_a_sentence_and_in_time(body: bytes, said: str) -> None:
    before = perf_counter()
    with pytest.raises(Malformed, match=f"{said}.*\\.$"):
        payload.loads(body, max_bytes=LIMIT)
    assert perf_counter() - before < 1


def test_wide_bodies_are_read_in_time() -> None:
    before = perf_counter()
    payload.loads(b'{"a":[' + b"[]," * 330_000 + b"[]]}", max_bytes=LIMIT)
    payload.loads(b'{"a":[' + b"{}," * 330_000 + b"{}]}", max_bytes=LIMIT)
    assert perf_counter() - before < 2


def test_the_limits_themselves_are_taken() -> None:
    assert payload.loads(b'{"a":' * 32 + b"1" + b"}" * 32, max_bytes=LIMIT)
    assert payload.loads(b'{"a":"[[[[{{{{"}', max_bytes=LIMIT, max_depth=1) == {"a": "[[[[{{{{"}
    assert payload.loads(b'{"a":"\\ud83d\\ude00"}', max_bytes=22) == {"a": "😀"}
    assert payload.loads(b' {"a" : 9007199254740993 }\n', max_bytes=LIMIT) == {"a": 9007199254740993}


@given(st.dictionaries(WHOLE, VALUES, max_size=5), st.booleans())
def test_what_json_can_say_comes_through(obj: dict[str, Any], ascii_only: bool) -> None:
    body = json.dumps(obj, ensure_ascii=ascii_only).encode()
    assert payload.loads(body, max_bytes=LIMIT) == json.loads(body)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_malformed(body: bytes) -> None:
    for read in (payload.loads, payload.form, payload.pairs):
        said = "."
        try:
            read(body, max_bytes=150)
        except Malformed as error:
            said = str(error)
        assert said.endswith(".")


def test_a_small_body_costs_next_to_nothing() -> None:
    body = json.dumps({"client_id": "0191aaaa-bbbb-7ccc-8ddd-eeeeffff0000", "text": "Where is my order? " * 4, "files": [], "locale": "fi"})
    raw = body.encode()
    assert 150 < len(raw) < 250
    best = min(repeat(lambda: payload.loads(raw, max_bytes=LIMIT), number=500, repeat=20)) / 500
    assert best < 15e-6


OBJ: dict[str, Any] = {
    "text": "Hei\r\n",
    "n": 3,
    "yes": True,
    "list": ["a", "b"],
    "obj": {"x": 1},
    "null": None,
    "empty": "",
    "float": 1.0,
    "nul": "a\0",
}


def test_getters_give_what_is_there() -> None:
    assert payload.text(OBJ, "text", max_chars=5) == "Hei\n"
    assert payload.text(OBJ, "nul", max_chars=5) == "a\ufffd"
    assert payload.text(OBJ, "empty", max_chars=5, min_chars=0) == ""
    assert payload.optional_text(OBJ, "null", max_chars=5) is None
    assert payload.optional_text(OBJ, "empty", max_chars=5) is None
    assert payload.optional_text(OBJ, "none", max_chars=5) is None
    assert payload.integer(OBJ, "n", most=3) == 3
    assert payload.optional_integer(OBJ, "none") is None
    assert payload.boolean(OBJ, "yes") is True
    assert payload.boolean(OBJ, "none", default=False) is False
    assert payload.texts(OBJ, "list", max_items=2, max_chars=1) == ("a", "b")
    assert payload.texts(OBJ, "none", max_items=2, max_chars=1) == ()
    assert payload.mapping(OBJ, "obj") == {"x": 1}
    assert payload.optional_mapping(OBJ, "null") is None
    payload.only(OBJ, set(OBJ))


@pytest.mark.parametrize(
    ("get", "field"),
    [
        (lambda: payload.text(OBJ, "n", max_chars=5), "n"),
        (lambda: payload.text(OBJ, "obj", max_chars=5), "obj"),
        (lambda: payload.text(OBJ, "none", max_chars=5), "none"),
        (lambda: payload.text(OBJ, "empty", max_chars=5), "empty"),
        (lambda: payload.text(OBJ, "text", max_chars=4), "text"),
        (lambda: payload.text({"t": "\ud800"}, "t", max_chars=4), "t"),
        (lambda: payload.optional_text(OBJ, "list", max_chars=5), "list"),
        (lambda: payload.optional_text({"t": False}, "t", max_chars=5), "t"),
        (lambda: payload.integer(OBJ, "yes"), "yes"),
        (lambda: payload.integer(OBJ, "float"), "float"),
        (lambda: payload.integer(OBJ, "text"), "text"),
        (lambda: payload.integer({"n": -1}, "n"), "n"),
        (lambda: payload.integer({"n": 2**63}, "n"), "n"),
        (lambda: payload.boolean(OBJ, "n"), "n"),
        (lambda: payload.boolean(OBJ, "none"), "none"),
        (lambda: payload.texts(OBJ, "text", max_items=9, max_chars=9), "text"),
        (lambda: payload.texts(OBJ, "list", max_items=1, max_chars=9), "list"),
        (lambda: payload.texts({"l": [""]}, "l", max_items=1, max_chars=9), "l"),
        (lambda: payload.texts({"l": [1]}, "l", max_items=1, max_chars=9), "l"),
        (lambda: payload.mapping(OBJ, "list"), "list"),
        (lambda: payload.mapping(OBJ, "none", within="page"), "page.none"),
        (lambda: payload.only({"a": 1, "x" * 500: 2}, {"a"}), "x" * 64),
    ],
)
def test_what_is_wrong_is_named(get: Callable[[], object], field: str) -> None:
    with pytest.raises(Malformed, match=r"\.$") as caught:
        get()
    assert caught.value.field == field


@given(st.lists(st.tuples(WHOLE, WHOLE), max_size=20))
def test_forms_come_through_in_order(fields: list[tuple[str, str]]) -> None:
    assert payload.pairs(urlencode(fields).encode(), max_bytes=LIMIT) == fields


def test_forms_are_tamed() -> None:
    assert payload.form(b"From=%2B358&Body=&Text=%F0%9F%98%80+x", max_bytes=LIMIT) == {"From": "+358", "Body": "", "Text": "😀 x"}
    for body in (b"a=1&a=2", b"a=%ff", b"\xc3\xa4=1", b"&".join(b"f%d=1" % n for n in range(201)), b"a=" + b"x" * LIMIT):
        with pytest.raises(Malformed, match=r"\.$"):
            payload.form(body, max_bytes=LIMIT)


def test_numbers_stay_finite() -> None:
    assert math.isfinite(payload.loads(b'{"a":1e308}', max_bytes=LIMIT)["a"])
