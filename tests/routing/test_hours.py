"""Hours mean what the clock on the wall shows, through every change of the clocks; what cannot be meant is refused with a sentence."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from router import hours
from router.hours import DAYS, Hours

SECOND = 1_000_000
HELSINKI = {
    "zone": "Europe/Helsinki",
    "week": {"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "sat": [["10:00", "24:00"]], "sun": [["00:00", "02:00"]]},
}
ZONES = (
    "Europe/Helsinki", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "America/Havana", "Asia/Tehran", "Asia/Kolkata",
    "Pacific/Apia", "Africa/Casablanca", "Pacific/Chatham", "America/St_Johns", "Asia/Gaza", "UTC",
)  # fmt: skip
"""Changes of half an hour, at midnight, of a whole day, in Ramadan, the year's first day, and none."""


def at(zone: str, text: str, fold: int = 0) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()) * SECOND


def told(zone: str, micros: int | None) -> str | None:
    return None if micros is None else datetime.fromtimestamp(micros / SECOND, ZoneInfo(zone)).isoformat()


def helsinki(text: str, fold: int = 0) -> int:
    return at("Europe/Helsinki", text, fold)


@pytest.mark.parametrize(
    ("moment", "is_open", "changes"),
    [
        ("2026-11-23T08:59:59", False, "2026-11-23T09:00:00+02:00"),
        ("2026-11-23T09:00:00", True, "2026-11-23T12:00:00+02:00"),
        ("2026-11-23T12:00:00", False, "2026-11-23T13:00:00+02:00"),
        ("2026-11-23T16:59:59", True, "2026-11-23T17:00:00+02:00"),
        ("2026-11-23T17:00:00", False, "2026-11-28T10:00:00+02:00"),
        ("2026-11-28T23:59:59", True, "2026-11-29T02:00:00+02:00"),
        ("2026-11-29T00:00:00", True, "2026-11-29T02:00:00+02:00"),
    ],
)
def test_a_week(moment: str, is_open: bool, changes: str) -> None:
    week, now = hours.parse(HELSINKI), helsinki(moment)
    assert hours.is_open(week, now) is is_open
    opens, closes = hours.opens_at(week, now), hours.closes_at(week, now)
    assert (told("Europe/Helsinki", closes if is_open else opens), opens if is_open else closes) == (changes, None)


def test_a_holiday_has_its_own_hours_or_none() -> None:
    week = hours.parse({**HELSINKI, "holidays": {"2026-12-21": [], "2026-12-22": [["09:00", "10:00"]]}})
    assert not hours.is_open(week, helsinki("2026-12-21T10:00")), "a Monday otherwise"
    assert hours.is_open(week, helsinki("2026-12-22T09:30")), "closed on Tuesdays otherwise"
    assert told("Europe/Helsinki", hours.opens_at(week, helsinki("2026-12-21T10:00"))) == "2026-12-22T09:00:00+02:00"


def test_never_and_always() -> None:
    never, always = hours.parse({"zone": "UTC"}), hours.parse({"zone": "UTC", "week": {day: [["00:00", "24:00"]] for day in DAYS}})
    now = at("UTC", "2026-11-23T10:00")
    assert (hours.is_open(never, now), hours.opens_at(never, now), hours.closes_at(never, now)) == (False, None, None)
    assert (hours.is_open(always, now), hours.opens_at(always, now), hours.closes_at(always, now)) == (True, None, None)


def test_thirty_days_ahead_and_no_further() -> None:
    once = hours.parse({"zone": "UTC", "holidays": {"2027-01-31": [["12:00", "13:00"]]}})
    assert hours.opens_at(once, at("UTC", "2027-01-01T12:00")) == at("UTC", "2027-01-31T12:00")
    assert hours.opens_at(once, at("UTC", "2027-01-01T11:59:59")) is None


def test_a_skipped_hour() -> None:
    """2027-03-28 03:00 is 04:00 in Helsinki."""
    night = hours.parse({"zone": "Europe/Helsinki", "holidays": {"2027-03-28": [["03:15", "03:45"], ["03:50", "05:00"]]}})
    jump = helsinki("2027-03-28T04:00")
    assert hours.opens_at(night, jump - SECOND) == jump, "the one that would have begun and ended within it does not happen"
    assert hours.closes_at(night, jump) == helsinki("2027-03-28T05:00")
    until = hours.parse({"zone": "Europe/Helsinki", "holidays": {"2027-03-28": [["02:00", "03:30"]]}})
    assert hours.closes_at(until, jump - SECOND) == jump


