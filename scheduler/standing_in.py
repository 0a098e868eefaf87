"""Leave begins: what somebody has not finished goes to who stands in for him (domain.md A15)."""

from domain.steps import Facts, Step
from domain.visits import day_of
from store import cases
from store.work import Work


async def hand_over_cases(work: Work) -> int:
    """Give the open cases of all who are away today to who stands in; returns how many.

    Done each night, and when a leave is granted that has begun already: so a case that came back
    to somebody away, reopened or returned, finds its way as well.
    """
    away = work.city.leaves.away(day_of(work.now))
    count = 0
    for person in sorted(away):
        stands_in = work.city.leaves.present(person, work.now)
        if stands_in != person:
            for case in await cases.working_of(work.conn, person):
                await work.move(case, Step.HAND_OVER, person, Facts(to=stands_in))
                count += 1
    return count
