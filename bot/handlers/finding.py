"""上报隐患, 报上去吧: what was found on a visit becomes a case; 立案 does the same."""

from bot.turn import STAFF, Handler, Turn, again
from bot.visits.findings import open_found
from domain.errors import NotAllowed


async def finding(turn: Turn) -> None:
    """Open the case. Raises NotAllowed where nothing was found lately.

    A bare 报上去吧 with nothing found is said of a case at hand.
    """
    if await open_found(turn):
        return
    if not turn.heard.words:
        raise NotAllowed("no_finding")
    await turn.handle(again(turn, "worker_escalate", words=""))


HANDLER = Handler(intents=("open_finding",), run=finding, roles=STAFF)
