"""Each working morning: what is overdue, whose, and since when, for each leader (domain.md H6)."""

from domain.overdue import Late, late, readers
from domain.people import Person
from domain.visits import day_of
from scheduler.job import Job, Misfire
from scheduler.overdue import listed
from store.overdue import LIST, missed
from store.timers import Timer
from store.work import Work


async def overdue_list(work: Work, _timer: Timer) -> None:
    """Tell each leader once a day; nothing where nothing is overdue, or all of it was just told."""
    today = day_of(work.now)
    if not work.city.calendar.is_workday(today):
        return
    away = work.city.leaves.away(today)
    of: dict[str, list[Late]] = {}
    who: dict[str, Person] = {}
    for case, history in await missed(work.conn):
        found = late(case, history)
        if found is None:
            continue
        for person in readers(work.city.world, case, history, away, work.now):
            who[person.id] = person
            of.setdefault(person.id, []).append(found)
    for person in who.values():
        values = listed(work, of[person.id], asked=False)
        key = f"od{today.isoformat()}:{person.id}"
        work.tell(person, "replies/overdue_list", values, case=None, by="", key=key)


JOB = Job(name="overdue_list", kinds=(LIST,), misfire=Misfire.LATE, run=overdue_list)
