"""连心卡: who looks after a grid, and how to reach them (domain.md H8)."""

from dataclasses import dataclass

from domain.people import Level, Person, World


@dataclass(frozen=True, slots=True)
class ContactRules:
    """`offices` are looked for among the departments that serve a grid; `supervision` is a number.

    `supervisors` are words of the roster's notes: whom they mark sees what is behind as well (I5).
    Whoever is not content with how he was treated calls `supervision`; "" where there is none.
    """

    offices: tuple[str, ...] = ()
    supervision: str = ""
    supervisors: tuple[str, ...] = ()


def supervises(rules: ContactRules, person: Person | None) -> bool:
    """Whether somebody of the roster watches over the work for his neighbours, and does none."""
    if person is None or person.role.staff:
        return False
    return any(word in person.notes for word in rules.supervisors)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the card; `post` is a role's code, "" for an office, whose name says it."""

    post: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class ContactCard:
    """The card of a grid, nearest people first."""

    area: str
    community: str
    lines: tuple[Line, ...]
    supervision: str


def card(
    world: World, area_id: str, rules: ContactRules, away: frozenset[str] = frozenset()
) -> ContactCard | None:
    """The card of an area; None where nobody looks after it. Who is `away` is substituted."""
    area = world.area(area_id)
    if area is None:
        return None
    found: dict[str, Line] = {}
    if area.level is Level.GRID:
        worker = world.worker_of(area.id)
        _add(found, _present(world, worker, away))
    _add(found, world.leader_of(area.id))
    for hint in rules.offices:
        offices = (one for one in world.offices(area.id) if hint in one.name + one.notes)
        _add(found, next(offices, None))
    community = world.ancestor(area.id, Level.COMMUNITY)
    name = community.name if community is not None and community.id != area.id else ""
    return ContactCard(area.name, name, tuple(found.values()), rules.supervision)


def _present(world: World, worker: Person | None, away: frozenset[str]) -> Person | None:
    if worker is None or worker.id not in away:
        return worker
    return world.person(worker.substitute) or worker


def _add(found: dict[str, Line], person: Person | None) -> None:
    if person is not None:
        post = "" if person.role.value == "department" else person.role.value
        found.setdefault(person.id, Line(post, person.name, person.phone))
