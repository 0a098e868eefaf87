"""A report, an inquiry or a suggestion in plain words: it becomes a case, or more of one."""

from dataclasses import replace

from bot.cases import behalf, duplicates, matters, maybe
from bot.cases.opening import open_one, open_placed
from bot.cases.reporting import (
    grid_known,
    join_aloud,
    joinable,
    place_emergency,
    placed_before,
    report_of,
)
from bot.turn import Handler, Turn
from bot.understanding import trouble
from domain.intake import PLACELESS, Report


async def report(turn: Turn) -> None:
    """Open a case, join one, or ask where it is; words nobody is sure about are left alone."""
    if turn.question is None and await behalf.passed_on(turn):
        return
    said = report_of(turn)
    waiting = turn.question if turn.question and turn.question.kind in ("place", "estate") else None
    if waiting is not None and "report" not in waiting.data:
        if await place_emergency(turn, waiting):
            return
    elif waiting is not None:
        await _go_on(turn, said, Report.from_json(waiting.data["report"]))
        return
    await duplicates.settle(turn, same=False)  # he goes on instead of answering
    await matters.lapse(turn)
    case = joinable(turn, said)
    if case is not None:
        await join_aloud(turn, case, said)
        return
    here = await placed_before(turn, said)
    # Doubtful by itself, 下水道返水 is a report behind 3号楼2单元.
    told = here.placed and not said.placed and trouble(said.words)
    if turn.heard.action == "open" or (told and turn.heard.action == "ask"):
        await _open(turn, here)
    elif turn.heard.action == "ask":
        await maybe.ask(turn, here)


async def _open(turn: Turn, said: Report) -> None:
    if said.intent in PLACELESS and said.category == "other" and not turn.inbound.private:
        return  # neighbours asking each other
    if turn.question is not None and turn.question.kind == maybe.QUESTION:
        await turn.work.settle_question(turn.question)  # this is what he meant
    if fresh := await duplicates.talked_of(turn, said):
        await duplicates.ask(turn, said, fresh)
    elif not await matters.met(turn, said):
        await open_one(turn, said)


async def _go_on(turn: Turn, said: Report, earlier: Report) -> None:
    """More words while the place of an earlier report is being asked."""
    question = turn.question
    if question is None:
        return
    merged = replace(
        said,
        words=f"{earlier.words} {said.words}".strip(),
        intent=earlier.intent,
        category=earlier.category if earlier.category != "other" else said.category,
        urgent=earlier.urgent or said.urgent,
        hazard=earlier.hazard or said.hazard,
        area=said.area or earlier.area,
        building=said.building or earlier.building,
        place=said.place or earlier.place,
        known_place=said.known_place or earlier.known_place,
        landmark=said.landmark or earlier.landmark,
        letters=(*earlier.letters, *said.letters),
    )
    await turn.work.settle_question(question)
    known = merged.placed and grid_known(turn, merged)
    if known or merged.urgent:
        await open_placed(turn, merged, question)
        return
    left = question.asked_at + turn.work.city.book.at(turn.work.now).question_wait
    data = {**question.data, "report": merged.to_json()}
    await turn.work.ask(
        turn.conversation, turn.speaker.id, question.kind, data, left - turn.work.now
    )


HANDLER = Handler(intents=("report", "inquiry", "suggestion"), run=report)
