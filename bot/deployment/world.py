"""The world of a deployment as its folder states it: areas, people, groups and places."""

import re
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from bot.deployment.files import Broken, Report, Row, stream_table
from domain.people import Area, Group, Level, People, Person, Place, Places, Role, World

AREAS = "areas.csv"
PEOPLE = "people.csv"
GROUPS = "groups.csv"
PLACES = "places.csv"
COLUMNS = {
    AREAS: ("id", "level", "name", "parent", "kind", "households", "notes"),
    PEOPLE: ("id", "name", "role", "area", "phone", "substitute", "wecom", "home", "notes"),
    GROUPS: ("id", "kind", "area", "name", "chatid"),
    PLACES: (
        *("area", "kind", "name", "aliases"),
        *("building", "units", "floors", "key_object", "frequency"),
    ),
}
FREQUENCIES = ("", "anytime", "daily", "weekly", "monthly", "quarterly", "halfyearly", "yearly")
KEY_OBJECTS = ("", "hazard", "key", "general")
PLACE_KINDS = ("estate", "building", "facility", "unit")
_PHONE = re.compile(r"[0-9]{11}")
_EXCEL = re.compile(r"\d(\.\d+)?E\+\d+|[0-9\uff10-\uff19]{11}")  # a narrow column, wide digits
_ID = re.compile(r"[\w.\-]+")
_SPLIT = re.compile("[;\uff1b]")
_STANDS = {
    Role.WORKER: Level.GRID,
    Role.LEADER: Level.COMMUNITY,
    Role.STREET: Level.STREET,
    Role.DISTRICT: Level.DISTRICT,
}
_LEVELS = {level.value: level for level in Level}
_ROLES = {role.value: role for role in Role}
_Choice = TypeVar("_Choice", bound=StrEnum)


class _Table:
    """The rows of one file, and the checks every file needs."""

    def __init__(self, folder: Path, file: str, report: Report) -> None:
        self._rows = stream_table(folder / file, file, COLUMNS[file], report)
        self.file, self.report = file, report
        self.readable = True
        self.lines: dict[str, int] = {}
        self._seen: dict[str, dict[str, int]] = {}

    def rows(self) -> Iterator[Row]:
        """The rows, once; those above the place where the file turns out to be unreadable."""
        try:
            yield from self._rows
        except Broken:
            self.readable = False

    def fault(self, key: str, row: int, field: str, **values: object) -> None:
        self.report.add(key, self.file, row, field, **values)

    def id(self, row: Row) -> bool:
        """Check the first cell as an id and remember its line; False when it cannot be used."""
        value = row.cells[0]
        if not _ID.fullmatch(value):
            self.fault("id_spelling" if value else "empty", row.number, "id", value=value)
        elif value in self.lines:
            self.fault("id_twice", row.number, "id", value=value, first=self.lines[value])
        else:
            self.lines[value] = row.number
            return True
        return False

    def once(
        self, key: str, row: int, field: str, value: str, among: str = "", **values: object
    ) -> None:
        """Check that a value stands in one row only `among` its like; empty ones may repeat."""
        if not value:
            return
        seen = self._seen.get(among)
        if seen is None:
            seen = self._seen[among] = {}
        first = seen.setdefault(value, row)
        if first != row:
            self.fault(key, row, field, value=value, first=first, **values)

    def choice(self, row: int, field: str, value: str, known: Collection[str]) -> bool:
        """Check that a value is one of those known."""
        if value in known:
            return True
        names = ", ".join(filter(None, known))
        self.fault("choice" if value else "empty", row, field, value=value, known=names)
        return False

    def member(
        self, row: int, field: str, value: str, known: Mapping[str, _Choice]
    ) -> _Choice | None:
        """Read a value of an enumeration."""
        return known[value] if self.choice(row, field, value, known) else None

    def filled(self, row: int, field: str, value: str) -> None:
        """Check that a cell is not empty."""
        if not value:
            self.fault("empty", row, field)

    def number(self, row: int, field: str, value: str) -> int | None:
        """Read a whole number that may be missing."""
        if not value:
            return None
        if value.isascii() and value.isdigit() and len(value) < 10:  # noqa: PLR2004 - fits a column
            return int(value)
        self.fault("number", row, field, value=value)
        return None

    def area(self, row: int, field: str, value: str, areas: Mapping[str, Area]) -> Area | None:
        """Look an area up; nothing is said while areas.csv itself could not be read."""
        if value in areas:
            return areas[value]
        if areas or not value:
            self.fault("area_unknown" if value else "empty", row, field, value=value)
        return None


