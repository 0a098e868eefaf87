"""Everything that is no report and no command: left alone, unless it goes on about a report."""

from dataclasses import replace

from bot.cases import behalf, maybe
from bot.cases.reporting import join_aloud, joinable, report_of
from bot.turn import Handler, Turn
from bot.understanding import courtesy
from domain.case import Case, Status
from store import cases

# Below this the bot merely recognised nothing; above it, it knows a greeting when it hears one.
_SURE = 0.8


async def chatter(turn: Turn) -> None:
    """Stay silent; a second sentence or a picture by the reporter joins the case, unanswered."""
    if turn.speaker.staff:
        await _of_staff(turn)
        return
    if turn.inbound.private and turn.heard.sure >= _SURE and turn.heard.action == "ask":
        turn.work.reply("replies/hello")
        return
    known = turn.heard.sure >= _SURE and not turn.heard.location
    to_others = turn.inbound.text.startswith("@")  # the bot's own name is stripped by now
    empty = (known or courtesy(turn.inbound.text)) and not turn.letters
    if turn.heard.intent == "ad" or to_others or empty:
        return
    case = joinable(turn)
    if case is not None and case.status is not Status.FINISHED:
        said = report_of(turn)
        # Behind the estate that was asked for comes the building: of the same grid.
        await join_aloud(turn, case, replace(said, area=said.area or case.area))
    elif turn.heard.action == "ask" and not _still_to_judge(turn):
        await maybe.ask(turn, report_of(turn))


async def _of_staff(turn: Turn) -> None:
    """What staff say without a step in it: passed on for a resident, or not understood."""
    asks = turn.inbound.private and turn.heard.action == "ask"
    if (asks or turn.inbound.quote) and await behalf.passed_on(turn):
        return
    if asks:
        turn.work.reply("replies/not_understood_staff", case=await _in_hand(turn))


def _still_to_judge(turn: Turn) -> bool:
    """Whether somebody who was asked alone whether it is fixed says something else: ask again."""
    mine = turn.mine()
    finished = [case for case in mine if case.status is Status.FINISHED]
    if not turn.inbound.private or len(finished) != 1 or len(mine) != 1:
        return False
    turn.work.reply("replies/verify_again", case=finished[0])
    return True


async def _in_hand(turn: Turn) -> Case | None:
    """The only case a worker can have meant."""
    own = await cases.of_assignees(turn.work.conn, [turn.speaker.id])
    working = [case for case in own if case.working]
    return working[0] if len(working) == 1 else None


HANDLER = Handler(intents=("chat", "ad", "other"), run=chatter)
