"""The people, areas, groups and places as plain values, and the index they are looked up by."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, ValuesView
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import TypeAlias

from typing_extensions import override

from domain import naming
from domain.gazetteer import Places


class Level(StrEnum):
    """How high an area stands (domain.md A2)."""

    GRID = "grid"
    COMMUNITY = "community"
    STREET = "street"
    DISTRICT = "district"

    @property
    def above(self) -> "Level | None":
        """The next level up; None above the district."""
        at = self.rank + 1
        return _LEVELS[at] if at < len(_LEVELS) else None

    @property
    def rank(self) -> int:
        """0 for a grid, 3 for a district."""
        return _LEVELS.index(self)


_LEVELS = tuple(Level)


class Role(StrEnum):
    """What somebody is in the work."""

    RESIDENT = "resident"
    WORKER = "worker"
    LEADER = "leader"
    STREET = "street"
    DISTRICT = "district"
    DEPARTMENT = "department"

    @property
    def staff(self) -> bool:
        """Whether this role handles cases."""
        return self is not Role.RESIDENT


@dataclass(frozen=True, slots=True)
class Area:
    """A grid, community, street or district. `kind` of a grid is resident or unit (A3)."""

    id: str
    level: Level
    name: str
    parent: str = ""
    kind: str = ""
    households: int | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A resident, a worker, a desk or an office. `substitute` is a person's id (A15)."""

    id: str
    name: str
    role: Role
    area: str
    phone: str = ""
    substitute: str = ""
    wecom: str = ""
    home: str = ""
    notes: str = ""


PersonRow: TypeAlias = tuple[str, str, Role, str, str, str, str, str, str]  # a Person's fields
_row = attrgetter(*(one.name for one in fields(Person)))

_LATELY = 512  # residents who were looked up last stay unpacked


class People(Mapping[str, Person]):
    """Everybody by id: the staff, then the residents, each in the order they were given.

    Residents are many and seldom asked for: they lie packed in one block of bytes and are found
    by halving. Ids and platform ids are each somebody's alone.
    """

    def __init__(self, people: Iterable[Person] = (), rows: Iterable[PersonRow] = ()) -> None:
        """Everybody of `people`, then of `rows`: a large roster needs no object for each."""
        self._staff: dict[str, Person] = {}
        block = bytearray()
        self._starts = array("I")
        ids: list[str] = []
        wecoms: list[str] = []
        for row in chain(map(_row, people), rows):
            id_, name, role, area, phone, substitute, wecom, home, notes = row
            if role is Role.RESIDENT:
                self._starts.append(len(block))
                block += _packed((id_, wecom, name, area, phone, substitute, home, notes))
                ids.append(id_)
                wecoms.append(wecom)
            else:
                self._staff[id_] = Person(*row)
        self._block = bytes(block)
        # Texts and their bytes in UTF-8 have the same order.
        self._by_id = array("I", sorted(range(len(ids)), key=ids.__getitem__))
        known = (number for number, wecom in enumerate(wecoms) if wecom)
        self._by_wecom = array("I", sorted(known, key=wecoms.__getitem__))
        # Who speaks is looked up several times while his message is handled.
        self._resident = lru_cache(maxsize=_LATELY)(self._by_its_id)
        self._wecom_resident = lru_cache(maxsize=_LATELY)(self._by_its_wecom)
        self._staff_by_wecom = {one.wecom: one for one in self._staff.values() if one.wecom}

    @property
    def staff(self) -> Mapping[str, Person]:
        """Those who handle cases."""
        return self._staff

    @override
    def __getitem__(self, person_id: str) -> Person:
        found = self.by_id(person_id)
        if found is None:
            raise KeyError(person_id)
        return found

    def by_id(self, person_id: str) -> Person | None:
        """Return a person by id; what `get` does, and less to do."""
        return self._staff.get(person_id) or self._resident(person_id)

    def by_wecom(self, wecom: str) -> Person | None:
        """Return the person with this id on the platform; "" is nobody's."""
        return self._staff_by_wecom.get(wecom) or self._wecom_resident(wecom)

    @override
    def values(self) -> "_Everybody":
        return _Everybody(self)

    def each(self) -> Iterator[Person]:
        """Everybody in order, one line of the block after the other: nobody is looked up."""
        yield from self._staff.values()
        for start in self._starts:
            yield _unpacked(self._block, start)

    def noted(self) -> Iterator[Person]:
        """The residents about whom something is noted; it is the last cell of a line."""
        block = self._block
        for start in self._starts:
            if block[block.index(_LINE, start) - 1] != _CELL:
                yield _unpacked(block, start)

    @override
    def __iter__(self) -> Iterator[str]:
        yield from self._staff
        yield from (self._id_at(number).decode() for number in range(len(self._starts)))

    @override
    def __len__(self) -> int:
        return len(self._staff) + len(self._starts)

    def _by_its_id(self, person_id: str) -> Person | None:
        return self._found(person_id, self._by_id, self._id_at)

    def _by_its_wecom(self, wecom: str) -> Person | None:
        return self._found(wecom, self._by_wecom, self._wecom_at)

    def _found(
        self, key: str, order: "array[int]", key_at: Callable[[int], bytes]
    ) -> Person | None:
        wanted = key.encode("utf-8", "replace")
        at = bisect_left(order, wanted, key=key_at)
        if at == len(order) or key_at(order[at]) != wanted:
            return None
        return _unpacked(self._block, self._starts[order[at]])

    def _id_at(self, number: int) -> bytes:
        start = self._starts[number]
        return self._block[start : self._block.index(_CELL, start)]

    def _wecom_at(self, number: int) -> bytes:
        start = self._block.index(_CELL, self._starts[number]) + 1
        return self._block[start : self._block.index(_CELL, start)]


