"""A picture (or a voice or file) without words: it belongs to what its sender is talking about."""

from bot.cases import behalf
from bot.cases.reporting import join_aloud, joinable
from bot.meetings import join_minutes
from bot.turn import Handler, Turn
from bot.visits.said import join_visit
from domain.case import Case, Status
from domain.numbers import CASES
from domain.steps import Facts, Step
from store import cases

_AT_WORK = (Status.ACCEPTED, Status.FINISHED)


async def picture(turn: Turn) -> None:
    """Add the picture to the case at hand, or keep it for the words that follow."""
    question = turn.question
    if question is not None and "report" in question.data:
        return  # it is picked up from the chat when the case opens
    case = joinable(turn)
    if case is not None and turn.speaker.staff and await join_visit(turn, turn.reported(case)[1]):
        return  # a worker has gone on to his next place meanwhile
    if case is not None:
        await join_aloud(turn, case, None)
        return
    if turn.speaker.staff and (await join_minutes(turn) or await join_visit(turn)):
        return
    if turn.speaker.staff and question is None and await _passed_on(turn):
        return
    if turn.speaker.staff:
        await _evidence(turn)
    elif turn.inbound.private:
        turn.work.reply("replies/picture_alone")


async def _passed_on(turn: Turn) -> bool:
    """Open a case for the words a picture came with, where they are somebody's and have none."""
    quote = turn.inbound.quote
    if not turn.inbound.private or not quote or CASES.find(quote) is not None:
        return False  # with a number they are the bot's own words
    said = await behalf.theirs(turn)
    if said is not None and said.case:
        return False
    reported = said is not None or turn.listen(quote).intent in behalf.REPORTED
    return reported and await behalf.passed_on(turn)


async def _evidence(turn: Turn) -> None:
    """A worker's photo goes to the case he quotes, or has just finished, else to his only one."""
    work = turn.work
    mine = await cases.of_assignees(work.conn, [turn.speaker.id])
    number = CASES.find(turn.inbound.quote)
    case = await _quoted(turn, mine)
    if case is None and number is None:
        case = _just_finished(turn, mine) or _only(mine)
    if case is None:
        return
    photos = await work.attach(case, turn.letters, "result")
    await work.move(case, Step.ADD, turn.speaker.id, Facts(photos=photos))


async def _quoted(turn: Turn, mine: list[Case]) -> Case | None:
    """The case of his whose number, or whose reporter's words, he quotes."""
    found = CASES.find(turn.inbound.quote)
    number = f"{CASES.letter}{found[1]}" if found is not None else ""
    said = await behalf.theirs(turn) if found is None else None
    told = said.case if said is not None else None
    working = [case for case in mine if case.status in _AT_WORK]
    return next((case for case in working if case.number == number or case.id == told), None)


def _just_finished(turn: Turn, mine: list[Case]) -> Case | None:
    for case in sorted(mine, key=lambda one: one.id, reverse=True):
        window = turn.work.city.rules_of(case).grouping_window
        if case.finished_at is not None and turn.work.now - case.finished_at <= window:
            return case
    return None


def _only(mine: list[Case]) -> Case | None:
    working = [case for case in mine if case.status is Status.ACCEPTED]
    return working[0] if len(working) == 1 else None


HANDLER = Handler(intents=("picture",), run=picture)
