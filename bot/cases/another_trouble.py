"""灯亮了 楼道里的墙皮掉了: the answer about one case counts, and the other trouble is reported."""

from dataclasses import replace

from bot.cases.opening import open_one
from bot.cases.reporting import report_of
from bot.turn import Turn
from bot.understanding import Understanding, trouble
from bot.understanding.another_trouble import GoodWordAndMore, another_trouble
from bot.understanding.matters import of_everybody
from domain.case import Case, Status
from domain.intake import Report
from domain.messages import Kind

_A_MATTER = 0.4  # less likely than that, a category is a guess


async def noted(turn: Turn) -> bool:
    """Take the good word and report the rest; False where a message is not both."""
    case = _judged(turn)
    if case is None:
        return False
    generous = turn.inbound.private or bool(turn.inbound.quote)
    about = f"{case.place} {case.words}"
    told = another_trouble(turn.inbound.text, about, case.building, generous=generous)
    heard = turn.listen(told.rest) if told is not None else None
    if told is None or heard is None or not _reports(heard, told.rest):
        return False
    await turn.handle(_verdict(turn, case, told))
    heard = replace(heard, intent="report", action="open")
    part = replace(turn, heard=heard, inbound=replace(turn.inbound, text=told.rest, quote=""))
    await open_one(part, _at_home(report_of(part), case, told.rest))
    return True


def _judged(turn: Turn) -> Case | None:
    """The only case a good word can be about: one that is finished, else one that is worked on."""
    if turn.speaker.staff or turn.inbound.kind is not Kind.SAID or turn.question is not None:
        return None
    if turn.number or turn.heard.urgent:
        return None
    mine = turn.mine()
    finished = [case for case in mine if case.status is Status.FINISHED]
    found = finished or [case for case in mine if case.working]
    return found[0] if len(found) == 1 else None


def _reports(heard: Understanding, words: str) -> bool:
    """Whether words by themselves report a trouble."""
    if heard.urgent or (heard.intent == "report" and heard.action == "open"):
        return True
    sure = bool(trouble(words)) and heard.category_sure >= _A_MATTER
    return sure and heard.intent in ("report", "other", "inquiry", "suggestion")


def _verdict(turn: Turn, case: Case, told: GoodWordAndMore) -> Turn:
    """The turn of the good word alone; pictures beside it show the other trouble."""
    intent = "confirm_ok" if case.status is Status.FINISHED else "well_again"
    inbound = replace(turn.inbound, text=told.verdict, attachments=())
    heard = replace(turn.listen(told.verdict), intent=intent, words=told.answer)
    return replace(turn, heard=heard, inbound=inbound)


def _at_home(report: Report, case: Case, words: str) -> Report:
    """The report at the house of the case, unless it names a place or stands outdoors."""
    if report.placed or report.landmark or not case.building or of_everybody(words, report.place):
        return report
    return replace(report, area=case.area, building=case.building, unit=report.unit or case.unit)
