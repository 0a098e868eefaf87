"""Before a case is opened: whether a neighbour has reported the same already."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.cases.neighbours import join
from bot.cases.reporting import A_CATEGORY, ask_where, grid_known, located
from bot.turn import Turn
from bot.understanding import pointing
from bot.understanding.likeness import alike
from domain.case import Case, id_of
from domain.duplicates import Likeness, likeness
from domain.intake import Report
from store import cases

QUESTION = "same_matter"


@dataclass(frozen=True, slots=True)
class _Found:
    """An open case that may be the same, and how alike the words are."""

    case: Case
    likeness: Likeness
    alike: float


async def met(turn: Turn, report: Report, *, may_ask: bool = True) -> bool:
    """Join a placed report to the open case it is about, or ask; False: it needs its own case.

    What staff report themselves is left alone: they know what they open.
    """
    if turn.speaker.staff:
        return False
    found = await _closest(turn, report)
    if found is None:
        return False
    if found.likeness is Likeness.SAME:
        locked = await cases.get(turn.work.conn, found.case.id)
        if locked is None or not locked.working:
            return False  # finished between the look and the lock
        await join(turn, locked, report)
        return True
    if may_ask:
        await ask(turn, report, found.case)
    return may_ask


async def talked_of(turn: Turn, report: Report) -> Case | None:
    """The case neighbours talk about here: just opened in this group for what somebody else said.

    Another trouble, or one with a place of its own, is no talk about it: None.
    """
    work, said = turn.work, turn.heard
    if turn.speaker.staff or turn.inbound.private or report.urgent or report.somewhere:
        return None
    if not pointing(report.words):
        return None
    since = work.now - work.city.book.at(work.now).grouping_window
    here = await cases.reported_here(work.conn, report.area, turn.inbound.address, since)
    for case in here:
        same = said.category_sure < A_CATEGORY or case.category == report.category
        if same and case.working and case.reporter not in turn.speaker.ids:
            return case
    return None


async def settle(turn: Turn, *, same: bool) -> None:
    """Go on after the question: into the case that was meant, else a case of its own."""
    question = turn.question
    if question is None or question.kind != QUESTION:
        return
    await turn.work.settle_question(question)
    report = Report.from_json(question.data["report"])
    if turn.heard.intent == QUESTION and not same and turn.heard.location:  # 不是，是2单元的
        report = located(report, turn.heard, turn.inbound.text, turn)
        report = replace(report, words=f"{report.words} {turn.inbound.text.strip()}")
    case = await cases.get(turn.work.conn, id_of(question.data["number"])) if same else None
    if case is not None and case.working:
        await join(turn, case, report)
    elif report.placed and grid_known(turn, report):
        await turn.work.file(report)
    else:
        await ask_where(turn, report)


async def _closest(turn: Turn, report: Report) -> _Found | None:
    """The open case most like this report, those of the speaker himself first."""
    work = turn.work
    rules = work.city.book.at(work.now)
    if report.intent != "report" or report.category in rules.duplicates_never:
        return None
    fresh = work.draft(report)
    since = work.now - rules.duplicate_window
    near = await cases.alive_at(work.conn, fresh.area, fresh.building, since)
    found = _compared(turn, fresh, near)
    own = {case.id for case in turn.mine()}
    return max(
        found,
        key=lambda one: (one.likeness is Likeness.SAME, one.case.id in own, one.alike),
        default=None,
    )


def _compared(turn: Turn, fresh: Case, near: Sequence[Case]) -> list[_Found]:
    work = turn.work
    rules = work.city.book.at(work.now)
    # A number two estates of a grid share, or that no list knows, means no certain place.
    certain = not fresh.building or (
        work.city.world.find_building(fresh.area, fresh.building) is not None
    )
    found = []
    compare = partial(likeness, fresh, certain=certain, rules=rules, now=work.now)
    for known in near:
        if compare(known, alike=1.0) is Likeness.DIFFERENT:
            continue  # place and category settle it, and cost less than reading the words
        words = alike(fresh.words, known.words, fresh.place)
        kind = compare(known, alike=words)
        if kind is not Likeness.DIFFERENT:
            found.append(_Found(known, kind, words))
    return found


async def ask(turn: Turn, report: Report, case: Case) -> None:
    """Ask whether it is the same; without an answer in time it gets its own case."""
    work = turn.work
    data = {"report": report.to_json(), "number": case.number}
    wait = work.city.book.at(work.now).question_wait
    await work.ask(turn.conversation, turn.speaker.id, QUESTION, data, wait)
    # Words said elsewhere are not shown: only who reads this chat has read them already.
    here = case.reported_in == turn.inbound.address
    work.reply("replies/same_matter", {"words": case.words if here else ""}, case=case)
