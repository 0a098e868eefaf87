"""Whether a year's days off are in the table, and when somebody is told that they are not."""

from datetime import date, timedelta

import pytest

from domain.workdays import Calendar

_DAY = timedelta(days=1)
OFF_2026 = [date(2026, 1, 1), date(2026, 5, 1), *(date(2026, 10, day) for day in range(1, 8))]
YEAR = [date(2026, 1, 1) + _DAY * at for at in range(365)]
CALENDAR = Calendar(
    {day: Calendar().is_workday(day) for day in YEAR} | dict.fromkeys(OFF_2026, False)
)


@pytest.mark.parametrize(
    ("more", "known"),
    [
        pytest.param((), False, id="nothing"),
        pytest.param([date(2027, 3, 8)], False, id="a day off of the city's own"),
        pytest.param([date(2027, 1, 1), date(2027, 5, 1)], False, id="half of the list"),
        pytest.param([date(2027, 10, 1)], True, id="National Day"),
        pytest.param([date(2027, 1, 1), date(2027, 10, 1)], True, id="the list"),
    ],
)
def test_which_years_are_known(more: list[date], known: bool) -> None:
    calendar = Calendar({**CALENDAR.table, **dict.fromkeys(more, False)})
    assert calendar.has(2026)
    assert calendar.has(2027) == known


@pytest.mark.parametrize(
    ("day", "year"),
    [
        pytest.param(date(2026, 6, 1), None, id="June: nobody has decreed it yet"),
        pytest.param(date(2026, 11, 14), None, id="the last day of waiting"),
        pytest.param(date(2026, 11, 15), 2027, id="by now it is decreed"),
        pytest.param(date(2026, 12, 31), 2027, id="New Year's Eve"),
        pytest.param(date(2027, 1, 1), 2027, id="the year has begun"),
        pytest.param(date(2027, 7, 1), 2027, id="still nothing"),
    ],
)
def test_which_year_is_missing(day: date, year: int | None) -> None:
    assert CALENDAR.missing(day) == year


def test_who_keeps_the_rules_is_told_twice_a_month_on_days_worked() -> None:
    """15 November 2026 is a Sunday, 15 May 2027 a Saturday; 1 January is worked in such a table."""
    days = [date(2026, 11, 1) + _DAY * at for at in range(92)]
    told = [day for day in days if CALENDAR.reminded(day)]
    assert told == [
        date(2026, 11, 16),
        date(2026, 12, 1),
        date(2026, 12, 15),
        date(2027, 1, 1),
        date(2027, 1, 15),
    ]
    whole = Calendar({**CALENDAR.table, date(2027, 10, 1): False})
    assert not any(whole.reminded(day) for day in days)
