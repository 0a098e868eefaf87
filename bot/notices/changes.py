"""Notices taken back and mended, before and after they were sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.notices.approval import last_seen
from bot.notices.audience import refused, with_building
from bot.notices.notice import author_of, check_reach, check_words, numbered, preview, show
from bot.turn import Turn
from bot.understanding.notices import Spoken
from domain.notice_moves import comes_again
from domain.notices import (
    WITHDRAWS,
    WITHDRAWS_POLL,
    Notice,
    Status,
    may_approve,
    may_change,
    withdraws,
)
from domain.people import Person
from store import notices, timers
from store.notice_plans import FIRE
from store.notice_sending import Launched, launch, reach, view

_OPEN = (Status.WAITING, Status.STANDING, Status.SENT)
_POLLS = ("survey", "quiz")
_LATELY = timedelta(days=3)  # who says 取消通知 without a number means nothing older


async def cancel(turn: Turn) -> None:
    """取消通知: nothing more of it is said, and who has it hears that it does not hold."""
    work = turn.work
    number, reason = numbered(turn.heard.words)
    notice = await mine(turn, author_of(turn), number)
    await notices.save(work.conn, replace(notice, status=Status.CANCELLED))
    await timers.drop(work.conn, FIRE, notice.id)
    latest = await _latest(turn, notice)
    taken = await notices.take_back(work.conn, latest.id if latest is not None else notice.id)
    told: Sequence[object] = ()
    if notice.status is Status.SENT:
        told = (await _withdraw(turn, notice)).reach.places
    values = {
        "notice": view(work, notice),
        "told": len(told),
        "taken": len(taken),
        "again": comes_again(notice),
        "earlier": await earlier(turn, notice),
    }
    work.reply("replies/notice_cancelled", values)
    author = work.city.world.person(notice.author)
    if author is not None and author.id != turn.speaker.id:
        context = {**values, "reason": reason}
        key = f"n{notice.id}:cancelled"
        work.tell(author, "replies/notice_refused_to", context, case=None, by="", key=key)


async def _latest(turn: Turn, notice: Notice) -> Notice | None:
    """The last time a recurring notice came, as a notice of its own."""
    return await notices.last_round(turn.work.conn, notice.id) if comes_again(notice) else None


async def earlier(turn: Turn, notice: Notice) -> dict[str, object]:
    """The last time of a recurring notice that people still go by; {} where there is none.

    That it comes no more does not make what was said wrong: 关好门窗 stays true when it is no
    longer said daily. So nobody is told by itself; who takes it back decides, with one word.
    """
    work, latest = turn.work, await _latest(turn, notice)
    if latest is None or latest.status is not Status.SENT or latest.ends_at <= work.now:
        return {}
    got = await notices.targets(work.conn, latest.id, ["queued", "listed"])
    if not got:
        return {}
    return {"number": latest.id, "when": latest.due_at.isoformat(), "count": len(got)}


async def _withdraw(turn: Turn, notice: Notice) -> Launched:
    """Tell those who have a notice that it does not hold."""
    work = turn.work
    gone = replace(
        notice,
        key=f"cancel:{notice.id}",
        words=notice.words,
        ready=WITHDRAWS_POLL if notice.ready in _POLLS else WITHDRAWS,
        receipts=False,
        created_at=work.now,
        due_at=work.now,
        corrects=notice.id,
        approved_by=turn.speaker.id,
        approved_at=work.now,
    )
    number = await notices.add(work.store, work.conn, notices.row_of(gone))
    return await launch(work, replace(gone, id=number or 0))


async def correct(turn: Turn, said: Spoken, number: int) -> None:
    """更正通知: new words, before sending in place of the old ones, after it to who has them."""
    work, author = turn.work, author_of(turn)
    notice = await mine(turn, author, number)
    if notice.ready in _POLLS:
        raise refused("poll_no_correct", wanted=notice.id)
    check_words(turn, said)
    approves = author.id if may_approve(work.city.world, author, notice) else notice.approver
    mended = replace(
        notice,
        words=with_building(notice.words, said),
        ready=said.ready,
        receipts=notice.receipts or said.receipts or said.visit,
        visit=notice.visit or said.visit,
        status=Status.WAITING,
        created_at=work.now,
        approver=approves,
        approved_by="",
        approved_at=None,
    )
    if notice.status is Status.SENT:
        fresh = replace(
            mended, key=f"i{turn.letter}", author=author.id, due_at=work.now, corrects=notice.id
        )
        if (await reach(work, fresh)).empty:  # it waits for the digest of the evening
            raise refused("not_there_yet", wanted=notice.id)
        await show(turn, fresh)
        return
    found = await reach(work, mended)
    check_reach(turn, mended, found)
    await timers.drop(work.conn, FIRE, notice.id)
    await notices.save(work.conn, mended)
    await preview(turn, mended, found, await earlier(turn, notice))


async def mine(turn: Turn, person: Person, number: int) -> Notice:
    """The notice somebody means to change, locked. Raises Refused."""
    work = turn.work
    if not number:
        # With those taken back: who says 取消通知 twice does not mean the one before.
        mine = await notices.of_person(work.conn, person.id, (*_OPEN, Status.CANCELLED))
        since = work.now - _LATELY
        fresh = [
            one
            for one in mine
            if not withdraws(one)
            and not one.parent
            and (one.created_at > since or one.status is Status.STANDING)
        ]
        last = max(fresh, key=lambda one: last_seen(one, person), default=None)
        number = last.id if last is not None else 0
    notice = await notices.get(work.conn, number, lock=True)
    if notice is None or not may_change(work.city.world, person, notice):
        raise refused("no_such_notice")
    if notice.status not in _OPEN:
        raise refused("over", wanted=notice.id)
    return notice
