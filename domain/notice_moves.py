"""A recurring notice at another time: this once, or from now on (日历 and chat alike).

This once: the one time becomes a notice of its own, and the rhythm goes on behind it. So nothing
comes twice, and each of them can be taken back by its number.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from domain.moving import Refused, standing
from domain.notice_times import Days, Rhythm, comes, next_after, rhythm_of, times_between
from domain.notices import Notice, Status
from domain.visits import day_of
from domain.workdays import TZ, Calendar

_A_WEEK = 7
_LONG_MONTH = 31  # who says the 31st means the last day: four months have none
_MOMENT = timedelta(microseconds=1)


class Scope(StrEnum):
    """What of a recurring notice is moved."""

    ONCE = "once"
    RHYTHM = "rhythm"


def comes_again(notice: Notice) -> bool:
    """Whether it has a rhythm of its own, rather than one day."""
    return bool(notice.rhythm) and not notice.rhythm.startswith(Days.ONCE.value)


def later_times(
    notice: Notice, start: datetime, end: datetime, calendar: Calendar
) -> Iterator[Notice]:
    """A recurring notice at each of its times in a span, but for the next one of all."""
    rhythm = rhythm_of(notice.rhythm)
    if rhythm is None:
        return
    for moment in times_between(rhythm, max(start, notice.due_at + _MOMENT), end, calendar):
        yield replace(notice, due_at=moment)


def this_once(
    notice: Notice, day: date, now: datetime, calendar: Calendar, at: time | None = None
) -> tuple[Notice, Notice]:
    """The notice from its following time on, and its next time alone, on another day or hour.

    Raises Refused for what is over, for a time gone by, and for a day on which it comes anyway.
    """
    rhythm = standing(notice)
    own, due = day_of(notice.due_at), _due(day, at or rhythm.at, now)
    if due == notice.due_at:
        raise Refused("notice_there_already", when=due)
    if day != own and rhythm.falls_on(day, calendar):
        raise Refused("notice_comes_anyway", day=day)
    after = next_after(rhythm, notice.due_at, calendar)
    status = Status.STANDING if after is not None else Status.SENT
    kept = replace(notice, due_at=after or notice.due_at, status=status)
    alone = replace(
        notice,
        id=0,
        key=f"moved:{notice.id}:{notice.due_at.astimezone(TZ):%Y%m%dT%H%M}",
        rhythm=Rhythm(Days.ONCE, at or rhythm.at, day=day, missed=rhythm.missed).code,
        due_at=due,
        created_at=now,
    )
    return kept, alone


def from_now_on(
    notice: Notice, day: date, now: datetime, calendar: Calendar, at: time | None = None
) -> Notice:
    """The notice with its rhythm moved as far as its next time is: Mondays become Wednesdays.

    Raises Refused where no day could mean a rhythm: what comes daily stays daily.
    """
    rhythm, own = standing(notice), day_of(notice.due_at)
    if not notice.author:
        raise Refused("notice_of_rules")
    moved = replace(rhythm, at=at or rhythm.at, numbers=_numbers(rhythm, own, day))
    counted = rhythm.since is not None and not rhythm.falls_on(day, calendar)
    if day != own and moved.numbers == rhythm.numbers and not counted:
        raise Refused("notice_on_its_days")
    if day != own and rhythm.since is not None:  # each second day is counted from the new one
        moved = replace(moved, since=day)
    if moved == rhythm:
        raise Refused("notice_there_already", when=notice.due_at)
    if not moved.falls_on(day, calendar):  # out of its season
        raise Refused("notice_comes_never", day=day)
    _due(day, moved.at, now)
    # Of several days a week the others keep their turn: Thursday moved to the next Wednesday
    # leaves the Monday between them.
    first = day if moved.since == day else min(own, day)
    since = datetime.combine(first, time(), TZ).astimezone(UTC) - _MOMENT
    return _again(notice, moved, max(since, now), calendar)


def in_rhythm(notice: Notice, rhythm: Rhythm, now: datetime, calendar: Calendar) -> Notice:
    """The notice with the rhythm somebody told. Raises Refused where it never comes."""
    before = standing(notice)
    if not notice.author:
        raise Refused("notice_of_rules")
    rhythm = replace(rhythm, missed=before.missed)
    if rhythm == before:
        raise Refused("notice_there_already", when=notice.due_at)
    return _again(notice, rhythm, now, calendar)


def _again(notice: Notice, rhythm: Rhythm, since: datetime, calendar: Calendar) -> Notice:
    due = next_after(rhythm, since, calendar)
    if due is None or not comes(rhythm):
        raise Refused("notice_comes_never", day=day_of(since))
    return replace(notice, rhythm=rhythm.code, due_at=due)


def _numbers(rhythm: Rhythm, own: date, day: date) -> tuple[int, ...]:
    """The numbers of a rhythm with the day it comes on exchanged for another one."""
    if rhythm.days is Days.YEAR:
        return day.month, day.day
    if rhythm.days is Days.WEEK:
        return _exchanged(rhythm.numbers, own.isoweekday(), day.isoweekday())
    if rhythm.days is Days.MONTH:
        mine = own.day if own.day in rhythm.numbers else -1
        return _exchanged(rhythm.numbers, mine, -1 if day.day == _LONG_MONTH else day.day)
    if rhythm.days is Days.NTH and rhythm.numbers[1]:
        last = day.day > monthrange(day.year, day.month)[1] - _A_WEEK
        same_end = last and rhythm.numbers[0] < 0
        return -1 if same_end else (day.day - 1) // _A_WEEK + 1, day.isoweekday()
    return rhythm.numbers


def _exchanged(numbers: tuple[int, ...], one: int, other: int) -> tuple[int, ...]:
    """The numbers with one in the place of another, in order; the last day of a month is last."""
    found = {other if number == one else number for number in numbers}
    return tuple(sorted(found, key=lambda number: (number < 0, number)))


def _due(day: date, at: time, now: datetime) -> datetime:
    """A moment to come. Raises Refused for one that is over, naming the nearest day."""
    due = datetime.combine(day, at, TZ).astimezone(UTC)
    if due <= now:
        today = day_of(now)
        later = datetime.combine(today, at, TZ) <= now
        raise Refused("notice_in_the_past", today + timedelta(days=later), when=due)
    return due