def test_an_hour_that_comes_twice() -> None:
    """2027-10-31 04:00 is 03:00 again in Helsinki."""
    night = hours.parse({"zone": "Europe/Helsinki", "holidays": {"2027-10-31": [["03:30", "05:00"]]}})
    assert hours.is_open(night, helsinki("2027-10-31T03:30")), "from the first time on"
    assert hours.is_open(night, helsinki("2027-10-31T03:10", fold=1)), "and not closed in between"
    assert hours.closes_at(night, helsinki("2027-10-31T03:30")) == helsinki("2027-10-31T05:00")
    until = hours.parse({"zone": "Europe/Helsinki", "holidays": {"2027-10-31": [["02:00", "03:30"]]}})
    assert hours.closes_at(until, helsinki("2027-10-31T02:00")) == helsinki("2027-10-31T03:30"), "the first time"
    assert not hours.is_open(until, helsinki("2027-10-31T03:10", fold=1))


def test_a_day_that_did_not_happen() -> None:
    """Apia went from 29 to 31 December 2011."""
    week = hours.parse({"zone": "Pacific/Apia", "holidays": {"2011-12-30": [["09:00", "17:00"]], "2011-12-31": [["09:00", "17:00"]]}})
    assert hours.opens_at(week, at("Pacific/Apia", "2011-12-29T12:00")) == at("Pacific/Apia", "2011-12-31T09:00")


WRONG: tuple[tuple[Any, str], ...] = (
    (None, "object"), ([], "object"), ({}, "time zone"), ({"zone": 3}, "time zone"), ({"zone": "Europe/Turku"}, "no time zone “Europe/Turku”"),
    ({"zone": "../../etc/passwd"}, "no time zone"), ({"zone": "Europe"}, "no time zone"), ({"zone": "x" * 5000}, "no time zone"),
    ({"zone": "UTC", "weeks": {}}, "not “weeks”"), ({"zone": "UTC", "week": []}, "objects"), ({"zone": "UTC", "week": {"monday": []}}, "not “monday”"),
    ({"zone": "UTC", "week": {"mon": None}}, "“mon”: the hours"), ({"zone": "UTC", "week": {"mon": ["09:00", "17:00"]}}, "“mon”: hours are a pair"),
    ({"zone": "UTC", "week": {"mon": [["09:00"]]}}, "pair"), ({"zone": "UTC", "week": {"mon": [[9, 17]]}}, "“mon”: a time is written"),
    ({"zone": "UTC", "week": {"mon": [["9:00", "17:00"]]}}, "a time is written"), ({"zone": "UTC", "week": {"mon": [["09:00", "24:01"]]}}, "a time is written"),
    ({"zone": "UTC", "week": {"mon": [["09:00\n", "17:00"]]}}, "a time is written"), ({"zone": "UTC", "week": {"mon": [["٠٩:00", "17:00"]]}}, "a time is written"),
    ({"zone": "UTC", "week": {"fri": [["17:00", "09:00"]]}}, "“fri”: 09:00 is not after 17:00"), ({"zone": "UTC", "week": {"fri": [["09:00", "09:00"]]}}, "not after"),
    ({"zone": "UTC", "week": {"fri": [["24:00", "24:00"]]}}, "not after"),
    ({"zone": "UTC", "week": {"sun": [["12:00", "15:00"], ["09:00", "12:01"]]}}, "“sun”: hours overlap at 12:00"),
    ({"zone": "UTC", "week": {"sun": [["12:00", "12:01"]] * 25}}, "at most 24"),
    ({"zone": "UTC", "holidays": {"2026-02-30": []}}, "“2026-02-30” is not a date"), ({"zone": "UTC", "holidays": {"24.12.2026": []}}, "not a date"),
    ({"zone": "UTC", "holidays": {"2026-12-24": [["12:00", "09:00"]]}}, "“2026-12-24”: 09:00 is not after"),
    ({"zone": "UTC", "holidays": {(date(2026, 1, 1) + timedelta(days)).isoformat(): [] for days in range(1001)}}, "1,000 holidays"),
)  # fmt: skip


