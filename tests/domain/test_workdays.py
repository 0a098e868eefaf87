"""The table of days first, the week where it is silent."""

from datetime import date

import pytest

from domain.workdays import Calendar

CALENDAR = Calendar({date(2026, 10, 1): False, date(2026, 10, 10): True})


@pytest.mark.parametrize(
    ("day", "worked", "known"),
    [
        pytest.param(date(2026, 10, 1), False, True, id="a holiday on a Thursday"),
        pytest.param(date(2026, 10, 10), True, True, id="a Saturday worked"),
        pytest.param(date(2026, 10, 9), True, False, id="a plain Friday"),
        pytest.param(date(2026, 10, 11), False, False, id="a plain Sunday"),
        pytest.param(date(2099, 1, 1), True, False, id="a year without data"),
    ],
)
def test_is_workday(day: date, worked: bool, known: bool) -> None:
    assert (CALENDAR.is_workday(day), CALENDAR.known(day)) == (worked, known)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(date(2026, 10, 1), (date(2026, 10, 1), date(2026, 10, 1)), id="alone"),
        pytest.param(date(2026, 10, 3), (date(2026, 10, 3), date(2026, 10, 4)), id="a weekend"),
        pytest.param(
            date(2026, 10, 11), (date(2026, 10, 11), date(2026, 10, 11)), id="half of one"
        ),
        pytest.param(date(2026, 10, 10), None, id="a Saturday worked"),
        pytest.param(date(2027, 1, 2), None, id="a year without a list"),
    ],
)
def test_the_days_off_around_a_day(day: date, expected: tuple[date, date] | None) -> None:
    assert CALENDAR.days_off(day) == expected
