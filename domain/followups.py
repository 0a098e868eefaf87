"""Who is told of what happened to a case, and with which template."""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Followup:
    """One message that follows from an event. `when` narrows it to some cases."""

    to: Audience
    template: str
    when: str = ""


FOLLOWUPS: Mapping[str, tuple[Followup, ...]] = {
    "opened": (
        Followup(Audience.REPORTER, "replies/received"),
        Followup(Audience.ASSIGNEE, "cards/case_new"),
        # An emergency is told to the community and the street at once (domain.md B2).
        Followup(Audience.LEADER, "cards/case_emergency", when="urgent"),
        Followup(Audience.STREET, "cards/case_emergency", when="urgent"),
    ),
    "transferred": (Followup(Audience.ASSIGNEE, "cards/case_transferred"),),
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
        Followup(Audience.LEADER, "cards/case_supervised", when="supervised"),
    ),
    "withdrawn": (Followup(Audience.ASSIGNEE, "replies/case_withdrawn"),),
    "added": (Followup(Audience.ASSIGNEE, "replies/case_added", when="working"),),
    "recalled": (),
}


def applies(followup: Followup, case: Case) -> bool:
    """Whether this message is due for this case."""
    return not followup.when or bool(getattr(case, followup.when))


def audience(followup: Followup, case: Case, world: World) -> Person | None:
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
        case Audience.REPORTER:
            return None


def once(event: Event, followup: Followup) -> str:
    """The key under which this message is said a single time."""
    return f"c{event.case}.{event.version}:{followup.template}:{followup.to}"
