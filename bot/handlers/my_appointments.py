"""我的预约: what a resident, or a worker, has agreed on."""

from bot.helping import appointments
from bot.turn import Handler, Turn, again
from store import appointments as stored

_MOST = 10  # more lines are not read in a chat


async def my_appointments(turn: Turn) -> None:
    """List the speaker's open appointments, soonest first."""
    work = turn.work
    mine = await stored.open_of(work.conn, turn.speaker.ids)
    if turn.speaker.staff:
        mine = await stored.open_with(work.conn, turn.speaker.id)
    shown = [appointments.view(work, one) for one in mine[:_MOST]]
    values = {"appointments": shown, "more": len(mine) - len(shown), "staff": turn.speaker.staff}
    work.reply("replies/appointment_list", values)


async def asked(turn: Turn) -> None:
    """几点来着, 谁来呀: told of an appointment, where there is one; else it is about a case."""
    if await stored.open_of(turn.work.conn, turn.speaker.ids):
        await my_appointments(turn)
        return
    await turn.handle(again(turn, "progress" if turn.mine() else "other"))


_RUN = {"my_appointments": my_appointments, "appointment_asked": asked}


async def run(turn: Turn) -> None:
    """List them, or answer about them."""
    await _RUN[turn.heard.intent](turn)


HANDLER = Handler(intents=tuple(_RUN), run=run)
