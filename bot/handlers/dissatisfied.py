"""不满意: the reporter says that it was not done; the case goes back to the same worker."""

from bot.cases.ask_reason import ask_reason
from bot.cases.meant import own_case
from bot.cases.once_more import closed_lately, file_again
from bot.turn import Handler, Turn, again
from domain.case import Status
from domain.steps import Facts, Step


async def dissatisfied(turn: Turn) -> None:
    """Reopen the finished case of the speaker; without a reason it is reopened all the same."""
    case = await own_case(turn, lambda case: case.status is Status.FINISHED)
    if case is None:
        if not any(one.status is Status.FINISHED for one in turn.mine()):
            await _nothing_finished(turn)
        return
    words = turn.heard.words
    photos = await turn.work.attach(case, turn.letters, "report")
    facts = Facts(words=words, photos=photos)
    moved = await turn.work.move(case, Step.DISSATISFY, turn.speaker.id, facts)
    if words:
        turn.work.reply("replies/reopened", case=moved)
    else:
        await ask_reason(turn, moved)


async def _nothing_finished(turn: Turn) -> None:
    """What was closed lately came back: a new case at the same place; else how far it is."""
    lately = await closed_lately(turn) if turn.heard.words and not turn.mine() else []
    if lately:
        await file_again(turn, lately[0])
    elif turn.addressed:
        await turn.handle(again(turn, "progress"))


HANDLER = Handler(intents=("confirm_bad",), run=dissatisfied)
