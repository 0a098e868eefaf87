"""A visit: planned legwork and what came of it (domain.md F1-F13)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from domain.errors import NotAllowed
from domain.leave import present
from domain.people import Person, Role, World
from domain.routing import oversees
from domain.workdays import TZ


class VisitKind(StrEnum):
    """Why somebody goes there."""

    PATROL = "patrol"  # a window of the day: the whole grid is walked
    VISIT = "visit"  # a place of places.csv in its frequency
    CARE = "care"  # somebody on a care list
    CAMPAIGN = "campaign"
    HOTSPOT = "hotspot"
    EXTRA = "extra"  # nobody had planned it


class VisitStatus(StrEnum):
    """Where a visit stands."""

    PLANNED = "planned"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


# The statuses of a visit that still can be made; a missed patrol is made up for on its day.
OPEN = (VisitStatus.PLANNED, VisitStatus.MISSED)


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit. `key` is its kind, subject and period: planned twice it is planned once.

    `subject` is a place's name, a person's id or a grid's id; `name` what people call it. It is to
    be made on `due` (by `due_at`, its end) and counts from `first` to `last`. `reason` is why it
    is planned, as plain values for a template.
    """

    id: int
    key: str
    kind: VisitKind
    subject: str
    name: str
    area: str
    worker: str
    rhythm: str
    first: date
    last: date
    due_at: datetime
    reason: Mapping[str, str | int] = field(default_factory=dict)
    status: VisitStatus = VisitStatus.PLANNED
    done_at: datetime | None = None
    done_by: str = ""
    words: str = ""
    finding: str = ""
    photos: int = 0
    letter: int | None = None
    case: int | None = None
    flagged: str = ""  # words | photo
    listed: bool = False  # its leader has been told that it was missed, or flagged
    version: int = 1

    @property
    def due(self) -> date:
        """The day it is planned for."""
        return self.due_at.astimezone(TZ).date()

    @property
    def start_at(self) -> datetime:
        """From when on it can be made: a patrol in its window, anything else in its period."""
        start = self.reason.get("from") if self.kind is VisitKind.PATROL else None
        at = time.fromisoformat(str(start)) if start else time()
        return datetime.combine(self.first, at, TZ).astimezone(UTC)

    def made_by_going(self, person: str) -> bool:
        """Whether it is made by this person's having been there.

        An inspection is made by its items (F17), somebody's own quota by those who owe it (F5).
        """
        owed = str(self.reason.get("people", ""))
        return not self.reason.get("part") and (not owed or person in owed.split())

    def covers(self, day: date) -> bool:
        """Whether a visit on that day counts for it."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a worker says of a visit he made."""

    at: datetime
    by: str
    words: str
    finding: str = ""
    photos: int = 0
    letter: int | None = None


def done(visit: Visit, said: Confirmed) -> Visit:
    """The visit as it is once it was made."""
    return replace(
        visit,
        status=VisitStatus.DONE,
        done_at=said.at,
        done_by=said.by,
        words=said.words,
        finding=said.finding,
        photos=said.photos,
        letter=said.letter,
        listed=False,
    )


def taken_back(visit: Visit, now: datetime) -> Visit:
    """The visit as it was before it was wrongly said to be made."""
    status = VisitStatus.PLANNED if visit.due_at > now or visit.last >= day_of(now) else None
    if visit.kind is VisitKind.EXTRA:
        status = VisitStatus.CANCELLED
    elif visit.kind is VisitKind.PATROL and visit.due_at <= now:
        status = VisitStatus.MISSED
    return replace(
        visit,
        status=status or VisitStatus.MISSED,
        done_at=None,
        done_by="",
        finding="",
        photos=0,
        letter=None,
        flagged="",
    )


def again(visit: Visit, day: date) -> Visit:
    """The visit on another day of its period: nobody was there."""
    at = datetime.combine(day, visit.due_at.astimezone(TZ).timetz())
    return replace(visit, due_at=at.astimezone(UTC))


def moved(visit: Visit, day: date, now: datetime) -> Visit:
    """The visit on a day its leader chose. Raises NotAllowed for one outside of what is open."""
    if visit.status is not VisitStatus.PLANNED:
        raise NotAllowed("visit_over")
    if visit.kind is VisitKind.PATROL:
        raise NotAllowed("visit_is_a_window")
    if day < day_of(now):
        raise NotAllowed("visit_in_the_past")
    if not visit.covers(day):
        raise NotAllowed("visit_outside_its_period")
    return again(visit, day)


LENT = "for"  # the reason's key for whose overdue visit it is, while another stands in for him


def lent(visit: Visit, stands_in: str) -> Visit:
    """The visit in the hands of who stands in for somebody away (A15)."""
    mine = str(visit.reason.get(LENT, visit.worker))
    return replace(visit, worker=stands_in, reason={**visit.reason, LENT: mine})


def given_back(visit: Visit) -> Visit:
    """The visit in the hands of him for whom another stood in."""
    reason = {key: value for key, value in visit.reason.items() if key != LENT}
    return replace(visit, worker=str(visit.reason.get(LENT, visit.worker)), reason=reason)


def day_of(now: datetime) -> date:
    """The day in Shanghai."""
    return now.astimezone(TZ).date()


def start_of(day: date) -> datetime:
    """The moment a day begins in Shanghai."""
    return datetime.combine(day, time(), TZ).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The moment a day's visits are due: its last minute."""
    return datetime.combine(day, time(23, 59), TZ).astimezone(UTC)


def may_confirm(world: World, area: str, person: Person, away: Mapping[str, str]) -> bool:
    """Whether somebody may say that he visited something: it lies in a grid he answers for.

    Its workers, who stands in for them by the roster or by a leave, and the desks above.
    """
    if oversees(world, area, person):
        return True
    for worker in world.workers(area):
        if person.id in (worker.id, worker.substitute, present(worker.id, away)):
            return True
    return person.role is Role.DEPARTMENT and any(
        one.id == person.id for one in world.offices(area)
    )


def bare(words: str) -> str:
    """The words without spaces and signs, to tell whether the same was said again."""
    return "".join(char for char in words if char.isalnum())


def repeated(words: str, earlier: list[str], times: int) -> bool:
    """Whether these words make it `times` running; `earlier` are those before, newest first."""
    wanted = bare(words)
    same = [bare(one) == wanted for one in earlier[: times - 1]]
    return times > 1 and len(same) == times - 1 and all(same) and bool(wanted)


def gone_by(now: datetime, since: datetime, window: timedelta) -> bool:
    """Whether more time than `window` lies behind something."""
    return now - since > window
