"""满意 / 基本满意: the reporter says that it was done; the case is closed."""

from bot.meant import own_case
from bot.turn import Handler, Turn
from bot.understanding import BASICALLY
from domain.case import Satisfaction, Status
from domain.steps import Facts, Step


async def satisfied(turn: Turn) -> None:
    """Close the finished case of the speaker."""
    case = await own_case(turn, lambda case: case.status is Status.FINISHED)
    if case is None:
        return
    basically = turn.heard.words == BASICALLY
    answer = Satisfaction.BASICALLY_SATISFIED if basically else Satisfaction.SATISFIED
    facts = Facts(words=turn.inbound.text, satisfaction=answer)
    moved = await turn.work.move(case, Step.SATISFY, turn.speaker.id, facts)
    turn.work.reply("replies/thanks", case=moved)


HANDLER = Handler(intents=("confirm_ok",), run=satisfied)
