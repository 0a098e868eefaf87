"""网格员不干活: a complaint about one of the staff, looked into by the desk above him."""

from dataclasses import replace

from bot.cases.reporting import report_of
from bot.turn import Handler, Turn
from bot.understanding.complaints import Against, Ground, against
from domain.complaints import CATEGORY, SOURCE, area_of, staff_near
from domain.intake import Report
from domain.messages import Address


async def complain(turn: Turn) -> None:
    """Open the case for the desk above, out of the group; grumbling among neighbours opens none.

    Who grumbles there is told in private, once for that message, where he can say it.
    """
    found = against(turn.inbound.text, *staff_near(turn.work.city.world, turn.area))
    if found is None:
        return
    whom, ground = found
    if not turn.addressed and ground is not Ground.ACCUSE:
        key = f"i{turn.letter}:complaint"
        turn.work.whisper(turn.speaker.id, "replies/complaint_here", {}, key=key)
        return
    await turn.work.file(_report(turn, _alone(turn), leader=whom is Against.LEADER))


def _alone(turn: Turn) -> Address:
    """Where the speaker is answered: alone wherever that is possible (domain.md B10)."""
    here = turn.inbound.address
    private = turn.work.directory.private(turn.speaker.id, here.channel) if here.group else None
    return private or here


def _report(turn: Turn, where: Address, *, leader: bool) -> Report:
    """His words, under the area whose desk looks into them, and at no place."""
    city, said = turn.work.city, report_of(turn)
    backstop = city.world.person(city.backstop)
    nowhere = backstop.area if backstop is not None else ""
    return replace(
        said,
        intent="report",
        category=CATEGORY,
        urgent=False,
        hazard="",
        area=area_of(city.world, said.area, leader=leader) or nowhere,
        building="",
        unit="",
        room="",
        floor="",
        place="",
        known_place="",
        landmark=False,
        source=SOURCE,
        channel=where.channel,
        chat=where.chat,
        group=where.group,
    )


HANDLER = Handler(intents=("complaint",), run=complain)
