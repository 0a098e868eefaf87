"""Notices that come by themselves: of the rules or said in chat, at their times or on an event."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, time
from typing import Any

import structlog

from domain.notice_moves import comes_again
from domain.notice_rules import Plan
from domain.notice_times import Days, Missed, Rhythm, next_after, rhythm_of
from domain.notices import Audience, Notice, Status, desk_over
from domain.people import Level
from domain.workdays import next_time
from store import notices, timers
from store.notice_places import Reach
from store.notice_sending import launch, reach, rules_now, view
from store.notice_ways import detours
from store.work import Work

log = structlog.get_logger(__name__)

_OF_THE_RULES, _ON_EVENT = "plan:", "event:"
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
    A notice may have another rule for times that were missed. Who wrote it hears what was skipped.
    """
    standing = await notices.get(work.conn, notice_id, lock=True)
    if standing is None or standing.status is not Status.STANDING:
        return False
    if standing.key.startswith(_OF_THE_RULES):
        plan = rules_now(work).plan(standing.key.removeprefix(_OF_THE_RULES))
        if plan is None or plan.rhythm is None:  # the rules know it no longer
            return False
        standing = replace(_of_plan(work, plan, standing.key), id=standing.id)
    rhythm = rhythm_of(standing.rhythm)
    comes = rhythm is not None and rhythm.comes_late(work.now - due, standing.valid)
    kept = await _again(work, standing, rhythm, came=comes)
    if rhythm is None or not comes:
        log.info("skipped", action="notices.skipped", notice=notice_id)
        _tell_missed(work, kept, due, again=kept.status is Status.STANDING)
        return False
    at = work.now if rhythm.missed is Missed.LATE else due  # its validity counts from now
    if rhythm.days is Days.ONCE and standing.author:  # it goes under the number its author knows
        return await _launch(work, replace(standing, rhythm="", due_at=at))
    once = replace(
        standing, key=f"{standing.key}@{due:%Y%m%dT%H%M}", rhythm="", parent=standing.id, due_at=at
    )
    return await _come(work, once)


async def _again(work: Work, standing: Notice, rhythm: Rhythm | None, *, came: bool) -> Notice:
    """Set the next time of a standing notice; one that never comes again is done, or missed."""
    after = next_after(rhythm, work.now, work.city.calendar) if rhythm is not None else None
    over = Status.SENT if came else Status.EXPIRED
    status = Status.STANDING if after is not None else over
    kept = replace(standing, status=status, due_at=after or standing.due_at)
    await notices.save(work.conn, kept)
    if after is not None:
        await timers.stand(work.store, work.conn, FIRE, standing.id, after)
    return kept


async def _launch(work: Work, notice: Notice) -> bool:
    """Send what is approved; whoever answers for it hears where the night outlasts it."""
    done = await launch(work, notice)
    if done.notice.status is Status.EXPIRED:
        _tell_missed(work, done.notice, notice.due_at, held=True)
        return False
    return True


def _tell_missed(
    work: Work, notice: Notice, due: datetime, *, again: bool = False, held: bool = False
) -> None:
    """Tell who wrote a notice and who approved it, else its desk, that it was not said.

    Its time passed while nobody ran, or the quiet hours `held` it too long. An event does not wait
    for the morning: somebody may still say it as an emergency.
    """
    context = {
        "notice": view(work, notice),
        "when": due.isoformat(),
        "until": notice.due_at.isoformat() if again else "",
        "held": held,
    }
    urgent = notice.key.startswith(_ON_EVENT)
    known = map(work.city.world.person, (notice.author, notice.approved_by, notice.approver))
    people = list(dict.fromkeys(one for one in known if one is not None))
    for person in people if notice.author else people[-1:]:
        key = f"n{notice.id}:missed:{due:%Y%m%dT%H%M}:{person.id}"
        template = "replies/notice_missed"
        work.tell(person, template, context, case=None, by="", key=key, urgent=urgent)


async def happened(work: Work, event: str, key: str, areas: Sequence[str] = ()) -> int:
    """Send the notices bound to an event, once for each `key` it is reported under; how many."""
    fired = 0
    for plan in rules_now(work).plans:
        if plan.event == event:
            notice = _of_plan(work, plan, f"{_ON_EVENT}{event}:{key}:{plan.name}", areas)
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
        return await _launch(work, replace(fresh, approved_at=work.now))
    await ask_approver(work, fresh)
    return True


async def ask_approver(
    work: Work, notice: Notice, doubts: Mapping[str, object] | None = None
) -> None:
    """Show a notice to the desk that approves it, with what was odd about it."""
    person = work.city.world.person(notice.approver)
    if person is not None:
        found = await reach(work, notice)
        one = view(work, notice, next(iter(found.places), None))
        reached = await previewed(work, found)
        context = {"notice": one, "reach": reached, "forwarded": True, "earlier": {}}
        context |= timing(notice)
        context |= {"bygone": "", "said_at": "", "quiet_until": "", **(doubts or {})}
        key = f"n{notice.id}:ask"
        work.tell(person, "replies/notice_preview", context, case=None, by="", key=key)


def timing(notice: Notice) -> dict[str, object]:
    """When a draft is to come, as the previews show it; no `when` for one that goes at once."""
    return {
        "when": notice.due_at.isoformat() if notice.rhythm else "",
        "again": comes_again(notice),
        "rhythm": shown(notice.rhythm),
    }


def shown(code: str) -> dict[str, Any]:
    """A rhythm as the templates see it; its words stand in notices/rhythm.j2."""
    rhythm = rhythm_of(code)
    if rhythm is None:
        return {
            "days": "",
            "numbers": [],
            "at": "",
            "season": [],
            "missed": "",
            "short": 0,
            "step": 1,
            "of_quarter": 0,
        }
    return {
        "days": rhythm.days.value,
        "numbers": list(rhythm.numbers),
        "at": f"{rhythm.at:%H:%M}",
        "season": [list(one) for one in rhythm.season or ()],
        "missed": rhythm.missed.value,
        "short": rhythm.short,
        "step": rhythm.step,
        "of_quarter": rhythm.of_quarter,
    }


async def previewed(work: Work, found: Reach) -> dict[str, object]:
    """Whom a draft would reach, and by which channels not simply, as the previews show it."""
    ways = await detours(work.conn, work.directory, work.now, found.places)
    told = [{**asdict(one), "why": one.why.value} for one in ways]
    return {**summary(found), "detours": told}


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
