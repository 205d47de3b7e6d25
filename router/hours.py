"""Opening hours in a time zone: whether it is open at a moment, and when that changes next. Pure: the moment is handed in."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

__all__ = ["DAYS", "HORIZON_DAYS", "Hours", "closes_at", "is_open", "opens_at", "parse", "read"]

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HORIZON_DAYS: Final = 30
"""How far ahead the next opening is looked for."""

_SPANS_A_DAY, _HOLIDAYS = 24, 1000
_SECOND = 1_000_000
_ZONE = re.compile(r"[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Spans = tuple[tuple[int, int], ...]
"""Of one day, in minutes since its midnight, in order, not overlapping."""


@dataclass(frozen=True, slots=True)
class Hours:
    """`week` begins on Monday; a date in `holidays` has those hours instead of its weekday's."""

    zone: ZoneInfo
    week: tuple[Spans, ...]
    holidays: Mapping[date, Spans]

    def of(self, day: date) -> Spans:
        special = self.holidays.get(day)
        return self.week[day.weekday()] if special is None else special


def parse(value: Any) -> Hours:
    """From the JSON of docs/api.md: `{"zone", "week": {"mon": [["09:00", "17:00"]]}, "holidays": {"2026-12-25": []}}`.

    A day that is not named is closed. Raises ValueError with a sentence for a person.
    """
    if not isinstance(value, dict):
        raise ValueError("Hours are an object with zone, week and holidays.")
    for name in value:
        if name not in ("zone", "week", "holidays"):
            raise ValueError(f"Hours have zone, week and holidays, not “{name}”.")
    week, holidays = value.get("week", {}), value.get("holidays", {})
    if not isinstance(week, dict) or not isinstance(holidays, dict):
        raise ValueError("“week” and “holidays” are objects: a day or date with its hours.")
    for name in week:
        if name not in DAYS:
            raise ValueError(f"The days of the week are {' '.join(DAYS)}, not “{name}”.")
    if len(holidays) > _HOLIDAYS:
        raise ValueError(f"At most {_HOLIDAYS:,} holidays can be kept.")
    return Hours(
        _zone(value.get("zone")),
        tuple(_spans(week.get(name, []), name) for name in DAYS),
        {_date(name): _spans(spans, name) for name, spans in holidays.items()},
    )


@lru_cache(maxsize=256)
def read(text: str) -> Hours:
    """`parse` of JSON as text; remembered, because the same few are asked for with every call. Raises ValueError."""
    return parse(json.loads(text))


def is_open(hours: Hours, now: int) -> bool:
    """`now` in microseconds since 1970 UTC, as everywhere here."""
    return _current(hours, now // _SECOND) is not None


def opens_at(hours: Hours, now: int) -> int | None:
    """When it opens next, in microseconds; None while it is open and when that is more than 30 days away."""
    at = now // _SECOND
    if _current(hours, at) is not None:
        return None
    last = at + HORIZON_DAYS * 86_400
    begin = next((begin for begin, _ in _stretches(hours, at, HORIZON_DAYS + 2) if begin > at), None)
    return None if begin is None or begin > last else begin * _SECOND


def closes_at(hours: Hours, now: int) -> int | None:
    """When it closes, in microseconds; None while it is closed and when it stays open for the next 30 days."""
    at = now // _SECOND
    end = _current(hours, at)
    if end is None:
        return None
    for begin, until in _stretches(hours, at, HORIZON_DAYS + 2):
        if begin <= end < until:
            end = until
    return end * _SECOND if end <= at + HORIZON_DAYS * 86_400 else None


def _current(hours: Hours, at: int) -> int | None:
    """The end of the stretch that holds `at`."""
    return next((end for begin, end in _stretches(hours, at, 2) if begin <= at < end), None)


def _stretches(hours: Hours, at: int, days: int) -> Iterator[tuple[int, int]]:
    """From (inclusive) and to (exclusive) in seconds since 1970, day by day from yesterday on; two that touch stay two."""
    today = datetime.fromtimestamp(at, hours.zone).date()
    for ahead in range(-1, days):
        day = today + timedelta(days=ahead)
        for start, end in hours.of(day):
            begin, until = _reached(hours.zone, day, start), _reached(hours.zone, day, end)
            if begin < until:
                yield begin, until


def _reached(zone: ZoneInfo, day: date, minute: int) -> int:
    """The first second at which the clock on the wall shows this time of this day or a later one.

    An hour that comes twice counts from its first time on; a time that is skipped is reached at the skip. So stretches neither
    overlap nor leave a hole where the hours have none, whatever the clocks do.
    """
    wall = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minute)
    late = _instant(wall)
    if datetime.fromtimestamp(late, zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return late
    early = _instant(wall.replace(fold=1))
    after = datetime.fromtimestamp(late, zone).utcoffset()
    while late - early > 1:  # the skip is the one change of offset between the two readings of a time that does not exist
        middle = (early + late) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == after:
            late = middle
        else:
            early = middle
    return late


def _instant(wall: datetime) -> int:
    return int(wall.astimezone(UTC).timestamp())


def _zone(name: Any) -> ZoneInfo:
    if not isinstance(name, str) or not name:
        raise ValueError("Hours need a time zone, such as Europe/Helsinki.")
    try:
        if len(name) <= 64 and _ZONE.fullmatch(name):
            return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not known, not a zone's file, a folder of zones
        pass
    raise ValueError(f"There is no time zone “{name[:64]}”. Zones are named like Europe/Helsinki.")


def _spans(value: Any, day: str) -> Spans:
    if not isinstance(value, list) or len(value) > _SPANS_A_DAY:
        raise ValueError(f"“{day}”: the hours of a day are a list of at most {_SPANS_A_DAY} pairs, such as [[“09:00”, “17:00”]].")
    found = sorted(_span(pair, day) for pair in value)
    for (_, end), (start, _) in itertools.pairwise(found):
        if start < end:
            raise ValueError(f"“{day}”: hours overlap at {_shown(start)}.")
    return tuple(found)


def _span(pair: Any, day: str) -> tuple[int, int]:
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise ValueError(f"“{day}”: hours are a pair, such as [“09:00”, “17:00”].")
    start, end = (_minutes(time, day) for time in pair)
    if end <= start:
        raise ValueError(
            f"“{day}”: {pair[1]} is not after {pair[0]}. Hours past midnight are two: to 24:00, and from 00:00 on the next day."
        )
    return start, end


def _minutes(time: Any, day: str) -> int:
    if not isinstance(time, str) or not _TIME.fullmatch(time):
        raise ValueError(f"“{day}”: a time is written like 09:00, from 00:00 to 24:00.")
    return int(time[:2]) * 60 + int(time[3:])


def _date(name: Any) -> date:
    try:
        if isinstance(name, str) and _DATE.fullmatch(name):
            return date.fromisoformat(name)
    except ValueError:  # such as 30 February
        pass
    raise ValueError(f"“{str(name)[:20]}” is not a date. Dates are written like 2026-12-24.")


def _shown(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
