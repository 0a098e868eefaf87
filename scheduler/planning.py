"""From the world and the rules to planned visits: a few grids at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.city import City
from domain.leave import present
from domain.people import Area, Level, Person, Place, World
from domain.planner import Crew, Object, Planned, outdated, plan, stem
from domain.rules import Rules
from domain.visit_rules import Campaign, CareRule, Rhythm
from domain.visits import Visit, VisitKind, day_of, end_of
from domain.workdays import TZ
from scheduler.care_lists import care
from store import leave, timers, visit_looks, visits
from store.engine import Connection
from store.timers import Timer
from store.work import Work

SCALE = 1_000_000  # a timer of a day and a number: day * SCALE + number
HOURS = 1_000  # from this number on a window is the hour at which somebody's home is called on
AHEAD = timedelta(days=62)  # a leave later than that moves nothing yet


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to be visited, with all that a visit keeps of it."""

    kind: VisitKind
    subject: str
    name: str
    object: Object
    reason: Mapping[str, str | int]


def subject_of(day: date, number: int = 0) -> int:
    """The subject of a timer that is about a day."""
    return day.toordinal() * SCALE + number


def read_subject(timer: Timer) -> tuple[date, int]:
    """The day and the number a timer is about."""
    ordinal, number = divmod(timer.subject, SCALE)
    return date.fromordinal(ordinal), number


def grids_of(world: World) -> list[Area]:
    """Every grid, in a fixed order."""
    return [area for _, area in sorted(world.areas.items()) if area.level is Level.GRID]


async def look(conn: Connection, city: City, now: datetime) -> bool:
    """Learn who is on leave; returns whether the planning goes on."""
    city.leaves.learn(await leave.lately(conn, day_of(now)))
    return await timers.any_of(conn, "plan")


async def begin(work: Work) -> None:
    """Start planning, unless it has been going on; the timer does the rest."""
    await timers.stand(work.store, work.conn, "plan", subject_of(day_of(work.now)), work.now)


async def plan_grids(work: Work, grids: Sequence[Area], day: date) -> int:
    """Write down what is to be visited in these grids in the periods that hold a day.

    What stands already stays as it is. Returns how many visits are new.
    """
    ids = [grid.id for grid in grids]
    known = await visits.keys(work.conn, ids, day)
    load = await visits.loads(work.conn, ids, day)
    spots = await _spots(work, ids)
    people = care(work.city.world, _rules(work).visits.care)
    fresh: list[Visit] = []
    asked: set[str] = set()
    for grid in grids:
        things = [*_places(work, grid), *_care(people.get(grid.id, ())), *spots.get(grid.id, ())]
        asked.update(stem(one.object, day) for one in things)
        fresh += _planned(work, grid, things, known, load, day)
        fresh += _patrols(work, grid, known, day)
    await visits.retire(work.conn, sorted(outdated(known, asked, VisitKind.VISIT.value)), work.now)
    return await visits.add(work.store, work.conn, fresh, work.now)


def _rules(work: Work) -> Rules:
    return work.city.book.at(work.now)


def _planned(
    work: Work,
    grid: Area,
    things: Sequence[Thing],
    known: set[str],
    load: Mapping[tuple[str, date], int],
    day: date,
) -> Iterator[Visit]:
    """The visits of a grid that do not stand yet, spread over what is left of their periods."""
    world = work.city.world
    workers = [one.id for one in world.workers(grid.id)]
    if not workers and (desk := world.nearest_desk(grid.id)) is not None:
        workers = [desk.id]
    return spread(work, things, crew_of(work, workers, load, day), known, day)


def spread(
    work: Work, things: Sequence[Thing], crew: Crew, known: set[str], day: date
) -> Iterator[Visit]:
    """The visits of some things that do not stand yet, by a crew."""
    by_key = {thing.object.key: thing for thing in things}
    wanted = [thing.object for thing in by_key.values()]
    bare = Crew(crew.workers, crew.away, crew.absent)
    new = [one for one in plan(wanted, bare, work.city.calendar, day) if one.key not in known]
    if not new:
        return
    missing = {one.key for one in new}
    objects = list({one.object.key: one.object for one in new}.values())
    for found in plan(objects, crew, work.city.calendar, day):
        if found.key in missing:
            yield _visit(by_key[found.object.key], found)


def crew_of(
    work: Work, workers: Sequence[str], load: Mapping[tuple[str, date], int], day: date
) -> Crew:
    """Who goes, and on which of the days ahead he does not."""
    leaves = work.city.leaves
    mine = [one for one in leaves.known if one.person in workers]
    away: dict[date, Mapping[str, str]] = {}
    for one in mine:
        at = max(one.first, day)
        while at <= min(one.last, day + AHEAD):
            away[at] = leaves.away(at)
            at += timedelta(days=1)
    return Crew(workers, away, _rules(work).visits.away, load)


def _visit(thing: Thing, found: Planned) -> Visit:
    return Visit(
        id=0,
        key=found.key,
        kind=thing.kind,
        subject=thing.subject,
        name=thing.name,
        area=thing.object.area,
        worker=found.worker,
        rhythm=thing.object.rhythm.code,
        first=found.first,
        last=found.last,
        due_at=_due(found.due, thing.reason),
        reason=thing.reason,
    )


