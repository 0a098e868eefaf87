"""Several matters in one message: after one confirmation each becomes its own case."""

from collections.abc import Sequence
from dataclasses import replace

from bot.cases.opening import open_one, open_several, there
from bot.cases.reporting import join, joinable, located, report_of
from bot.turn import Turn
from bot.understanding.matters import matters
from domain.case import Case, id_of
from domain.intake import Report
from domain.steps import Facts, Step
from store import cases

QUESTION = "matters"


async def met(turn: Turn, said: Report) -> bool:
    """Ask whether several matters are handled apart; False: the message is about one.

    Emergencies among them open at once, the others are offered after (taxonomy rule 1).
    """
    reports = _reports(turn, said)
    urgent = [one for one in reports if one.urgent]
    if not reports or (said.urgent and not urgent):
        return False
    rest = [one for one in reports if not one.urgent]
    said = _at_one_place(said, reports)
    for one in urgent:
        await open_one(turn, one)
    if rest and (turn.conversation, turn.speaker.id) in turn.work.questions:
        await open_several(
            turn, rest, may_ask=False
        )  # where the emergency is must be answered first
    elif rest:
        await _offer(turn, rest, said, beside=bool(urgent))
    return True


async def settle(turn: Turn, *, apart: bool) -> None:
    """Go on after the question: one case each, or one with all the words."""
    question = turn.question
    if question is None or question.kind != QUESTION:
        return
    await turn.work.settle_question(question)
    if apart:
        await open_several(turn, [Report.from_json(one) for one in question.data["reports"]])
        return
    report = Report.from_json(question.data["report"])
    number = question.data["first"]
    first = await cases.get(turn.work.conn, id_of(number)) if number else None
    if turn.heard.location:  # instead of yes or no he says where it is
        if first is not None and first.working and first.unverified:
            await join(turn, first, report_of(turn))
        report = located(report, turn.heard, turn.inbound.text, turn)
        report = replace(report, words=f"{report.words} {turn.inbound.text.strip()}")
    elif first is not None and first.working:
        moved = await turn.work.move(first, Step.ADD, turn.speaker.id, Facts(words=report.words))
        turn.work.reply("replies/progress", {"cases": turn.work.views([moved])})
        return
    await open_one(turn, report)


async def lapse(turn: Turn) -> None:
    """Open one case with all the words when somebody goes on instead of answering."""
    question = turn.question
    if question is not None and question.kind == QUESTION:
        await turn.work.settle_question(question)
        await turn.work.file(Report.from_json(question.data["report"]))


def _at_one_place(said: Report, reports: Sequence[Report]) -> Report:
    """The whole message, as it is kept when it stays one: at the first place, never at a mixture.

    A list number may hide the building's, and the gate of one matter is not the house of another.
    """
    if len({one.place for one in reports}) > 1:
        said = replace(said, place="")
    placed = [one for one in reports if one.placed]
    places = {(one.building, one.unit, one.room, one.known_place) for one in placed}
    if not placed or (said.placed and len(places) == 1):
        return said
    first = placed[0]
    bare = replace(said, category=first.category, place="", known_place="", landmark=False)
    return there(bare, first)


def _reports(turn: Turn, said: Report) -> list[Report]:
    """The message taken apart; the pictures that came with it go with its first matter."""
    found: list[Report] = []
    for matter in matters(turn.inbound.text, turn.listen):
        part = replace(turn, heard=matter.heard, area=said.area)
        part = replace(part, inbound=replace(turn.inbound, text=matter.words))
        report = report_of(part)
        found.append(replace(report, letters=report.letters if not found else ()))
    return found


async def _offer(turn: Turn, rest: Sequence[Report], said: Report, *, beside: bool) -> None:
    """Ask whether these are handled apart, `beside` an emergency that is open already.

    `said` is the whole message; what has a case of its own is not said a second time.
    """
    work = turn.work
    first = joinable(turn) if beside else None
    together = replace(rest[0], words=" ".join(one.words for one in rest)) if beside else said
    data = {
        "report": together.to_json(),
        "reports": [one.to_json() for one in rest],
        "first": first.number if first is not None else "",
    }
    wait = work.city.book.at(work.now).question_wait
    await work.ask(turn.conversation, turn.speaker.id, QUESTION, data, wait)
    _say(turn, rest, first)


def _say(turn: Turn, rest: Sequence[Report], first: Case | None) -> None:
    words = [one.words for one in rest]
    turn.work.reply("replies/ask_matters", {"options": words}, case=first)
