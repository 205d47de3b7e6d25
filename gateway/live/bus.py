"""Hints between the parts of the gateway: in one process by calling, in several through Redis. Losing one costs latency only."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

log = logging.getLogger("throughline.live")


class Notice(Protocol):
    """What is passed on: where it happened, what, and the row if it is small."""

    @property
    def topic(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def payload(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Arrived:
    """A notice from another process; or, with topic "bus" and kind "gap", that some may have been missed."""

    topic: str
    kind: str
    payload: Mapping[str, Any] = field(default_factory=dict)


Listener = Callable[[Notice], None]
"""Called on the event loop; must be quick and may not fail."""


class Bus(Protocol):
    async def start(self) -> None: ...
    async def stop(self) -> None: ...

    def publish(self, notices: Iterable[Notice]) -> None:
        """Hands on without waiting; call it on the event loop's thread."""
        ...

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Gives the function that ends it."""
        ...

    def healthy(self) -> str | None:
        """None, or a sentence: hints from other processes do not arrive."""
        ...


class LocalBus:
    """One process: hands each notice to every listener at once."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        self._listeners.clear()

    def publish(self, notices: Iterable[Notice]) -> None:
        for notice in notices:
            for listener in self._listeners:
                try:
                    listener(notice)
                except Exception:
                    log.exception("a listener failed on a hint", extra={"topic": notice.topic, "kind": notice.kind})

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def healthy(self) -> str | None:
        return None
