"""Leave: nobody is away without a named substitute, who stands in until he is back (A15)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.people import Level, Person, Role, World
from domain.workdays import TZ


class LeaveStatus(StrEnum):
    """Where a request for leave stands."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    ENDED = "ended"  # 销假: back before its last day


@dataclass(frozen=True, slots=True)
class Leave:
    """Days, both included, on which a person is away and `substitute` stands in."""

    id: int
    person: str
    first: date
    last: date
    substitute: str
    status: LeaveStatus
    asked_at: datetime
    decided_by: str = ""

    def covers(self, day: date) -> bool:
        """Whether he is away on that day."""
        return self.status is LeaveStatus.APPROVED and self.first <= day <= self.last

    def meets(self, first: date, last: date) -> bool:
        """Whether any day of it lies between two days, both included."""
        return self.first <= last and first <= self.last


class Leaves:
    """The leaves this process knows of; read again from the store every few seconds."""

    def __init__(self, known: Iterable[Leave] = ()) -> None:
        self.known: Sequence[Leave] = tuple(known)

    def learn(self, known: Iterable[Leave]) -> None:
        """Take what the store says now."""
        self.known = tuple(known)

    def away(self, day: date) -> Mapping[str, str]:
        """Who is away on a day, with who stands in for him."""
        return {one.person: one.substitute for one in self.known if one.covers(day)}

    def present(self, person: str, now: datetime) -> str:
        """Who does somebody's work at a moment: he himself, his substitute, and his substitute's.

        Where they stand in for one another in a circle it is he himself.
        """
        return present(person, self.away(now.astimezone(TZ).date()) if self.known else {})


def present(person: str, away: Mapping[str, str]) -> str:
    """Who does somebody's work where these are `away`."""
    seen = {person}
    now = person
    while now in away:
        now = away[now]
        if now in seen:
            return person
        seen.add(now)
    return now


def approver(world: World, person: Person) -> Person | None:
    """Who may grant somebody leave: the community's leader, for him the street's desk (A15)."""
    if person.role is Role.WORKER:
        return world.leader_of(person.area) or world.nearest_desk(person.area)
    level = Level.STREET if person.role is Role.LEADER else Level.DISTRICT
    return world.desk(level, person.area)
