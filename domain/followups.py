"""Who is told of what happened to a case, and with which template."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.case import Case, Event
from domain.complaints import about_staff
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


def _matter(case: Case, _event: Event) -> bool:
    return not about_staff(case)


def _complaint(case: Case, _event: Event) -> bool:
    """It is about one of the staff: whoever looks into it is told what he must not say."""
    return about_staff(case)


def _working(case: Case, event: Event) -> bool:
    return case.working and "from" not in event.data


def _said_by_another(case: Case, event: Event) -> bool:
    return event.by != case.reporter


def _supervised(case: Case, _event: Event) -> bool:
    return case.supervised


def _emergency_found(case: Case, event: Event) -> bool:
    """An emergency was opened without its place, and now somebody has said it."""
    placed = "building" in event.data or "place" in event.data
    return case.urgent and placed and not _reached(case, event)


def _reached(_case: Case, event: Event) -> bool:
    """The grid of a case that nobody could place was named: it has other people now."""
    return "area" in event.data


def _handed(_case: Case, event: Event) -> bool:
    return "from" in event.data


def _urgent_reached(case: Case, event: Event) -> bool:
    return case.urgent and _reached(case, event)


_TAKEN = Followup(Audience.FORMER, "replies/case_taken")


FOLLOWUPS: Mapping[str, tuple[Followup, ...]] = {
    "opened": (
        Followup(Audience.REPORTER, "replies/received", when=_matter),
        Followup(Audience.ASSIGNEE, "cards/case_new", when=_matter),
        Followup(Audience.REPORTER, "replies/complaint_received", when=_complaint),
        Followup(Audience.ASSIGNEE, "cards/complaint_new", when=_complaint),
        # An emergency is told to the community and the street at once (domain.md B2).
        Followup(Audience.LEADER, "cards/case_emergency", when=_urgent),
        Followup(Audience.STREET, "cards/case_emergency", when=_urgent),
    ),
    "accepted": (_TAKEN,),
    "transferred": (Followup(Audience.ASSIGNEE, "cards/case_transferred"), _TAKEN),
    "handed_over": (Followup(Audience.ASSIGNEE, "cards/case_handed_over"),),
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
    "rejected": (
        Followup(Audience.REPORTER, "replies/not_taken", when=_said_by_another),
        Followup(Audience.ASSIGNEE, "replies/case_rejected"),
        Followup(Audience.LEADER, "replies/case_rejected", when=_urgent),
        Followup(Audience.STREET, "replies/case_rejected", when=_urgent),
    ),
    "reclassified": (Followup(Audience.ASSIGNEE, "replies/case_reclassified"),),
    "supervised": (
        Followup(Audience.ASSIGNEE, "cards/case_carried"),
        Followup(Audience.LEVEL, "cards/case_carried"),
    ),
    "urged": tuple(
        Followup(to, "cards/case_urged")
        for to in (Audience.ASSIGNEE, Audience.LEADER, Audience.STREET)
    ),
    "well_again": (
        Followup(Audience.ASSIGNEE, "replies/case_well"),
        Followup(Audience.LEADER, "replies/case_well", when=_urgent),
        Followup(Audience.STREET, "replies/case_well", when=_urgent),
    ),
    "joined": (Followup(Audience.ASSIGNEE, "replies/case_joined"),),
    "added": (
        Followup(Audience.ASSIGNEE, "replies/case_added", when=_working),
        Followup(Audience.ASSIGNEE, "cards/case_new", when=_handed),
        Followup(Audience.FORMER, "replies/case_taken", when=_handed),
        Followup(Audience.LEADER, "cards/case_emergency", when=_urgent_reached),
        Followup(Audience.STREET, "cards/case_emergency", when=_urgent_reached),
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


def due(followup: Followup, case: Case, event: Event, world: World) -> bool:
    """Whether a message is to be said: it fits, and the same words do not go to him already.

    One person may hold two of the posts: a leader who is the assignee as well.
    """
    if not followup.when(case, event):
        return False
    whom = audience(followup, case, event, world)
    if whom is None:
        return True
    for one in FOLLOWUPS[event.kind]:
        if one == followup:
            break
        same = one.template == followup.template and one.when(case, event)
        if same and audience(one, case, event, world) == whom:
            return False
    return True


def once(event: Event, followup: Followup) -> str:
    """The key under which this message is said a single time."""
    return f"c{event.case}.{event.version}:{followup.template}:{followup.to}"
