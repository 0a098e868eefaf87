"""Whom a case goes to, and why; there is always somebody (domain.md B17)."""

from dataclasses import dataclass

from domain.case import Case
from domain.people import Level, Person, Role, World

_REACH = {
    Role.LEADER: Level.COMMUNITY,
    Role.STREET: Level.STREET,
    Role.DISTRICT: Level.DISTRICT,
}


@dataclass(frozen=True, slots=True)
class Route:
    """The person who gets a case, and the reason code kept in the timeline."""

    person: str
    reason: str


def route(world: World, area: str, backstop: str) -> Route:
    """The grid worker of the place, else the nearest desk above, else the backstop desk."""
    worker = world.worker_of(area)
    if worker is not None:
        return Route(worker.id, "grid_worker")
    if world.area(area) is None:
        return Route(backstop, "backstop")
    desk = world.nearest_desk(area)
    return Route(desk.id, "nearest_desk") if desk is not None else Route(backstop, "backstop")


def level_of(world: World, area: str) -> Level:
    """The level at which a case of this area begins."""
    known = world.area(area)
    return known.level if known is not None else Level.DISTRICT


def may_work(world: World, case: Case, person: Person | None) -> bool:
    """Whether this person may move the case: its assignee, or a desk above.

    A substitute may not: he stands in during leave only (domain.md A15).
    """
    if person is None or not person.role.staff:
        return False
    return person.id == case.assignee or oversees(world, case.area, person)


def desk_level(person: Person | None) -> Level | None:
    """The level whose desk somebody holds; None for a worker, an office or a resident."""
    return _REACH.get(person.role) if person is not None else None


def oversees(world: World, area: str, person: Person) -> bool:
    """Whether this person's desk stands above the area."""
    level = _REACH.get(person.role)
    return level is not None and any(
        above.id == person.area and above.level is level for above in world.chain(area)
    )
