"""Notices at their time, what came of them, the end of what is pointless, and the day's list."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from domain.messages import Address
from domain.notices import Notice, Status, withdraws
from domain.quiet import not_before
from domain.routes import Why
from scheduler import polls
from scheduler.job import Job, Misfire
from store import notices, timers
from store.notice_plans import ARM, FIRE, arm, fire
from store.notice_sending import view
from store.notices import Target
from store.outbox import Priority, Saying
from store.timers import Timer
from store.work import Work

_LOOK_AGAIN = timedelta(hours=1)


async def _fire(work: Work, timer: Timer) -> None:
    await fire(work, timer.subject, timer.due_at)


async def _arm(work: Work, _timer: Timer) -> None:
    await arm(work)


async def _result(work: Work, timer: Timer) -> None:
    """Tell author and approver how many places have it; once more when the rest is done."""
    notice = await notices.get(work.conn, timer.subject)
    if notice is None or notice.status is not Status.SENT:
        return
    found = await notices.outcome(work.conn, notice.id)
    open_ = found["waiting"] + found["sending"] + found["held"]
    values = {
        "sent": found["sent"] + found["rerouted"] + found["listed"],
        "open": open_,
        "dead": found["dead"],
        "merged": found["merged"],
        "taps": await notices.untapped(work.conn, notice.id),
    }
    if (notice.parent or withdraws(notice)) and not open_ + values["dead"] + values["taps"]:
        return  # what comes every day, and what nobody numbered, only where something is wrong
    _tell(work, notice, "replies/notice_result", values, f"{timer.due_at:%Y%m%dT%H%M%S}")
    if open_ and work.now + _LOOK_AGAIN < notice.ends_at:
        await timers.stand(
            work.store, work.conn, "notice_result", notice.id, work.now + _LOOK_AGAIN
        )


async def _end(work: Work, timer: Timer) -> None:
    """Drop what could not be sent while it made sense, and say so; count what it asked."""
    notice = await notices.get(work.conn, timer.subject)
    if notice is None or notice.status is not Status.SENT:
        return
    gone = await notices.take_back(work.conn, notice.id)
    if gone:
        values = {"sent": 0, "open": 0, "dead": 0, "merged": 0, "taps": 0, "late": len(gone)}
        _tell(work, notice, "replies/notice_result", values, "end")
    await polls.end(work, notice)


def _tell(work: Work, notice: Notice, template: str, values: dict[str, int], key: str) -> None:
    for one in dict.fromkeys((notice.author, notice.approved_by)):
        person = work.city.world.person(one)
        if person is not None:
            shown = view(work, notice)
            if withdraws(notice):
                shown |= {"number": notice.corrects}  # the number its author knows
            context = {"late": 0, **values, "notice": shown}
            once = f"n{notice.id}:{key}:{one}"
            urgent = notice.urgent
            work.tell(person, template, context, case=None, by="", key=once, urgent=urgent)


async def _digest(work: Work, _timer: Timer) -> None:
    """Say to each group in one message what was over its share of the day."""
    waiting = await notices.merged(work.conn)
    by_chat: dict[Address, list[Target]] = {}
    for one in waiting:
        by_chat.setdefault(one.address, []).append(one)
    known = {one: await notices.get(work.conn, one) for one in {it.notice for it in waiting}}
    for address, mine in by_chat.items():
        said = [(one, notice) for one in mine if (notice := known[one.notice]) is not None]
        work.send(
            Saying(
                once=f"nd{mine[-1].notice}:{address.key}",
                address=address,
                template="replies/notice_digest",
                context={
                    "now": work.now.isoformat(),
                    "name": "",
                    "notices": [view(work, notice, one) for one, notice in said],
                },
                priority=Priority.BULK,
                route=Why.ANY_TIME,
                not_before=not_before(work.now, work.city.quiet, urgent=False),
            )
        )
    await notices.mark(work.conn, [one.once for one in waiting], "listed")


_DOES: dict[str, Callable[[Work, Timer], Awaitable[None]]] = {
    FIRE: _fire,
    ARM: _arm,
    "notice_result": _result,
    "notice_end": _end,
    "notice_digest": _digest,
}


async def notice(work: Work, timer: Timer) -> None:
    """Do what the timer stands for."""
    await _DOES[timer.kind](work, timer)


JOB = Job(name="notice", kinds=tuple(_DOES), misfire=Misfire.LATE, run=notice)
