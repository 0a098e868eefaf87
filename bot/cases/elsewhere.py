"""我去 and 办好了 by who has no case: what they mean of a care card or an appointment instead."""

from datetime import timedelta

from bot.turn import Turn
from domain.errors import NotAllowed
from domain.visits import day_of
from domain.welfare import Round
from store import appointments, visits, welfare

_EARLY = timedelta(minutes=30)  # a worker may come, and be done, before the time
_NO_CASE = "nothing_open"


async def to_look_after(turn: Turn, refusal: NotAllowed) -> str:
    """The number of the only care round the speaker was sent to. Raises the refusal without one."""
    work = turn.work
    mine = []
    for one in await _rounds(turn, refusal):
        visit = await visits.get(work.conn, one.visit)
        if visit is not None and visit.worker == turn.speaker.id:
            mine.append(one.number)
    if len(mine) != 1:
        raise refusal
    return mine[0]


async def _rounds(turn: Turn, refusal: NotAllowed) -> list[Round]:
    if refusal.reason != _NO_CASE:
        raise refusal
    return await welfare.raised_on(turn.work.conn, day_of(turn.work.now))


async def begun(turn: Turn, refusal: NotAllowed) -> str:
    """The number of the only appointment of today that has begun, or is about to.

    Raises the refusal without one.
    """
    work = turn.work
    if refusal.reason != _NO_CASE:
        raise refusal
    own = await appointments.open_with(work.conn, turn.speaker.id)
    soon = work.now + _EARLY
    today = [one for one in own if one.start <= soon and day_of(one.start) == day_of(work.now)]
    if len(today) != 1:
        raise refusal
    return today[0].number
