"""How often somebody may do something: token buckets in memory, by rule and by peer or account, with a bounded number of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from channels.contract import Clock
from gateway.errors import ConfigError, TooMany

__all__ = ["Rate", "Rates"]


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, then `per_second` in the long run."""

    per_second: float
    burst: float

    def __post_init__(self) -> None:
        if self.per_second <= 0 or self.burst < 1:
            raise ConfigError("A rate needs more than nothing a second and a burst of at least one.")

    @classmethod
    def per_minute(cls, number: float, burst: float | None = None) -> Rate:
        return cls(number / 60, number if burst is None else burst)


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Rates:
    """The buckets of one process. With n processes a caller has n times as much: the limits are against floods, not for billing.

    Beyond `most` buckets the one unused for longest goes: it is the likeliest to be full again, so forgetting it gives nothing away.
    """

    def __init__(self, clock: Clock, rules: Mapping[str, Rate], most: int = 100_000) -> None:
        self._clock = clock
        self._rules = dict(rules)
        self._most = most
        self._buckets: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def allow(self, rule: str, key: str, cost: float = 1.0) -> float | None:
        """None when it may go on (and is counted), else the seconds to wait. Raises KeyError for a rule that was not declared."""
        rate = self._rules[rule]
        now = self._clock.monotonic()
        name = (rule, key)
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = _Bucket(rate.burst, now)
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(name)
            bucket.tokens = min(rate.burst, bucket.tokens + max(0.0, now - bucket.at) * rate.per_second)
            bucket.at = now
        if bucket.tokens >= cost:
            bucket.tokens -= cost
            return None
        return (cost - bucket.tokens) / rate.per_second

    def require(self, rule: str, key: str, cost: float = 1.0) -> None:
        """Counts it, or raises TooMany with the seconds to wait."""
        wait = self.allow(rule, key, cost)
        if wait is not None:
            raise TooMany("Too many requests; please wait a moment.", retry_after=wait)

    def forget(self, rule: str, key: str) -> None:
        """A full bucket again: after a right password, for instance."""
        self._buckets.pop((rule, key), None)
