"""延期: the due time moves once, with a reason (taxonomy rule 4)."""

from dataclasses import replace
from datetime import timedelta

from bot.cases.ask_reason import ask_reason
from bot.cases.meant import staff_case
from bot.turn import STAFF, Handler, Turn
from bot.understanding.until import until
from domain.case import Case
from domain.errors import NotAllowed
from domain.steps import Facts, Step


async def extend(turn: Turn) -> None:
    """Move the due time of the case that is meant."""
    case = await staff_case(turn, Step.EXTEND)
    if case is None:
        return
    longer, words = _longer(await _asked_before(turn), case)
    if not words and case.working and not case.extended:
        await ask_reason(replace(turn, heard=replace(turn.heard, duration=longer)), case)
        return
    facts = Facts(words=words, extend_by=longer)
    moved = await turn.work.move(case, Step.EXTEND, turn.speaker.id, facts)
    turn.work.reply("replies/extended", case=moved)


async def _asked_before(turn: Turn) -> Turn:
    """The turn with the span he named when he was asked why: 延期到周五, then 延期 等配件."""
    question = turn.question
    if question is None or question.data.get("intent") != turn.heard.intent:
        return turn
    await turn.work.settle_question(question)
    hours = question.data.get("hours")
    if turn.heard.duration is not None or not hours:
        return turn
    return replace(turn, heard=replace(turn.heard, duration=timedelta(seconds=hours)))


def _longer(turn: Turn, case: Case) -> tuple[timedelta | None, str]:
    """By how much, and why; a day that is named counts from the due time.

    Raises NotAllowed for a day before it.
    """
    heard, due = turn.heard, case.dues.finish
    if heard.duration is not None or due is None:
        return heard.duration, heard.words
    moment, words = until(heard.words, turn.work.now)
    if moment is None:
        return None, heard.words
    if moment <= due and not case.extended:
        raise NotAllowed("extend_earlier")
    return moment - due, words


HANDLER = Handler(intents=("worker_extend",), run=extend, roles=STAFF)
