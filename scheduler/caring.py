"""The days of the care plans: begun each night, and whoever has to look is told alone (F20)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from domain.deadlines import awake
from domain.leave import present
from domain.messages import Address
from domain.people import Person
from domain.routing import route
from domain.visits import Visit, VisitKind, end_of
from domain.welfare import ENDED, CarePlan, Round, State, view
from domain.welfare_rules import PlanRule
from domain.workdays import TZ
from store import timers, visits, welfare
from store.work import Work

DAY, DUE, LATE, LEADER = "care_day", "care_due", "care_late", "care_leader"  # kinds of timers
_AT = time(0, 10)
_RULES = "rules:"


async def begin(work: Work) -> None:
    """Start the nightly look at the plans; the timer does the rest."""
    today = work.now.astimezone(TZ).date()
    await timers.stand(work.store, work.conn, DAY, today.toordinal(), work.now)


async def begin_day(work: Work, day: date) -> None:
    """Begin what is due on a day and has its time still ahead; set the next night."""
    await _learn(work)
    for plan in await welfare.plans(work.conn):
        if plan.falls_on(day, work.city.calendar):
            await begin_plan(work, plan, day)
    tomorrow = day + timedelta(days=1)
    at = datetime.combine(tomorrow, _AT, TZ)
    await timers.stand(work.store, work.conn, DAY, tomorrow.toordinal(), at)


async def begin_plan(work: Work, plan: CarePlan, day: date) -> None:
    """Begin one day of a plan, unless its time is over or it was begun."""
    if plan.due(day) < work.now:
        return
    fresh = await welfare.open_day(work.store, work.conn, plan, day)
    if fresh is not None:
        await timers.stand(work.store, work.conn, DUE, fresh, plan.due(day))


async def _learn(work: Work) -> None:
    """Take the plans of the rules over; those no longer there rest."""
    stated = work.city.book.at(work.now).welfare.plans
    kept: set[int] = set()
    for rule in stated:
        plan = _of_rule(work, rule)
        if plan is not None:
            kept.add((await welfare.put(work.store, work.conn, plan, work.now)).id)
    every = await welfare.plans(work.conn)
    gone = [one.id for one in every if one.source.startswith(_RULES) and one.id not in kept]
    if gone:
        await welfare.stop(work.conn, gone)


def _of_rule(work: Work, rule: PlanRule) -> CarePlan | None:
    world = work.city.world
    subject, helper = world.person(rule.who), world.person(rule.by)
    known = subject or helper
    if known is None or helper is None:
        return None
    source = _RULES + rule.name
    return CarePlan(0, source, known.area, rule.who, rule.what, helper.id, rule.days, rule.at)


def worker_of(work: Work, area: str) -> Person | None:
    """Who looks in an area today: its worker, or who stands in for him."""
    city = work.city
    here = route(city.world, area, city.backstop).person
    today = work.now.astimezone(TZ).date()
    return city.world.person(present(here, city.leaves.away(today)))


def look_of(work: Work, one: Round, worker: Person) -> Visit:
    """The look that is asked for, as a visit of today."""
    plan, today = one.plan, work.now.astimezone(TZ).date()
    return Visit(
        id=0,
        key=f"{VisitKind.CARE.value}:{plan.subject}:{one.number}@{one.day.isoformat()}",
        kind=VisitKind.CARE,
        subject=plan.subject,
        name=view(plan, work.city.world)["subject"],
        area=plan.area,
        worker=worker.id,
        rhythm="1/day",
        first=today,
        last=today,
        due_at=end_of(today),
        reason={"code": "care", "word": plan.what},
    )


def tell_alone(
    work: Work, person: str, template: str, context: Mapping[str, Any], *, key: str
) -> None:
    """Say something to somebody in private and never in a group, not even his staff group."""
    address = work.directory.private(person, "") or Address("", person)
    work.tell_there(person, address, template, context, by="", key=key)


async def raise_look(work: Work, one: Round, why: str = "") -> bool:
    """Send the grid worker to look after somebody; False where that was done before.

    `why` is what was told: `helper` that who helps cannot, `waits` that nothing came, `unreached`
    that nobody answers; "" that nothing was told at all.
    """
    if one.state is not State.DUE:
        return False
    worker = worker_of(work, one.plan.area)
    if worker is None:
        return False
    look = look_of(work, one, worker)
    await visits.add(work.store, work.conn, [look], work.now)
    found = await visits.of_subject(work.conn, look.area, look.subject, look.first)
    id_ = next((visit.id for visit in found if visit.key == look.key), 0)
    await welfare.save(work.conn, replace(one, state=State.RAISED, visit=id_), work.now)
    values = {"care": view(one.plan, work.city.world), "case": {"number": one.number}, "why": why}
    tell_alone(work, worker.id, "cards/care_raised", values, key=f"c{one.id}:raised")
    rules = work.city.book.at(work.now).welfare
    due = awake(work.now + rules.escalate, work.city.quiet)
    await timers.stand(work.store, work.conn, LEADER, one.id, due)
    return True


def tell_leader(work: Work, one: Round, person: str, why: str = "") -> str:
    """Tell the leader that nobody has seen whom somebody was sent to: `why` "" once.

    `person` is the name of who was sent; with `absent` he went and nobody opened, with `back` he
    has taken that back. Returns the leader's name, "" where there is none.
    """
    world, plan = work.city.world, one.plan
    leader = world.leader_of(plan.area) or world.nearest_desk(plan.area)
    if leader is None:
        return ""
    values = {"care": view(plan, world), "person": person, "why": why}
    key = f"c{one.id}:leader{why}"
    if why:  # he may take it back, and find nobody once more
        key += f"{work.now:%H%M%S}"
    case = {"case": {"number": one.number}}
    tell_alone(work, leader.id, "cards/care_leader", {**values, **case}, key=key)
    return leader.name


async def looked(work: Work, visit: int, by: str) -> None:
    """Settle the day of a plan whose look was made, however that was said; no other visit is one.

    Until it is taken back nobody waits for the look any more.
    """
    one = await welfare.of_visit(work.conn, visit)
    if one is not None and one.state not in ENDED:
        await welfare.save(work.conn, replace(one, state=State.SETTLED, by=by), work.now)
        await timers.drop(work.conn, LEADER, one.id)


async def not_looked(work: Work, visit: int) -> None:
    """The look was not made after all: it is waited for again, and the leader's time runs anew."""
    one = await welfare.of_visit(work.conn, visit)
    if one is not None and one.state is State.SETTLED:
        await _wait_again(work, one)


async def _wait_again(work: Work, one: Round) -> None:
    await welfare.save(work.conn, replace(one, state=State.ACCEPTED), work.now)
    due = work.now + work.city.book.at(work.now).welfare.escalate
    await timers.stand(work.store, work.conn, LEADER, one.id, awake(due, work.city.quiet))


async def opened_after_all(work: Work, visit: int, person: str) -> None:
    """That nobody opened is taken back: the look is waited for again, and the leader hears it."""
    one = await welfare.of_visit(work.conn, visit)
    if one is None or one.state is not State.TOLD:
        return
    await _wait_again(work, one)
    tell_leader(work, one, person, "back")


async def nobody_opened(work: Work, visit: int, person: str) -> str:
    """Whoever was sent found nobody: that settles nothing, and the leader hears of it at once.

    Returns the leader's name; "" for a visit that is no look, or where he knows already.
    """
    one = await welfare.of_visit(work.conn, visit)
    if one is None or one.state in (*ENDED, State.TOLD):
        return ""
    await welfare.save(work.conn, replace(one, state=State.TOLD), work.now)
    await timers.drop(work.conn, LEADER, one.id)
    return tell_leader(work, one, person, "absent")
