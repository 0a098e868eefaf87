"""通知 ... by a resident: announcing is for staff, and he hears so; a danger goes first anyway."""

from bot.turn import Handler, Turn
from domain.errors import NotAllowed


async def announce(turn: Turn) -> None:
    """Say who may. Raises NotAllowed where it was said to the bot; neighbours may announce."""
    if turn.addressed:
        raise NotAllowed("announce_staff")


HANDLER = Handler(intents=("announce",), run=announce)
