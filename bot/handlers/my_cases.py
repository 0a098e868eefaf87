"""我的案件: what a member of staff has in hand."""

from bot.cases.meant import raised
from bot.turn import Handler, Turn, again
from store import cases


async def my_cases(turn: Turn) -> None:
    """List the open cases of staff, most pressing first; a desk's with what came up to it."""
    if not turn.speaker.staff:  # a resident asks after what he reported
        await turn.handle(again(turn, "progress"))
        return
    work = turn.work
    own = await cases.of_assignees(work.conn, [turn.speaker.id])
    mine = [*{case.id: case for case in (*own, *await raised(turn))}.values()]
    mine.sort(key=lambda case: case.dues.respond or case.dues.finish or case.opened_at)
    shown = work.views(mine[:10])
    work.reply("replies/my_cases", {"cases": shown, "more": len(mine) - len(shown)})


HANDLER = Handler(intents=("my_cases",), run=my_cases)
