"""The answer to "is it the same matter a neighbour reported?"."""

from bot.cases.duplicates import settle
from bot.turn import Handler, Turn
from bot.understanding import YES


async def same_matter(turn: Turn) -> None:
    """Join the neighbour's case, or open one of his own."""
    await settle(turn, same=turn.heard.words == YES)


HANDLER = Handler(intents=("same_matter",), run=same_matter)
