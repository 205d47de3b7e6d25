"""Who is next: the waiting in the order they began to wait, with places that are never lost to a re-queue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from heapq import heapify, heappop, heappush

from router.types import Waiting

__all__ = ["Place", "Queue", "oldest_first", "place"]

Place = tuple[int, str]
"""`waiting_since`, id: the smaller is served first."""


def place(waiting: Waiting) -> Place:
    """The key of the order: longest wait first, then id."""
    return waiting.waiting_since, waiting.id


def oldest_first(waiting: Iterable[Waiting]) -> list[Waiting]:
    """The waiting in the order they are decided."""
    return sorted(waiting, key=place)


class Queue:
    """The waiting of one router, in memory. A removed entry stays in the heap until it surfaces or outweighs the living."""

    def __init__(self, waiting: Iterable[Waiting] = ()) -> None:
        self._held: dict[str, Waiting] = {}
        self._heap: list[Place] = []
        for one in waiting:
            self.put(one)

    def put(self, waiting: Waiting) -> None:
        """Add a conversation, or renew what is known about it.

        One that is already here keeps its place, or gets the earlier of the two; a snapshot older than the one held changes nothing,
        for hints may arrive out of order. One that was removed comes back by its `waiting_since`.
        """
        held = self._held.get(waiting.id)
        if held is not None:
            if waiting.version < held.version:
                return
            waiting = replace(waiting, waiting_since=min(held.waiting_since, waiting.waiting_since))
        self._held[waiting.id] = waiting
        if held is None or place(held) != place(waiting):
            heappush(self._heap, place(waiting))
            self._compact()

    def remove(self, conversation_id: str) -> Waiting | None:
        """Take a conversation out wherever it stands; None if it is not here."""
        waiting = self._held.pop(conversation_id, None)
        self._compact()
        return waiting

    def peek(self) -> Waiting | None:
        """The one who has waited longest; None if nobody waits."""
        while self._heap:
            waiting = self._living(self._heap[0])
            if waiting is not None:
                return waiting
            heappop(self._heap)
        return None

    def position(self, conversation_id: str) -> int | None:
        """The place in its own line, from 1; None if it is not here.

        A line is one team and one load class: a hundred mails do not stand before the first chat. Linear in the queue's length.
        """
        mine = self._held.get(conversation_id)
        if mine is None:
            return None
        line, key = (mine.team_id, mine.load_class), place(mine)
        return 1 + sum((other.team_id, other.load_class) == line and place(other) < key for other in self._held.values())

    def __iter__(self) -> Iterator[Waiting]:
        """Oldest first, over a copy: the queue may be changed meanwhile."""
        return iter(oldest_first(self._held.values()))

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, conversation_id: object) -> bool:
        return conversation_id in self._held

    def _living(self, key: Place) -> Waiting | None:
        waiting = self._held.get(key[1])
        return waiting if waiting is not None and place(waiting) == key else None

    def _compact(self) -> None:
        # Without this a conversation that comes and goes behind an old head would grow the heap for as long as the head waits.
        if len(self._heap) > 2 * len(self._held) + 16:
            self._heap = [place(waiting) for waiting in self._held.values()]
            heapify(self._heap)
