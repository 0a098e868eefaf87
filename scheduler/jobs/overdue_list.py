"""Each working morning: what is overdue, whose, and since when, for each leader (domain.md H6)."""

from typing import Any

from domain import facts
from domain.overdue import Late, late, ranked, readers
from domain.people import Person
from domain.rules import PRIVATE
from domain.visits import day_of
from scheduler.job import Job, Misfire
from store.overdue import LIST, missed
from store.timers import Timer
from store.work import Work

_MOST = 8  # lines; more are not read in a chat


async def overdue_list(work: Work, _timer: Timer) -> None:
    """Tell each leader once a day; nothing where nothing is overdue, or all of it was just told."""
    today = day_of(work.now)
    if not work.city.calendar.is_workday(today):
        return
    away = work.city.leaves.away(today)
    of: dict[str, list[Late]] = {}
    who: dict[str, Person] = {}
    for case, history in await missed(work.conn):
        found = late(case, history)
        if found is None:
            continue
        for person in readers(work.city.world, case, history, away, work.now):
            who[person.id] = person
            of.setdefault(person.id, []).append(found)
    for person in who.values():
        mine = ranked(of[person.id])
        values = {
            "cases_late": [_line(work, one) for one in mine[:_MOST]],
            "total": len(mine),
            "more": max(0, len(mine) - _MOST),
        }
        key = f"od{today.isoformat()}:{person.id}"
        work.tell(person, "replies/overdue_list", values, case=None, by="", key=key)


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


JOB = Job(name="overdue_list", kinds=(LIST,), misfire=Misfire.LATE, run=overdue_list)
