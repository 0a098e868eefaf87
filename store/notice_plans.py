"""Notices that come by themselves: of the rules or said in chat, at their times or on an event."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time

import structlog

from domain.notice_rules import Plan
from domain.notice_times import next_after, rhythm_of
from domain.notices import Audience, Notice, Status, desk_over
from domain.people import Level
from domain.workdays import next_time
from store import notices, timers
from store.notice_places import Reach
from store.notice_sending import launch, reach, rules_now, view
from store.work import Work

log = structlog.get_logger(__name__)

_OF_THE_RULES = "plan:"
FIRE, ARM = "notice", "notice_arm"
_NEW_DAY = time(0, 5)  # rules of a new date are looked at then


async def arm(work: Work) -> None:
    """Give each plan of the rules in force its row and its timer; what stands already stays."""
    for plan in rules_now(work).plans:
        if plan.rhythm is None:
            continue
        due = next_after(plan.rhythm, work.now, work.city.calendar)
        if due is None:
            log.warning("never comes", action="notices.never", plan=plan.name)
            continue
        fresh = replace(_of_plan(work, plan, f"{_OF_THE_RULES}{plan.name}"), due_at=due)
        row = notices.row_of(replace(fresh, status=Status.STANDING))
        await notices.add(work.store, work.conn, row)
        known = await notices.by_key(work.conn, fresh.key)
        if known is None:
            continue
        if known.rhythm != fresh.rhythm:
            await notices.save(work.conn, replace(fresh, id=known.id, status=Status.STANDING))
            await timers.drop(work.conn, FIRE, known.id)
        await timers.stand(work.store, work.conn, FIRE, known.id, due)
    if any(rules.notices.plans for rules in work.city.book.versions.values()):
        midnight = next_time(work.now, _NEW_DAY)
        await timers.stand(work.store, work.conn, ARM, 0, midnight)


def _of_plan(work: Work, plan: Plan, key: str, areas: Sequence[str] = ()) -> Notice:
    """A plan of the rules as a notice; without areas it is for the whole city."""
    world = work.city.world
    everywhere = [one.id for one in world.areas.values() if one.level is Level.DISTRICT]
    where = tuple(areas) or plan.where or tuple(everywhere)
    desk = desk_over(world, where)
    return Notice(
        id=0,
        key=key,
        author="",
        audience=Audience(plan.to, where, plan.list),
        words=plan.words,
        status=Status.WAITING,
        created_at=work.now,
        due_at=work.now,
        valid=plan.valid,
        ready=plan.ready,
        urgent=plan.urgent,
        receipts=plan.receipts,
        visit=plan.visit,
        rhythm=plan.rhythm.code if plan.rhythm else "",
        approver=desk.id if desk is not None else "",
        approved_by=plan.approved_by,
    )


async def fire(work: Work, notice_id: int, due: datetime) -> bool:
    """Let a standing notice come once for this moment, and set its next one.

    Late within its validity it still comes, later it is skipped: nobody wants yesterday's warning.
    """
    standing = await notices.get(work.conn, notice_id, lock=True)
    if standing is None or standing.status is not Status.STANDING:
        return False
    if standing.key.startswith(_OF_THE_RULES):
        plan = rules_now(work).plan(standing.key.removeprefix(_OF_THE_RULES))
        if plan is None or plan.rhythm is None:  # the rules know it no longer
            return False
        standing = replace(_of_plan(work, plan, standing.key), id=standing.id)
    await _again(work, standing)
    if work.now - due > standing.valid:
        log.info("skipped", action="notices.skipped", notice=notice_id)
        return False
    once = replace(
        standing, key=f"{standing.key}@{due:%Y%m%dT%H%M}", rhythm="", parent=standing.id, due_at=due
    )
    return await _come(work, once)


async def _again(work: Work, standing: Notice) -> None:
    """Set the next time of a standing notice; one that never comes again is done."""
    rhythm = rhythm_of(standing.rhythm)
    after = next_after(rhythm, work.now, work.city.calendar) if rhythm is not None else None
    status = Status.STANDING if after is not None else Status.SENT
    kept = replace(standing, status=status, due_at=after or standing.due_at)
    await notices.save(work.conn, kept)
    if after is not None:
        await timers.stand(work.store, work.conn, FIRE, standing.id, after)


async def happened(work: Work, event: str, key: str, areas: Sequence[str] = ()) -> int:
    """Send the notices bound to an event, once for each `key` it is reported under; how many."""
    fired = 0
    for plan in rules_now(work).plans:
        if plan.event == event:
            notice = _of_plan(work, plan, f"event:{event}:{key}:{plan.name}", areas)
            fired += await _come(work, replace(notice, rhythm=""))
    return fired


async def _come(work: Work, notice: Notice) -> bool:
    """Send what is approved, ask the desk for the rest; whoever comes second does nothing."""
    fresh = replace(notice, id=0, created_at=work.now, status=Status.WAITING)
    notice_id = await notices.add(work.store, work.conn, notices.row_of(fresh))
    if notice_id is None:
        return False
    fresh = replace(fresh, id=notice_id)
    if fresh.approved_by:
        await launch(work, replace(fresh, approved_at=work.now))
    else:
        await ask_approver(work, fresh)
    return True


async def ask_approver(
    work: Work, notice: Notice, doubts: Mapping[str, object] | None = None
) -> None:
    """Show a notice to the desk that approves it, with what was odd about it."""
    person = work.city.world.person(notice.approver)
    if person is not None:
        found = await reach(work, notice)
        shown = view(work, notice, next(iter(found.places), None))
        context = {"notice": shown, "reach": summary(found), "forwarded": True}
        context |= {"bygone": "", "said_at": "", **(doubts or {})}
        key = f"n{notice.id}:ask"
        work.tell(person, "replies/notice_preview", context, case=None, by="", key=key)


_NAMED = 3  # so many groups or people are named; the rest is counted


def summary(found: Reach) -> dict[str, object]:
    """Whom a notice reaches, as the templates see it."""
    names = [one.name for one in found.places[:_NAMED] if one.name]
    return {
        "groups": sum(not one.person for one in found.places),
        "people": sum(bool(one.person) for one in found.places),
        "households": found.households,
        "contact": names,
        "more": len(found.places) - len(names),
        "silent": len(found.silent),
        "lately": found.lately,
        "closed": found.closed,
    }
