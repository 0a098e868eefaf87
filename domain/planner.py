"""Spreads visits over their period, the days of the week and the workers (domain.md F1-F13).

Each visit wants the days in an order of its own, made from its name alone, and takes the first
that is not full. So the same world gives the same plan, and a new place moves few of the others.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from math import ceil, gcd
from zlib import crc32

from domain.leave import present
from domain.visit_rules import Per, Rhythm
from domain.workdays import Calendar

_SLACK = 1.1  # a day is full with a tenth more than its share
_MONTHS = {Per.MONTH: 1, Per.QUARTER: 3, Per.HALF: 6, Per.YEAR: 12}
_DAY = timedelta(days=1)
_ORDER = {per: at for at, per in enumerate(Per)}


@dataclass(frozen=True, slots=True)
class Object:
    """Something to be visited: `key` is its kind and subject, `area` the grid it lies in.

    `until` ends it, `since` begins it (a campaign); None is always.
    """

    key: str
    area: str
    rhythm: Rhythm
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit of an object: its period, the day, and who goes."""

    object: Object
    key: str
    first: date
    last: date
    due: date
    worker: str


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works in a grid, best first, and when he does not.

    `away` maps a day to those on leave with their substitutes; `absent` a person to the weekdays
    (1-7) he is elsewhere; `load` how much a person has to do on a day already.
    """

    workers: Sequence[str]
    away: Mapping[date, Mapping[str, str]] = field(default_factory=dict)
    absent: Mapping[str, Sequence[int]] = field(default_factory=dict)
    load: Mapping[tuple[str, date], int] = field(default_factory=dict)

    def here(self, worker: str, day: date) -> bool:
        """Whether he can go on that day."""
        return worker not in self.away.get(day, {}) and day.isoweekday() not in self.absent.get(
            worker, ()
        )


@lru_cache(maxsize=4096)
def period(per: Per, day: date) -> tuple[date, date]:
    """The span a day lies in: its first and its last day. Weeks are ISO weeks."""
    if per is Per.DAY:
        return day, day
    if per is Per.WEEK:
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    months = _MONTHS[per]
    month = (day.month - 1) // months * months + 1
    first = day.replace(month=month, day=1)
    after = month + months
    end = first.replace(year=first.year + after // 13, month=after - 12 * (after // 13))
    return first, end - _DAY


def plan(
    objects: Iterable[Object],
    crew: Crew,
    calendar: Calendar,
    today: date,
    until: date | None = None,
) -> Iterator[Planned]:
    """The visits of one grid whose periods begin or run between two days, each with its day.

    No day before `today` is chosen. With the same arguments it is the same plan. What has the
    least freedom, the shortest period, is placed first.
    """
    until = until or today
    if not crew.workers:
        return
    load = _Load(crew)
    ordered = sorted(objects, key=lambda one: (_ORDER[one.rhythm.per], crc32(one.key.encode())))
    groups: dict[tuple[Per, date, date, int], list[tuple[Object, int, str]]] = {}
    for one in ordered:
        for first, last in _periods(one, today, until):
            for turn in range(one.rhythm.times):
                key = f"{one.key}@{first.isoformat()}" + (f"#{turn + 1}" if turn else "")
                span = (one.rhythm.per, *_share(first, last, turn, one.rhythm.times), turn)
                groups.setdefault(span, []).append((one, turn, key))
    for (per, first, last, _), wanted in groups.items():
        days = _days(calendar, first, last, per, today)
        for one, _turn, key in wanted if days else ():
            whole = period(per, first)
            due, worker = load.place(key, days, len(wanted))
            begin, end = max(whole[0], one.since or whole[0]), min(whole[1], one.until or whole[1])
            yield Planned(one, key, begin, end, due, worker)
        load.settle()


def stem(one: Object, day: date) -> str:
    """What the keys of an object's visits in the period of a day begin with."""
    return f"{one.key}@{period(one.rhythm.per, day)[0].isoformat()}"


