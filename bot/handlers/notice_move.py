"""通知12 改到周三: a notice comes at another time, this once or from now on."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.notices.changes import mine
from bot.notices.moves import Moved, tell_author, to_day, to_rhythm
from bot.notices.notice import author_of, check_reach, preview, unknown_day
from bot.notices.says import refusing
from bot.turn import STAFF, Handler, Turn, again
from bot.understanding.notice_shift import Shift, behind, shift
from domain.moving import Refused
from domain.notice_moves import comes_again
from domain.notice_times import Days, Rhythm, comes, next_after, rhythm_of
from domain.notices import Notice, Status, may_approve
from domain.visits import day_of
from domain.workdays import TZ
from store import notices
from store.notice_plans import shown
from store.notice_sending import reach, view

MOVE = "notice_move"
_WAIT = timedelta(hours=1)  # who is asked which of the two was meant answers at once or not


@refusing
async def notice_move(turn: Turn) -> None:
    """Move what was named; a recurring one with no word of which is meant is asked about."""
    question = turn.question
    if question is not None and question.kind == MOVE:
        await turn.work.settle_question(question)
        await _go_on(turn, question.data["notice"], question.data["to"], turn.heard.words)
        return
    told = shift(turn.inbound.text, turn.work.now, turn.work.city.calendar)
    if not (told.read or told.number or told.lost):
        # 通知 调整供水时间 ... is a notice, not a move.
        await turn.handle(again(turn, "notice_new", words=behind(turn.heard.words)))
        return
    notice = await mine(turn, author_of(turn), told.number)
    try:
        await _move(turn, notice, told)
    except Refused as why:
        _refuse(turn, notice, why)


async def _go_on(turn: Turn, number: int, to: str, scope: str) -> None:
    """Move as was asked, now that it is known what of it."""
    notice = await mine(turn, author_of(turn), number)
    at = datetime.fromisoformat(to).astimezone(TZ)
    try:
        _may(turn, notice)
        _done(turn, await to_day(turn.work, notice, at.date(), scope, at.time()))
    except Refused as why:
        _refuse(turn, notice, why)


async def _move(turn: Turn, notice: Notice, told: Shift) -> None:
    if not told.read:
        raise unknown_day(turn) or Refused("notice_unread")
    if notice.status is Status.WAITING:
        await _redraft(turn, notice, told)
        return
    _may(turn, notice)
    if told.rhythm is not None:
        _done(turn, await to_rhythm(turn.work, notice, _with_hour(notice, told)))
        return
    day, at = _where(notice, told)
    if comes_again(notice) and not told.scope:
        await _ask(turn, notice, day, at)
        return
    _done(turn, await to_day(turn.work, notice, day, told.scope, at))


def _may(turn: Turn, notice: Notice) -> None:
    person = turn.speaker.person
    if person is None or not may_approve(turn.work.city.world, person, notice):
        raise Refused("notice_not_yours")


def _where(notice: Notice, told: Shift) -> tuple[date, time]:
    """The day and the hour that are meant; what was not named stays as it is."""
    own = notice.due_at.astimezone(TZ)
    if told.by is not None:
        own += told.by
    return told.day or own.date(), told.at or own.time()


def _with_hour(notice: Notice, told: Shift) -> Rhythm:
    """The rhythm that was told, at the notice's own hour where none was named."""
    rhythm = told.rhythm
    if rhythm is None:
        raise Refused("notice_unread")
    return replace(rhythm, at=notice.due_at.astimezone(TZ).time()) if told.bare else rhythm


async def _ask(turn: Turn, notice: Notice, day: date, at: time) -> None:
    """Ask which of the two is meant; what can be neither is refused at once."""
    work, to = turn.work, datetime.combine(day, at, TZ)
    if to <= work.now:
        later = datetime.combine(day_of(work.now), at, TZ) <= work.now
        raise Refused("notice_in_the_past", day_of(work.now) + timedelta(days=later), when=to)
    if to == notice.due_at:
        raise Refused("notice_there_already", when=to)
    data = {"notice": notice.id, "to": to.isoformat()}
    await work.ask(turn.conversation, turn.speaker.id, MOVE, data, _WAIT)
    values = {"notice": view(work, notice), "when": to.isoformat(), "rhythm": shown(notice.rhythm)}
    work.reply("replies/notice_move_which", values)


async def _redraft(turn: Turn, notice: Notice, told: Shift) -> None:
    """A draft gets its time anew and is shown again: nobody has confirmed it yet."""
    work = turn.work
    rhythm = _redrawn(notice, told)
    due = next_after(rhythm, work.now, work.city.calendar)
    if due is None or not comes(rhythm):
        raise Refused("notice_comes_never")
    fresh = replace(notice, rhythm=rhythm.code, due_at=due, created_at=work.now)
    found = await reach(work, fresh)
    check_reach(turn, fresh, found)
    await notices.save(work.conn, fresh)
    await preview(turn, fresh, found)


def _redrawn(notice: Notice, told: Shift) -> Rhythm:
    """When a draft is to come by what was told; what was not named stays as it is."""
    before = rhythm_of(notice.rhythm)
    day, at = _where(notice, told)
    if told.rhythm is not None:
        fresh = _with_hour(notice, told)
    elif before is not None and before.days is not Days.ONCE and told.day is None:
        return replace(before, at=at)
    else:
        fresh = Rhythm(Days.ONCE, at, day=day)
    return replace(fresh, missed=before.missed) if before is not None else fresh


def _done(turn: Turn, moved: Moved) -> None:
    work = turn.work
    work.reply("replies/notice_shifted", moved.values(work))
    tell_author(work, moved, turn.speaker.id)


def _refuse(turn: Turn, notice: Notice, why: Refused) -> None:
    """Say why not, with the nearest right thing."""
    fill = {
        key: value.isoformat() if isinstance(value, datetime) else _noon(value)
        for key, value in why.fill.items()
        if not isinstance(value, str)
    }
    values = {
        "reason": why.reason,
        "notice": view(turn.work, notice),
        "rhythm": shown(notice.rhythm),
        "when": fill.get("when", ""),
        "first": fill.get("day", ""),
        "near": _noon(why.near) if why.near is not None else "",
    }
    turn.work.reply("replies/notice_unmoved", values)


def _noon(day: date) -> str:
    return f"{day.isoformat()}T12:00:00+08:00"


HANDLER = Handler(intents=(MOVE,), run=notice_move, roles=STAFF)
