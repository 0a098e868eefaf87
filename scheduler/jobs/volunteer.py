"""Nobody has offered a hand: an organisation is asked, then the grid worker (domain.md H10)."""

from dataclasses import replace

from domain.deadlines import awake
from domain.volunteers import OPEN, Need, State, organisation, view
from scheduler.caring import worker_of
from scheduler.job import Job, Misfire
from scheduler.needs import of_staff, tell_asker
from store import timers, volunteers
from store.timers import Timer
from store.work import Work


async def volunteer(work: Work, timer: Timer) -> None:
    """Turn to the next one, unless the need is taken by now."""
    need = await volunteers.get(work.conn, timer.subject)
    if need is None or need.state not in OPEN or need.state is State.WORKER:
        return
    rules = work.city.book.at(work.now).volunteers
    office = organisation(work.city.world, need.area, rules.organisations)
    if need.state is State.OPEN and office is not None:
        await _turn_to(work, need, State.OFFICE, office.id)
        due = awake(work.now + rules.wait, work.city.quiet)
        await timers.stand(work.store, work.conn, volunteers.TIMER, need.id, due)
        return
    worker = worker_of(work, need.area)
    person = worker.id if worker is not None else need.asked_by
    await _turn_to(work, need, State.WORKER, person)
    if not of_staff(work, need):
        values = {"need": view(need, work.city.world), "worker": worker.name if worker else ""}
        key = f"n{need.id}:{State.WORKER.value}:asker"
        tell_asker(work, need, "replies/volunteer_by_worker", values, by="", key=key)
    elif need.asked_by != person:
        _tell(work, need, State.WORKER, need.asked_by)


async def _turn_to(work: Work, need: Need, state: State, person: str) -> None:
    await volunteers.save(work.conn, replace(need, state=state), work.now)
    _tell(work, need, state, person)


def _tell(work: Work, need: Need, state: State, person: str) -> None:
    known = work.city.world.person(person)
    if known is None:
        return
    values = {
        "need": view(need, work.city.world),
        "case": {"number": need.number},
        "asked": state.value,
    }
    key = f"n{need.id}:{state.value}:{person}"
    work.tell(known, "cards/volunteer_wanted", values, case=None, by="", key=key)


JOB = Job(name="volunteer", kinds=(volunteers.TIMER,), misfire=Misfire.LATE, run=volunteer)
