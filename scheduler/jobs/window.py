"""A window of the day has closed: who has no patrol in it is reminded, once (F1)."""

from dataclasses import replace

from domain.visits import Visit, VisitStatus, day_of
from scheduler.job import Job, Misfire
from scheduler.planning import read_subject
from store import visits
from store.timers import Timer
from store.work import Work


async def window(work: Work, timer: Timer) -> None:
    """Note the patrols nobody made; whoever is on leave is excused."""
    day, _ = read_subject(timer)
    away = work.city.leaves.away(day)
    for visit in await visits.closing(work.conn, work.now, day):
        worker = work.city.world.worker_of(visit.area)
        if worker is not None and worker.id in away:
            excused = replace(visit, status=VisitStatus.CANCELLED)
            await visits.save(work.conn, excused, "excused", "", work.now)
        else:
            missed = replace(visit, status=VisitStatus.MISSED)
            await visits.save(work.conn, missed, "missed", "", work.now)
            if day == day_of(work.now):  # a day later nobody can make up for it
                await _remind(work, visit)


async def _remind(work: Work, visit: Visit) -> None:
    person = work.city.world.person(visit.worker)
    if person is None:
        return
    context = {"window": visit.reason["window"], "area": visit.name}
    work.tell(person, "replies/visit_window", context, case=None, by="", key=f"v{visit.id}:window")
    await visits.log(work.conn, [(visit.id, "reminded", "", {})], work.now)


JOB = Job(name="window", kinds=("window",), misfire=Misfire.LATE, run=window)
