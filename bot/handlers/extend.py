"""延期: the due time moves once, with a reason (taxonomy rule 4)."""

from bot.ask_reason import ask_reason
from bot.meant import staff_case
from bot.turn import STAFF, Handler, Turn
from domain.steps import Facts, Step


async def extend(turn: Turn) -> None:
    """Move the due time of the case that is meant."""
    case = await staff_case(turn, Step.EXTEND)
    if case is None:
        return
    if not turn.heard.words and case.working and not case.extended:
        await ask_reason(turn, case)
        return
    facts = Facts(words=turn.heard.words, extend_by=turn.heard.duration)
    moved = await turn.work.move(case, Step.EXTEND, turn.speaker.id, facts)
    turn.work.reply("replies/extended", case=moved)


HANDLER = Handler(intents=("worker_extend",), run=extend, roles=STAFF)
