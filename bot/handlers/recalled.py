"""撤回: the words are hidden, the fact that something was reported stays."""

from bot.turn import Handler, Turn
from domain.intake import Report
from domain.steps import Facts, Step
from store import cases, inbox


async def recalled(turn: Turn) -> None:
    """Hide the recalled words everywhere; a report still being asked about is dropped."""
    work = turn.work
    found = await inbox.recall(work.conn, turn.inbound.address.channel, turn.inbound.card)
    if found is None:
        return
    case_id, words = found
    question = turn.question
    if question is not None and "report" in question.data:
        if words and words in Report.from_json(question.data["report"]).words:
            await work.settle_question(question)
        return
    case = await cases.get(work.conn, case_id) if case_id else None
    if case is None or case.reporter != turn.speaker.id:
        return
    await work.hide(case, words)
    if not case.ended:
        await work.move(case, Step.RECALL, turn.speaker.id, Facts(words=words))


HANDLER = Handler(intents=("recalled",), run=recalled)
