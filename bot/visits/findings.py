"""A finding of a visit becomes a case with one word (domain.md F1, G3)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.cases.reporting import report_of
from bot.turn import Turn, again
from bot.understanding import Understanding, matter_of
from domain.case import Case
from domain.intake import PATROL, Report
from domain.people import Place
from domain.visits import Visit
from store import cases, checklists, visits
from store.checklists import Check

_BACK = timedelta(days=2)
_OFFERED = timedelta(hours=1)  # for so long 上报 may be said of a finding, and not of a case


async def just_found(turn: Turn) -> bool:
    """Whether bare words can only be said of a finding: it is newer than any step of his cases."""
    return await newest_found(turn) is not None


async def newest_found(turn: Turn) -> datetime | None:
    """When the finding was told that bare words can only be said of; None where there is none."""
    work, person = turn.work, turn.speaker.person
    if person is None or turn.number or turn.inbound.quote:
        return None
    since = work.now - _OFFERED
    made = await visits.made_by(work.conn, person.id, since)
    told = [one.done_at for one in made if one.finding and one.case is None and one.done_at]
    told += [
        one.at
        for one in await checklists.last_of(work.conn, person.id, since)
        if one.finding and not one.case
    ]
    if not told:
        return None
    for case in await cases.of_assignees(work.conn, [person.id]):
        if any(one.at > max(told) for one in await cases.timeline(work.conn, case.id)):
            return None
    return max(told)


async def open_found(turn: Turn) -> bool:
    """Open a case for each finding of the speaker's last message about visits; False: none.

    What he found on an inspection round counts where he said it later.
    """
    work = turn.work
    person = turn.speaker.person
    if person is None:
        return False
    made = await visits.made_by(work.conn, person.id, work.now - _BACK)
    loose = [one for one in made if one.finding and one.case is None]
    checks = await checklists.last_of(work.conn, person.id, work.now - _BACK)
    broken = [one for one in checks if one.finding and not one.case]
    if broken and (not loose or broken[0].letter > (loose[0].letter or 0)):
        return await _open_checked(turn, broken)
    for visit in [one for one in loose if one.letter == loose[0].letter][::-1]:
        case = await _open(turn, visit, await visits.letters_of(work.conn, visit.id))
        marked = replace(visit, case=case.id)
        await visits.save(work.conn, marked, "case", person.id, work.now, case=case.number)
    return bool(loose)


async def _open_checked(turn: Turn, broken: Sequence[Check]) -> bool:
    """A case for what was found broken at each place of an inspection round (F17)."""
    work, opened = turn.work, False
    for check in broken:
        visit = await visits.get(work.conn, check.visit)
        if visit is not None:
            case = await _open(turn, replace(visit, finding=check.finding), check.letters)
            data = {"case": case.number, "check": check.id}
            await visits.log(work.conn, [(visit.id, "case", turn.speaker.id, data)], work.now)
            opened = True
    return opened


async def _open(turn: Turn, visit: Visit, letters: Sequence[int]) -> Case:
    world = turn.work.city.world
    place = next((one for one in world.places_of(visit.area) if one.name == visit.name), None)
    words = f"{visit.name} {visit.finding}"
    heard = turn.listen(words)
    inbound = replace(turn.inbound, text=words, quote="", attachments=())
    report = report_of(replace(again(turn, "report"), inbound=inbound, area=visit.area))
    report = replace(
        report,
        category=heard.category or _likeliest(heard, visit.finding),
        urgent=heard.urgent,
        hazard=heard.hazard if heard.urgent else "",
        area=visit.area,
        building=_building(place) or report.building,
        known_place=place.name if place is not None and not _building(place) else "",
        place=_spot(place, visit, report),
        source=PATROL,
        letters=tuple(letters),
    )
    return await turn.work.file(report)


def _likeliest(heard: Understanding, finding: str) -> str:
    return next(iter(heard.categories), None) or matter_of(finding) or "other"


def _spot(place: Place | None, visit: Visit, report: Report) -> str:
    """What is named beside the building: its name alone says nothing more."""
    if place is None and report.building:
        return report.place
    return "" if _building(place) else visit.name


def _building(place: Place | None) -> str:
    return place.building if place is not None and place.kind == "building" else ""
