"""A signed thread reference is ours, letter for letter but for case, or it is nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.flow.references import References
from gateway.model import ConversationId

WHICH = ConversationId("0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")
OLD, NEW = b"the key of last year, 32 bytes..", b"the key of this year, 32 bytes.."


def test_round_trip_in_any_case() -> None:
    signed = References([NEW]).sign(WHICH)
    assert [References([NEW]).read(text) for text in (signed, signed.upper(), f" {signed}\r\n")] == [WHICH] * 3


def test_keys_rotate() -> None:
    before, both, after = References([OLD]), References([NEW, OLD]), References([NEW])
    assert both.read(before.sign(WHICH)) == WHICH, "what was signed with the old key is answered while both are live"
    assert after.read(both.sign(WHICH)) == WHICH, "the first key signs"
    assert after.read(before.sign(WHICH)) is None
    with pytest.raises(ValueError):
        References([])


@given(st.integers(min_value=0, max_value=76), st.characters(min_codepoint=33, max_codepoint=0x2FF))
def test_a_changed_letter_is_refused(place: int, letter: str) -> None:
    signed = References([NEW]).sign(WHICH)
    changed = signed[:place] + letter + signed[place + 1 :]
    assert References([NEW]).read(changed) == (WHICH if changed.lower() == signed else None)


@given(st.integers(min_value=0, max_value=76))
def test_a_cut_one_is_refused(length: int) -> None:
    signed = References([NEW]).sign(WHICH)
    assert References([NEW]).read(signed[:length]) is None
    assert References([NEW]).read(signed[length + 1 :]) is None


@given(st.text(max_size=120))
def test_anything_else_is_refused(text: str) -> None:
    assert References([NEW]).read(text) is None


def test_one_conversation_does_not_open_another() -> None:
    signed = References([NEW]).sign(WHICH)
    other = WHICH[:-1] + "c"
    assert References([NEW]).read(signed.replace(WHICH, other)) is None
    assert len(signed.partition(".")[2]) * 4 == 160
