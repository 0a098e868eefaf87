"""The answer to "where is it?": the case opens."""

from collections.abc import Mapping
from dataclasses import replace

from bot.cases.opening import open_placed
from bot.cases.reporting import grid_known, located, place_emergency
from bot.turn import Handler, Turn
from domain.intake import Report


async def place_answer(turn: Turn) -> None:
    """Open the case that waited for its place; "是" takes the home that was offered."""
    question = turn.question
    if question is not None and "number" in question.data:
        await place_emergency(turn, question)
        return
    if question is None or "report" not in question.data:
        return
    earlier = Report.from_json(question.data["report"])
    text = turn.inbound.text.strip()
    report = located(earlier, turn.heard, text, turn)
    home = question.data.get("home")
    words = f"{earlier.words} {text}".strip()
    if report == earlier and not home and not turn.letters:
        return  # "我家楼下" by somebody whose home nobody knows: the question stays open
    if report == earlier and home:
        report, words = _at_home(report, home), earlier.words
    if turn.work.city.world.area(report.area) is None:
        turn.work.reply("replies/ask_estate", {"again": True, "home": None})
        return
    await turn.work.settle_question(question)
    known = report.placed and grid_known(turn, report)
    report = replace(
        report, words=words, letters=(*earlier.letters, *turn.letters), unverified=not known
    )
    await open_placed(turn, report, question)


def _at_home(report: Report, home: Mapping[str, str]) -> Report:
    return replace(
        report,
        building=home["building"],
        unit=report.unit or home["unit"],
        room=report.room or home["room"],
    )


HANDLER = Handler(intents=("place_answer",), run=place_answer)
