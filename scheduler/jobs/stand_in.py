"""Each night, once the plans are made: the work of who is away goes to who stands in (A15)."""

from scheduler.job import Job, Misfire
from scheduler.standing_in import hand_over_cases, hand_over_visits
from store.timers import Timer
from store.work import Work


async def stand_in(work: Work, _timer: Timer) -> None:
    """Hand over; whoever comes second finds nothing left."""
    await hand_over_cases(work)
    await hand_over_visits(work)


JOB = Job(name="stand_in", kinds=("stand_in",), misfire=Misfire.LATE, run=stand_in)