@pytest.mark.parametrize(("value", "words"), WRONG, ids=lambda value: str(value)[:40])
def test_what_is_wrong_is_said(value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=r"[.]$") as caught:
        hours.parse(value)
    assert words in str(caught.value)


def test_the_order_of_spans_is_free_and_they_may_touch() -> None:
    week = hours.parse({"zone": "UTC", "week": {"mon": [["12:00", "15:00"], ["09:00", "12:00"]]}})
    assert hours.closes_at(week, at("UTC", "2026-11-23T10:00")) == at("UTC", "2026-11-23T15:00")
    assert hours.read(json.dumps({"zone": "UTC", "week": {"mon": [["09:00", "15:00"]]}})).week[0] == ((540, 900),)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["zone", "week", "holidays", "mon", "2026-12-24"]) | st.text(), inner, max_size=3)
    ),
)


@given(json_values)
def test_whatever_comes_is_hours_or_a_value_error(value: Any) -> None:
    try:
        found = hours.parse(value)
    except ValueError:
        return
    assert isinstance(found, Hours)


@st.composite
def spans(draw: st.DrawFn) -> list[list[str]]:
    edges = sorted(draw(st.lists(st.integers(0, 96), max_size=6, unique=True)))
    shown = [f"{quarter // 4:02}:{quarter % 4 * 15:02}" for quarter in edges[: len(edges) // 2 * 2]]
    return [list(pair) for pair in zip(shown[::2], shown[1::2], strict=True)]


@st.composite
def weeks(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    zone = draw(st.sampled_from(ZONES))
    return zone, {"zone": zone, "week": {day: draw(spans()) for day in DAYS}}


def changes_of(zone: str, year: int) -> list[int]:
    """The hours after which the clocks of a zone go differently, in seconds since 1970."""
    begin = int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
    hourly = range(begin, begin + 366 * 86_400, 3600)
    offsets = [datetime.fromtimestamp(second, ZoneInfo(zone)).utcoffset() for second in hourly]
    return [second for second, before, after in zip(hourly, offsets, offsets[1:], strict=False) if before != after]


CHANGES = {zone: [second for year in (2011, 2017, 2026) for second in changes_of(zone, year)] or [1_790_000_000] for zone in ZONES}


@st.composite
def moments(draw: st.DrawFn, zone: str) -> int:
    """Within two days of a change of the clocks."""
    return draw(st.sampled_from(CHANGES[zone])) * SECOND + draw(st.integers(-2 * 86_400, 2 * 86_400)) * SECOND


def oracle(value: dict[str, Any], now: int) -> bool:
    """Minute by minute: open from the first minute that shows the beginning or later, until the first that shows the end or later."""
    zone = ZoneInfo(value["zone"])
    first = (now // SECOND // 60 - 3 * 1440) * 60
    seen, latest = {}, datetime.fromtimestamp(first, zone).replace(tzinfo=None)
    for second in range(first, now // SECOND + 1, 60):
        latest = max(latest, datetime.fromtimestamp(second, zone).replace(tzinfo=None))
        seen[second] = latest
    wall = seen[now // SECOND // 60 * 60]
    midnight = wall.replace(hour=0, minute=0, second=0)
    minute = int((wall - midnight).total_seconds()) // 60
    for start, end in value["week"][DAYS[wall.weekday()]]:
        start, end = (int(time[:2]) * 60 + int(time[3:]) for time in (start, end))
        if start <= minute < end:
            return True
    return False


@given(st.data())
def test_it_agrees_with_a_clock_that_never_goes_back(data: st.DataObject) -> None:
    zone, value = data.draw(weeks())
    now = data.draw(moments(zone))
    assert hours.is_open(hours.parse(value), now) is oracle(value, now)


@given(st.data())
def test_nothing_changes_before_it_is_said_to(data: st.DataObject) -> None:
    zone, value = data.draw(weeks())
    now, week = data.draw(moments(zone)), hours.parse(value)
    was = hours.is_open(week, now)
    change = hours.closes_at(week, now) if was else hours.opens_at(week, now)
    assert (hours.opens_at(week, now) if was else hours.closes_at(week, now)) is None
    assume(change is not None and any(value["week"].values()))
    assert change is not None and change > now
    assert hours.is_open(week, change) is not was
    between = now + data.draw(st.integers(0, change - now - 1))
    assert hours.is_open(week, between) is was
    assert (hours.closes_at(week, between) if was else hours.opens_at(week, between)) == change
