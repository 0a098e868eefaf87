"""When a notice comes round: once, daily, on working days, before holidays, by week or month."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from domain.workdays import TZ, Calendar

_DAY = timedelta(days=1)
# 29 February: eight years may lie between two of them (2096 and 2104).
_HORIZON = 366 * 8 + 3
_SATURDAY, _SHORTEST = 6, 28
_DAYS_A_WEEK, _MONTHS, _QUARTER = 7, 12, 3
_ANY_YEAR = 2024
_PUNCTUAL = timedelta(minutes=5)  # a queue or a restart of the program is no missed time
_CODE = re.compile(
    r"(?P<days>once|day|workday|eve|after|week|month|nth|year) ?(?P<what>[-0-9,]*) "
    r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)"
    r"(?: every (?P<step>[1-9]\d?) from (?P<since>\d{4}-\d\d-\d\d))?"
    r"(?: season (?P<from>\d\d-\d\d)\.\.(?P<to>\d\d-\d\d))?(?: missed (?P<missed>late|skip))?"
)

_NTH = re.compile("(?:-1|[1-5]),[0-7]")


class Days(StrEnum):
    """What the days of a rhythm are."""

    ONCE = "once"
    DAY = "day"
    WORKDAY = "workday"
    EVE = "eve"  # the last working day before a holiday
    AFTER = "after"  # the first working day after one
    WEEK = "week"
    MONTH = "month"
    NTH = "nth"  # the second Monday, the last working day of a month
    YEAR = "year"


class Missed(StrEnum):
    """What becomes of a time at which nobody ran: the notice's own rule."""

    VALID = "valid"  # it still comes while it is valid
    LATE = "late"  # it comes once, however late
    SKIP = "skip"  # it comes on time or not at all


@dataclass(frozen=True, slots=True)
class Rhythm:
    """At which days and at what time in Shanghai.

    `numbers` are weekdays 1-7 (WEEK), days 1-31 with -1 for the last (MONTH), which one of a month
    (1-5, -1 for the last) and its weekday, 0 for a working day (NTH), or month and day (YEAR).
    `season` holds the first and the last (month, day) between which it counts. `missed` is the rule
    for a time that was missed. With a `step` it comes in each step-th day, week or month only,
    counted from that of `since`, and not before that.
    """

    days: Days
    at: time
    numbers: tuple[int, ...] = ()
    day: date | None = None
    season: tuple[tuple[int, int], tuple[int, int]] | None = None
    missed: Missed = Missed.VALID
    step: int = 1
    since: date | None = None

    @property
    def code(self) -> str:
        """As the rules write it: "week 1,4 09:00 season 12-01..02-28"; the store adds `missed`."""
        what = self.day.isoformat() if self.day else ",".join(map(str, self.numbers))
        if self.days is Days.YEAR:
            what = f"{self.numbers[0]:02}-{self.numbers[1]:02}"
        season = ""
        if self.season:
            first, last = (f"{month:02}-{day:02}" for month, day in self.season)
            season = f" season {first}..{last}"
        step = f" every {self.step} from {self.since}" if self.since else ""
        missed = f" missed {self.missed}" if self.missed is not Missed.VALID else ""
        when = " ".join(part for part in (self.days.value, what, f"{self.at:%H:%M}") if part)
        return when + step + season + missed

    @property
    def short(self) -> int:
        """The day that some months do not have, so that it does not come in them; else 0."""
        most = max(self.numbers, default=0)
        return most if self.days is Days.MONTH and most > _SHORTEST else 0

    @property
    def of_quarter(self) -> int:
        """Which month of each quarter it comes in, 1-3; else 0."""
        if self.since is None or (self.days, self.step) != (Days.MONTH, _QUARTER):
            return 0
        return (self.since.month - 1) % _QUARTER + 1

    def comes_late(self, late: timedelta, valid: timedelta) -> bool:
        """Whether a time that is late by so much is still made up for."""
        if self.missed is Missed.SKIP:
            return late <= _PUNCTUAL
        return self.missed is Missed.LATE or late <= valid

    def moment(self, day: date) -> datetime:
        """Its time on a day, in UTC."""
        return datetime.combine(day, self.at, TZ).astimezone(UTC)

    def falls_on(self, day: date, calendar: Calendar) -> bool:
        """Whether it comes on this day."""
        here = self._in_season(day) and self._in_step(day)
        return here and _FALLS[self.days](self, day, calendar)

    def _in_step(self, day: date) -> bool:
        """Whether it is the turn of this day, or of its week or month."""
        if self.since is None:
            return True
        months = (day.year - self.since.year) * _MONTHS + day.month - self.since.month
        weeks = (_monday(day) - _monday(self.since)).days // _DAYS_A_WEEK
        days = (day - self.since).days
        passed = {Days.WEEK: weeks, Days.MONTH: months, Days.NTH: months}.get(self.days, days)
        return passed % self.step == 0 and day >= self.since

    def _in_season(self, day: date) -> bool:
        if self.season is None:
            return True
        first, last, here = *self.season, (day.month, day.day)
        return first <= here <= last if first <= last else here >= first or here <= last


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _of_month(rhythm: Rhythm, day: date, _calendar: Calendar) -> bool:
    last = day.day == monthrange(day.year, day.month)[1]
    return day.day in rhythm.numbers or (last and -1 in rhythm.numbers)