class _Everybody(ValuesView[Person]):
    """The people without their ids."""

    _mapping: People

    @override
    def __iter__(self) -> Iterator[Person]:
        return self._mapping.each()


_CELL, _LINE = 0x1F, 0x1E  # unit and record separator of ASCII
_NO_SEPARATORS = {_CELL: " ", _LINE: " "}


def _packed(cells: tuple[str, ...]) -> bytes:
    line = "\x1f".join(cells)
    if line.count("\x1f") >= len(cells) or "\x1e" in line:
        line = "\x1f".join(cell.translate(_NO_SEPARATORS) for cell in cells)
    return line.encode("utf-8", "replace") + b"\x1e"


def _unpacked(block: bytes, start: int) -> Person:
    cells = block[start : block.index(_LINE, start)].decode().split("\x1f")
    id_, wecom, name, area, phone, substitute, home, notes = cells
    return Person(id_, name, Role.RESIDENT, area, phone, substitute, wecom, home, notes)


@dataclass(frozen=True, slots=True)
class Group:
    """A group chat of an area's residents or of its staff; `kind` is residents or staff."""

    id: str
    kind: str
    area: str
    name: str
    chatid: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """What is worked out once when a world is made, so that every lookup is a dictionary's."""

    chains: dict[str, tuple[Area, ...]]
    grids: dict[str, list[Area]]
    staff: dict[str, list[Person]]
    estates: dict[str, tuple[str, ...]]
    lengths: tuple[int, ...]
    chats: dict[str, Group]
    groups: dict[tuple[str, str], Group]


def index(
    areas: Mapping[str, Area],
    people: People,
    groups: Mapping[str, Group],
    places: Places,
) -> Index:
    """Work out everything a world looks up by."""
    chains = {area_id: _chain(areas, area_id) for area_id in areas}
    grids: dict[str, list[Area]] = {}
    for area_id, path in chains.items():
        if areas[area_id].level is Level.GRID:
            for above in path:
                grids.setdefault(above.id, []).append(areas[area_id])
    staff: dict[str, list[Person]] = {}
    for person in people.staff.values():
        staff.setdefault(person.area, []).append(person)
    estates = _estates(areas, places)
    by_kind: dict[tuple[str, str], Group] = {}
    for group in groups.values():
        by_kind.setdefault((group.kind, group.area), group)
    return Index(
        chains=chains,
        grids=grids,
        staff=staff,
        estates=estates,
        lengths=tuple(set(map(len, estates))),
        chats={group.chatid: group for group in groups.values() if group.chatid},
        groups=by_kind,
    )


def _chain(areas: Mapping[str, Area], area_id: str) -> tuple[Area, ...]:
    """Follow the parents; stops at an unknown one and at a cycle."""
    chain: dict[str, Area] = {}
    while area_id in areas and area_id not in chain:
        chain[area_id] = areas[area_id]
        area_id = areas[area_id].parent
    return tuple(chain.values())


def _estates(areas: Mapping[str, Area], places: Places) -> dict[str, tuple[str, ...]]:
    """Map every name of an estate, and buildings' names that begin with one, to its grids."""
    found: dict[str, tuple[str, ...]] = {}
    for area, estates, buildings in places.named():
        known = areas.get(area)
        if known is None or known.level is not Level.GRID:
            continue
        names = set(map(naming.fold, estates))
        starts, alone = tuple(names), (area,)  # most names are one grid's: they share its tuple
        full = set(map(naming.fold, buildings)) if starts else ()
        for name in names.union(name for name in full if name.startswith(starts)):
            found[name] = (*found[name], area) if name in found else alone
    return found
