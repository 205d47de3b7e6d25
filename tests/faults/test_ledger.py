"""The verdict itself is on trial: each kind of fault, planted by hand, is found, and nothing else is complained of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.ledger import Confirmation, Intent, Ledger, Line, Stored, judge

NAMES = ("first", "second", "third", "fourth")
LINES: list[Line] = [
    line
    for number, name in enumerate(NAMES, start=1)
    for line in (Intent("anna", name, f"digest of {name}"), Confirmation("anna", name, number))
]
STORED = [Stored("anna", name, number, f"digest of {name}") for number, name in enumerate(NAMES, start=1)]


def test_what_was_kept_is_not_complained_of() -> None:
    assert judge(LINES, STORED).complaints == []


def test_a_message_that_was_never_confirmed_may_be_stored_or_not() -> None:
    begun = [*LINES, Intent("anna", "fifth", "digest of fifth")]
    assert judge(begun, STORED).complaints == []
    assert judge(begun, [*STORED, Stored("anna", "fifth", 5, "digest of fifth")]).complaints == []


def numbered(*stored: Stored) -> list[Stored]:
    return [Stored(one.sender, one.client_id, number, one.digest) for number, one in enumerate(stored, start=1)]


Plant = Callable[[], list[Stored]]


@pytest.mark.parametrize(
    ("kind", "plant"),
    [
        ("lost", lambda: STORED[:3]),
        ("lost", list),
        ("doubled", lambda: [*STORED, Stored("anna", "second", 5, "digest of second")]),
        ("doubled", lambda: numbered(STORED[0], *STORED)),
        ("disordered", lambda: numbered(STORED[0], STORED[2], STORED[1], STORED[3])),
        ("holes", lambda: [*STORED[:3], Stored("anna", "fourth", 5, "digest of fourth")]),
        ("altered", lambda: [*STORED[:3], Stored("anna", "fourth", 4, "digest of something else")]),
        ("altered", lambda: numbered(STORED[1], STORED[0], *STORED[2:])),
        ("foreign", lambda: [*STORED, Stored("anna", "never sent", 5, "digest")]),
        ("foreign", lambda: [*STORED, Stored("bob", "first", 1, "digest of first")]),
    ],
)
def test_a_planted_fault_is_found(kind: str, plant: Plant) -> None:
    assert getattr(judge(LINES, plant()), kind) != []


def test_the_ledger_gives_back_what_was_written_also_by_the_one_before(tmp_path: Path) -> None:
    for line in LINES:
        ledger = Ledger(tmp_path / "ledger")
        if isinstance(line, Intent):
            ledger.intend(line)
        else:
            ledger.confirm(line)
        ledger.close()
    ledger = Ledger(tmp_path / "ledger")
    assert ledger.read() == LINES
    ledger.close()
