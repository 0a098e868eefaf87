"""A finding of a visit becomes a case with one word (domain.md F1, G3)."""

from dataclasses import replace
from datetime import timedelta

from bot.reporting import report_of
from bot.turn import Turn, again
from bot.understanding import Understanding, matter_of
from domain.case import Case
from domain.people import Place
from domain.visits import Visit
from store import visits

PATROL = "patrol"  # the source of a case that was found on a visit
_BACK = timedelta(days=2)


async def open_found(turn: Turn) -> bool:
    """Open a case for each finding of the speaker's last message about visits; False: none."""
    work = turn.work
    person = turn.speaker.person
    if person is None:
        return False
    made = await visits.made_by(work.conn, person.id, work.now - _BACK)
    loose = [one for one in made if one.finding and one.case is None]
    for visit in [one for one in loose if one.letter == loose[0].letter][::-1]:
        case = await _open(turn, visit)
        marked = replace(visit, case=case.id)
        await visits.save(work.conn, marked, "case", person.id, work.now, case=case.number)
    return bool(loose)


async def _open(turn: Turn, visit: Visit) -> Case:
    world = turn.work.city.world
    place = next((one for one in world.places_of(visit.area) if one.name == visit.name), None)
    words = f"{visit.name} {visit.finding}"
    heard = turn.listen(words)
    inbound = replace(turn.inbound, text=words, quote="", attachments=())
    report = report_of(replace(again(turn, "report"), inbound=inbound, area=visit.area))
    letters = await visits.letters_of(turn.work.conn, visit.id)
    report = replace(
        report,
        category=heard.category or _likeliest(heard, visit.finding),
        urgent=heard.urgent,
        hazard=heard.hazard if heard.urgent else "",
        area=visit.area,
        building=_building(place) or report.building,
        known_place=place.name if place is not None and not _building(place) else "",
        place=visit.name,
        source=PATROL,
        letters=tuple(letters),
    )
    return await turn.work.file(report)


def _likeliest(heard: Understanding, finding: str) -> str:
    return next(iter(heard.categories), None) or matter_of(finding) or "other"


def _building(place: Place | None) -> str:
    return place.building if place is not None and place.kind == "building" else ""
