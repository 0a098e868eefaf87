"""我去 and 办好了 by who has no case: what they mean of a care card or an appointment instead."""

from bot.turn import Turn
from domain.visits import day_of
from store import appointments, cases, visits, welfare


async def to_look_after(turn: Turn) -> str:
    """The number of the only care round the speaker was sent to; "" where a case is meant."""
    work = turn.work
    if turn.number or await cases.of_assignees(work.conn, [turn.speaker.id]):
        return ""
    mine = []
    for one in await welfare.raised_on(work.conn, day_of(work.now)):
        visit = await visits.get(work.conn, one.visit)
        if visit is not None and visit.worker == turn.speaker.id:
            mine.append(one.number)
    return mine[0] if len(mine) == 1 else ""


async def begun(turn: Turn) -> str:
    """The number of the only appointment of today that has begun; "" where a case is meant."""
    work = turn.work
    if turn.number or await cases.of_assignees(work.conn, [turn.speaker.id]):
        return ""
    own = await appointments.open_with(work.conn, turn.speaker.id)
    today = [one for one in own if one.start <= work.now and day_of(one.start) == day_of(work.now)]
    return today[0].number if len(today) == 1 else ""
