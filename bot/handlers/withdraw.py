"""不用了: the reporter takes a report back; the worker is told."""

from bot.meant import own_case
from bot.turn import Handler, Turn
from domain.case import Satisfaction, Status
from domain.steps import Facts, Step


async def withdraw(turn: Turn) -> None:
    """Withdraw what is still being asked about, or the speaker's case."""
    work = turn.work
    if turn.question is not None and turn.question.kind in ("place", "estate"):
        await work.settle_question(turn.question)
        work.reply("replies/dropped")
        return
    case = await own_case(turn, lambda case: not case.ended)
    if case is None:
        return
    facts = Facts(words=turn.inbound.text)
    if case.status is Status.FINISHED:
        # "不用了，已经好了" after the work was done is an answer to the question, and a kind one.
        done = Facts(words=turn.inbound.text, satisfaction=Satisfaction.SATISFIED)
        moved = await work.move(case, Step.SATISFY, turn.speaker.id, done)
        work.reply("replies/thanks", case=moved)
        return
    moved = await work.move(case, Step.WITHDRAW, turn.speaker.id, facts)
    work.reply("replies/withdrawn", case=moved)


HANDLER = Handler(intents=("cancel",), run=withdraw)
