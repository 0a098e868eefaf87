"""活动台账: staff tell what they held, take it back, ask for sums and plans (domain.md H4, J2)."""

from dataclasses import asdict, replace
from datetime import timedelta

from bot.activities import aloud, entry, me, name_of, view
from bot.meetings import supervise
from bot.turn import STAFF, Handler, Turn, again
from bot.understanding.activities import corrected, months
from domain import activities as log
from domain.activities import Activity, Progress
from domain.errors import NotAllowed
from domain.people import Person
from domain.visits import day_of, start_of
from scheduler.plans import below, noon, plans_of, shown, standing
from store import activities as stored
from store import visits
from store.work import Work

_LATELY = timedelta(days=1)  # a number that is put right is that of what was just told
_MOST = 15  # lines; more are not read in a chat


async def new(turn: Turn) -> None:
    """Keep an entry, and say how far the plans are that it counts for."""
    made = await entry(turn)
    work = turn.work
    plans, held = await _towards(work, made), await supervise(turn, made)
    values = {"activity": view(work, made), "plans": plans, "instead": 0}
    work.reply("replies/activity_noted", values | {"supervised_now": [one.number for one in held]})


async def amend(turn: Turn) -> None:
    """Put right what the speaker's last entry came to; the wrong one stays in the log, uncounted.

    Where the last thing he told of was no activity, the words are about something else.
    """
    work, person = turn.work, me(turn)
    entry = await stored.last_of(work.conn, person.id)
    made = await visits.made_by(work.conn, person.id, start_of(day_of(work.now)))
    later = entry is not None and any(one.done_at and one.done_at > entry.at for one in made)
    if entry is None or later or work.now - entry.at > _LATELY:
        await turn.handle(again(turn, "other"))
        return
    said = corrected(turn.heard.words, entry.day)
    times = said.times if not said.amounts else 0
    right = log.amended(entry, said.amounts, times)
    if right is None:
        raise NotAllowed("activity_which")
    await stored.take_back(work.conn, entry.id, person.id)
    fresh = await stored.add(work.conn, replace(right, id=0, at=work.now), turn.letter)
    plans = await _towards(work, fresh)
    values = {
        "activity": view(work, fresh),
        "plans": plans,
        "instead": entry.id,
        "supervised_now": [],
    }
    work.reply("replies/activity_noted", values)


async def _towards(work: Work, made: Activity) -> list[dict[str, object]]:
    """The plans an entry counts for, and how far they are."""
    found = await standing(work.conn, work.city, made.area, made.day)
    return shown([one for one in found if _counts(work, one, made)])


def _counts(work: Work, one: Progress, made: Activity) -> bool:
    return bool(list(log.counted(one.plan, plans_of(work.city, made.day), [made], made.day)))


async def back(turn: Turn) -> None:
    """Let an entry count no more: one's own, or one of an area one answers for."""
    work, person = turn.work, me(turn)
    words = turn.heard.words
    found = await (
        stored.get(work.conn, int(words)) if words else stored.last_of(work.conn, person.id)
    )
    if found is None:
        raise NotAllowed("no_such_activity")
    if found.by != person.id and found.area not in below(work.city, person.area):
        raise NotAllowed("not_yours")
    await stored.take_back(work.conn, found.id, person.id)
    work.reply("replies/activity_back", {"activity": view(work, found)})


async def sums(turn: Turn) -> None:
    """活动汇总: a month's sums, or a year's, of one's area."""
    work, person = turn.work, me(turn)
    first, last = months(turn.inbound.text, day_of(work.now))
    entries = await stored.between(work.conn, below(work.city, person.area), first, last)
    found = [
        {
            "kind": one.kind.value,
            "times": one.times,
            "amounts": [asdict(amount) for amount in one.amounts],
            "stages": [{"what": what, "count": count} for what, count in one.stages],
        }
        for one in log.sums(entries)
    ]
    spans = {"first": noon(first), "last": noon(last)}
    work.reply("replies/activity_sums", {"area": _name(work, person), "sums": found, **spans})


async def plan(turn: Turn) -> None:
    """活动计划: quotas and the campaign calendar, done and not done."""
    work, person = turn.work, me(turn)
    found = await standing(work.conn, work.city, person.area, day_of(work.now))
    found.sort(key=lambda one: (one.complete, one.last))
    values = {
        "area": _name(work, person),
        "plans": shown(found[:_MOST]),
        "complete": sum(one.complete for one in found),
        "total": len(found),
        "more": max(0, len(found) - _MOST),
    }
    work.reply("replies/activity_plan", values)


async def untrained(turn: Turn) -> None:
    """Who of the staff has not been at a training this year, by name."""
    work, person = turn.work, me(turn)
    today = day_of(work.now)
    staff = log.expected(work.city.world, person.area)
    first, last = today.replace(month=1, day=1), today
    entries = await stored.between(work.conn, _around(work, person.area), first, last)
    missing = [name_of(work, one.id) for one in log.untrained(staff, entries)]
    values = {
        "area": _name(work, person),
        "who": missing[:_MOST],
        "more": max(0, len(missing) - _MOST),
        "total": len(staff),
    }
    work.reply("replies/activity_untrained", values)


def _around(work: Work, area: str) -> list[str]:
    """The areas whose trainings may have had these people: above as well as below."""
    return [*below(work.city, area), *(one.id for one in work.city.world.chain(area)[1:])]


def _name(work: Work, person: Person) -> str:
    area = work.city.world.area(person.area)
    return area.name if area is not None else ""


_RUN = {
    "activity_new": new,
    "activity_back": back,
    "activity_amend": amend,
    "activity_sums": sums,
    "activity_plan": plan,
    "activity_untrained": untrained,
}


async def activity(turn: Turn) -> None:
    """Do what was said, unless it was said to the neighbours."""
    if not aloud(turn):
        await _RUN[turn.heard.intent](turn)


HANDLER = Handler(intents=tuple(_RUN), run=activity, roles=STAFF)
