"""Notices by chat: written, looked over for what is wrong, and shown to who has to say yes."""

from dataclasses import replace

from bot.notices.audience import Refused, audience, building_only, refused
from bot.turn import Turn
from bot.understanding.notices import (
    LEADING_NUMBER,
    Spoken,
    bygone,
    counts_days,
    gap_names,
    nearest_day,
    no_such_time,
    several,
    to_come,
)
from domain.notice_moves import comes_again
from domain.notice_times import Days, comes, next_after
from domain.notices import Audience, Notice, Status, approver, malformed
from domain.people import Person
from domain.quiet import not_before
from domain.visits import day_of
from store import notices
from store.notice_places import Reach
from store.notice_plans import ask_approver, previewed, timing
from store.notice_sending import reach, rules_now, view
from store.notice_ways import narrowest

_ROOM = 200  # bytes of a message around the notice's own words
_AGAINST = {Days.ONCE: "past", Days.EVE: "no_holidays"}  # why a time never comes


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
    to = audience(turn, author, said)
    check_words(turn, said)
    due, rhythm = work.now, ""
    if said.rhythm is not None:
        after = next_after(said.rhythm, work.now, work.city.calendar)
        if after is None or not comes(said.rhythm):
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


def _unread(turn: Turn) -> Refused:
    """Why a time could not be read: it does not exist, or nobody can tell what it is."""
    wrong = no_such_time(turn.heard.words, turn.work.now)
    return _no_such_time(turn, wrong) if wrong else refused("when_unread")


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
    if odd := malformed(said.words):
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
        raise refused("lately" if found.lately else "audience_empty", lately=found.lately)
    kind, room = narrowest(turn.work.directory, found.places)
    if kind and len(notice.words.encode()) + _ROOM > room and not notice.ready:
        most = max((room - _ROOM) // 3, 1)
        raise refused("too_long", count=len(notice.words), most=most, kind=kind)


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
        "reach": await previewed(work, found),
        "person": waits.name if waits is not None else "",
        "forwarded": False,
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
    return {"bygone": gone, "said_at": said_at.isoformat() if moved and not notice.ready else ""}
