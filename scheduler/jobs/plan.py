"""Each night: what is to be visited, some grids at a time; and the timers of the day (F1, F6)."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from domain.visit_rules import VisitRules
from domain.visits import VisitStatus, again, day_of, end_of, start_of
from domain.workdays import TZ
from scheduler.job import Job, Misfire
from scheduler.planning import HOURS, grids_of, plan_grids, read_subject, subject_of
from scheduler.quotas import plan_quotas
from store import activities, timers, visits
from store.overdue import LIST
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
    if mine := grids[start : start + _PIECE]:
        await plan_grids(work, mine, today)
    if start + _PIECE < len(grids) or await _close(work) == _OVER:
        again = timers.row("plan", subject_of(today, start + _PIECE), work.now)
        await timers.stand_all(work.store, work.conn, [again])
        return
    await plan_quotas(work, today)
    await put_off(work)
    await _set_timers(work)


async def _close(work: Work) -> int:
    """What nobody visited and whose period is over was missed; returns how many there were."""
    found = await visits.over(work.conn, day_of(work.now), _OVER)
    await visits.end(work.conn, found, VisitStatus.MISSED, "missed", work.now)
    return len(found)


async def put_off(work: Work) -> None:
    """Move what was planned for today before anybody knew that it is a day off.

    What has no day worked left in its period stays: in the long holidays any day will do.
    """
    calendar, today = work.city.calendar, day_of(work.now)
    if calendar.is_workday(today):
        return
    for visit in await visits.due_on(work.conn, start_of(today), end_of(today)):
        days = (today + timedelta(days=n + 1) for n in range((visit.last - today).days))
        later = next((day for day in days if calendar.is_workday(day)), None)
        if later is not None:
            data = {"day": later.isoformat(), "before": today.isoformat()}
            await visits.save(work.conn, again(visit, later), "moved", "", work.now, **data)


async def _set_timers(work: Work) -> None:
    """Who stands in, the end of each window, the leaders' lists, and the next night."""
    today = day_of(work.now)
    rules = work.city.book.at(work.now).visits
    rows = []
    if work.city.leaves.away(today):
        rows.append(timers.row("stand_in", subject_of(today), work.now))
    for number, end in _closing(work, rules, today):
        if end > work.now:
            rows.append(timers.row("window", subject_of(today, number), end))
    listed = datetime.combine(today, rules.list_at, TZ)
    rows.append(timers.row("missed", subject_of(today), max(listed, work.now)))
    lists = work.city.book.at(work.now)
    for kind, at in ((activities.TIMER, lists.activities.remind_at), (LIST, lists.overdue_at)):
        if at is not None:
            due = max(datetime.combine(today, at, TZ), work.now)
            rows.append(timers.row(kind, subject_of(today), due))
    if work.city.calendar.reminded(today):
        rows.append(timers.row("holidays", subject_of(today), max(listed, work.now)))
    tomorrow = today + timedelta(days=1)
    rows.append(timers.row("plan", subject_of(tomorrow), datetime.combine(tomorrow, _AT, TZ)))
    await timers.stand_all(work.store, work.conn, rows)


def _closing(work: Work, rules: VisitRules, today: date) -> Iterator[tuple[int, datetime]]:
    """When the windows of a day close, by number: those walked, then the hours at homes (F12)."""
    hours = sorted({one.end for one in rules.care if one.end})  # a home is called on any day
    ends = dict(enumerate(hours, HOURS))
    if work.city.calendar.is_workday(today):
        ends |= {number: one.end for number, one in enumerate(rules.windows)}
    for number, end in ends.items():
        yield number, datetime.combine(today, end, TZ)


JOB = Job(name="plan", kinds=("plan",), misfire=Misfire.LATE, run=plan)
