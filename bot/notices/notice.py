"""Notices by chat: written, looked over for what is wrong, and shown to who has to say yes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.notices.audience import Refused, audience, building_only, named_people, refused
from bot.turn import Turn
from bot.understanding.notice_days import (
    bygone,
    counts_days,
    nearest_day,
    no_such_time,
    to_come,
)
from bot.understanding.notice_when import day_alone, day_named, why_not
from bot.understanding.notices import LEADING_NUMBER, Spoken, gap_names, half_gap, several
from domain.notice_moves import comes_again
from domain.notice_times import Days, Rhythm, comes, next_after
from domain.notices import Audience, Notice, Status, approver, malformed, reachable
from domain.people import Person
from domain.quiet import not_before
from domain.visits import day_of
from store import notices
from store.notice_places import Reach
from store.notice_plans import ask_approver, previewed, timing
from store.notice_sending import reach, rules_now, view
from store.notice_ways import narrowest

_ROOM = 200  # bytes of a message around the notice's own words


def numbered(words: str) -> tuple[int, str]:
    """A notice's number at the beginning of some words, 0 without one, and the rest."""
    found = LEADING_NUMBER.match(words)
    return (int(found[1]), words[found.end() :].strip()) if found else (0, words.strip())


def author_of(turn: Turn) -> Person:
    """The member of staff who speaks. Raises Refused where neighbours would read the draft."""
    here = turn.inbound.address
    if turn.speaker.person is None or (here.group and turn.work.directory.public(here)):
        raise refused("privately")
    return turn.speaker.person


async def write(turn: Turn, said: Spoken, *, urgent: bool = False) -> None:
    """Draft a notice and show it; raises Refused at once where something is wrong with it."""
    work, author = turn.work, author_of(turn)
    if said.unread:
        raise _unread(turn)
    if not said.said:
        raise refused("words_missing")
    said = named_people(turn, author, said)
    to = audience(turn, author, said)
    check_words(turn, said)
    due, rhythm = work.now, ""
    if said.rhythm is not None:
        due, rhythm = _first_time(turn, said.rhythm), said.rhythm.code
    notice = Notice(
        id=0,
        key=f"i{turn.letter}",
        author=author.id,
        audience=to,
        words=" ".join(filter(None, (building_only(said), said.words))),
        status=Status.WAITING,
        created_at=work.now,
        due_at=due,
        valid=rules_now(work).valid,
        ready=said.ready,
        urgent=urgent,
        receipts=said.receipts or said.visit,
        visit=said.visit,
        rhythm=rhythm,
        approver=approves(turn, author, to),
    )
    await show(turn, notice)


def _first_time(turn: Turn, rhythm: Rhythm) -> datetime:
    """When it comes first. Raises Refused where it never does."""
    now, calendar = turn.work.now, turn.work.city.calendar
    due = next_after(rhythm, now, calendar)
    if due is not None and comes(rhythm):
        return due
    if rhythm.days in (Days.EVE, Days.AFTER):
        raise refused("no_holidays")
    if rhythm.day is not None and rhythm.moment(rhythm.day) <= now:
        near = next_after(replace(rhythm, days=Days.DAY, day=None), now, calendar)
        raise refused("past", when=near.isoformat() if near is not None else "")
    raise refused("never")


# Why a day by its name cannot be told (bot.understanding.festivals), as a refusal.
_UNKNOWN = {"off_unknown": "no_days_off", "day_unknown": "no_such_feast", "moves": "feast_moves"}


def _unread(turn: Turn) -> Refused:
    """Why a time could not be read: it does not exist, lacks its hour, or nobody can tell."""
    alone = day_alone(turn.heard.words)
    return unknown_day(turn) or (
        refused("hour_missing", wanted=alone) if alone else refused("when_unread")
    )


def unknown_day(turn: Turn) -> Refused | None:
    """What is wrong with the day that was said: there is none, or nobody can tell which it is.

    None where that is not the trouble.
    """
    words, calendar = turn.heard.words, turn.work.city.calendar
    if wrong := no_such_time(words, turn.work.now):
        return _no_such_time(turn, wrong)
    why = _UNKNOWN.get(why_not(words, turn.work.now, calendar), "")
    return refused(why, wanted=day_named(words)) if why else None


def _no_such_time(turn: Turn, wrong: str) -> Refused:
    near = nearest_day(wrong, turn.work.now)
    return refused("no_such_time", wanted=wrong, contact=[near] if near else [])


