"""The usual way of a report to its case: a neighbour's, the question where it is, or its own."""

from collections.abc import Sequence
from dataclasses import replace

from bot.cases import duplicates
from bot.cases.reporting import ask_where, grid_known, open_emergency
from bot.turn import Turn
from domain.intake import Report
from store.questions import Question


async def open_one(turn: Turn, report: Report) -> None:
    """Open the case of a report, join a neighbour's, or ask where it is."""
    known = report.placed and grid_known(turn, report)
    if known and await duplicates.met(turn, report):
        return
    if report.urgent:
        await open_emergency(turn, report)
    elif known:
        await turn.work.file(report)
    else:
        await ask_where(turn, report)


async def open_several(turn: Turn, reports: Sequence[Report], *, may_ask: bool = True) -> None:
    """Open what one message reported: one answer names all, one question asks for their place.

    Where nothing may be asked any more, those without a place are opened as they are.
    """
    work = turn.work
    opened, unplaced = [], []
    for report in reports:
        known = report.placed and grid_known(turn, report)
        if known and await duplicates.met(turn, report, may_ask=False):
            continue
        if known or not may_ask:
            opened.append(await work.file(report, answered=True))
        else:
            unplaced.append(report)
    if opened:
        work.reply("replies/received_several", {"cases": work.views(opened)})
    if unplaced:
        await ask_where(turn, unplaced[0], also=unplaced[1:])


async def open_placed(turn: Turn, report: Report, question: Question) -> None:
    """Open a report after the question for its place, and those that waited for the same answer."""
    waiting = [Report.from_json(one) for one in question.data.get("also", ())]
    if waiting:
        here = [report, *(there(one, report) for one in waiting)]
        await open_several(turn, here, may_ask=False)
        return
    known = report.placed and grid_known(turn, report)
    if known and await duplicates.met(turn, report, may_ask=False):
        return
    if report.urgent:
        await open_emergency(turn, report)
    else:
        await turn.work.file(report)


def there(report: Report, where: Report) -> Report:
    """The report at the place of another."""
    return replace(
        report,
        area=where.area,
        building=where.building,
        unit=where.unit,
        room=where.room,
        floor=where.floor,
        place=report.place or where.place,
        known_place=report.known_place or where.known_place,
        landmark=report.landmark or where.landmark,
        unverified=where.unverified,
    )
