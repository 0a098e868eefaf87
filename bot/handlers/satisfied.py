"""满意 / 基本满意: the reporter says that it was done; with the last answer the case is closed."""

from bot.cases.all_of import each_of
from bot.cases.meant import another_of_his, own_case
from bot.cases.neighbours import answer_step
from bot.turn import Handler, Turn, again
from bot.understanding import BASICALLY
from domain.case import Satisfaction, Status
from domain.steps import Facts


async def satisfied(turn: Turn) -> None:
    """Close the finished case of the speaker."""
    finished = [one for one in turn.mine() if one.status is Status.FINISHED]
    if await each_of(turn, finished):
        return
    case = await own_case(turn, lambda case: case.status is Status.FINISHED)
    if case is None:
        if turn.speaker.staff and turn.inbound.private and not turn.mine():
            turn.work.reply("replies/not_understood_staff")
        elif turn.addressed and not any(one.status is Status.FINISHED for one in turn.mine()):
            await turn.handle(again(turn, "progress"))  # there is nothing yet to be judged
        return
    if (other := another_of_his(turn, case)) is not None:
        await turn.handle(again(turn, "progress", case_number=other.number))
        return
    basically = turn.heard.words == BASICALLY
    answer = Satisfaction.BASICALLY_SATISFIED if basically else Satisfaction.SATISFIED
    facts = Facts(words=turn.inbound.text, satisfaction=answer)
    step = await answer_step(turn, case, answer)
    if step is None:
        return
    moved = await turn.work.move(case, step, turn.speaker.id, facts)
    turn.work.reply("replies/thanks", case=moved)


HANDLER = Handler(intents=("confirm_ok",), run=satisfied)
