"""销假: back at work; the visits that were handed over come back (A15)."""

from dataclasses import replace
from datetime import timedelta

from bot.turn import STAFF, Handler, Turn
from bot.visits.leaves import hand_back, told
from domain.errors import NotAllowed
from domain.leave import LeaveStatus
from domain.visits import day_of
from store import leave

_OPEN = (LeaveStatus.ASKED, LeaveStatus.APPROVED)


async def leave_end(turn: Turn) -> None:
    """End the speaker's leave; the day he is back on he works."""
    work, today = turn.work, day_of(turn.work.now)
    known = await leave.since(work.conn, today)
    mine = [one for one in known if one.person == turn.speaker.id and one.status in _OPEN]
    if not mine:
        raise NotAllowed("leave_none")
    one = min(mine, key=lambda each: each.first)
    yesterday = today - timedelta(days=1)
    begun = one.first <= yesterday and one.status is LeaveStatus.APPROVED
    status = LeaveStatus.APPROVED if begun else LeaveStatus.ENDED
    ended = replace(one, last=yesterday if begun else one.last, status=status)
    await leave.save(work.conn, ended)
    work.city.leaves.learn(await leave.lately(work.conn, today))
    await hand_back(work, one)
    told(turn, ended, granted=True, ended=True)


HANDLER = Handler(intents=("leave_end",), run=leave_end, roles=STAFF)
