"""The house's numbers: how long, how many. Set by configuration, handed to the units as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.clock import DAY, HOUR, MINUTE, SECOND, Micros


@dataclass(frozen=True, slots=True)
class Policy:
    """Times in microseconds."""

    reopen_within: Micros = 7 * DAY
    """A message this long after the resolve reopens the same conversation."""
    undo: Micros = 5 * SECOND
    """How long a reply waits before it is sent, except where a person is looking at it."""
    send_lease: Micros = 60 * SECOND
    send_seconds: float = 30.0
    """A send's deadline; shorter than its lease."""
    unknown_holds: Micros = 2 * MINUTE
    """How long a send without verdict holds its lane."""
    give_up_after: Micros = 24 * HOUR
    backoff_first: Micros = 5 * SECOND
    backoff_most: Micros = 15 * MINUTE
    pause_first: Micros = 1 * MINUTE
    presence: Micros = 60 * SECOND
    """An open inbox is renewed for this long; then the agent counts as gone and unanswered conversations go back."""
    offer: Micros = 0
    """How long an agent has to accept; 0 assigns at once."""
    idle_frees: Micros = 10 * MINUTE
    """A conversation that waits for the customer this long gives its place back."""
    intake_kept: Micros = 30 * DAY
    orphans_kept: Micros = 1 * DAY
    file_attempts: int = 8
    category_required: bool = True
    caps: Mapping[str, int] = field(default_factory=lambda: {"chat": 3, "text": 5, "mail": 10, "call": 1})
    """Places per class of a new agent."""
