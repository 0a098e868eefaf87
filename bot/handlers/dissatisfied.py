"""不满意: the reporter says that it was not done; the case goes back to the same worker."""

from dataclasses import replace

from bot.ask_reason import ask_reason
from bot.meant import own_case
from bot.turn import Handler, Turn, again
from domain.case import Case, Status
from domain.intake import Report
from domain.steps import Facts, Step
from store import cases


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
    last = await _closed_lately(turn) if turn.heard.words and not turn.mine() else None
    if last is not None:
        where = turn.inbound.address
        report = Report.once_more(last, turn.inbound.text.strip(), where)
        report = replace(report, reporter=turn.speaker.id, letters=turn.letters)
        await turn.work.file(report)
    elif turn.addressed:
        await turn.handle(again(turn, "progress"))


async def _closed_lately(turn: Turn) -> Case | None:
    work = turn.work
    since = work.now - work.city.book.at(work.now).duplicate_window
    for one in turn.speaker.ids:
        for case in await cases.of_reporter(work.conn, one, limit=1):
            if case.status is Status.CLOSED and case.closed_at and case.closed_at >= since:
                return case
    return None


HANDLER = Handler(intents=("confirm_bad",), run=dissatisfied)
