"""A quarter of the time is left: the one who has the case is reminded (taxonomy rule 4)."""

from datetime import timedelta

from domain.case import WORK_CLOCKS
from scheduler.job import Job, Misfire
from store import cases
from store.timers import Timer
from store.work import Work


async def remind(work: Work, timer: Timer) -> None:
    """Remind the assignee, unless the deadline itself has passed meanwhile."""
    case = await cases.get(work.conn, timer.subject)
    if case is None or timer.kind not in WORK_CLOCKS or not case.working:
        return
    deadline = timer.kind.removesuffix("_soon")
    due = getattr(case.dues, deadline)
    person = work.city.world.person(case.assignee)
    if person is None or due is None or due <= work.now:
        return
    key = f"t{timer.kind}:{case.id}:{timer.due_at.isoformat()}"
    work.tell(person, "cards/case_soon", {"deadline": deadline}, case=case, by="", key=key)


JOB = Job(
    name="remind",
    kinds=("respond_soon", "finish_soon"),
    misfire=Misfire.SKIP,
    grace=timedelta(days=3),
    run=remind,
)
