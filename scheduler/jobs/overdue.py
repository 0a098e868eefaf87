"""A deadline was missed: the case goes one level up, once for each (domain.md D1)."""

from domain.steps import Facts, Step
from scheduler.job import Job, Misfire
from store import cases
from store.timers import Timer
from store.work import Work


async def overdue(work: Work, timer: Timer) -> None:
    """Move the case one level up and tell that level's desk; the worker may still finish."""
    case = await cases.get(work.conn, timer.subject)
    if case is None or not case.working:
        return
    due = getattr(case.dues, timer.kind)
    if due is not None and due <= work.now:
        await work.move(case, Step.MISS, "", Facts(deadline=timer.kind))


JOB = Job(name="overdue", kinds=("respond", "arrive", "finish"), misfire=Misfire.LATE, run=overdue)
