"""The reporter never said whether it was done: closed as no answer, not as satisfied (E4)."""

from domain.case import Status
from domain.steps import Step
from scheduler.job import Job, Misfire
from store import cases
from store.timers import Timer
from store.work import Work


async def unanswered(work: Work, timer: Timer) -> None:
    """Close the case."""
    case = await cases.get(work.conn, timer.subject)
    if case is not None and case.status is Status.FINISHED and case.dues.verify == timer.due_at:
        await work.move(case, Step.EXPIRE, "")


JOB = Job(name="unanswered", kinds=("verify",), misfire=Misfire.LATE, run=unanswered)
