"""Each morning: what was missed the day before, and what looks copied, for the leader (F1, F9)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from domain.people import Person
from domain.visits import Visit, VisitKind, VisitStatus, day_of
from domain.workdays import TZ
from scheduler.caring import tell_alone
from scheduler.job import Job, Misfire
from scheduler.planning import subject_of
from store import visit_looks, visits
from store.timers import Timer
from store.work import Work

_BACK = timedelta(days=40)  # what is older is no news to anybody
_SAID = "replies/visits_missed"
_MOST = 8  # lines; more are not read in a chat


async def missed(work: Work, timer: Timer) -> None:
    """Tell each leader of his grids; days on which somebody was on leave are left out."""
    start = datetime.combine(day_of(work.now), time(), TZ)
    await _look_at_pictures(work, start)
    found = await visits.unlisted(work.conn, start, start - _BACK)
    for leader, mine in _by_leader(work, found):
        _tell(work, leader, [one for one in mine if not _excused(work, one)])
    await visits.listed(work.conn, [one.id for one in found])


def _tell(work: Work, leader: Person, found: Sequence[Visit]) -> None:
    """Tell one leader; who is on a care list he hears alone, never in his staff group (F21)."""
    cared = [one for one in found if one.kind is VisitKind.CARE]
    key = f"vm{subject_of(day_of(work.now))}:{leader.id}"
    if cared and work.reach(leader).group:
        tell_alone(work, leader.id, _SAID, _context(work, cared), key=f"{key}:care")
        found = [one for one in found if one.kind is not VisitKind.CARE]
    elif cared:
        tell_alone(work, leader.id, _SAID, _context(work, found), key=key)
        return
    if found:
        work.tell(leader, _SAID, _context(work, found), case=None, by="", key=key)


def _context(work: Work, found: Sequence[Visit]) -> dict[str, object]:
    lines = _lines(work, found)
    return {"lines": lines[:_MOST], "more": max(0, len(lines) - _MOST)}


def _by_leader(work: Work, found: Sequence[Visit]) -> list[tuple[Person, list[Visit]]]:
    world = work.city.world
    by: dict[str, list[Visit]] = {}
    for visit in found:
        leader = world.leader_of(visit.area) or world.nearest_desk(visit.area)
        if leader is not None:
            by.setdefault(leader.id, []).append(visit)
    people = ((world.person(one), mine) for one, mine in by.items())
    return [(person, mine) for person, mine in people if person is not None]


def _excused(work: Work, visit: Visit) -> bool:
    away = work.city.leaves.away(visit.due)
    return visit.status is VisitStatus.MISSED and visit.worker in away


def _lines(work: Work, found: Sequence[Visit]) -> list[dict[str, object]]:
    """One line for each worker, day and kind of trouble: two windows of a day stand together."""
    by: dict[tuple[str, str, str], list[Visit]] = {}
    for visit in found:
        what = visit.flagged or ("patrol" if visit.kind is VisitKind.PATROL else "visit")
        who = visit.done_by if visit.flagged else visit.worker
        by.setdefault((what, who, visit.due.isoformat()), []).append(visit)
    return [
        {
            "what": what,
            "person": _name(work, who),
            "at": group[0].due_at.isoformat(),
            "area": group[0].name,
            "windows": [str(one.reason.get("window", "")) for one in group],
            "places": list(dict.fromkeys(one.name for one in group))[:4],
            "words": group[0].words[:40],
        }
        for (what, who, _), group in sorted(by.items())
    ]


def _name(work: Work, person: str) -> str:
    known = work.city.world.person(person)
    return known.name if known is not None else ""


async def _look_at_pictures(work: Work, until: datetime) -> None:
    """Flag visits whose picture was used before: its bytes are known only some time after."""
    times = work.city.book.at(work.now).visits.same_photo
    day = timedelta(days=1)
    for visit in await visit_looks.with_pictures(work.conn, until - day, until):
        if visit.flagged or visit.letter is None:
            continue
        used = await visit_looks.same_pictures(
            work.conn, visit.letter, visit.done_by, visit.done_at or until, _BACK
        )
        if used + 1 >= times:
            flagged = replace(visit, flagged="photo")
            await visits.save(work.conn, flagged, "flagged", "", work.now, why="photo")


JOB = Job(name="missed", kinds=("missed",), misfire=Misfire.LATE, run=missed)
