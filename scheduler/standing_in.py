"""Leave begins: what somebody has not finished goes to who stands in for him (domain.md A15)."""

from domain.steps import Facts, Step
from domain.visits import VisitKind, day_of, lent
from store import cases, visits
from store.work import Work


async def hand_over_cases(work: Work) -> int:
    """Give the open cases of all who are away today to who stands in; returns how many.

    Done each night, and when a leave is granted that has begun already: so a case that came back
    to somebody away, reopened or returned, finds its way as well.
    """
    away = work.city.leaves.away(day_of(work.now))
    count = 0
    for person in sorted(away):
        if work.city.leaves.present(person, work.now) == person:
            continue
        for case in await cases.working_of(work.conn, person):
            stands_in = work.city.in_charge(case, work.now)
            if stands_in != person:  # a complaint that no desk above can take waits for him
                await work.move(case, Step.HAND_OVER, person, Facts(to=stands_in))
                count += 1
    return count


async def hand_over_visits(work: Work) -> int:
    """Give what stood before a leave and is overdue to who stands in; returns how many.

    The days of the leave itself were given to him when it was granted. Their windows are over with
    their day: a patrol nobody made is no work for another.
    """
    today = day_of(work.now)
    away = work.city.leaves.away(today)
    count = 0
    for visit in await visits.planned_of(work.conn, sorted(away), today):
        stands_in = work.city.leaves.present(visit.worker, work.now)
        overdue = visit.due < today and visit.kind is not VisitKind.PATROL
        if overdue and stands_in != visit.worker:
            data = {"from": visit.worker}
            await visits.save(work.conn, lent(visit, stands_in), "moved", "", work.now, **data)
            count += 1
    return count
