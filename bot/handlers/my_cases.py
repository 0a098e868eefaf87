"""我的案件: what a member of staff has in hand."""

from bot.turn import STAFF, Handler, Turn
from store import cases


async def my_cases(turn: Turn) -> None:
    """List the speaker's open cases, most pressing first."""
    work = turn.work
    mine = await cases.of_assignees(work.conn, [turn.speaker.id])
    mine.sort(key=lambda case: case.dues.respond or case.dues.finish or case.opened_at)
    shown = work.views(mine[:10])
    work.reply("replies/my_cases", {"cases": shown, "more": len(mine) - len(shown)})


HANDLER = Handler(intents=("my_cases",), run=my_cases, roles=STAFF)