def load_world(folder: Path, report: Report) -> tuple[World, dict[str, int]]:
    """Read the four tables; the world is whole only when nothing was noted in the report.

    Returns it with the line in areas.csv of every area.
    """
    area_table = _Table(folder, AREAS, report)
    areas = _areas(area_table)
    if not area_table.readable:
        areas = {}  # half of them would make everything else look wrong
    people_table = _Table(folder, PEOPLE, report)
    people = _people(people_table, areas)
    groups = _groups(_Table(folder, GROUPS, report), areas)
    places = Places(_places(_Table(folder, PLACES, report), areas))
    world = World(areas, people, groups, places)
    if area_table.readable:
        _tree(area_table, areas)
        if people_table.readable:
            _posts(area_table, world)
    return world, area_table.lines


def _areas(table: _Table) -> dict[str, Area]:
    areas: dict[str, Area] = {}
    for row in table.rows():
        id_, level, name, parent, kind, households, notes = row.cells
        usable = table.id(row)
        table.filled(row.number, "name", name)
        stands = table.member(row.number, "level", level, _LEVELS)
        if stands is Level.GRID and kind not in {"resident", "unit"}:
            table.fault("area_kind", row.number, "kind", value=kind)
        elif stands is not Level.GRID and stands and kind:
            table.fault("area_kind_above", row.number, "kind")
        count = table.number(row.number, "households", households)
        if usable:
            areas[id_] = Area(id_, stands or Level.GRID, name, parent, kind, count, notes)
    if table.readable and not any(area.level is Level.GRID for area in areas.values()):
        table.fault("no_areas", 0, "level")
    return areas


def _tree(table: _Table, areas: Mapping[str, Area]) -> None:
    """Check that every area hangs under a higher one that exists, without circles (A2, A5)."""
    circling = _circles(table, areas)
    for area in areas.values():
        row, above = table.lines[area.id], areas.get(area.parent)
        if not area.parent:
            if area.level.rank < Level.STREET.rank:
                table.fault("parent_missing", row, "parent", name=area.name)
        elif above is None:
            table.fault("area_unknown", row, "parent", value=area.parent)
        elif area.id not in circling and above.level.rank <= area.level.rank:
            table.fault("parent_level", row, "parent", value=area.parent)


def _circles(table: _Table, areas: Mapping[str, Area]) -> set[str]:
    """Note every circle of parents once, at its first row; return the areas that lie on one."""
    done: set[str] = set()
    circling: set[str] = set()
    for start in areas:
        path: dict[str, None] = {}
        at = start
        while at in areas and at not in done and at not in path:
            path[at] = None
            at = areas[at].parent
        if at in path:
            circle = list(path)[list(path).index(at) :]
            circling |= set(circle)
            row = min(table.lines[one] for one in circle)
            table.fault("parent_cycle", row, "parent", cycle=" → ".join((*circle, circle[0])))
        done |= set(path)
    return circling


def _posts(table: _Table, world: World) -> None:
    """Check that every grid has a worker and every community a leader; desks above are advised."""
    for area in world.areas.values():
        if world.desk(area.level, area.id):
            continue
        row = table.lines[area.id]
        if area.level is Level.GRID:
            table.fault("no_worker", row, "id", name=area.name, value=area.id)
        elif area.level is Level.COMMUNITY:
            table.fault("no_leader", row, "id", name=area.name, value=area.id)
        else:
            values = {"name": area.name, "value": area.id, "role": area.level.value}
            table.report.warn("no_desk", AREAS, row, "id", **values)


