"""The list of overdue cases, as the morning tells it and as somebody asks for it (domain.md H6)."""

from collections.abc import Sequence
from typing import Any

from domain import facts
from domain.overdue import Late, late, ranked
from domain.people import Person, Role
from domain.routing import oversees
from domain.rules import PRIVATE
from store.overdue import missed
from store.work import Work

_MOST = 8  # lines; more are not read in a chat


async def of_person(work: Work, person: Person) -> list[Late]:
    """All that is overdue where somebody answers for it; of a worker, what is his to do."""
    found = [late(case, history) for case, history in await missed(work.conn)]
    return [one for one in found if one is not None and _his(work, person, one)]


def _his(work: Work, person: Person, one: Late) -> bool:
    if person.role in (Role.WORKER, Role.DEPARTMENT):
        return one.case.assignee == person.id
    return oversees(work.city.world, one.case.area, person)


def listed(work: Work, found: Sequence[Late], *, asked: bool) -> dict[str, Any]:
    """The values of the list; `asked` tells that somebody wanted to see it."""
    mine = ranked(list(found))
    return {
        "cases_late": [_line(work, one) for one in mine[:_MOST]],
        "total": len(mine),
        "more": max(0, len(mine) - _MOST),
        "asked": asked,
    }


def _line(work: Work, one: Late) -> dict[str, Any]:
    """A late case as the template sees it; nobody's flat, for a staff group may read it.

    Of what is a household's own matter not even the house is told (domain.md 12, Trust).
    """
    area = work.city.world.area(one.case.area)
    return {
        "open": one.case.category not in PRIVATE,
        "case": facts.of_case(one.case, work.city, public=True),
        "area": area.name if area is not None else "",
        "since": one.since.isoformat(),
        "missing": one.missing,
    }
