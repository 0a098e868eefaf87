"""进度: how far a report has come."""

from bot.reporting import join, joinable
from bot.turn import Handler, Turn
from domain.case import id_of
from domain.errors import NotAllowed
from domain.routing import may_work
from store import cases, reporters


async def progress(turn: Turn) -> None:
    """Tell the reporter, or whoever handles it, where a case stands."""
    work = turn.work
    case = joinable(turn) if turn.letters else None
    if case is not None:
        await join(turn, case, None)  # "怎么还没人来" with a photo, a minute later, is more of it
        return
    if turn.number:
        case = await cases.get(work.conn, id_of(turn.number))
        if case is None:
            raise NotAllowed("no_such_case")
        mine = await reporters.is_one(work.conn, case, turn.speaker.id)
        if not mine and not may_work(work.city.world, case, turn.speaker.person):
            raise NotAllowed("not_your_report")
        shown = [case]
    else:
        shown = turn.mine() or await cases.of_reporter(work.conn, turn.speaker.id, limit=1)
    if shown or turn.inbound.private or turn.inbound.named:
        work.reply("replies/progress", {"cases": work.views(shown[:5])})


HANDLER = Handler(intents=("progress",), run=progress)
