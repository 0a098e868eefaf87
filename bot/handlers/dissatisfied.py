"""不满意: the reporter says that it was not done; the case goes back to the same worker."""

from bot.ask_reason import ask_reason
from bot.meant import own_case
from bot.turn import Handler, Turn, again
from domain.case import Status
from domain.steps import Facts, Step


async def dissatisfied(turn: Turn) -> None:
    """Reopen the finished case of the speaker; without a reason it is reopened all the same."""
    case = await own_case(turn, lambda case: case.status is Status.FINISHED)
    if case is None:
        if turn.addressed and not any(one.status is Status.FINISHED for one in turn.mine()):
            await turn.handle(again(turn, "progress"))  # nobody has said yet that it is done
        return
    words = turn.heard.words
    photos = await turn.work.attach(case, turn.letters, "report")
    facts = Facts(words=words, photos=photos)
    moved = await turn.work.move(case, Step.DISSATISFY, turn.speaker.id, facts)
    if words:
        turn.work.reply("replies/reopened", case=moved)
    else:
        await ask_reason(turn, moved)


HANDLER = Handler(intents=("confirm_bad",), run=dissatisfied)
