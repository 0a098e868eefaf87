"""A notice on its way: each place once, at its pace, by day, within the group's daily share.

Mostly rows, thousands in pieces: so it stands in the store and not beside the jobs that call it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

import structlog

from domain.deadlines import awake
from domain.notice_rules import NoticeRules
from domain.notices import LOOP_SPAN, Notice, Status, filled, looping, over_budget, pace
from domain.people import Level, Person
from domain.quiet import not_before
from domain.routes import Why
from domain.workdays import TZ, next_time
from store import notices, timers
from store.notice_places import Places, Reach
from store.notices import Target
from store.outbox import Priority, Saying
from store.work import Work

log = structlog.get_logger(__name__)

SAID = "replies/notice"
_LOOK = timedelta(seconds=10)  # after the last row is due, before somebody is told the result


@dataclass(frozen=True, slots=True)
class Launched:
    """What was put on its way: when it begins and ends, and how much waits for the day's list."""

    notice: Notice
    reach: Reach
    starts: datetime
    ends: datetime
    merged: int = 0


def rules_now(work: Work) -> NoticeRules:
    """The city's rules for notices at this moment."""
    return work.city.book.at(work.now).notices


async def reach(work: Work, notice: Notice) -> Reach:
    """Whom a notice reaches; a correction whoever got what it corrects."""
    places = Places(work.conn, work.directory, rules_now(work), work.now)
    if notice.corrects:
        got = await notices.targets(work.conn, notice.corrects, ["queued", "listed"])
        return Reach(tuple(replace(one, once="", state="queued") for one in got))
    return await places.of(notice.audience, notice.author, urgent=notice.urgent)


async def launch(work: Work, notice: Notice) -> Launched:
    """Put an approved notice on its way and note where it goes; too late, it expires instead."""
    rules, quiet = rules_now(work), work.city.quiet
    starts = not_before(work.now, quiet, urgent=notice.urgent) or work.now
    found = await reach(work, notice)
    if starts > notice.ends_at:
        gone = replace(notice, status=Status.EXPIRED)
        await notices.save(work.conn, gone)
        return Launched(gone, found, starts, starts)
    if notice.corrects:
        await notices.take_back(work.conn, notice.corrects)
    aimed = [replace(one, once=_once(notice, one), notice=notice.id) for one in found.places]
    aimed = await _within_share(work, notice, aimed, starts)
    await notices.aim(work.store, work.conn, notice.id, aimed, starts)
    queued = [one for one in aimed if one.state == "queued"]
    lately = await notices.said_lately(work.conn, work.now)
    for place, one in enumerate(queued):
        _say(work, notice, one, starts + timedelta(minutes=place // rules.per_minute), lately)
    _send_somebody(work, notice, found.silent)
    ends = starts + pace(len(queued), rules.per_minute)
    sent = replace(notice, status=Status.SENT)
    await notices.save(work.conn, sent)
    await _set_timers(work, sent, starts, ends)
    return Launched(sent, found, starts, ends, len(aimed) - len(queued))


def _once(notice: Notice, target: Target) -> str:
    """One row for each place, whatever happens in between: `once` of the outbox."""
    return f"n{notice.id}:{target.person or target.address.key}"


async def _within_share(
    work: Work, notice: Notice, aimed: Sequence[Target], starts: datetime
) -> list[Target]:
    """Keep groups that had their share of this day for the list; unless that comes too late."""
    rules = rules_now(work)
    listed = next_time(starts, rules.digest)
    if notice.corrects or listed >= notice.ends_at:
        return list(aimed)
    midnight = datetime.combine(starts.astimezone(TZ).date(), time(0), TZ)
    chats = [one.address.chat for one in aimed if one.address.group]
    said = await notices.said_since(work.conn, chats, midnight)
    found = []
    for one in aimed:
        key = (one.address.channel, one.address.chat)
        over = over_budget(said[key], rules.per_day, urgent=notice.urgent)
        found.append(replace(one, state="merged") if over and one.address.group else one)
    if any(one.state == "merged" for one in found):
        await timers.stand(work.store, work.conn, "notice_digest", 0, listed)
    return found


def _say(work: Work, notice: Notice, target: Target, due: datetime, lately: Any) -> None:
    if looping(lately[target.address.channel, target.address.chat]) and not notice.urgent:
        log.warning("too much in one chat", action="notices.loop", notice=notice.id)
        due = max(due, work.now + LOOP_SPAN)
    work.send(saying(work, notice, target, due), target.person)


def saying(work: Work, notice: Notice, target: Target, due: datetime | None = None) -> Saying:
    """The words of a notice for one place."""
    confirms = target.address.group and work.directory.can(target.address.channel).confirms
    return Saying(
        once=target.once,
        address=target.address,
        template=SAID,
        context={
            "now": work.now.isoformat(),
            "name": "",
            "group": target.address.group,
            "notice": view(work, notice, target),
        },
        priority=Priority.EMERGENCY if notice.urgent else Priority.BULK,
        route=Why.TAP if confirms else Why.ANY_TIME,
        not_before=due,
    )


def view(work: Work, notice: Notice, target: Target | None = None) -> dict[str, Any]:
    """A notice as the templates see it, for one place or for nobody in particular."""
    world = work.city.world
    author = world.person(notice.author)
    area = world.area(author.area) if author else None
    return {
        "number": notice.id,
        "words": filled(notice.words, _values(work, target)) if target else notice.words,
        "ready": notice.ready,
        "urgent": notice.urgent,
        "receipts": notice.receipts,
        "corrects": notice.corrects,
        "author": author.name if author else "",
        "area": area.name if area else "",
        "group": notice.audience.kind == "group",
        "until": notice.ends_at.isoformat(),
    }


def _values(work: Work, target: Target) -> dict[str, str]:
    """What stands in the gaps for one place."""
    world = work.city.world
    worker = world.worker_of(target.area)
    areas = {level: world.ancestor(target.area, level) for level in (Level.GRID, Level.COMMUNITY)}
    grid, community = (area.name if area else "" for area in areas.values())
    return {
        "grid": grid,
        "community": community,
        "worker": worker.name if worker else "",
        "phone": worker.phone if worker else "",
        "name": target.name,
    }


def _send_somebody(work: Work, notice: Notice, silent: Sequence[Person]) -> None:
    """Ask the workers to go to those who agreed to no reminders: nothing of it in a group (H3)."""
    for worker, people in by_worker(work, silent).items():
        person = work.city.world.person(worker)
        if person is not None:
            context = {"notice": view(work, notice), "contact": [one.name for one in people]}
            key = f"n{notice.id}:go:{worker}"
            work.tell(person, "replies/notice_go", context, case=None, by="", key=key)


def by_worker(work: Work, people: Sequence[Person]) -> dict[str, list[Person]]:
    """People by the worker of their grid."""
    found: dict[str, list[Person]] = {}
    for one in people:
        worker = work.city.world.worker_of(one.area) or work.city.world.nearest_desk(one.area)
        if worker is not None:
            found.setdefault(worker.id, []).append(one)
    return found


async def _set_timers(work: Work, notice: Notice, starts: datetime, ends: datetime) -> None:
    due = {"notice_result": ends + _LOOK, "notice_end": max(notice.ends_at, ends + _LOOK)}
    if notice.receipts:
        wait, quiet = rules_now(work).remind_after, work.city.quiet
        remind = awake(ends + wait, quiet)
        due |= {"receipt": remind, "receipt_list": awake(remind + wait, quiet)}
    rows = [timers.row(kind, notice.id, moment) for kind, moment in due.items()]
    await timers.stand_all(work.store, work.conn, rows)
