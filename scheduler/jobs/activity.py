"""Each working morning: which planned activities are behind, to each leader (domain.md H5, I2).

A leader hears of it on the day a plan falls behind, and again only when another one does.
"""

from domain import activities as log
from domain.activities import Progress
from domain.people import Area
from domain.visits import day_of
from scheduler.job import Job, Misfire
from scheduler.plans import of_all, shown
from store import activities
from store.timers import Timer
from store.work import Work

_MOST = 8  # lines; more are not read in a chat


async def activity(work: Work, _timer: Timer) -> None:
    """Tell each leader of his community."""
    rules, today = work.city.book.at(work.now).activities, day_of(work.now)
    if rules.remind_at is None or not work.city.calendar.is_workday(today):
        return
    for area, found in await of_all(work.conn, work.city, today):
        _tell(work, area, log.behind(found, today, rules.remind_share, work.city.calendar))


def _tell(work: Work, area: Area, behind: list[Progress]) -> None:
    leader = work.city.world.leader_of(area.id)
    if leader is None or not behind:
        return
    share = work.city.book.at(work.now).activities.remind_share
    newest = max(log.reminded_on(one.first, one.last, share, work.city.calendar) for one in behind)
    values = {
        "area": area.name,
        "plans": shown(behind[:_MOST]),
        "more": max(0, len(behind) - _MOST),
    }
    key = f"act:{area.id}:{newest.isoformat()}"
    work.tell(leader, "replies/activity_behind", values, case=None, by="", key=key)


JOB = Job(name="activity", kinds=(activities.TIMER,), misfire=Misfire.LATE, run=activity)
