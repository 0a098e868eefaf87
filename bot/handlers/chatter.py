"""Everything that is no report and no command: left alone, unless it goes on about a report."""

from bot import behalf, maybe
from bot.reporting import join_aloud, joinable, report_of
from bot.turn import Handler, Turn
from domain.case import Status

# Below this the bot merely recognised nothing; above it, it knows a greeting when it hears one.
_SURE = 0.8


async def chatter(turn: Turn) -> None:
    """Stay silent; a second sentence or a picture by the reporter joins the case, unanswered."""
    if turn.speaker.staff:
        asks = turn.inbound.private and turn.heard.action == "ask"
        if (asks or turn.inbound.quote) and await behalf.passed_on(turn):
            return
        if asks:
            turn.work.reply("replies/not_understood_staff")
        return
    if turn.inbound.private and turn.heard.sure >= _SURE and turn.heard.action == "ask":
        turn.work.reply("replies/hello")
        return
    known = turn.heard.sure >= _SURE and not turn.heard.location
    to_others = turn.inbound.text.startswith("@")  # the bot's own name is stripped by now
    if turn.heard.intent == "ad" or to_others or (known and not turn.letters):
        return
    case = joinable(turn)
    if case is not None and case.status is not Status.FINISHED:
        await join_aloud(turn, case, report_of(turn))
    elif turn.heard.action == "ask":
        await maybe.ask(turn, report_of(turn))


HANDLER = Handler(intents=("chat", "ad", "other"), run=chatter)
