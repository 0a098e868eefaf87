"""改期: the resident or the worker wants another time."""

from bot import appointments
from bot.turn import Handler, Turn, again
from bot.understanding import errands
from domain.errors import NotAllowed


async def move(turn: Turn) -> None:
    """Move the appointment that is meant to the time that was named, or offer three."""
    text = turn.inbound.text
    if turn.question is not None and turn.question.kind == appointments.SLOTS:
        await turn.handle(again(turn, "slot", words=text))
        return
    candidates = await appointments.meant(turn)
    if not candidates:
        if turn.addressed:
            raise NotAllowed("no_appointment")
        await turn.handle(again(turn, "other"))
        return
    one = await appointments.only(turn, candidates)
    if one is None:
        return
    if not appointments.movable(one):
        raise NotAllowed("appointment_over")
    start = errands.wish(text, turn.work.now).moment
    await appointments.settle(turn, appointments.wanted_for(one), start)


HANDLER = Handler(intents=("appointment_move",), run=move)