def approves(turn: Turn, author: Person, to: Audience) -> str:
    """Who has to say 确认 to a notice, by id; the backstop desk where nobody else can."""
    found = approver(turn.work.city.world, author, to.areas)
    return found.id if found is not None else turn.work.city.backstop or author.id


def check_words(turn: Turn, said: Spoken) -> None:
    """See that the words can be said. Raises Refused."""
    if not said.words:
        raise refused("words_missing")
    if said.unknown:
        raise refused("gap_unknown", wanted=said.unknown[0], contact=gap_names())
    if odd := malformed(said.words) or half_gap(said.words):
        raise refused("malformed", wanted=odd, contact=gap_names())
    if several(said.words):
        raise refused("one_at_a_time")
    if wrong := "" if said.ready else no_such_time(said.words, turn.work.now):
        raise _no_such_time(turn, wrong)
    gone = "" if said.ready else bygone(said.words, turn.work.now)
    if gone and to_come(said.words):
        raise refused("bygone", wanted=gone)
    most, count = rules_now(turn.work).most_words, len(said.words)
    if count > most and not said.ready:
        raise refused("too_long", count=count, most=most)


def check_reach(turn: Turn, notice: Notice, found: Reach) -> None:
    """See that somebody hears it, and that its channels have room for it. Raises Refused."""
    if found.empty and found.closed:
        raise refused("all_closed", count=found.closed)
    if found.empty:
        if found.lately:
            raise refused("lately", lately=found.lately)
        raise refused("audience_empty", **_nobody(turn, notice))
    kind, room = narrowest(turn.work.directory, found.places)
    if kind and len(notice.words.encode()) + _ROOM > room and not notice.ready:
        most = max((room - _ROOM) // 3, 1)
        raise refused("too_long", count=len(notice.words), most=most, kind=kind)


def _nobody(turn: Turn, notice: Notice) -> dict[str, object]:
    """Why nobody hears it and who would: colleagues, or the groups its author may write to."""
    to, world = notice.audience, turn.work.directory.world
    author = world.person(notice.author)
    if author is None:
        return {"wanted": to.list}
    if to.to in ("worker", "leader", "staff"):
        near = [one.name for one in world.colleagues(author.area) if one.id != author.id][:1]
        return {"kind": to.to, "contact": near}
    within = {area.id for area in reachable(world, author)}
    known = [one for one in world.groups.values() if one.kind == "residents"]
    return {"wanted": to.list, "contact": [one.name for one in known if one.area in within][:3]}


async def show(turn: Turn, notice: Notice) -> int | None:
    """Keep a draft and show it to its author, and to whom it waits for; returns its number.

    None where the same message came once more.
    """
    work = turn.work
    found = await reach(work, notice)
    check_reach(turn, notice, found)
    number = await notices.add(work.store, work.conn, notices.row_of(notice))
    if number is not None:
        await preview(turn, replace(notice, id=number), found)
    return number


async def preview(
    turn: Turn, notice: Notice, found: Reach, earlier: Mapping[str, object] | None = None
) -> None:
    """Show a draft with whom it reaches and what to say next.

    `earlier` is the last time of a recurring one that its new words do not mend.
    """
    work, own = turn.work, notice.approver == turn.speaker.id
    waits = None if own else work.city.world.person(notice.approver)
    context = {
        "notice": view(work, notice, next(iter(found.places), None)),
        "reach": await previewed(work, found),
        "person": waits.name if waits is not None else "",
        "forwarded": False,
        "earlier": earlier or {},
        **timing(notice),
        **doubts(turn, notice),
    }
    work.reply("replies/notice_preview", context)
    if not own:
        await ask_approver(work, notice, doubts(turn, notice))


def doubts(turn: Turn, notice: Notice) -> dict[str, object]:
    """What whoever confirms it should look at: a time gone by, 明天 that is said on another day."""
    work = turn.work
    again = comes_again(notice)
    said_at = not_before(max(notice.due_at, work.now), work.city.quiet, urgent=notice.urgent)
    said_at = said_at or max(notice.due_at, work.now)
    moved = not again and day_of(said_at) != day_of(work.now) and counts_days(notice.words)
    gone = "" if notice.ready or again else bygone(notice.words, work.now)
    held = not_before(notice.due_at, work.city.quiet, urgent=notice.urgent)
    return {
        "bygone": gone,
        "said_at": said_at.isoformat() if moved and not notice.ready else "",
        "dated": moved and not notice.rhythm,  # then approval writes the date
        "quiet_until": held.isoformat() if held is not None and notice.rhythm else "",
    }
