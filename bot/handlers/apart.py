"""不是一回事: a neighbour's report was joined to a case and is none of it."""

from dataclasses import replace

from bot.cases import matters
from bot.cases.duplicates import QUESTION, settle
from bot.cases.meant import own_case
from bot.cases.neighbours import part
from bot.cases.reporting import located
from bot.turn import Handler, Turn


async def apart(turn: Turn) -> None:
    """Take the speaker out of the case he was joined to; what he said becomes his own case."""
    if turn.question is not None and turn.question.kind == QUESTION:
        await settle(turn, same=False)  # the same words answer the question
        return
    if turn.question is not None and turn.question.kind == matters.QUESTION:
        await matters.settle(turn, apart=True)
        return
    case = await own_case(turn, lambda case: turn.joined(case) is not None)
    if case is None or turn.joined(case) is None:
        return
    _, report = await part(turn, case, with_photos=True)
    if report is None:
        return
    report = located(report, turn.heard, turn.inbound.text, turn)
    words = f"{report.words} {turn.heard.words}".strip()
    if words:  # nothing is left when he has recalled it
        await turn.work.file(replace(report, words=words))


HANDLER = Handler(intents=("apart",), run=apart)
