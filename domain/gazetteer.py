"""The named places of the areas (A7), packed: a city has tens of thousands and asks for a few."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import TypeAlias

from typing_extensions import override

from domain import naming


@dataclass(frozen=True, slots=True)
class Place:
    """A named place of an area (A7); `kind` is estate, building, facility or unit.

    `key_object` is hazard, key, general or empty; `frequency` is how often it is visited (F6).
    """

    area: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    building: str = ""
    units: int | None = None
    floors: int | None = None
    key_object: str = ""
    frequency: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The name and every alias."""
        return (self.name, *self.aliases)


PlaceRow: TypeAlias = tuple[  # a Place's fields
    str, str, str, tuple[str, ...], str, int | None, int | None, str, str
]
_row = attrgetter(*(one.name for one in fields(Place)))

_LATELY = 256  # areas whose places were asked for last stay unpacked
_NUMBERS = 512  # buildings that were asked for last
_ALIAS, _CELL, _LINE = "\x1d", "\x1f", "\x1e"  # group, unit and record separator of ASCII
_ESTATE, _BUILDING = f"estate{_CELL}", f"building{_CELL}"  # so their lines begin
_ALIASES = 5  # the cell they stand in
_NO_SEPARATORS = str.maketrans(dict.fromkeys((_ALIAS, _CELL, _LINE), " "))


class Places(Collection[Place]):
    """All places, area by area, those of one area in the order they were given."""

    def __init__(self, places: Iterable[Place] = (), rows: Iterable[PlaceRow] = ()) -> None:
        """All of `places`, then of `rows`: a large city needs no object for each."""
        lines: dict[str, list[str]] = {}
        for row in chain(map(_row, places), rows):
            lines.setdefault(row[0], []).append(_packed(row))
        self._count = sum(map(len, lines.values()))
        self._packed = {area: _LINE.join(here).encode() for area, here in lines.items()}
        self._lately = lru_cache(maxsize=_LATELY)(self._unpacked)
        self.but_buildings = lru_cache(maxsize=_LATELY)(self._but_buildings)
        # A report asks for its building again and again.
        self.numbered = lru_cache(maxsize=_NUMBERS)(self._with_number)

    def of(self, area_id: str) -> tuple[Place, ...]:
        """The places of an area itself; () where there is none."""
        return self._lately(area_id)

    def named(self) -> Iterator[tuple[str, list[str], list[str]]]:
        """Each area with every name of its estates, and the names of its buildings."""
        for area in self._packed:
            lines = self._lines(area)
            estates = [_place(area, line) for line in lines if line.startswith(_ESTATE)]
            buildings = [line.split(_CELL, 2)[1] for line in lines if line.startswith(_BUILDING)]
            yield area, [name for one in estates for name in one.names], buildings

    def _but_buildings(self, area_id: str) -> tuple[Place, ...]:
        """The places of an area that are no buildings: what people call by its name."""
        lines = self._lines(area_id)
        return tuple(_place(area_id, line) for line in lines if not line.startswith(_BUILDING))

    def _with_number(self, area_id: str, wanted: str) -> tuple[Place, ...]:
        """The buildings of an area meant by folded words: a name, a number, words around one."""
        lines = self._lines(area_id)
        return tuple(_place(area_id, line) for line in lines if _is_numbered(line, wanted))

    def _lines(self, area_id: str) -> list[str]:
        packed = self._packed.get(area_id)
        return packed.decode().split(_LINE) if packed else []

    @override
    def __iter__(self) -> Iterator[Place]:
        for area in self._packed:
            yield from self._unpacked(area)

    @override
    def __len__(self) -> int:
        return self._count

    @override
    def __contains__(self, place: object) -> bool:
        return isinstance(place, Place) and place in self.of(place.area)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Places) and self._packed == other._packed

    __hash__ = None  # type: ignore[assignment]  # as other collections

    def _unpacked(self, area: str) -> tuple[Place, ...]:
        return tuple(_place(area, line) for line in self._lines(area))


def _packed(row: PlaceRow) -> str:
    _, kind, name, aliases, building, units, floors, key_object, frequency = row
    cells = (
        *(kind, name, building, key_object, frequency, _ALIAS.join(aliases)),
        *("" if units is None else str(units), "" if floors is None else str(floors)),
    )
    line = _CELL.join(cells)
    apart = line.count(_CELL) == len(cells) - 1 and _LINE not in line
    if apart and line.count(_ALIAS) == max(0, len(aliases) - 1):
        return line
    called = _ALIAS.join(one.translate(_NO_SEPARATORS) for one in aliases)
    clean = (one.translate(_NO_SEPARATORS) for one in cells)
    return _CELL.join(called if at == _ALIASES else one for at, one in enumerate(clean))


def _is_numbered(line: str, wanted: str) -> bool:
    """Tell whether a packed place is a building that is meant; most are none, and stay packed."""
    if not line.startswith(_BUILDING):
        return False
    _, name, building, _, _, aliases, _, _ = line.split(_CELL)
    names = (name, *aliases.split(_ALIAS))
    return naming.same_number(building, wanted) or wanted in map(naming.fold_name, names)


def _place(area: str, line: str) -> Place:
    kind, name, building, key_object, frequency, aliases, units, floors = line.split(_CELL)
    return Place(
        area,
        kind,
        name,
        tuple(aliases.split(_ALIAS)) if aliases else (),
        building,
        int(units) if units else None,
        int(floors) if floors else None,
        key_object,
        frequency,
    )
