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
    if case is None or case.status is not Status.FINISHED:
        return
    if case.dues.verify is not None and case.dues.verify <= work.now:
        await work.move(case, Step.EXPIRE, "")


JOB = Job(name="unanswered", kinds=("verify",), misfire=Misfire.LATE, run=unanswered)
