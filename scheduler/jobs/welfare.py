"""What nobody confirmed: the helper is asked at its time, then the grid worker, then the leader."""

from dataclasses import replace
from datetime import date

from domain.deadlines import awake
from domain.visits import VisitStatus
from domain.welfare import ENDED, Round, State, view
from domain.workdays import TZ
from scheduler import caring
from scheduler.job import Job, Misfire
from store import timers, visits, welfare
from store.timers import Timer
from store.work import Work


async def care(work: Work, timer: Timer) -> None:
    """Do what a timer is for, unless the day is settled by now."""
    if timer.kind == caring.DAY:
        day = date.fromordinal(timer.subject)
        await caring.begin_day(work, max(day, work.now.astimezone(TZ).date()))
        return
    one = await welfare.get(work.conn, timer.subject)
    if one is not None and one.state not in ENDED:
        await _STEPS[timer.kind](work, one)


async def _ask(work: Work, one: Round) -> None:
    """Its time has come: ask the helper once, and look again after the grace."""
    if one.state is not State.DUE:
        return
    rules = work.city.book.at(work.now).welfare
    values = {"care": view(one.plan, work.city.world), "case": {"number": one.number}}
    caring.tell_alone(work, one.plan.helper, "cards/care_ask", values, key=f"c{one.id}:ask")
    due = awake(one.plan.due(one.day) + rules.grace, work.city.quiet)
    await timers.stand(work.store, work.conn, caring.LATE, one.id, max(due, work.now))


async def _raise(work: Work, one: Round) -> None:
    """Nobody confirmed it: the grid worker goes to look."""
    await caring.raise_look(work, one)


async def _leader(work: Work, one: Round) -> None:
    """Nobody has looked: the leader hears of it, once."""
    plan = one.plan
    seen = await visits.of_subject(work.conn, plan.area, plan.subject, one.day)
    looked = any(
        visit.status is VisitStatus.DONE
        and (visit.id == one.visit or (visit.done_at and visit.done_at >= plan.due(one.day)))
        for visit in seen
    )
    state = State.SETTLED if looked else State.TOLD
    if one.state is state:
        return
    await welfare.save(work.conn, replace(one, state=state), work.now)
    if not looked:
        worker = caring.worker_of(work, plan.area)
        caring.tell_leader(work, one, worker.name if worker is not None else "")


_STEPS = {caring.DUE: _ask, caring.LATE: _raise, caring.LEADER: _leader}

JOB = Job(
    name="welfare",
    kinds=(caring.DAY, caring.DUE, caring.LATE, caring.LEADER),
    misfire=Misfire.LATE,
    run=care,
)
