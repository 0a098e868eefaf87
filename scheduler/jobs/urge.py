"""Nobody has answered an emergency: everybody is told again (taxonomy rule 1)."""

from domain.steps import Step
from scheduler.job import Job, Misfire
from store import cases
from store.timers import Timer
from store.work import Work


async def urge(work: Work, timer: Timer) -> None:
    """Tell worker, community and street again; an answer has stopped the clock."""
    case = await cases.get(work.conn, timer.subject)
    if case is None or not case.working:
        return
    if case.dues.urge is not None and case.dues.urge <= work.now:
        await work.move(case, Step.URGE, "")


JOB = Job(name="urge", kinds=("urge",), misfire=Misfire.LATE, run=urge)
