"""A picture (or a voice or file) without words: it belongs to what its sender is talking about."""

from bot.reporting import join_aloud, joinable
from bot.turn import Handler, Turn
from bot.visit_said import join_visit
from domain.case import Case, Status
from domain.steps import Facts, Step
from store import cases


async def picture(turn: Turn) -> None:
    """Add the picture to the case at hand, or keep it for the words that follow."""
    question = turn.question
    if question is not None and "report" in question.data:
        return  # it is picked up from the chat when the case opens
    case = joinable(turn)
    if case is not None:
        await join_aloud(turn, case, None)
        return
    if turn.speaker.staff and await join_visit(turn):
        return
    if turn.speaker.staff:
        await _evidence(turn)
    elif turn.inbound.private:
        turn.work.reply("replies/picture_alone")


async def _evidence(turn: Turn) -> None:
    """A worker's photo goes to the case he has just finished, else to the only one he works on."""
    work = turn.work
    mine = await cases.of_assignees(work.conn, [turn.speaker.id])
    case = _just_finished(turn, mine) or _only(mine)
    if case is None:
        return
    photos = await work.attach(case, turn.letters, "result")
    await work.move(case, Step.ADD, turn.speaker.id, Facts(photos=photos))


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