def _people(table: _Table, areas: Mapping[str, Area]) -> People:
    substitutes: list[tuple[str, str]] = []
    unsure: set[str] = set()
    people = People(_each_person(table, areas, substitutes, unsure))
    for id_, substitute in substitutes:
        if substitute not in unsure:  # his role is a fault already
            _stands_in(table, people, id_, substitute)
    return people


def _each_person(
    table: _Table,
    areas: Mapping[str, Area],
    substitutes: list[tuple[str, str]],
    unsure: set[str],
) -> Iterator[Person]:
    """Read people one by one; notes who stands in for whom, and whose role nobody knows."""
    for row in table.rows():
        id_, name, role_name, area_id, phone, substitute, wecom, home, notes = row.cells
        usable = table.id(row)
        table.filled(row.number, "name", name)
        role = table.member(row.number, "role", role_name, _ROLES)
        area = table.area(row.number, "area", area_id, areas)
        wanted = _STANDS.get(role) if role else None
        if role and area and wanted and area.level is not wanted:
            said = {"role": role.value, "level": area.level.value, "wanted": wanted.value}
            table.fault("role_area", row.number, "area", **said)
        if phone and not _PHONE.fullmatch(phone):
            key = "phone_excel" if _EXCEL.fullmatch(phone) else "phone"
            table.fault(key, row.number, "phone", value=phone)
        table.once("wecom_twice", row.number, "wecom", wecom)
        if role is None:
            unsure.add(id_)
        if usable:
            if substitute:
                substitutes.append((id_, substitute))
            person = (id_, name, role or Role.RESIDENT, area_id, phone, substitute, wecom)
            yield Person(*person, home, notes)


def _stands_in(table: _Table, people: People, person: str, substitute: str) -> None:
    """Check who stands in for somebody (A15)."""
    other = people.get(substitute)
    key = ""
    if substitute == person:
        key = "substitute_self"
    elif other is None:
        key = "substitute_unknown"
    elif not other.role.staff:
        key = "substitute_resident"
    if key:
        table.fault(key, table.lines[person], "substitute", value=substitute)


def _groups(table: _Table, areas: Mapping[str, Area]) -> dict[str, Group]:
    groups: dict[str, Group] = {}
    for row in table.rows():
        id_, kind, area, name, chatid = row.cells
        usable = table.id(row)
        table.choice(row.number, "kind", kind, ("residents", "staff"))
        table.area(row.number, "area", area, areas)
        table.filled(row.number, "name", name)
        table.once("chatid_twice", row.number, "chatid", chatid)
        if usable:
            groups[id_] = Group(id_, kind, area, name, chatid)
    return groups


def _places(table: _Table, areas: Mapping[str, Area]) -> Iterator[Place]:
    for row in table.rows():
        area, kind, name, aliases, building, units, floors, key_object, frequency = row.cells
        known = table.area(row.number, "area", area, areas)
        table.choice(row.number, "kind", kind, PLACE_KINDS)
        table.filled(row.number, "name", name)
        if kind == "building" and not building:
            table.fault("building_number", row.number, "building")
        table.once("place_twice", row.number, "name", name, f"{kind} {area}", area=area)
        table.choice(row.number, "key_object", key_object, KEY_OBJECTS)
        table.choice(row.number, "frequency", frequency, FREQUENCIES)
        yield Place(
            known.id if known else area,
            kind,
            name,
            tuple(one for alias in _SPLIT.split(aliases) if (one := alias.strip())),
            building,
            table.number(row.number, "units", units),
            table.number(row.number, "floors", floors),
            key_object,
            frequency,
        )
