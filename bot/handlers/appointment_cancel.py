"""取消预约: an appointment is called off in so many words."""

from bot.helping.calling_off import called_off
from bot.turn import Handler, Turn
from domain.errors import NotAllowed


async def call_off(turn: Turn) -> None:
    """Call off the appointment that is meant, or drop the times that were offered."""
    if not await called_off(turn):
        raise NotAllowed("no_appointment")


HANDLER = Handler(intents=("appointment_cancel",), run=call_off)
