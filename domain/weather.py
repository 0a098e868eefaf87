"""民情气象: how a day stands in an area, told in one word and the numbers behind it (F12, F19)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.people import Level, Person, Role, World
from domain.visit_rules import Weather

_LEVEL_OF = {
    Role.WORKER: Level.GRID,
    Role.LEADER: Level.COMMUNITY,
    Role.STREET: Level.STREET,
}


class Sky(StrEnum):
    """The word for a day."""

    CLEAR = "clear"
    CLOUDY = "cloudy"
    RAIN = "rain"
    STORM = "storm"  # an emergency came up


def sky(cases: int, urgent: int, rules: Weather) -> Sky:
    """The word for so many new cases, some of them urgent."""
    if urgent:
        return Sky.STORM
    if cases >= rules.rainy:
        return Sky.RAIN
    return Sky.CLOUDY if cases >= rules.cloudy else Sky.CLEAR


@dataclass(frozen=True, slots=True)
class Out:
    """Of the staff of a level, who has been in the field: the three-level patrol (F19)."""

    level: Level
    out: int
    staff: int


def field(world: World, area: str, out: frozenset[str], away: Mapping[str, str]) -> Sequence[Out]:
    """Each level at or below an area, lowest first; those on leave do not count."""
    counted: dict[Level, list[Person]] = {}
    for person in world.people.staff.values():
        level = _LEVEL_OF.get(person.role)
        below = any(above.id == area for above in world.chain(person.area))
        if level is not None and below and person.id not in away:
            counted.setdefault(level, []).append(person)
    found = [
        Out(level, sum(one.id in out for one in people), len(people))
        for level, people in counted.items()
    ]
    return sorted(found, key=lambda one: one.level.rank)


def share(levels: Sequence[Out]) -> float:
    """The share of the staff in the field, 0 to 1; 1 where there is nobody."""
    staff = sum(one.staff for one in levels)
    return sum(one.out for one in levels) / staff if staff else 1.0
