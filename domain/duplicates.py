"""Whether a fresh report is the same trouble at the same place as an open case (domain.md B8).

Place and category decide; the words only confirm or contradict. Measured, the words alone tell
troubles apart hardly better than chance (docs/understanding-duplicates.md).
"""

from datetime import datetime
from enum import StrEnum

from domain.case import Case
from domain.rules import Rules

# How alike the words must be, between 0 (another object) and 1; chosen on the measured pairs.
SURE = 0.4  # the same things are named, nothing else beside them
PERHAPS = 0.2
OTHER_CATEGORY = 0.6


class Likeness(StrEnum):
    """What to do about a fresh report and an open case."""

    SAME = "same"  # join at once and say so
    PERHAPS = "perhaps"  # ask
    DIFFERENT = "different"


def likeness(
    fresh: Case, known: Case, *, alike: float, certain: bool, rules: Rules, now: datetime
) -> Likeness:
    """Compare the case a report would become with an open one.

    `alike` is how alike their words are; `certain` tells that the address means one place only.
    """
    if not _comparable(fresh, known, rules, now) or _elsewhere(fresh, known) or alike <= 0:
        return Likeness.DIFFERENT
    alone = fresh.category == known.category
    here = alone and _same_place(fresh, known)
    if here and certain and fresh.urgent == known.urgent and alike >= SURE:
        return Likeness.SAME
    # An emergency opens at once; it is not kept waiting for an answer (taxonomy rule 1).
    enough = here or alike >= (PERHAPS if alone else OTHER_CATEGORY)
    return Likeness.PERHAPS if enough and not fresh.urgent else Likeness.DIFFERENT


def _comparable(fresh: Case, known: Case, rules: Rules, now: datetime) -> bool:
    """Whether two cases could be one at all: shared troubles, still being worked on, recent."""
    if fresh.area != known.area or not known.working or known.unverified:
        return False
    if not fresh.intent == known.intent == "report" or (fresh.urgent and not known.urgent):
        return False
    if fresh.urgent and fresh.hazard != known.hazard:
        return False  # another danger needs its own words, and perhaps other people
    if {fresh.category, known.category} & set(rules.duplicates_never):
        return False
    return now - known.opened_at <= rules.duplicate_window


def _elsewhere(fresh: Case, known: Case) -> bool:
    """Whether the places contradict each other: two buildings, units or flats, or two facilities.

    With a building on one side only they are two places; words like 门口 beside a building are
    no contradiction by themselves.
    """
    if fresh.building != known.building or not (fresh.building or fresh.place):
        return True
    if not fresh.building and not _overlap(fresh.place, known.place):
        return True
    pairs = ((fresh.unit, known.unit), (fresh.room, known.room))
    return any(ours and theirs and ours != theirs for ours, theirs in pairs)


def _same_place(fresh: Case, known: Case) -> bool:
    """Whether it is certainly the same place: building and unit, or a facility that has a name."""
    if not fresh.building:
        return fresh.place == known.place
    if not fresh.unit or fresh.unit != known.unit or fresh.room != known.room:
        return False
    if fresh.floor and known.floor and fresh.floor != known.floor:
        return False
    return _overlap(fresh.place, known.place)


def _overlap(ours: str, theirs: str) -> bool:
    """Whether two names may be of one place: 电梯 and 电梯里. One of nothing is in every other."""
    return ours in theirs or theirs in ours