def stem_of(key: str) -> str:
    """What a key begins with: the same for all visits of an object in a period.

    A place may be called 3#楼; the number of the visit stands behind the date.
    """
    thing, _, rest = key.rpartition("@")
    return f"{thing}@{rest.partition('#')[0]}"


def outdated(known: Iterable[str], asked: AbstractSet[str], kind: str) -> Iterator[str]:
    """The keys of a kind that no object asks for: its class is another by now, or it is gone (F6).

    `asked` are stems. Somebody's own quota of a grid has the grid twice in its key, and stays.
    """
    for key in known:
        found, _, rest = key.partition(":")
        area, _, name = rest.partition(":")
        owed = name.startswith(f"{area}:")
        if found == kind and not owed and stem_of(key) not in asked:
            yield key


def _periods(one: Object, today: date, until: date) -> Iterator[tuple[date, date]]:
    """The periods of an object from today's on, cut to the time it is to be visited at all."""
    day = max(today, one.since or today)
    end = min(until, one.until or until)
    while day <= end:
        first, last = period(one.rhythm.per, day)
        yield max(first, one.since or first), min(last, one.until or last)
        day = last + _DAY


def _share(first: date, last: date, turn: int, times: int) -> tuple[date, date]:
    """The part of a period in which one of several visits is made: they keep apart.

    More visits than days share the days: two a day are both on that day.
    """
    if times == 1:
        return first, last
    length = (last - first).days + 1
    start, end = length * turn // times, length * (turn + 1) // times - 1
    return first + timedelta(days=start), first + timedelta(days=max(start, end))


@lru_cache(maxsize=1024)
def _span(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=at) for at in range((last - first).days + 1))


def _days(calendar: Calendar, first: date, last: date, per: Per, today: date) -> list[date]:
    """The days to choose from, from today on: those worked; in the long holidays any of them.

    What is visited daily is visited on working days only.
    """
    span = _span(first, last)
    worked = [day for day in span if calendar.is_workday(day)]
    wanted = worked if worked or per is Per.DAY else span
    return [day for day in wanted if day >= today]


class _Load:
    """What each day and worker has to do, while a grid is planned."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._taken: dict[tuple[str, date], int] = dict(crew.load)
        self._slots: list[tuple[date, str]] = []
        self._full = 0
        self._of: tuple[date, date, int] | None = None

    def settle(self) -> None:
        """The next visits have other days to choose from."""
        self._of = None

    def place(self, key: str, days: Sequence[date], count: int) -> tuple[date, str]:
        """Choose a day and who goes for one of `count` visits."""
        self._open(days, count)
        slots, taken = self._slots, self._taken
        size = len(slots)
        mark = crc32(key.encode())
        at, step = mark % size, 1 + (mark >> 16) % size
        while gcd(step, size) != 1:
            step += 1
        best = slots[at]
        least = taken.get((best[1], best[0]), 0)
        for _ in range(size):
            day, worker = slots[at]
            has = taken.get((worker, day), 0)
            if has < self._full:
                best = (day, worker)
                break
            if has < least:
                best, least = (day, worker), has
            at = (at + step) % size
        where = (best[1], best[0])
        taken[where] = taken.get(where, 0) + 1
        return best

    def _open(self, days: Sequence[date], count: int) -> None:
        """Work out for some days who can go, and with how many visits a day is full."""
        span = (days[0], days[-1], count)
        if self._of == span:
            return
        crew = self._crew
        slots = [(day, one) for day in days for one in crew.workers if crew.here(one, day)]
        if not slots:  # nobody is there in all that time: those who stand in go
            slots = [
                (day, present(one, crew.away.get(day, {}))) for day in days for one in crew.workers
            ]
        before = sum(self._taken.get((worker, day), 0) for day, worker in slots)
        self._of, self._slots = span, slots
        self._full = max(1, ceil((before + count) * _SLACK / len(slots)))
