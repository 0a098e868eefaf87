"""我去 and 办好了 by who has no case: what they mean of a care card or an appointment instead."""

from datetime import timedelta

from bot.turn import Turn
from bot.understanding.visit_sayings import tells
from bot.understanding.visits import acts
from bot.visits.match import names, targets
from domain.errors import NotAllowed
from domain.visits import day_of
from store import appointments, welfare

_EARLY = timedelta(minutes=30)  # a worker may come, and be done, before the time
_NO_CASE = "nothing_open"


async def to_look_after(turn: Turn, refusal: NotAllowed) -> str:
    """The number of the only care round the speaker was sent to. Raises the refusal without one."""
    if refusal.reason != _NO_CASE:
        raise refusal
    work = turn.work
    mine = await welfare.to_look_after(work.conn, turn.speaker.id, day_of(work.now))
    if len(mine) != 1:
        raise refusal
    return mine[0].number


async def done(turn: Turn, refusal: NotAllowed) -> tuple[str, str]:
    """What else of his is done, and its number: an appointment, or a look he was sent to take.

    The appointment is the only one of today that has begun, or is about to; a visit to a place is
    told of without any number. Raises the refusal where nothing waits for him.
    """
    work = turn.work
    if refusal.reason != _NO_CASE:
        raise refusal
    own = await appointments.open_with(work.conn, turn.speaker.id)
    soon = work.now + _EARLY
    today = [one for one in own if one.start <= soon and day_of(one.start) == day_of(work.now)]
    if len(today) == 1:
        return "appointment_done", today[0].number
    if today:
        raise refusal
    if await _at_a_place(turn):  # 2号楼9号楼查完 9号楼顶灯坏 已报物业
        return "visited", ""
    return "care_looked", await to_look_after(turn, refusal)


async def _at_a_place(turn: Turn) -> bool:
    """Whether it is told of a visit at places of the roster, and of no case."""
    person = turn.speaker.person
    if person is None or not tells(turn.inbound.text):
        return False
    told = acts(turn.inbound.text, await names(turn, person))
    return any([one.name and await targets(turn, person, one) for one in told])
