"""下午3点吧: a time and nothing else is another time for an appointment that was just agreed on."""

from dataclasses import replace

from bot.helping import appointments, which
from bot.turn import Handler, Turn, again


async def retime(turn: Turn) -> None:
    """Move the only appointment there is; else the words are heard as they would be anyway."""
    if await _meant(turn):
        await turn.handle(again(turn, "appointment_move"))
        return
    await turn.handle(replace(turn, heard=turn.listen(turn.inbound.text)))


async def _meant(turn: Turn) -> bool:
    """Whether it can only be about his appointment, and is not talk among neighbours."""
    mine = await which.meant(turn)
    if len(mine) != 1 or not appointments.movable(mine[0]):
        return False
    if turn.addressed:
        return True
    work, one = turn.work, mine[0]
    window = work.city.book.at(work.now).grouping_window
    here = one.where.key == turn.inbound.address.key
    return here and not turn.speaker.staff and work.now - one.created_at <= window


HANDLER = Handler(intents=("retime",), run=retime)
