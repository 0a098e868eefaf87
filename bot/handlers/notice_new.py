"""通知 ...: a notice is written by chat, now or for later, and shown before anybody gets it."""

from dataclasses import replace

from bot.notices.notice import write
from bot.notices.says import refusing
from bot.turn import STAFF, Handler, Turn
from bot.understanding.notices import spoken


@refusing
async def notice_new(turn: Turn) -> None:
    """Draft and show it. Where nobody is named and a danger is told of, the danger goes first."""
    intent = turn.heard.intent
    now, calendar = turn.work.now, turn.work.city.calendar
    said = spoken(turn.heard.words, now, timed=intent == "notice_timed", calendar=calendar)
    if not said.to and intent == "notice_new":
        told = turn.listen(turn.heard.words)
        if told.urgent:
            await turn.handle(replace(turn, heard=told))
            return
    await write(turn, said, urgent=intent == "notice_urgent")


HANDLER = Handler(
    intents=("notice_new", "notice_urgent", "notice_timed"), run=notice_new, roles=STAFF
)
