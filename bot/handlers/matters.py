"""The answer to "shall the matters of one message be handled apart?"."""

from bot.cases.matters import settle
from bot.turn import Handler, Turn
from bot.understanding import YES


async def several(turn: Turn) -> None:
    """Open one case each, or one with all the words."""
    await settle(turn, apart=turn.heard.words == YES)


HANDLER = Handler(intents=("matters",), run=several)
