"""Working days: the table of holidays and 调休, with the plain week where it is silent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TZ = ZoneInfo("Asia/Shanghai")
_SATURDAY = 5
_DECREED = (10, 1)  # off by law in every year: a table without it has nothing of that year's list
# The State Council has decreed the next year's days by then: on 25 October 2023, 12 November 2024
# and 4 November 2025.
_FROM = (11, 15)
_HALF = 15
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked; `table` is true for a day worked, false for a day off.

    Taxonomy rule 3: where the table has no data for a year, the week decides.
    """

    table: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Whether a day is worked: as the table says, else Monday to Friday."""
        return self.table.get(day, day.weekday() < _SATURDAY)

    def known(self, day: date) -> bool:
        """Whether the table says so, rather than the week."""
        return day in self.table

    def has(self, year: int) -> bool:
        """Whether the days off of a year are in the table."""
        return self.known(date(year, *_DECREED))

    def days_off(self, day: date) -> tuple[date, date] | None:
        """The first and the last of the days off around one of them, weekends included.

        None for a day that is worked, and where the table has no list of its year.
        """
        if not self.has(day.year) or self.is_workday(day):
            return None
        first = last = day
        while not self.is_workday(first - _ONE):
            first -= _ONE
        while not self.is_workday(last + _ONE):
            last += _ONE
        return first, last

    def missing(self, day: date) -> int | None:
        """The year whose days off should be in the table on a day and are not; None while all are.

        It is the day's own year, and from the middle of November the next one.
        """
        if not self.has(day.year):
            return day.year
        ahead = (day.month, day.day) >= _FROM and not self.has(day.year + 1)
        return day.year + 1 if ahead else None

    def reminded(self, day: date) -> bool:
        """Whether somebody is told on a day that a year is missing: twice a month, at work."""
        if self.missing(day) is None:
            return False
        mark = day.replace(day=_HALF if day.day >= _HALF else 1)
        while not self.is_workday(mark):
            mark += timedelta(days=1)
        return mark == day


def next_time(now: datetime, at: time) -> datetime:
    """Return the next moment at which clocks in Shanghai show `at`, today or tomorrow."""
    today = datetime.combine(now.astimezone(TZ).date(), at, TZ)
    return today if today > now else today + timedelta(days=1)
