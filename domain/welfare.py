"""A delivery or a call that comes again and again; unconfirmed, somebody goes to look (F20)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from domain.errors import NotAllowed
from domain.numbers import CARE
from domain.people import Person, World
from domain.routing import oversees
from domain.welfare_rules import WORKING_DAYS
from domain.workdays import TZ, Calendar


class State(StrEnum):
    """Where one day of a plan stands."""

    DUE = "due"
    DONE = "done"  # the helper confirmed it
    RAISED = "raised"  # the grid worker is asked to look
    ACCEPTED = "accepted"  # he said that he goes
    TOLD = "told"  # the leader was told that nobody looked
    SETTLED = "settled"  # somebody has looked


ENDED = (State.DONE, State.SETTLED)


@dataclass(frozen=True, slots=True)
class CarePlan:
    """Who does `what` for `subject` until `at` of each of the `days` (see PlanRule).

    `subject` and `helper` are ids of the roster; a subject nobody enrolled is his bare name.
    """

    id: int
    source: str
    area: str
    subject: str
    what: str
    helper: str
    days: str
    at: time
    active: bool = True

    def falls_on(self, day: date, calendar: Calendar) -> bool:
        """Whether it is due on a day."""
        if self.days == WORKING_DAYS:
            return calendar.is_workday(day)
        return str(day.isoweekday()) in self.days

    def due(self, day: date) -> datetime:
        """Its moment of a day."""
        return datetime.combine(day, self.at, TZ).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Round:
    """One day of a plan; `visit` is the look that was asked for, 0 for none."""

    id: int
    plan: CarePlan
    day: date
    state: State
    by: str = ""
    visit: int = 0

    @property
    def number(self) -> str:
        """What a card's buttons carry: C1001."""
        return CARE.number(self.id)


def round_of(number: str) -> int:
    """The id behind a number like C1001; 0 when it is none."""
    return CARE.id_of(number)


def may_look(world: World, one: Round, worker: str, person: Person | None) -> bool:
    """Whether somebody may say that he looked: who was asked to, and the desks above."""
    if person is None or not person.role.staff:
        return False
    return person.id == worker or oversees(world, one.plan.area, person)


def check_open(one: Round) -> None:
    """Raise NotAllowed where a day of a plan is settled already."""
    if one.state in ENDED:
        raise NotAllowed("care_over")


def view(one: CarePlan, world: World) -> dict[str, str]:
    """A plan as the templates see it."""
    subject, helper = world.person(one.subject), world.person(one.helper)
    return {
        "subject": subject.name if subject is not None else one.subject,
        "home": subject.home if subject is not None else "",
        "what": one.what,
        "helper": helper.name if helper is not None else one.helper,
        "phone": helper.phone if helper is not None else "",
        "at": one.at.strftime("%H:%M"),
        "days": one.days,
    }
