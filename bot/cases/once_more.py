"""Trouble that came back after its case was closed: a new case at the same place."""

from dataclasses import replace

from bot.turn import Turn
from domain.case import Case, Status
from domain.intake import Report
from store import cases

_LAST = 3


async def closed_lately(turn: Turn, *, withdrawn: bool = False) -> list[Case]:
    """The speaker's cases that were closed within the time for duplicates, newest first.

    With `withdrawn` those as well that he said nobody need come for.
    """
    work = turn.work
    since = work.now - work.city.book.at(work.now).duplicate_window
    found: list[Case] = []
    for one in turn.speaker.ids:
        found += await cases.of_reporter(work.conn, one, limit=_LAST)
    over = (Status.CLOSED, Status.WITHDRAWN) if withdrawn else (Status.CLOSED,)
    lately = [case for case in found if case.status in over and case.closed_at]
    return [case for case in lately if case.closed_at is not None and case.closed_at >= since]


async def file_again(turn: Turn, last: Case) -> None:
    """Open a case for what came back, in the words it is told with now."""
    report = Report.once_more(last, turn.inbound.text.strip(), turn.inbound.address)
    report = replace(report, reporter=turn.speaker.id, letters=turn.letters)
    await turn.work.file(report)
