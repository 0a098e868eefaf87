"""A window of the day has closed: who has no patrol in it is reminded, once (F1, F12)."""

from datetime import date, datetime

from domain.visits import Visit, VisitStatus, day_of
from scheduler.caring import tell_alone
from scheduler.job import Job, Misfire
from scheduler.planning import HOURS, read_subject
from store import visits
from store.timers import Timer
from store.work import Work


async def window(work: Work, timer: Timer) -> None:
    """Note the patrols nobody made; whoever is on leave is excused."""
    day, number = read_subject(timer)
    if number >= HOURS:
        await _at_their_hour(work, day, timer.due_at)
        return
    away = work.city.leaves.away(day)
    excused: list[Visit] = []
    missed: list[Visit] = []
    for visit in await visits.closing(work.conn, work.now, day):
        worker = work.city.world.worker_of(visit.area)
        (excused if worker is not None and worker.id in away else missed).append(visit)
    await visits.end(work.conn, excused, VisitStatus.CANCELLED, "excused", work.now)
    missed = await visits.end(work.conn, missed, VisitStatus.MISSED, "missed", work.now)
    if day == day_of(work.now):  # a day later nobody can make up for it
        told = [visit for visit in missed if _remind(work, visit)]
        await visits.log(work.conn, [(one.id, "reminded", "", {}) for one in told], work.now)


def _remind(work: Work, visit: Visit) -> bool:
    """Tell who was to walk there; False where nobody is known."""
    person = work.city.world.person(visit.worker)
    if person is None:
        return False
    context = {"window": visit.reason["window"], "area": visit.name}
    work.tell(person, "replies/visit_window", context, case=None, by="", key=f"v{visit.id}:window")
    return True


async def _at_their_hour(work: Work, day: date, until: datetime) -> None:
    """Remind who has not called on somebody by the end of his hour, alone; it stays to be done."""
    if day != day_of(work.now):
        return
    away = work.city.leaves.away(day)
    found = [one for one in await visits.due_at(work.conn, until) if one.worker not in away]
    for visit in found:
        values = {"place": visit.name, "window": f"{visit.reason['from']}–{visit.reason['to']}"}
        key = f"v{visit.id}:hour:{day.isoformat()}"
        tell_alone(work, visit.worker, "replies/visit_hour", values, key=key)
    await visits.log(work.conn, [(one.id, "reminded", "", {}) for one in found], work.now)


JOB = Job(name="window", kinds=("window",), misfire=Misfire.LATE, run=window)
