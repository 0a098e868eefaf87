"""不用了: the reporter takes a report back; where neighbours reported it too, only his own."""

from bot.cases.amending import amend
from bot.cases.meant import own_case
from bot.cases.neighbours import part
from bot.helping.calling_off import called_off
from bot.turn import Handler, Turn, again
from domain.steps import Facts, Step


async def withdraw(turn: Turn) -> None:
    """Withdraw what is still being asked about, or the speaker's case."""
    if await amend(turn) or await called_off(turn):
        return
    work = turn.work
    if turn.question is not None and "report" in turn.question.data:
        await work.settle_question(turn.question)
        work.reply("replies/dropped")
        return
    case = await own_case(turn, lambda case: not case.ended)
    if case is None:
        if turn.question is not None and turn.question.kind == "transfer_to":
            await work.settle_question(turn.question)  # 算了，我自己去
        elif turn.addressed and not turn.speaker.staff and not turn.mine():
            await turn.handle(again(turn, "progress"))  # there is nothing to take back
        return
    if case.reporters > 1:  # the neighbours still wait for it
        left, _ = await part(turn, case, with_photos=False)
        work.reply("replies/left", case=left)
        return
    moved = await work.move(case, Step.WITHDRAW, turn.speaker.id, Facts(words=turn.inbound.text))
    work.reply("replies/withdrawn", case=moved)


HANDLER = Handler(intents=("cancel",), run=withdraw)
