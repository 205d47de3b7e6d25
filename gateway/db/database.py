"""What the house knows of a database: units that run in one transaction, and reads from one snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from gateway.clock import Clock, Micros
from gateway.db.statement import Engine, Statement

P = ParamSpec("P")
T = TypeVar("T")
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Hint:
    """Something changed. Losing it costs latency, never a message. `topic` is "conversation:<id>", "wake:deliver" …"""

    topic: str
    kind: str
    payload: Mapping[str, Any] = field(default_factory=dict)


class Tx(Protocol):
    """One open transaction. Plain functions get it first; nothing here can await."""

    engine: Engine
    clock: Clock
    now: Micros
    """One time for the whole unit."""

    def one(self, statement: Statement, /, **values: Any) -> Row | None:
        """The first row, or None."""
        ...

    def all(self, statement: Statement, /, **values: Any) -> list[Row]: ...

    def run(self, statement: Statement, /, **values: Any) -> int:
        """Runs a write without RETURNING; gives the number of rows it touched."""
        ...

    def hint(self, hint: Hint) -> None:
        """Kept until COMMIT, then published in commit order; dropped when the unit is rolled back."""
        ...


Publish = Callable[[Sequence[Hint]], None]
"""Called on the event loop's thread after each COMMIT."""


class Database(Protocol):
    """Both engines keep this promise: a unit is stored whole and durably before `run` returns, or not at all."""

    engine: Engine

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def run(self, unit: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """One unit in one transaction. Raises what the unit raised (then nothing is stored), Unavailable, or UnknownOutcome.

        A cancelled caller does not undo the unit. A lost connection is answered with a second try only for units
        that were marked with `idempotent`.
        """
        ...

    async def read(self, unit: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Reads from one fresh snapshot; writes are refused by the engine."""
        ...

    def healthy(self) -> str | None:
        """None when the last write was taken, else a sentence that says what was wrong."""
        ...

    async def probe(self) -> str | None:
        """Really writes something: None when writes are taken now, else a sentence."""
        ...


def idempotent(unit: Callable[Concatenate[Tx, P], T]) -> Callable[Concatenate[Tx, P], T]:
    """Marks a unit that may run twice with the same arguments (it carries its own key): it is retried after a lost connection."""
    unit.__idempotent__ = True  # type: ignore[attr-defined]
    return unit


def is_idempotent(unit: Callable[..., Any]) -> bool:
    return bool(getattr(unit, "__idempotent__", False))
