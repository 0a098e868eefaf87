"""Each night: what is to be visited, some grids at a time; and the timers of the day (F1, F6)."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from domain.visits import VisitStatus, day_of
from domain.workdays import TZ
from scheduler.job import Job, Misfire
from scheduler.planning import grids_of, plan_grids, read_subject, subject_of
from store import timers, visits
from store.timers import Timer
from store.work import Work

_PIECE = 20  # grids in one transaction
_AT = time(0, 5)
_OVER = 500  # visits in one transaction


async def plan(work: Work, timer: Timer) -> None:
    """Plan the next grids; after the last ones close what is over and set the next night."""
    today = day_of(work.now)
    day, start = read_subject(timer)
    if day != today:
        start = 0  # the program stood still meanwhile: the days between are not made up for
    grids = grids_of(work.city.world)
    await plan_grids(work, grids[start : start + _PIECE], today)
    if start + _PIECE < len(grids):
        await _later(work, "plan", subject_of(today, start + _PIECE), work.now)
        return
    await _close(work)
    await _set_timers(work)


async def _close(work: Work) -> None:
    """What nobody visited and whose period is over was missed."""
    for visit in await visits.over(work.conn, day_of(work.now), _OVER):
        missed = replace(visit, status=VisitStatus.MISSED)
        await visits.save(work.conn, missed, "missed", "", work.now)


async def _set_timers(work: Work) -> None:
    """The end of each window, the leaders' list, and the next night."""
    today = day_of(work.now)
    rules = work.city.book.at(work.now).visits
    if work.city.calendar.is_workday(today):
        for number, window in enumerate(rules.windows):
            end = datetime.combine(today, window.end, TZ)
            if end > work.now:
                await _later(work, "window", subject_of(today, number), end)
    listed = datetime.combine(today, rules.list_at, TZ)
    await _later(work, "missed", subject_of(today), max(listed, work.now))
    tomorrow = today + timedelta(days=1)
    await _later(work, "plan", subject_of(tomorrow), datetime.combine(tomorrow, _AT, TZ))


async def _later(work: Work, kind: str, subject: int, due: datetime) -> None:
    await timers.stand(work.store, work.conn, kind, subject, due)


JOB = Job(name="plan", kinds=("plan",), misfire=Misfire.LATE, run=plan)
