"""没送来, 送不了: a delivery fails, and the grid worker is sent to look at once (F20)."""

from bot.turn import Handler, Turn, again
from bot.understanding import care
from domain.visits import day_of
from domain.welfare import view
from scheduler import caring
from store import welfare


async def failed(turn: Turn) -> None:
    """Send the worker, whether the helper says so or who waits for it; in private only."""
    work, today = turn.work, day_of(turn.work.now)
    own = await welfare.open_of(work.conn, turn.speaker.ids, today)
    waiting = own or await welfare.open_for(work.conn, turn.speaker.ids, today)
    if not waiting or not turn.inbound.private:
        await turn.handle(again(turn, "other", sure=0.5, action="ask"))
        return
    why = "waits" if not own else "unreached" if care.unreached(turn.inbound.text) else "helper"
    for one in waiting:
        await caring.raise_look(work, one, why)
    seen = view(waiting[0].plan, work.city.world)
    work.reply("replies/care_failed", {"care": seen, "helper": bool(own)})


HANDLER = Handler(intents=("care_failed",), run=failed)
