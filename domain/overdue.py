"""What is overdue this morning, and who has to read it (domain.md H6).

A case is late as long as the act whose deadline was missed is still to come. Who was told of it
when the deadline passed does not read it again within a day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.case import Case, Event
from domain.leave import present
from domain.people import Level, Person, World

EVENTS = ("missed", "urged", "extended", "dissatisfied")  # the kinds that tell
LATELY = timedelta(days=1)
_READS = (Level.COMMUNITY, Level.STREET, Level.DISTRICT)
_URGED = (Level.COMMUNITY, Level.STREET)  # who is told again of an emergency nobody answers


@dataclass(frozen=True, slots=True)
class Late:
    """A case that is overdue, since when, and the act nobody has done: a clock's name."""

    case: Case
    since: datetime
    missing: str


def late(case: Case, history: Iterable[Event]) -> Late | None:
    """Whether a case is overdue now; None where it is not, or begun anew since.

    `history` are its EVENTS, oldest first. Once it was reopened, or put off, the old finish does
    not count any more; a missed answer is over once somebody accepted.
    """
    open_ = _missed(history) if case.working else {}
    if case.accepted_at is not None:
        open_.pop("respond", None)
    if case.arrived_at is not None:
        open_.pop("arrive", None)
    if not open_:
        return None
    missing = min(open_, key=lambda clock: open_[clock])
    return Late(case, open_[missing], missing)


def _missed(history: Iterable[Event]) -> dict[str, datetime]:
    """When each clock was missed first, without those that were set anew afterwards."""
    found: dict[str, datetime] = {}
    for one in history:
        if one.kind == "missed":
            found.setdefault(one.data.get("deadline", "finish"), one.at)
        elif one.kind == "extended":
            found.pop("finish", None)
        elif one.kind == "dissatisfied":
            found.clear()
    return found


def ranked(found: Iterable[Late]) -> list[Late]:
    """The most urgent first: emergencies, then whatever is late for the longest time."""
    return sorted(found, key=lambda one: (not one.case.urgent, one.since, one.case.id))


def readers(
    world: World, case: Case, history: Sequence[Event], away: Mapping[str, str], now: datetime
) -> list[Person]:
    """Who reads of a late case: its community's leader, and each desk it has come up to.

    Without those whom its deadline was told within a day; `history` as for `late`. For a leader
    who is `away` it is whoever stands in.
    """
    lately = [one for one in history if now - one.at < LATELY]
    told: set[Level] = set()
    for one in lately:
        if one.kind == "missed":
            told.add(Level(one.data.get("level", case.level)))
        elif one.kind == "urged":
            told.update(_URGED)
    found: dict[str, Person] = {}
    for level in _READS:
        reached = level is Level.COMMUNITY or level.rank <= case.level.rank
        desk = world.desk(level, case.area) if reached and level not in told else None
        person = world.person(present(desk.id, away)) if desk is not None else None
        if person is not None:
            found[person.id] = person
    return list(found.values())
