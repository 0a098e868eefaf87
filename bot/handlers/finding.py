"""上报隐患: what was found on a visit becomes a case; 立案 does the same."""

from bot.turn import STAFF, Handler, Turn
from bot.visits.findings import open_found
from domain.errors import NotAllowed


async def finding(turn: Turn) -> None:
    """Open the case. Raises NotAllowed where nothing was found lately."""
    if not await open_found(turn):
        raise NotAllowed("no_finding")


HANDLER = Handler(intents=("open_finding",), run=finding, roles=STAFF)
