"""民情气象: how a day stands in an area, or a month, in a word and in numbers (F3, F12, F19)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.people import Level, Person, Place, Role, World
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


def over(days: Iterable[Sequence[Out]]) -> Sequence[Out]:
    """Each level over several days: how many days its people were out, of those they were there."""
    out, staff = Counter[Level](), Counter[Level]()
    for day in days:
        for one in day:
            out[one.level] += one.out
            staff[one.level] += one.staff
    return sorted((Out(one, out[one], staff[one]) for one in staff), key=lambda one: one.level.rank)


@dataclass(frozen=True, slots=True)
class Covered:
    """Of the visits planned to a kind of object, how many were made (F3)."""

    object: str
    done: int
    total: int

    @property
    def percent(self) -> int:
        """The share that was made, of a hundred; what is not quite whole is not shown as whole."""
        return 100 * self.done // self.total if self.total else 100


OBJECTS = ("hazard", "key", "general", "building", "facility", "unit", "estate")


def object_of(place: Place) -> str:
    """What kind of object a place is: its class if it has one, else its kind."""
    return place.key_object or place.kind


def coverage(world: World, counts: Iterable[tuple[str, str, bool, int]]) -> Sequence[Covered]:
    """How far each kind of object is covered: of an area's subject, whether made, and how many."""
    kinds: dict[str, dict[str, str]] = {}
    done, total = Counter[str](), Counter[str]()
    for area, subject, made, count in counts:
        if area not in kinds:
            kinds[area] = {one.name: object_of(one) for one in world.places_of(area)}
        kind = kinds[area].get(subject)
        if kind is not None:
            total[kind] += count
            done[kind] += count * made
    return [Covered(one, done[one], total[one]) for one in OBJECTS if total[one]]


def share(levels: Sequence[Out]) -> float:
    """The share of the staff in the field, 0 to 1; 1 where there is nobody."""
    staff = sum(one.staff for one in levels)
    return sum(one.out for one in levels) / staff if staff else 1.0
