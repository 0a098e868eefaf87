"""Who is told of what happened to a case, and with which template."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.case import Case, Event
from domain.people import Level, Person, World


class Audience(StrEnum):
    """Who is meant, seen from the case."""

    ASSIGNEE = "assignee"
    REPORTER = "reporter"
    LEADER = "leader"  # of the community
    STREET = "street"
    LEVEL = "level"  # the desk of the level that holds the case now
    FORMER = "former"  # who had it until somebody else took it or moved it


@dataclass(frozen=True, slots=True)
class Followup:
    """One message that follows from an event; `when` narrows it to some cases and events."""

    to: Audience
    template: str
    when: Callable[[Case, Event], bool] = lambda _case, _event: True


def _urgent(case: Case, _event: Event) -> bool:
    return case.urgent


def _working(case: Case, _event: Event) -> bool:
    return case.working


def _supervised(case: Case, _event: Event) -> bool:
    return case.supervised


def _emergency_found(case: Case, event: Event) -> bool:
    """An emergency was opened without its place, and now somebody has said it."""
    return case.urgent and ("building" in event.data or "place" in event.data)


_TAKEN = Followup(Audience.FORMER, "replies/case_taken")


FOLLOWUPS: Mapping[str, tuple[Followup, ...]] = {
    "opened": (
        Followup(Audience.REPORTER, "replies/received"),
        Followup(Audience.ASSIGNEE, "cards/case_new"),
        # An emergency is told to the community and the street at once (domain.md B2).
        Followup(Audience.LEADER, "cards/case_emergency", when=_urgent),
        Followup(Audience.STREET, "cards/case_emergency", when=_urgent),
    ),
    "accepted": (_TAKEN,),
    "transferred": (Followup(Audience.ASSIGNEE, "cards/case_transferred"), _TAKEN),
    "returned": (Followup(Audience.ASSIGNEE, "cards/case_returned"),),
    "reported_up": (Followup(Audience.LEVEL, "cards/case_reported_up"),),
    "missed": (
        Followup(Audience.ASSIGNEE, "cards/case_missed"),
        Followup(Audience.LEVEL, "cards/case_escalated"),
    ),
    "finished": (Followup(Audience.REPORTER, "cards/verify"),),
    "satisfied": (Followup(Audience.ASSIGNEE, "replies/case_closed"),),
    "dissatisfied": (
        Followup(Audience.ASSIGNEE, "cards/case_reopened"),
        Followup(Audience.LEADER, "cards/case_supervised", when=_supervised),
    ),
    "withdrawn": (Followup(Audience.ASSIGNEE, "replies/case_withdrawn"),),
    "added": (
        Followup(Audience.ASSIGNEE, "replies/case_added", when=_working),
        Followup(Audience.LEADER, "replies/case_added", when=_emergency_found),
        Followup(Audience.STREET, "replies/case_added", when=_emergency_found),
    ),
}


def audience(followup: Followup, case: Case, event: Event, world: World) -> Person | None:
    """The member of staff who is meant; None for the reporter, or where nobody holds the post."""
    match followup.to:
        case Audience.ASSIGNEE:
            return world.person(case.assignee)
        case Audience.LEADER:
            return world.desk(Level.COMMUNITY, case.area)
        case Audience.STREET:
            return world.desk(Level.STREET, case.area)
        case Audience.LEVEL:
            return world.desk(case.level, case.area)
        case Audience.FORMER:
            return world.person(event.data.get("from", ""))
        case Audience.REPORTER:
            return None


def once(event: Event, followup: Followup) -> str:
    """The key under which this message is said a single time."""
    return f"c{event.case}.{event.version}:{followup.template}:{followup.to}"
