"""Notices by chat: written, shown, approved, sent, corrected and cancelled (issue 5)."""

from dataclasses import replace
from datetime import timedelta

from bot.notices.audience import audience, building_only, refused
from bot.turn import Turn
from bot.understanding.notices import (
    LEADING_NUMBER,
    Spoken,
    bygone,
    counts_days,
    gap_names,
    no_such_time,
    several,
    to_come,
)
from domain.notice_times import Days, next_after, rhythm_of
from domain.notices import Audience, Notice, Status, approver, malformed, may_approve, may_change
from domain.people import Person
from domain.quiet import not_before
from domain.visits import day_of
from store import notices, timers
from store.notice_places import Reach
from store.notice_plans import FIRE, ask_approver, summary
from store.notice_sending import Launched, launch, reach, rules_now, view
from store.work import Work

_ROOM = 200  # bytes of a message around the notice's own words
_AGAINST = {Days.ONCE: "past", Days.EVE: "no_holidays"}  # why a time never comes
_LATELY = timedelta(days=3)  # who says 确认 once more means nothing older


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
        raise refused("when_unread")
    if not said.said:
        raise refused("words_missing")
    to = audience(turn, author, said)
    check_words(turn, said)
    due, rhythm = work.now, ""
    if said.rhythm is not None:
        after = next_after(said.rhythm, work.now, work.city.calendar)
        if after is None:
            raise refused(_AGAINST.get(said.rhythm.days, "never"))
        due, rhythm = after, said.rhythm.code
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
    if malformed(said.words):
        raise refused("malformed", contact=gap_names())
    if several(said.words):
        raise refused("one_at_a_time")
    if wrong := "" if said.ready else no_such_time(said.words):
        raise refused("no_such_time", wanted=wrong)
    gone = "" if said.ready else bygone(said.words, turn.work.now)
    if gone and to_come(said.words):
        raise refused("bygone", wanted=gone)
    most, count = rules_now(turn.work).most_words, len(said.words)
    if count > most and not said.ready:
        raise refused("too_long", count=count, most=most)


