"""What a worker means when he names a place or a person: one thing, several, or nothing known."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.turn import Turn
from bot.understanding.visit_names import beside
from bot.understanding.visit_sayings import without_shop
from bot.understanding.visits import Act
from domain.people import Level, Person, Place
from domain.visits import day_of
from store import visits

_MOST = 6  # choices; more are not read in a chat


@dataclass(frozen=True, slots=True)
class Target:
    """What was visited: a place, a person or a grid; not `known` is a name no list has."""

    kind: str  # place | person | grid | area
    subject: str
    name: str
    area: str
    known: bool = True

    def to_json(self) -> dict[str, Any]:
        """Itself as plain JSON, while a question about it is open."""
        return asdict(self)


async def names(turn: Turn, person: Person) -> tuple[str, ...]:
    """What the speaker may name: places and people on care lists around him."""
    world = turn.work.city.world
    here = [*world.place_names(person.area)]
    here += [place.name for grid in _grids(turn, person) for place in world.places_of(grid)]
    here += [one.name for one in _owed(turn, person)]
    return (*here, *(one.name for one in await _care(turn, person)))


def _owed(turn: Turn, person: Person) -> list[Target]:
    """The areas he has to go to by a quota of his own (F5)."""
    work = turn.work
    quotas = work.city.book.at(work.now).visits.quotas
    mine = dict.fromkeys(one.area for one in quotas if person.id in one.people)
    areas = [area for one in mine if (area := work.city.world.area(one)) is not None]
    return [Target("area", area.id, area.name, area.id) for area in areas]


async def targets(turn: Turn, person: Person, act: Act) -> Sequence[Target]:
    """The things an act may be about; several where two could be meant, () for nothing known."""
    if not act.name:
        return [_whole(turn, person)]
    people = [one for one in await _care(turn, person) if one.name == act.name]
    if people:
        return people[:_MOST]
    if owed := [one for one in _owed(turn, person) if one.name == act.name]:
        return owed
    places = _places(turn, person, act)
    if places:
        return [_of(turn, one) for one in places[:_MOST]]
    if act.person:
        return [Target("person", act.name, act.name, person.area, known=False)]
    return ()


def _grids(turn: Turn, person: Person) -> list[str]:
    """The grids a speaker answers for: his own first, then those of whom he stands in for."""
    world, work = turn.work.city.world, turn.work
    own = [grid.id for grid in world.grids(person.area)]
    away = work.city.leaves.away(day_of(work.now))
    community = world.ancestor(person.area, Level.COMMUNITY)
    near = [grid.id for grid in world.grids(community.id)] if community else []
    absent = [world.person(one) for one, other in away.items() if other == person.id]
    own += [one.area for one in absent if one is not None]
    for grid in near:
        if any(one.substitute == person.id for one in world.workers(grid)):
            own.append(grid)
    return list(dict.fromkeys(own))


async def _care(turn: Turn, person: Person) -> list[Target]:
    """The people on care lists of his grids and of those around."""
    world, work = turn.work.city.world, turn.work
    areas = _grids(turn, person)
    community = world.ancestor(person.area, Level.COMMUNITY)
    areas += [grid.id for grid in world.grids(community.id)] if community else []
    listed = await visits.people(work.conn, list(dict.fromkeys(areas)), day_of(work.now))
    return [Target("person", subject, name, area) for area, subject, name in listed]


def _places(turn: Turn, person: Person, act: Act) -> Sequence[Place]:
    """The places an act may be about, those of his own grids before others."""
    world = turn.work.city.world
    community = world.ancestor(person.area, Level.COMMUNITY)
    around = [*_grids(turn, person), *([community.id] if community else []), person.area]
    own = world.place_candidates(person.area, act.name)
    if beside(act.name):  # 东门旁边的小超市 is not 东门
        own = ()
    exact = [one for one in own if act.name in one.names]
    if exact and act.known:
        return exact
    if act.building:  # 7栋 is no part of a building's name
        for area in around:
            if found := world.building_candidates(area, act.building, act.name):
                return found
        return ()
    bare = without_shop(act.name)
    shops = world.place_candidates(person.area, bare) if bare and not (exact or own) else ()
    return exact or own or shops or _far(turn, person, act)


def _far(turn: Turn, person: Person, act: Act) -> Sequence[Place]:
    """A place of just this name anywhere: somebody else's, but no unknown one."""
    world = turn.work.city.world
    chain = world.chain(person.area)
    found = world.place_candidates(chain[-1].id, act.name) if chain else ()
    return [one for one in found if act.name in one.names][:1]


def _of(turn: Turn, place: Place) -> Target:
    if place.kind == "estate":  # the estate as a whole is the grid
        area = turn.work.city.world.area(place.area)
        return Target("grid", place.area, area.name if area else place.name, place.area)
    return Target("place", place.name, place.name, place.area)


def _whole(turn: Turn, person: Person) -> Target:
    area = turn.work.city.world.area(person.area)
    return Target("grid", person.area, area.name if area else "", person.area)
