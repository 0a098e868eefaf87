"""取消招募, 不用找志愿者了: nobody is looked for any more (domain.md H10)."""

from bot.helping import volunteers
from bot.turn import Handler, Turn
from domain.errors import NotAllowed
from domain.numbers import NEEDS
from domain.volunteers import id_of
from store import volunteers as stored


async def off(turn: Turn) -> None:
    """Call off the need that is named, else the newest of one's own."""
    number = turn.named(NEEDS)
    if number:
        one = await stored.get(turn.work.conn, id_of(number))
    else:
        mine = await stored.asked_by(turn.work.conn, turn.speaker.ids, volunteers.ALIVE)
        one = await stored.get(turn.work.conn, mine[0].id) if mine else None  # locked
    if one is None or one.state not in volunteers.ALIVE:
        raise NotAllowed("no_such_need")
    if not volunteers.may_end(turn, one):
        raise NotAllowed("not_yours")
    await volunteers.call_off(turn, one)


HANDLER = Handler(intents=("volunteer_off",), run=off)
