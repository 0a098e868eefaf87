"""Visits somebody owes an area as a whole: so often a week, alone or as a group (F4, F5, F15)."""

from collections.abc import Iterator
from datetime import date

from domain.planner import Object
from domain.visit_rules import Quota
from domain.visits import Visit, VisitKind
from scheduler.planning import Thing, crew_of, spread
from store import visits
from store.work import Work


async def plan_quotas(work: Work, day: date) -> int:
    """Write down what the quotas ask for in the periods that hold a day; returns how many new.

    A quota of an area or of people nobody knows asks for nothing; `gridbot check` tells of it.
    """
    quotas = work.city.book.at(work.now).visits.quotas
    areas = sorted({one.area for one in quotas if one.area in work.city.world.areas})
    if not areas:
        return 0
    known = await visits.keys(work.conn, areas, day)
    load = await visits.loads(work.conn, areas, day)
    fresh: list[Visit] = []
    for quota in quotas:
        for goer, thing in _things(work, quota):
            fresh += spread(work, [thing], crew_of(work, [goer], load, day), known, day)
    return await visits.add(work.store, work.conn, fresh, work.now)


def _things(work: Work, quota: Quota) -> Iterator[tuple[str, Thing]]:
    """What each person has to do, or the first of a group for all of it."""
    world = work.city.world
    area = world.area(quota.area)
    known = [found for one in quota.people if (found := world.person(one)) and found.role.staff]
    if area is None or not known:
        return
    groups = [known] if quota.together else [[one] for one in known]
    for group in groups:
        others = " ".join(one.name for one in group[1:])
        reason = {"code": "quota", "with": others, "people": " ".join(one.id for one in group)}
        mark = "together" if quota.together else group[0].id
        key = f"{VisitKind.VISIT.value}:{area.id}:{area.id}:{mark}:{quota.rhythm.code}"
        one = Object(key, area.id, quota.rhythm)
        yield group[0].id, Thing(VisitKind.VISIT, area.id, area.name, one, reason)
