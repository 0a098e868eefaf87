"""A year whose days off nobody wrote down: whoever takes what is left over is told in time.

Until then the plain week decides (taxonomy.zh.md, rule 3): nothing stands still, but rounds are
planned on New Year's Day too.
"""

from domain.visits import day_of
from scheduler.job import Job, Misfire
from store.timers import Timer
from store.work import Work

KIND = "holidays"


async def holidays(work: Work, _timer: Timer) -> None:
    """Tell the backstop which year is missing, and what to write where."""
    today, city = day_of(work.now), work.city
    year, person = city.calendar.missing(today), city.world.person(city.backstop)
    if year is None or person is None:
        return
    values = {"year": year, "begun": year == today.year}
    key = f"holidays{year}:{today.isoformat()}"
    work.tell(person, "replies/holidays_missing", values, case=None, by="", key=key)


JOB = Job(name="holidays", kinds=(KIND,), misfire=Misfire.LATE, run=holidays)
