"""代办、陪办、上门: a time of a grid worker a resident has booked (domain.md B5). No case.

Times are cut into cells of half an hour; an appointment takes every cell it touches, so two of
them cannot meet however long they are.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice

from domain.appointment_rules import AppointmentRules
from domain.deadlines import awake
from domain.errors import NotAllowed
from domain.messages import Address
from domain.numbers import APPOINTMENTS
from domain.people import World
from domain.workdays import TZ, Calendar

CELL = timedelta(minutes=30)
_DAYS = 90  # nobody looks further for a free time

Cells = Collection[tuple[str, datetime]]


class State(StrEnum):
    """Where an appointment stands."""

    BOOKED = "booked"
    DONE = "done"
    ABSENT = "absent"  # the worker came, nobody was there
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment: `worker` comes to `resident` at `start` (UTC); `where` he asked for it.

    `asked` tells that he was asked for a new time after nobody was there: it happens once.
    """

    id: int
    area: str
    worker: str
    resident: str
    where: Address
    words: str
    start: datetime
    state: State
    created_at: datetime
    asked: bool = False

    @property
    def number(self) -> str:
        """What people call it: A1001."""
        return number_of(self.id)

    @property
    def open(self) -> bool:
        """Whether somebody still comes."""
        return self.state is State.BOOKED


def number_of(id_: int) -> str:
    """The number of an id."""
    return APPOINTMENTS.number(id_)


def id_of(number: str) -> int:
    """The id behind a number like A1001; 0 when it is none."""
    return APPOINTMENTS.id_of(number)


def cells(start: datetime, length: timedelta) -> tuple[datetime, ...]:
    """The beginnings of the cells a span touches, in UTC and in order."""
    start = start.astimezone(UTC)
    first = start - timedelta(minutes=start.minute % 30, seconds=start.second)
    first = first.replace(microsecond=0)
    count = -((first - start - length) // CELL)
    return tuple(first + CELL * at for at in range(count))


def bookable(rules: AppointmentRules, calendar: Calendar, start: datetime) -> bool:
    """Whether a resident can have the worker then: in his hours of a working day."""
    local = start.astimezone(TZ)
    if not calendar.is_workday(local.date()):
        return False
    return any(begin <= local.time() < end for begin, end in rules.hours)


def in_reach(rules: AppointmentRules, start: datetime, now: datetime) -> bool:
    """Whether a moment is neither too close for anybody to come nor too far ahead."""
    return now + rules.lead <= start <= now + rules.horizon


@dataclass(frozen=True, slots=True)
class Free:
    """Looks for free times: who comes on a day, and which cells are taken."""

    rules: AppointmentRules
    calendar: Calendar
    worker: str
    comes: Callable[[date], str]
    taken: Cells

    def at(self, start: datetime) -> bool:
        """Whether whoever comes that day has nothing else then."""
        who = self.comes(start.astimezone(TZ).date())
        return all((who, cell) not in self.taken for cell in cells(start, self.rules.length))

    def offers(
        self,
        now: datetime,
        near: datetime | None = None,
        fits: Callable[[datetime], bool] = lambda _: True,
    ) -> list[datetime]:
        """Free times to choose from that fit: the nearest to a wish, else the next half-days'.

        Days on which the worker himself is there come first; his substitute's only where he is
        away all the time.
        """
        for himself in (True, False):
            times = self._wanted(now, near, himself=himself)
            found = list(islice(filter(fits, times), self.rules.offers))
            if found:
                return sorted(found)
        return []

    def _wanted(self, now: datetime, near: datetime | None, *, himself: bool) -> Iterator[datetime]:
        free = (
            start
            for start in self._times(now)
            if self.at(start) and (not himself or self._himself(start))
        )
        if near is not None:
            soon = list(islice(free, 200))
            yield from sorted(soon, key=lambda start: (abs(start - near), start))
            return
        seen: set[tuple[date, bool]] = set()
        for start in free:  # one of each half-day: whoever cannot in the morning can in the evening
            local = start.astimezone(TZ)
            half = (local.date(), local.time() < time(12))
            if half not in seen:
                seen.add(half)
                yield start

    def _himself(self, start: datetime) -> bool:
        return self.comes(start.astimezone(TZ).date()) == self.worker

    def _times(self, now: datetime) -> Iterator[datetime]:
        """Every time within the hours of working days, one after the other."""
        today = now.astimezone(TZ).date()
        days = (today + timedelta(days=at) for at in range(_DAYS))
        for day in (one for one in days if self.calendar.is_workday(one)):
            for begin, end in self.rules.hours:
                start = datetime.combine(day, begin, TZ)
                while start + self.rules.length <= datetime.combine(day, end, TZ):
                    if in_reach(self.rules, start, now):
                        yield start.astimezone(UTC)
                    start += self.rules.length


def view(one: Appointment, world: World) -> dict[str, str]:
    """An appointment as the templates see it; `home` and `words` are the worker's to know."""
    worker, resident = world.person(one.worker), world.person(one.resident)
    return {
        "number": one.number,
        "start": one.start.isoformat(),
        "worker": worker.name if worker is not None else "",
        "phone": worker.phone if worker is not None else "",
        "who": resident.name if resident is not None else "",
        "home": resident.home if resident is not None else "",
        "words": one.words,
        "state": one.state.value,
    }


def remind_at(
    start: datetime, rules: AppointmentRules, quiet: tuple[time, time] | None, now: datetime
) -> datetime | None:
    """When both are reminded; None where it would be too late, or was said a moment ago.

    What would fall into the quiet hours is said at their end, if that is still before it.
    """
    at = awake(start - rules.remind, quiet)
    return at if now < at < start else None


def ask_at(start: datetime, rules: AppointmentRules, quiet: tuple[time, time] | None) -> datetime:
    """When the worker is asked what came of it; never in the quiet hours."""
    return awake(start + rules.length + rules.ask_after, quiet)


def check_end(appointment: Appointment, state: State, now: datetime, *, missed: int = 1) -> None:
    """Raise NotAllowed where an appointment cannot end so now: it is over, or not there yet.

    Who was not met, `missed` once, and was at home after all has been seen: he is asked that once.
    """
    met_after_all = appointment.state is State.ABSENT and state is State.DONE and missed == 1
    if not (appointment.open or met_after_all):
        raise NotAllowed("appointment_over")
    early = appointment.start.astimezone(TZ).date() > now.astimezone(TZ).date()
    if early or (state is State.ABSENT and now < appointment.start):
        raise NotAllowed("appointment_not_yet")
