"""更正通知: other words for a notice, shown and confirmed like the first ones."""

from bot.notices.changes import correct
from bot.notices.notice import numbered
from bot.notices.says import refusing
from bot.turn import STAFF, Handler, Turn
from bot.understanding.notices import body


@refusing
async def notice_correct(turn: Turn) -> None:
    """Mend the notice that is named, else the speaker's last one."""
    number, words = numbered(turn.heard.words)
    await correct(turn, body(words), number)


HANDLER = Handler(intents=("notice_correct",), run=notice_correct, roles=STAFF)
