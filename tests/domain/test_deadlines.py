"""Due times over nights, weekends and holidays, against a clock that walks minute by minute."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.deadlines import clocks, postponed, reminder, urge
from domain.rules import Category, Rules
from domain.workdays import TZ, Calendar
from tests.rows import each_row

RULES = Rules(
    "2026-01-01",
    {"facility": Category("facility", "x", timedelta(hours=2), timedelta(hours=72))},
)
# National Day 2026 as an example: 1 to 7 October off, 10 October (a Saturday) worked.
CALENDAR = Calendar(
    {date(2026, 10, day): False for day in range(1, 8)} | {date(2026, 10, 10): True}
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=TZ).astimezone(UTC)


def said(moment: datetime) -> str:
    assert moment.tzinfo is UTC
    return f"{moment.astimezone(TZ):%m-%d %H:%M}"


@each_row(
    ("start", "hours", "due"),
    [
        pytest.param("11-23 09:00", 2, "11-23 11:00", id="by day"),
        pytest.param("11-23 19:59", 2, "11-23 21:59", id="just before the night"),
        pytest.param("11-23 20:00", 2, "11-24 09:00", id="due when the night begins"),
        pytest.param("11-23 21:00", 2, "11-24 09:00", id="falls into the night"),
        pytest.param("11-23 23:30", 2, "11-24 09:00", id="started at night"),
        pytest.param("11-24 02:00", 2, "11-24 09:00", id="after midnight: the same morning"),
        pytest.param("11-24 06:59", 2, "11-24 09:00", id="the last minute of the night"),
        pytest.param("11-24 07:00", 1, "11-24 08:00", id="the night is over"),
        pytest.param("11-24 06:30", 8, "11-24 14:30", id="never before start + R"),
        pytest.param("11-24 23:00", 24, "11-26 09:00", id="a day later it is night again"),
        pytest.param("11-27 20:30", 2, "11-30 09:00", id="Friday evening to Monday"),
        pytest.param("11-28 10:00", 2, "11-30 09:00", id="Saturday"),
        pytest.param("11-29 23:00", 2, "11-30 09:00", id="Sunday night"),
        pytest.param("11-27 14:00", 24, "11-30 09:00", id="falls on a Saturday"),
        pytest.param("09-30 21:30", 2, "10-08 09:00", id="a whole holiday"),
        pytest.param("10-10 10:00", 2, "10-10 12:00", id="a Saturday that is worked"),
        pytest.param("10-09 23:00", 2, "10-10 09:00", id="the night before it"),
        pytest.param("10-10 21:00", 2, "10-12 09:00", id="the night after it"),
    ],
)
def test_postponed(start: str, hours: int, due: str) -> None:
    begun = at(start)
    assert said(postponed(begun, begun + timedelta(hours=hours), RULES, CALENDAR)) == due


@pytest.mark.parametrize(
    ("start", "due"),
    [
        pytest.param("11-23 00:30", "11-23 09:00", id="in a night within one day"),
        pytest.param("11-23 22:30", "11-24 09:00", id="falls into it"),
        pytest.param("11-23 21:00", "11-23 23:00", id="before it"),
    ],
)
def test_a_night_that_does_not_pass_midnight(start: str, due: str) -> None:
    rules = replace(RULES, night_start=time(0), night_end=time(6))
    assert said(postponed(at(start), at(start) + timedelta(hours=2), rules, CALENDAR)) == due


def walked(start: datetime, due: datetime) -> datetime:
    """Walk minute by minute: held from a closed minute on until the next opening of work."""

    def is_closed(local: datetime) -> bool:
        worked = CALENDAR.table.get(local.date(), local.isoweekday() < 6)
        return not worked or local.hour >= 22 or local.hour < 7

    now, held = start, is_closed(start.astimezone(TZ))
    while True:
        local = now.astimezone(TZ)
        if (local.hour, local.minute) == (9, 0) and not is_closed(local):
            held = False
        if now >= due and not held:
            held = is_closed(local)
            if not held:
                return now
        now += timedelta(minutes=1)


@settings(max_examples=150, deadline=None)
@given(
    start=st.integers(0, 30 * 24 * 60).map(lambda n: at("09-20 00:00") + timedelta(minutes=n)),
    length=st.integers(0, 40 * 60).map(lambda n: timedelta(minutes=n)),
)
def test_postponed_as_a_clock_would_walk_it(start: datetime, length: timedelta) -> None:
    due = start + length
    found = postponed(start, due, RULES, CALENDAR)
    assert found == walked(start, due)
    assert found >= due


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.timedeltas(timedelta(), timedelta(days=20)),
)
def test_postponing_twice_changes_nothing(start: datetime, length: timedelta) -> None:
    once = postponed(start, start + length, RULES, CALENDAR)
    assert postponed(start, once, RULES, CALENDAR) == once


@pytest.mark.parametrize(
    ("urgent", "expected"),
    [
        pytest.param(False, ("11-24 09:00", None, "11-26 23:30"), id="ordinary: respond waits"),
        pytest.param(True, ("11-23 23:40", "11-24 00:00", "11-24 01:30"), id="urgent never waits"),
    ],
)
def test_clocks(urgent: bool, expected: tuple[str, str | None, str]) -> None:
    found = clocks(
        RULES,
        CALENDAR,
        category="facility",
        intent="repair",
        urgent=urgent,
        text="楼道灯坏了",
        start=at("11-23 23:30"),
    )
    arrive = found.arrive_due and said(found.arrive_due)
    assert (said(found.respond_due), arrive, said(found.finish_due)) == expected


def test_reminder_leaves_a_quarter() -> None:
    assert said(reminder(at("11-23 09:00"), at("11-26 09:00"), RULES)) == "11-25 15:00"
    start = at("11-23 09:00")
    assert reminder(start, start, RULES) == start


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        pytest.param(None, "11-28 03:00", "11-28 03:10", id="opened, at night on a day off"),
        pytest.param("11-28 03:10", "11-28 03:10", "11-28 03:20", id="the first time"),
        pytest.param("11-28 03:10", "11-28 03:14", "11-28 03:20", id="a little late: no drift"),
        pytest.param("11-28 03:10", "11-28 03:15", "11-28 03:25", id="late: from now on"),
        pytest.param("11-28 03:10", "11-28 04:07", "11-28 04:17", id="after a stop: once"),
        pytest.param("11-29 02:50", "11-29 02:50", "11-29 03:00", id="the last time"),
        pytest.param("11-29 03:00", "11-29 03:00", None, id="a day is over"),
        pytest.param("11-28 03:10", "11-29 02:51", None, id="a stop, and nearly over"),
    ],
)
def test_when_everybody_is_told_again(last: str | None, now: str, due: str | None) -> None:
    found = urge(RULES, at("11-28 03:00"), at(last) if last else None, at(now))
    assert found == (at(due) if due else None)