def _due(day: date, reason: Mapping[str, str | int]) -> datetime:
    """The end of a visit's day, or of the hour it has to be made in (F12)."""
    if "to" not in reason:
        return end_of(day)
    return datetime.combine(day, time.fromisoformat(str(reason["to"])), TZ)


# What there is to visit


def _places(work: Work, grid: Area) -> Iterator[Thing]:
    """The places of a grid by their frequency, and those that campaigns ask for."""
    world, rules = work.city.world, _rules(work).visits
    today = day_of(work.now)
    running = [one for one in rules.campaigns if one.runs(today)]
    focus = rules.focused({area.id for area in world.chain(grid.id)})
    for place in world.places_of(grid.id):
        rhythm = rules.rhythm_of(place.frequency)
        if rhythm is not None:
            reason = {"code": place.frequency, "object": place.key_object}
            if focus is not None:
                rhythm = Rhythm(rhythm.times * focus.times, rhythm.per)
                reason["focus"] = focus.name
            yield _thing(VisitKind.VISIT, place, rhythm, reason)
        for one in running:
            if _meant(world, one, place):
                yield _campaign(one, place)


def _thing(
    kind: VisitKind, place: Place, rhythm: Rhythm, reason: Mapping[str, str | int], extra: str = ""
) -> Thing:
    key = f"{kind.value}:{place.area}:{place.name}{extra}"
    return Thing(kind, place.name, place.name, Object(key, place.area, rhythm), reason)


def _campaign(campaign: Campaign, place: Place) -> Thing:
    key = f"{VisitKind.CAMPAIGN.value}:{place.area}:{place.name}:{campaign.name}"
    one = Object(key, place.area, campaign.rhythm, campaign.start, campaign.end)
    reason = {"code": "campaign", "campaign": campaign.name}
    if campaign.part:
        reason |= {"part": campaign.part, "by": campaign.by}
    return Thing(VisitKind.CAMPAIGN, place.name, place.name, one, reason)


def _meant(world: World, campaign: Campaign, place: Place) -> bool:
    above = {area.id for area in world.chain(place.area)}
    if campaign.areas and not above & set(campaign.areas):
        return False
    marks = (place.kind, place.key_object)
    return any(one in marks or any(one in name for name in place.names) for one in campaign.what)


def _care(people: Sequence[tuple[Person, CareRule, str]]) -> Iterator[Thing]:
    for person, rule, word in people:
        key = f"{VisitKind.CARE.value}:{person.area}:{person.id}"
        one = Object(key, person.area, rule.rhythm)
        reason: dict[str, str | int] = {"code": "care", "word": word}
        if rule.start is not None and rule.end is not None:
            reason |= {"from": f"{rule.start:%H:%M}", "to": f"{rule.end:%H:%M}"}
        yield Thing(VisitKind.CARE, person.id, person.name, one, reason)


async def _spots(work: Work, ids: Sequence[str]) -> dict[str, list[Thing]]:
    """Where cases came in numbers lately, by grid (F10); it stops by itself once they stop."""
    hot = _rules(work).visits.hot
    if not hot.at_least:
        return {}
    since = work.now - timedelta(days=hot.days)
    found: dict[str, list[Thing]] = {}
    for area, name, building, category, count in await visit_looks.clusters(
        work.conn, ids, since, hot.at_least
    ):
        world = work.city.world
        place = world.find_building(area, building) if building else world.find_place(area, name)
        if place is None:
            continue
        reason: dict[str, str | int] = {
            "code": "hot",
            "count": count,
            "days": hot.days,
            "category": _rules(work).category(category).name,
        }
        thing = _thing(VisitKind.HOTSPOT, place, hot.rhythm, reason, f":{category}")
        found.setdefault(place.area, []).append(thing)
    return found


# The windows of the day


def _patrols(work: Work, grid: Area, known: set[str], day: date) -> Iterator[Visit]:
    """The windows of a working day that have not closed, for the grids that are walked (F1)."""
    rules, city = _rules(work).visits, work.city
    worker = city.world.worker_of(grid.id)
    if worker is None or grid.kind not in rules.walked or not city.calendar.is_workday(day):
        return
    for number, window in enumerate(rules.windows):
        end = datetime.combine(day, window.end, TZ)
        key = f"{VisitKind.PATROL.value}:{grid.id}:{number}@{day.isoformat()}"
        if end <= work.now or key in known:
            continue
        yield Visit(
            id=0,
            key=key,
            kind=VisitKind.PATROL,
            subject=grid.id,
            name=grid.name,
            area=grid.id,
            worker=present(worker.id, city.leaves.away(day)),
            rhythm="1/day",
            first=day,
            last=day,
            due_at=end,
            reason={
                "code": "patrol",
                "window": window.name,
                "from": window.start.strftime("%H:%M"),
                "to": window.end.strftime("%H:%M"),
            },
        )
