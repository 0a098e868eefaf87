"""Moving what is planned to another day or person by a leader's hand: what is open, what is not.

Whatever is refused is refused with the reason and the nearest right thing.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from domain.errors import NotAllowed
from domain.leave import Leaves, present
from domain.notice_times import Days, Missed, Rhythm, rhythm_of
from domain.notices import Notice, Status
from domain.people import Person, Role, World
from domain.visits import Visit, day_of, moved
from domain.workdays import TZ, Calendar

# Who reads the week: an office is told of its cases, and of nobody's visits.
READERS = frozenset((Role.WORKER, Role.LEADER, Role.STREET, Role.DISTRICT))
_AHEAD = 31  # days on both sides of the wished one that are looked through


class Refused(NotAllowed):
    """Why something is not moved, with what fills the gaps of the sentence.

    `near` is the nearest day it could be moved to, None where there is none.
    """

    def __init__(
        self, reason: str, near: date | None = None, **fill: str | date | datetime
    ) -> None:
        super().__init__(reason)
        self.near, self.fill = near, fill


@dataclass(frozen=True, slots=True)
class Crew:
    """On which days somebody can be sent somewhere: worked ones on which he is there."""

    world: World
    calendar: Calendar
    leaves: Leaves

    def hands(self, visit: Visit) -> list[Person]:
        """Who could make a visit: the workers of its grid, and who stands in for them."""
        found: dict[str, Person] = {}
        for worker in self.world.workers(visit.area):
            stands_in = [one.substitute for one in self.leaves.known if one.person == worker.id]
            for one in (worker.id, worker.substitute, *stands_in):
                person = self.world.person(one)
                if person is not None and person.role is Role.WORKER:
                    found.setdefault(person.id, person)
        return list(found.values())

    def free(self, worker: str, day: date) -> bool:
        """Whether the day is worked and he is there on it."""
        return self.calendar.is_workday(day) and worker not in self.leaves.away(day)

    def days(self, visit: Visit, first: date, last: date) -> list[date]:
        """The days between two, both included, to which a visit can be moved."""
        start, end = max(first, visit.first), min(last, visit.last)
        days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
        return [one for one in days if one != visit.due and self.free(visit.worker, one)]

    def near(self, visit: Visit, wished: date, now: datetime) -> date | None:
        """The day nearest to the wished one, from today on, to which it can be moved."""
        first, last = max(visit.first, day_of(now)), visit.last
        around = min(max(wished, first), max(last, first))
        span = timedelta(days=_AHEAD)
        found = self.days(visit, max(first, around - span), min(last, around + span))
        return min(found, key=lambda one: (abs(one - around), one), default=None)

    def replanned(self, visit: Visit, day: date, worker: str, now: datetime) -> Visit:
        """The visit on another day, or with another worker, or both. Raises Refused."""
        to = replace(visit, worker=worker or visit.worker)
        near = self.near(to, day, now)
        try:
            fresh = moved(to, day, now)
        except NotAllowed as error:
            fill = {"day": day, "first": visit.first, "last": visit.last}
            raise Refused(error.reason, near, **fill) from None
        if to.worker not in {visit.worker, *(one.id for one in self.hands(visit))}:
            raise Refused("visit_not_his")
        if not self.calendar.is_workday(day):
            raise Refused("visit_on_a_day_off", near, day=day)
        away = self.leaves.away(day)
        if to.worker in away:
            who, stands_in = (
                self.world.person(one) for one in (to.worker, present(to.worker, away))
            )
            names = {
                "person": who.name if who else "",
                "other": stands_in.name if stands_in else "",
            }
            raise Refused("visit_worker_away", near, day=day, **names)
        return fresh


def standing(notice: Notice) -> Rhythm:
    """The rhythm of a notice that is approved and still to come. Raises Refused for any other."""
    if notice.status is Status.WAITING:
        raise Refused("notice_waits")
    rhythm = rhythm_of(notice.rhythm)
    if notice.status is Status.EXPIRED:
        on_time = rhythm is not None and rhythm.missed is Missed.SKIP
        raise Refused("notice_pointless", when=notice.due_at if on_time else notice.ends_at)
    if notice.status is not Status.STANDING or rhythm is None:
        raise Refused("notice_over")
    return rhythm


def put_off(notice: Notice, day: date, now: datetime, at: time | None = None) -> Notice:
    """An approved notice that comes once, on another day, at its hour or another. Raises Refused.

    Its validity counts from the new moment; one that is past it already is not revived.
    """
    rhythm = standing(notice)
    if rhythm.days is not Days.ONCE:
        raise Refused("notice_comes_again")
    if notice.ends_at < now:
        raise Refused("notice_pointless", when=notice.ends_at)
    at = at or rhythm.at
    due = datetime.combine(day, at, TZ).astimezone(UTC)
    if due <= now:
        today = day_of(now)
        later = datetime.combine(today, at, TZ) <= now
        raise Refused("notice_in_the_past", today + timedelta(days=later), when=due)
    return replace(notice, due_at=due, rhythm=replace(rhythm, day=day, at=at).code)
