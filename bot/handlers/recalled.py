"""撤回: the words are hidden, the fact that something was reported stays."""

from dataclasses import replace

from bot import polls
from bot.deliberation import CHOICES, uncast, unsaid
from bot.turn import Handler, Turn, again
from bot.understanding.asides import asides
from domain.case import Case
from domain.intake import Report
from domain.steps import Facts, Step
from store import activities, appointments, cases, forgetting, inbox, minutes, reporters
from store.questions import Question

_SAYS_SOMETHING = 4  # signs; shorter words stand in many sentences


async def recalled(turn: Turn) -> None:
    """Hide the recalled words everywhere; a report still being asked about is dropped."""
    work = turn.work
    found = await inbox.recall(work.conn, turn.inbound.address.channel, turn.inbound.card)
    if found is None:
        return
    case_id, words = found
    await appointments.hide(work.conn, turn.speaker.ids, words)
    await polls.recalled(turn, words)
    await _unvoted(turn, words)
    await unsaid(turn, words)
    await forgetting.unquote(work.conn, [words])
    await activities.hide(work.conn, turn.speaker.ids, words)
    await minutes.hide(work.conn, turn.speaker.ids, turn.listen(words).words)
    question = turn.question
    if question is not None and "report" in question.data and _asked_about(question, words):
        await work.settle_question(question)
    for mine in await _told_of(turn, case_id, words):
        held = words if words in mine.words or mine.id == case_id else mine.words
        await work.hide(mine, held)
        if not mine.ended:
            await work.move(mine, Step.RECALL, turn.speaker.id, Facts(words=held))


async def _unvoted(turn: Turn, words: str) -> None:
    """Take back the vote these words were: D1 赞成, 俺家赞成."""
    heard = turn.listen(words)
    if heard.intent in CHOICES:
        voted = replace(turn, heard=heard)
        await uncast(voted, CHOICES[heard.intent])
        return
    for one in asides(words, staff=False, alone=turn.addressed):
        if one.kind in CHOICES:
            await uncast(again(turn, one.kind, words=""), CHOICES[one.kind])


def _asked_about(question: Question, words: str) -> bool:
    """Whether an open question is about these words, or about a part of them."""
    data = question.data
    reports = (data["report"], *data.get("reports", ()), *data.get("also", ()))
    return bool(words) and any(_overlap(Report.from_json(one).words, words) for one in reports)


async def _told_of(turn: Turn, case_id: int | None, words: str) -> list[Case]:
    """The speaker's cases that came from a message: its own, and those opened after a question.

    One message may have become several cases, each with its part of the words.
    """
    ids = {case.id for case in turn.mine() if _overlap(case.words, words)}
    if len(words) < _SAYS_SOMETHING:
        case_id = None  # a mere yes: nothing of it is kept
    found = [await cases.get(turn.work.conn, one) for one in sorted(ids | {case_id or 0})]
    return [
        case
        for case in found
        if case is not None and await reporters.is_one(turn.work.conn, case, *turn.speaker.ids)
    ]


def _overlap(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _SAYS_SOMETHING:
        return bool(one and other) and one.startswith(other)
    return one in other or other in one


HANDLER = Handler(intents=("recalled",), run=recalled)
