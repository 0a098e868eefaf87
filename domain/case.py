"""A case: what is known of it, where it stands, and which clocks run (domain.md B1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.messages import Address
from domain.numbers import CASES
from domain.people import Level


class Status(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    FINISHED = "finished"
    CLOSED = "closed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Mode(StrEnum):
    """The three ways to handle (domain.md B2)."""

    ORDINARY = "ordinary"
    COORDINATED = "coordinated"
    EMERGENCY = "emergency"


class Satisfaction(StrEnum):
    """The reporter's last answer; silence is its own value (domain.md E4)."""

    NONE = "none"
    SATISFIED = "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied"
    DISSATISFIED = "dissatisfied"
    NO_ANSWER = "no_answer"


# What an urgent case may be about; the safety words are chosen by it (templates/safety.j2).
OTHER_HAZARD = "other"
HAZARDS = (
    "gas",
    "fire",
    "trapped",
    "electricity",
    "illness",
    "drowning",
    "violence",
    "missing",
    "fraud",
    "falling",
    "flood",
    OTHER_HAZARD,
)
WORKING = (Status.OPEN, Status.ASSIGNED, Status.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Dues:
    """The clocks of the level that holds a case now; a clock that does not run is None.

    `respond_soon` and `finish_soon` are the moments to remind (taxonomy rule 4); `urge` is the
    next moment at which everybody is told again of an emergency nobody has answered.
    """

    respond_soon: datetime | None = None
    respond: datetime | None = None
    arrive: datetime | None = None
    finish_soon: datetime | None = None
    finish: datetime | None = None
    verify: datetime | None = None
    urge: datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One report and all that became of it. `id` is 0 until the store gives it one.

    `hazard` is one of HAZARDS when it is urgent, "" when it is not or nobody can tell; `urged`
    counts how often everybody was told again.
    """

    id: int
    area: str
    status: Status
    level: Level
    mode: Mode
    intent: str
    category: str
    urgent: bool
    words: str
    reporter: str
    reported_in: Address
    assignee: str
    rules: str
    opened_at: datetime
    dues: Dues
    source: str = "resident"
    building: str = ""
    unit: str = ""
    room: str = ""
    floor: str = ""
    place: str = ""
    unverified: bool = False
    hazard: str = ""
    result: str = ""
    photos: int = 0
    reporters: int = 1
    reopened: int = 0
    escalations: int = 0
    extended: int = 0
    urged: int = 0
    supervised: bool = False
    overdue: bool = False
    satisfaction: Satisfaction = Satisfaction.NONE
    accepted_at: datetime | None = None
    arrived_at: datetime | None = None
    finished_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 0

    @property
    def number(self) -> str:
        """How people call it: short, and no mistaking it for a building or a room."""
        return number_of(self.id)

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to it."""
        return self.status not in (*WORKING, Status.FINISHED)

    @property
    def working(self) -> bool:
        """Whether somebody still has to do something on the spot."""
        return self.status in WORKING


def number_of(id_: int) -> str:
    """The number of an id: short, and no mistaking it for a building or a room."""
    return CASES.number(id_)


def id_of(number: str) -> int:
    """The id behind a number like G1001; 0 when it is none."""
    return CASES.id_of(number)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a case: one line of its append-only timeline."""

    case: int
    version: int
    at: datetime
    kind: str
    by: str
    data: Mapping[str, str] = field(default_factory=dict)


def opened(case: Case) -> Event:
    """The first line of a case's timeline."""
    return Event(
        case.id,
        case.version,
        case.opened_at,
        "opened",
        case.reporter,
        {"words": case.words, "assignee": case.assignee, "rules": case.rules},
    )


# The clocks of a level; beside them an unanswered emergency has `urge`, whoever holds it.
WORK_CLOCKS = ("respond_soon", "respond", "arrive", "finish_soon", "finish")


def timers(case: Case) -> dict[str, datetime]:
    """The moments at which somebody must look at this case again, by kind of clock.

    Clocks stay readable in `dues` when the work is done; they only stop ringing.
    """
    if case.working:
        kinds: tuple[str, ...] = (*WORK_CLOCKS, "urge")
    else:
        kinds = ("verify",) if case.status is Status.FINISHED else ()
    dues = case.dues
    return {kind: due for kind in kinds if (due := getattr(dues, kind)) is not None}
