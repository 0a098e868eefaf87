"""An inspection round: the items of a component at one place, and what was said of each (F17).

An item is a (unit, floor), either "" where it has none. A round at a place is finished when every
item was checked, or has a reason why it was not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.people import Place
from domain.visit_rules import BY_FLOOR, BY_PLACE

Item = tuple[str, str]


class State(StrEnum):
    """What was said of an item."""

    FINE = "fine"
    BROKEN = "broken"
    SKIPPED = "skipped"  # not checked, with the reason


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of an item, in the words of who said it."""

    state: State
    words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said of some items: of `floors` in `units`; () is every one.

    Without floors it is said of what is left there: "2单元都好" says nothing of a lamp on its
    fourth floor that was told of as broken.
    """

    state: State
    words: str = ""
    units: tuple[str, ...] = ()
    floors: tuple[str, ...] = ()


def items(place: Place, by: str) -> tuple[Item, ...]:
    """The items at a place, lowest first; the place itself where it has no units or floors."""
    if by == BY_PLACE:
        return (("", ""),)
    units = _numbers(place.units) if place.units and place.units > 1 else ("",)
    floors = _numbers(place.floors) if by == BY_FLOOR and place.floors else ("",)
    return tuple((unit, floor) for unit in units for floor in floors)


def _numbers(count: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, count + 1))


@dataclass(frozen=True, slots=True)
class Told:
    """What a message changes: the marks it makes, and what it named that is not there."""

    marks: Mapping[Item, Mark]
    strange: tuple[str, ...] = ()


def told(every: Sequence[Item], standing: Mapping[Item, Mark], lines: Iterable[Line]) -> Told:
    """Apply the lines of one message. Items that are named go before what is left."""
    ordered = list(lines)
    marks: dict[Item, Mark] = {}
    strange: list[str] = []
    for line in ordered:
        if _exact(every, line):
            meant = _meant(every, line)
            marks |= dict.fromkeys(meant, Mark(line.state, line.words))
            strange += () if meant else line.floors or line.units
    for line in ordered:
        if not _exact(every, line):
            free = [one for one in _meant(every, line) if one not in marks and one not in standing]
            marks |= dict.fromkeys(free, Mark(line.state, line.words))
    return Told(marks, tuple(dict.fromkeys(strange)))


def _storeyed(every: Sequence[Item]) -> bool:
    return any(floor for _, floor in every)


def _exact(every: Sequence[Item], line: Line) -> bool:
    """Whether a line names its items one by one."""
    return bool(line.floors or (line.units and not _storeyed(every)))


def _meant(every: Sequence[Item], line: Line) -> list[Item]:
    """The items a line names.

    Where there is one unit only, its number need not fit; where floors are not counted, a floor
    means its unit, if that was said.
    """
    several, storeyed = any(unit for unit, _ in every), _storeyed(every)
    if line.floors and not storeyed and several and not line.units:
        return []
    return [
        (unit, floor)
        for unit, floor in every
        if (not line.units or not several or unit in line.units)
        and (not line.floors or not storeyed or floor in line.floors)
    ]


def left(every: Sequence[Item], standing: Mapping[Item, Mark]) -> list[Item]:
    """The items of which nothing was said yet."""
    return [one for one in every if one not in standing]


def spans(floors: Iterable[str]) -> list[tuple[str, str]]:
    """Floors as spans: 1, 2, 3, 5 are (1, 3) and (5, 5)."""
    found: list[tuple[int, int]] = []
    for floor in sorted(int(one) for one in floors if one):
        if found and found[-1][1] + 1 == floor:
            found[-1] = (found[-1][0], floor)
        else:
            found.append((floor, floor))
    return [(str(first), str(last)) for first, last in found]


@dataclass(frozen=True, slots=True)
class Group:
    """Items told together: of the `units` that have the same `floors`, as spans."""

    units: tuple[str, ...]
    floors: tuple[tuple[str, str], ...]


def groups(some: Iterable[Item]) -> list[Group]:
    """Items for people to read: units with the same floors stand together."""
    by_unit: dict[str, list[str]] = {}
    for unit, floor in some:
        by_unit.setdefault(unit, []).append(floor)
    same: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for unit, floors in by_unit.items():
        same.setdefault(tuple(spans(floors)), []).append(unit)
    return [Group(tuple(filter(None, units)), floors) for floors, units in same.items()]


def counts(standing: Mapping[Item, Mark]) -> dict[str, int]:
    """How many items are in each state."""
    found = dict.fromkeys((state.value for state in State), 0)
    for mark in standing.values():
        found[mark.state.value] += 1
    return found


def remarks(marks: Mapping[Item, Mark], state: State) -> list[str]:
    """What was said of the items in a state, each once."""
    return list(dict.fromkeys(mark.words for mark in marks.values() if mark.state is state))