def check_reach(turn: Turn, notice: Notice, found: Reach) -> None:
    """See that somebody hears it, and that its channels have room for it. Raises Refused."""
    if found.empty:
        raise refused("lately" if found.lately else "audience_empty", lately=found.lately)
    directory, size = turn.work.directory, len(notice.words.encode())
    places = [one for one in found.places if one.address.channel]
    room = min((directory.can(one.address.channel).max_bytes for one in places), default=size)
    if size + _ROOM > room and places and not notice.ready:
        raise refused("too_long", count=len(notice.words), most=max((room - _ROOM) // 3, 1))


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


async def preview(turn: Turn, notice: Notice, found: Reach) -> None:
    """Show a draft with whom it reaches and what to say next."""
    work, own = turn.work, notice.approver == turn.speaker.id
    waits = None if own else work.city.world.person(notice.approver)
    context = {
        "notice": view(work, notice, next(iter(found.places), None)),
        "reach": summary(found),
        "person": waits.name if waits is not None else "",
        "when": notice.due_at.isoformat() if notice.rhythm else "",
        "again": bool(notice.rhythm) and not notice.rhythm.startswith("once"),
        "forwarded": False,
        **doubts(turn, notice),
    }
    work.reply("replies/notice_preview", context)
    if not own:
        await ask_approver(work, notice, doubts(turn, notice))


def doubts(turn: Turn, notice: Notice) -> dict[str, object]:
    """What whoever confirms it should look at: a time gone by, 明天 that is said on another day."""
    work = turn.work
    again = bool(notice.rhythm) and not notice.rhythm.startswith("once")
    said_at = not_before(max(notice.due_at, work.now), work.city.quiet, urgent=notice.urgent)
    said_at = said_at or max(notice.due_at, work.now)
    moved = not again and day_of(said_at) != day_of(work.now) and counts_days(notice.words)
    gone = "" if notice.ready or again else bygone(notice.words, work.now)
    return {"bygone": gone, "said_at": said_at.isoformat() if moved and not notice.ready else ""}


# One word later


async def approve(turn: Turn) -> None:
    """确认: send what waits for the speaker."""
    work, person = turn.work, author_of(turn)
    number, _ = numbered(turn.heard.words)
    notice = await _waiting(turn, person, number)
    if not may_approve(work.city.world, person, notice):
        waits = work.city.world.person(notice.approver)
        raise refused("waits_for", person=waits.name if waits is not None else "")
    if notice.created_at + rules_now(work).draft < work.now:
        await notices.save(work.conn, replace(notice, status=Status.EXPIRED))
        raise refused("draft_over")
    if not notice.rhythm and _of_another_day(work, notice):
        raise refused("other_day")
    approved = replace(notice, approved_by=person.id, approved_at=work.now)
    if notice.rhythm:
        await _stand(turn, approved)
        return
    done = await launch(work, replace(approved, due_at=work.now))
    if done.notice.status is Status.EXPIRED:
        raise refused("pointless")
    _going(turn, done, await _others(turn, person, number=notice.id))


async def _others(turn: Turn, person: Person, number: int) -> list[int]:
    """The other drafts that wait for somebody, oldest first: 确认 sends one of them."""
    mine = await notices.of_person(turn.work.conn, person.id, [Status.WAITING])
    world, since = turn.work.city.world, turn.work.now - rules_now(turn.work).draft
    fresh = (one for one in mine if one.created_at > since and one.id != number)
    return sorted(one.id for one in fresh if may_approve(world, person, one))


def _of_another_day(work: Work, notice: Notice) -> bool:
    """Whether its 明天 means another day by now: it waited over midnight, or comes only after it.

    Drafted in the quiet hours, its preview said so, and the answer to that stands.
    """
    if notice.ready or not counts_days(notice.words):
        return False
    written, quiet = notice.created_at, work.city.quiet
    if day_of(written) != day_of(work.now):
        return True
    held = not_before(work.now, quiet, urgent=notice.urgent)
    warned = not_before(written, quiet, urgent=notice.urgent)
    return held is not None and warned is None and day_of(held) != day_of(written)


async def _waiting(turn: Turn, person: Person, number: int) -> Notice:
    """The notice that is confirmed, locked. Raises Refused where none waits."""
    conn = turn.work.conn
    if not number:
        mine = await notices.of_person(conn, person.id, [Status.WAITING])
        own = [one for one in mine if may_approve(turn.work.city.world, person, one)] or mine
        number = own[0].id if own else await _last_approved(turn, person)
    notice = await notices.get(conn, number, lock=True)
    if notice is None or not may_change(turn.work.city.world, person, notice):
        raise refused("no_such_notice")
    if notice.approved_at is not None:
        by = turn.work.city.world.person(notice.approved_by)
        at = notice.approved_at.isoformat()
        raise refused("approved_already", person=by.name if by is not None else "", when=at)
    if notice.status is not Status.WAITING:
        raise refused("over")
    return notice


async def _last_approved(turn: Turn, person: Person) -> int:
    """The last notice somebody approved lately, for who says 确认 twice. Raises Refused."""
    for one in await notices.of_person(turn.work.conn, person.id, limit=1):
        if one.approved_at is not None and one.approved_at > turn.work.now - _LATELY:
            return one.id
    raise refused("nothing_waits")


async def _stand(turn: Turn, notice: Notice) -> None:
    """Let an approved notice come at its times."""
    work, rhythm = turn.work, rhythm_of(notice.rhythm)
    due = next_after(rhythm, work.now, work.city.calendar) if rhythm is not None else None
    if due is None:
        raise refused("past")
    standing = replace(notice, status=Status.STANDING, due_at=due)
    await notices.save(work.conn, standing)
    await timers.stand(work.store, work.conn, FIRE, notice.id, due)
    again = not notice.rhythm.startswith("once")
    values = {"notice": view(work, standing), "when": due.isoformat(), "again": again}
    work.reply("replies/notice_set", values)
    _tell_author(turn, standing, values)


def _going(turn: Turn, done: Launched, others: list[int]) -> None:
    work = turn.work
    values = {
        "notice": view(work, done.notice),
        "reach": summary(done.reach),
        "when": done.starts.isoformat() if done.starts > work.now else "",
        "until": done.ends.isoformat() if done.ends > done.starts else "",
        "merged": done.merged,
        "others": others,
    }
    work.reply("replies/notice_going", values)
    _tell_author(turn, done.notice, {"when": values["when"], "again": False})


def _tell_author(turn: Turn, notice: Notice, values: dict[str, object]) -> None:
    """Tell who wrote a notice that somebody else approved it."""
    author = turn.work.city.world.person(notice.author)
    if author is not None and author.id != turn.speaker.id:
        context = {**values, "notice": view(turn.work, notice)}
        key = f"n{notice.id}:approved"
        turn.work.tell(
            author, "replies/notice_approved", context, case=None, by=turn.speaker.id, key=key
        )
