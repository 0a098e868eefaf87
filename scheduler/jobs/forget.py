"""Whose words are to be let go had a case open: they go once it has ended."""

from datetime import timedelta

from scheduler.job import Job, Misfire
from store import cases, forgetting, timers
from store.forgetting import LATER
from store.timers import Timer
from store.work import Work

_LOOK = timedelta(days=1)


async def forget(work: Work, timer: Timer) -> None:
    """Hide what the reporter said of a case, or look again tomorrow."""
    case = await cases.get(work.conn, timer.subject)
    if case is None:
        return
    if not case.ended:
        await timers.set_one(work.conn, LATER, case.id, work.now + _LOOK)
        return
    where, who = case.reported_in, work.directory.speaker
    said = await forgetting.said_by_who_left(work.conn, where.key)
    his = [
        one
        for one in said
        if forgetting.of(one, case) and not who(where.channel, one.inbound.sender).staff
    ]
    await forgetting.forget(work.conn, his, [case], [case.reporter])


JOB = Job(name="forget", kinds=(LATER,), misfire=Misfire.LATE, run=forget)