def _beside_holidays(day: date, calendar: Calendar, step: timedelta) -> bool:
    """Whether it is a worked day next to days off that are more than a weekend."""
    if not calendar.is_workday(day):
        return False
    off = day + step
    while not calendar.is_workday(off):
        if off.isoweekday() < _SATURDAY:
            return True
        off += step
    return False


def _nth(rhythm: Rhythm, day: date, calendar: Calendar) -> bool:
    """The first Monday, the last working day: one of its kind, counted within the month."""
    which, weekday = rhythm.numbers
    last = monthrange(day.year, day.month)[1]

    def alike(number: int) -> bool:
        other = day.replace(day=number)
        return other.isoweekday() == weekday if weekday else calendar.is_workday(other)

    if not alike(day.day):
        return False
    others = range(1, day.day) if which > 0 else range(day.day + 1, last + 1)
    return sum(map(alike, others)) == abs(which) - 1


_NUMBERED = {
    Days.WEEK: frozenset(range(1, 8)),
    Days.MONTH: frozenset((-1, *range(1, 32))),
}
_WITH_NUMBERS = frozenset((*_NUMBERED, Days.NTH, Days.YEAR))
_Falls = Callable[[Rhythm, date, Calendar], bool]
_FALLS: dict[Days, _Falls] = {
    Days.ONCE: lambda rhythm, day, _: day == rhythm.day,
    Days.DAY: lambda _rhythm, _day, _: True,
    Days.WORKDAY: lambda _, day, calendar: calendar.is_workday(day),
    Days.EVE: lambda _, day, calendar: _beside_holidays(day, calendar, _DAY),
    Days.AFTER: lambda _, day, calendar: _beside_holidays(day, calendar, -_DAY),
    Days.WEEK: lambda rhythm, day, _: day.isoweekday() in rhythm.numbers,
    Days.MONTH: _of_month,
    Days.NTH: _nth,
    Days.YEAR: lambda rhythm, day, _: (day.month, day.day) == rhythm.numbers,
}


def times_between(
    rhythm: Rhythm, start: datetime, end: datetime, calendar: Calendar
) -> Iterator[datetime]:
    """Every moment of a rhythm from `start` on, `end` not included."""
    moment = next_after(rhythm, start - timedelta(microseconds=1), calendar)
    while moment is not None and moment < end:
        yield moment
        moment = next_after(rhythm, moment, calendar)


def next_after(rhythm: Rhythm, now: datetime, calendar: Calendar) -> datetime | None:
    """The next moment after `now`; None for a rhythm that never comes again."""
    day = now.astimezone(TZ).date()
    if rhythm.day is not None:
        day = max(day, rhythm.day)
    for _ in range(1 if rhythm.day is not None else _HORIZON):
        moment = rhythm.moment(day)
        if moment > now and rhythm.falls_on(day, calendar):
            return moment
        day += _DAY
    return None


def comes(rhythm: Rhythm) -> bool:
    """Whether there is such a day at all: 30 February is none, nor is a date out of its season.

    A single date counts although it may be over, and the days beside holidays nobody has decreed.
    Of several numbers each must be a day: who says 每月1号、32号 means another one.
    """
    known = _NUMBERED.get(rhythm.days)
    if known is not None and not set(rhythm.numbers) <= known:
        return False
    if rhythm.days in (Days.ONCE, Days.EVE, Days.AFTER):
        return True
    begins = rhythm.since.year if rhythm.since else _ANY_YEAR
    return next_after(rhythm, datetime(begins, 1, 1, tzinfo=UTC), Calendar()) is not None


def rhythm_of(code: str) -> Rhythm | None:
    """Read what `Rhythm.code` writes; None when it is not written so."""
    found = _CODE.fullmatch(code.strip())
    if found is None:
        return None
    days, what = Days(found["days"]), found["what"]
    at = time(int(found["hour"]), int(found["minute"]))
    season = (_month_day(found["from"]), _month_day(found["to"])) if found["from"] else None
    missed = Missed(found["missed"] or Missed.VALID)
    try:
        if days is Days.ONCE:
            return Rhythm(days, at, day=date.fromisoformat(what), season=season, missed=missed)
        numbers = _month_day(what) if days is Days.YEAR else _numbers(what)
        since = date.fromisoformat(found["since"]) if found["since"] else None
    except ValueError:
        return None
    wanted = days in _WITH_NUMBERS
    if bool(numbers) != wanted or (days is Days.NTH and not _NTH.fullmatch(what)):
        return None
    step = int(found["step"] or 1)
    return Rhythm(days, at, numbers, season=season, missed=missed, step=step, since=since)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(one) for one in text.split(",")) if text else ()


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
