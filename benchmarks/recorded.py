"""What one accepted message runs, taken from the real thing: `receive.accept` is recorded, and can be run again on a bare driver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.load import TEXT
from channels.contract import Address, ChannelId, Received
from gateway.clock import SystemClock
from gateway.db.database import Hint, Row, Tx
from gateway.db.statement import Engine, Statement
from gateway.flow import receive
from gateway.flow.policy import Policy
from gateway.flow.references import References

STATEMENTS = 7
"""Of one more message in an open conversation. When this is not what `accept` runs any more, the yardstick has to be looked at."""

Execute = Callable[[str, dict[str, Any]], Any]
"""A driver's cursor.execute, which gives the cursor."""


@dataclass(frozen=True, slots=True)
class Step:
    """One statement with the values it had; those in `fresh` are new each time. `numbers` is where seq and pub stand in its row."""

    text: str
    values: dict[str, Any]
    fetches: bool
    fresh: tuple[str, ...]
    numbers: tuple[int, int] | None


class Recorder:
    """A Tx that notes what it is asked to run."""

    def __init__(self, inner: Tx) -> None:
        self._inner = inner
        self.engine: Engine = inner.engine
        self.clock = inner.clock
        self.now = inner.now
        self.steps: list[Step] = []

    def one(self, statement: Statement, /, **values: Any) -> Row | None:
        self._note(statement, values, fetches=True)
        return self._inner.one(statement, **values)

    def all(self, statement: Statement, /, **values: Any) -> list[Row]:
        self._note(statement, values, fetches=True)
        return self._inner.all(statement, **values)

    def run(self, statement: Statement, /, **values: Any) -> int:
        self._note(statement, values, fetches=False)
        return self._inner.run(statement, **values)

    def hint(self, hint: Hint) -> None:
        """Nobody listens here."""

    def _note(self, statement: Statement, values: dict[str, Any], *, fetches: bool) -> None:
        text, literals = statement.text(self.engine)
        fresh = {
            "intake.add": ("dedup_key", "outcome", "at"),
            "message.add": ("id", "seq", "pub", "client_id", "at"),
            "event.add": ("id", "at"),
        }.get(statement.name, ("at",) if "at" in values else ())
        self.steps.append(Step(text, {**literals, **values}, fetches, fresh, _numbers(text)))


def _numbers(text: str) -> tuple[int, int] | None:
    names = [name.strip().rpartition(".")[2] for name in text.rpartition("RETURNING")[2].split(",")]
    return (names.index("last_seq"), names.index("last_pub")) if "RETURNING" in text and "last_pub" in names else None


def record(tx: Tx, visitor: str) -> list[Step]:
    """Two messages of a visitor, accepted as the gateway does; what the second one ran. The unit must be committed by the caller."""
    steps: list[Step] = []
    for number in (1, 2):
        key = f"recorded-{number}"
        fact = Received(
            channel_id=ChannelId("webchat"), dedup_key=f"{visitor}/{key}", sender=Address(visitor), text=TEXT, client_id=key, proof="session",
            locale="fi", load_class="chat", context={"page_url": "https://shop.example/tables/oak", "page_title": "Oak table"},
        )  # fmt: skip
        recorder = Recorder(tx)
        receive.accept(recorder, fact, Policy(), References([b"-" * 32]))
        steps = recorder.steps
    if len(steps) != STATEMENTS:
        raise AssertionError(f"accepting a message runs {len(steps)} statements, not {STATEMENTS}: look at this yardstick again")
    return steps


def again(execute: Execute, steps: list[Step], clock: SystemClock, key: str) -> None:
    """One unit: the same statements for the same visitor's next message, whose client id is `key`."""
    new: dict[str, Any] = {"at": clock.now(), "client_id": key, "dedup_key": key, "outcome": clock.new_id()}
    for step in steps:
        values = step.values
        if step.fresh:
            new["id"] = new["outcome"] if "seq" in values else clock.new_id()
            values = {**values, **{name: new[name] for name in step.fresh}}
        cursor = execute(step.text, values)
        if step.fetches:
            rows = cursor.fetchall()
            if step.numbers is not None:
                new["seq"], new["pub"] = rows[0][step.numbers[0]], rows[0][step.numbers[1]]
