"""没空 and 退出志愿者: somebody cannot help this time, or no longer at all."""

from bot.helping.asking import HAND
from bot.turn import Handler, Turn
from store import volunteers


async def decline(turn: Turn) -> None:
    """Let the question go, or take the speaker off the list; either is fine."""
    if turn.question is not None and turn.question.kind == HAND:
        await turn.work.settle_question(turn.question)
    if turn.heard.intent == "volunteer_quit":
        await volunteers.leave(turn.work.conn, turn.speaker.ids)
    left = turn.heard.intent == "volunteer_quit"
    turn.work.reply("replies/volunteer_declined", {"left": left})


HANDLER = Handler(intents=("volunteer_decline", "volunteer_quit"), run=decline)
