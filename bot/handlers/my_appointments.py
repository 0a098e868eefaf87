"""我的预约: what a resident, or a worker, has agreed on."""

from bot import appointments
from bot.turn import Handler, Turn
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


HANDLER = Handler(intents=("my_appointments",), run=my_appointments)
