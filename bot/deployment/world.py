"""The world of a deployment as its folder states it: areas, people, groups and places."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.deployment.files import Block, Report
from bot.deployment.table import Table
from domain.gazetteer import PlaceRow
from domain.people import Area, Group, Level, People, Places, Role, World
from domain.roster import PersonRow

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
_PHONE = re.compile(r"([0-9]{11})?")
_EXCEL = re.compile(r"\d(\.\d+)?E\+\d+|[0-9\uff10-\uff19]{11}")  # a narrow column, wide digits
_SPLIT = re.compile("[;\uff1b]")
_STANDS = {
    Role.WORKER.value: Level.GRID,
    Role.LEADER.value: Level.COMMUNITY,
    Role.STREET.value: Level.STREET,
    Role.DISTRICT.value: Level.DISTRICT,
}
_LEVELS = {level.value: level for level in Level}
_ROLES = {role.value: role for role in Role}


def load_world(folder: Path, report: Report) -> tuple[World, dict[str, int]]:
    """Read the four tables; the world is whole only when nothing was noted in the report.

    Returns it with the line in areas.csv of every area.
    """
    area_table = _table(folder, AREAS, report)
    areas = _areas(area_table)
    if not area_table.readable:
        areas = {}  # half of them would make everything else look wrong
    people_table = _table(folder, PEOPLE, report)
    people = _people(people_table, areas)
    groups = _groups(_table(folder, GROUPS, report), areas)
    places = Places(rows=_places(_table(folder, PLACES, report), areas))
    world = World(areas, people, groups, places)
    if area_table.readable:
        _tree(area_table, areas)
        if people_table.readable:
            _posts(area_table, world)
    return world, area_table.lines


def _table(folder: Path, file: str, report: Report) -> Table:
    return Table(folder, file, COLUMNS[file], report)


def _areas(table: Table) -> dict[str, Area]:
    areas: dict[str, Area] = {}
    for block in table.blocks():
        usable = table.ids(block)
        table.filled(block, "name")
        table.choice(block, "level", _LEVELS)
        for row, level, kind in zip(block.numbers, block["level"], block["kind"], strict=True):
            if level == Level.GRID and kind not in {"resident", "unit"}:
                table.fault("area_kind", row, "kind", value=kind)
            elif level != Level.GRID and level in _LEVELS and kind:
                table.fault("area_kind_above", row, "kind")
        counts = table.counts(block, "households")
        for _, (id_, level, name, parent, kind, households, notes) in usable.rows():
            stands = _LEVELS.get(level, Level.GRID)
            areas[id_] = Area(id_, stands, name, parent, kind, counts[households], notes)
    if table.readable and not any(area.level is Level.GRID for area in areas.values()):
        table.fault("no_areas", 0, "level")
    return areas


def _tree(table: Table, areas: Mapping[str, Area]) -> None:
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


def _circles(table: Table, areas: Mapping[str, Area]) -> set[str]:
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


def _posts(table: Table, world: World) -> None:
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


def _people(table: Table, areas: Mapping[str, Area]) -> People:
    substitutes: list[tuple[str, str]] = []
    unsure: set[str] = set()
    people = People(rows=_each_person(table, areas, substitutes, unsure))
    for id_, substitute in substitutes:
        if substitute not in unsure:  # his role is a fault already
            _stands_in(table, people, id_, substitute)
    return people


def _each_person(
    table: Table,
    areas: Mapping[str, Area],
    substitutes: list[tuple[str, str]],
    unsure: set[str],
) -> Iterator[PersonRow]:
    """Read people one by one; notes who stands in for whom, and whose role nobody knows."""
    for block in table.blocks():
        usable = table.ids(block)
        table.filled(block, "name")
        table.choice(block, "role", _ROLES)
        table.area(block, "area", areas)
        _stationed(table, block, areas)
        for row, phone in block.wrong("phone", _PHONE.fullmatch):
            key = "phone_excel" if _EXCEL.fullmatch(phone) else "phone"
            table.fault(key, row, "phone", value=phone)
        table.once("wecom_twice", block, "wecom")
        roles = zip(block["id"], block["role"], strict=True)
        unsure.update(id_ for id_, role in roles if role not in _ROLES)
        stands_in = zip(usable["id"], usable["substitute"], strict=True)
        substitutes.extend(one for one in stands_in if one[1])
        columns = {
            **usable.columns,  # which stand in the order of a Person's fields
            "role": [_ROLES.get(role, Role.RESIDENT) for role in usable["role"]],
        }
        yield from zip(*columns.values(), strict=True)


def _stationed(table: Table, block: Block, areas: Mapping[str, Area]) -> None:
    """Check that staff stand at an area of the level of their role."""
    if _STANDS.keys().isdisjoint(block["role"]):
        return  # most blocks hold residents only
    for row, role, area in zip(block.numbers, block["role"], block["area"], strict=True):
        wanted = _STANDS.get(role)
        if wanted and area in areas and areas[area].level is not wanted:
            said = {"role": role, "level": areas[area].level.value, "wanted": wanted.value}
            table.fault("role_area", row, "area", **said)


def _stands_in(table: Table, people: People, person: str, substitute: str) -> None:
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


def _groups(table: Table, areas: Mapping[str, Area]) -> dict[str, Group]:
    groups: dict[str, Group] = {}
    for block in table.blocks():
        usable = table.ids(block)
        table.choice(block, "kind", ("residents", "staff"))
        table.area(block, "area", areas)
        table.filled(block, "name")
        table.once("chatid_twice", block, "chatid")
        groups.update((row.cells[0], Group(*row.cells)) for row in usable.rows())
    return groups


def _places(table: Table, areas: Mapping[str, Area]) -> Iterator[PlaceRow]:
    for block in table.blocks():
        table.area(block, "area", areas)
        table.choice(block, "kind", PLACE_KINDS)
        table.filled(block, "name")
        for row, kind, number in zip(block.numbers, block["kind"], block["building"], strict=True):
            if kind == "building" and not number:
                table.fault("building_number", row, "building")
        table.once("place_twice", block, "name", "kind", "area")
        table.choice(block, "key_object", KEY_OBJECTS)
        table.choice(block, "frequency", FREQUENCIES)
        units, floors = table.counts(block, "units"), table.counts(block, "floors")
        aliases = {text: _aliases(text) for text in set(block["aliases"])}
        columns = {
            **block.columns,  # which stand in the order of a Place's fields
            # The area's own text, kept anyway: one out of each row would keep memory in pieces.
            "area": [areas[one].id if one in areas else one for one in block["area"]],
            "aliases": [aliases[text] for text in block["aliases"]],
            "units": [units[text] for text in block["units"]],
            "floors": [floors[text] for text in block["floors"]],
        }
        yield from zip(*columns.values(), strict=True)


def _aliases(text: str) -> tuple[str, ...]:
    return tuple(one for alias in _SPLIT.split(text) if (one := alias.strip()))
