"""For whom a notice is: the areas, lists and people its words name, within its author's reach."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from bot.turn import Turn
from bot.understanding.notice_days import tells
from bot.understanding.notices import (
    Spoken,
    alone,
    bare_name,
    in_characters,
    level_of,
    names_building,
    own_area,
    usual_audiences,
)
from bot.understanding.slots import address
from domain.notices import Audience, desk_over, grids, may_reach, nearest, reachable
from domain.people import Area, Level, Person, World

_ALIKE = 0.3  # of difflib: so much a misspelt name has in common with the real one
_ALIKE_NAMES, _ALIKE_WORDS = 0.5, 0.6  # a person's: of two signs one is the same; 各居民群
_MOST = 3
_NAME = 2  # signs of a name by which an area is told


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """A notice cannot be as it was said; `reason` names a sentence, `values` fill it."""

    reason: str
    values: Mapping[str, object]


def refused(reason: str, **values: object) -> Refused:
    """A refusal with what its sentence says."""
    return Refused(reason, values)


def named_people(turn: Turn, author: Person, said: Spoken) -> Spoken:
    """What was said, with all names that stand one behind the other: 通知 李强 何梅 明天开会."""
    world = turn.work.city.world
    if said.to or not said.where or not _people(world, author, said.where):
        return said
    while True:
        name, _, rest = said.words.partition(" ")
        if not name or not _people(world, author, (name,)):
            return said
        said = replace(
            said, said=f"{said.said} {name}", where=(*said.where, name), words=rest.strip()
        )


def audience(turn: Turn, author: Person, said: Spoken) -> Audience:
    """The audience that was named. Raises Refused with the nearest right names."""
    world = turn.work.city.world
    if not said.words and not said.to and tells(said.said):
        raise refused("audience_missing", wanted=said.said)
    lists = turn.work.city.book.at(turn.work.now).notices.lists
    found = _on_list(world, author, said, lists) or _by_name(world, author, said)
    if found is None and (tells(said.said) or not said.words):
        words = " ".join(filter(None, (said.said, said.words)))
        raise refused("audience_missing", wanted=words)
    if found is None:
        near, elsewhere = _near(world, author, said, lists), _elsewhere(world, author, said)
        if elsewhere:
            own = [area.name for area in reachable(world, author)][:_MOST]
            raise refused("not_reached", wanted=said.said, person=elsewhere, contact=own)
        raise refused("audience_unknown", wanted=said.said, contact=near)
    areas = _where(world, found)
    if not may_reach(world, author, areas):
        near, person = _names(world, author, said, areas), _answers_for(world, areas)
        raise refused("not_reached", wanted=said.said, person=person, contact=near)
    return found


def _where(world: World, audience: Audience) -> tuple[str, ...]:
    """The areas that count for its author's reach: residents' own, where people are named."""
    people = [one for id_ in audience.people if (one := world.person(id_)) is not None]
    return tuple(one.area for one in people if not one.role.staff) or audience.areas


def _on_list(
    world: World, author: Person, said: Spoken, lists: Mapping[str, object]
) -> Audience | None:
    """A care list, alone or behind the name of an area: 琼花一网格独居老人."""
    for name in sorted(lists, key=len, reverse=True):
        for words in (said.said, "".join(said.where)):
            if words.endswith(name):
                areas = _before_list(world, author, words.removesuffix(name))
                return Audience("list", areas, name) if areas else None
    return None


def _before_list(world: World, author: Person, before: str) -> tuple[str, ...]:
    """The area whose people of a list are meant; none where its name is unknown."""
    level = own_area(before)
    if level is not None:
        return (_own(world, author, level),)
    return _areas(world, author, (bare_name(before),))


def _own(world: World, author: Person, level: str) -> str:
    """The author's area of a level, by id; where he works himself, if that is wider or none."""
    above = world.ancestor(author.area, Level(level)) if level else None
    return above.id if above is not None else author.area


def _by_name(world: World, author: Person, said: Spoken) -> Audience | None:
    """Areas with what stands behind them, else people."""
    if not said.where:
        return Audience(said.to, (_own(world, author, said.level),)) if said.to else None
    areas = _areas(world, author, said.where)
    if areas:
        return Audience(said.to or "residents", areas)
    people = _people(world, author, said.where)
    if people and not said.to:
        areas = tuple(dict.fromkeys(one.area for one in people if not one.role.staff))
        return Audience("people", areas or (author.area,), people=tuple(one.id for one in people))
    return None


def _areas(world: World, author: Person, names: Iterable[str]) -> tuple[str, ...]:
    """The areas of these names, of all or of none; an estate means its grid."""
    found = []
    for name in names:
        same = [one for one in world.areas.values() if name in (one.name, one.id)]
        mine = [one for one in same if author.area in {area.id for area in world.chain(one.id)}]
        area = _around(world, author, name) or next(iter(mine or same), None)
        area = area or world.grid_of_estate(name) or _of_building(world, author, name)
        area = area or _by_number(world, author, name)
        if area is None:
            return ()
        found.append(area.id)
    return tuple(dict.fromkeys(found))


def _around(world: World, author: Person, name: str) -> Area | None:
    """The author's own street or community, where only its level is named: 全街道."""
    level = level_of(name)
    return world.ancestor(author.area, Level(level)) if level else None


def _by_number(world: World, author: Person, name: str) -> Area | None:
    """The only grid within the author's area whose name ends so: 2网格, 二网格."""
    said = in_characters(name)
    found = [one for one in nearest(world, author) if said and one.name.endswith(said)]
    return found[0] if len(found) == 1 else None


def _of_building(world: World, author: Person, name: str) -> Area | None:
    """The grid of a building, where the author's areas have only one of its number."""
    found = world.building_candidates(author.area, address(name).building or "")
    grids = {one.area for one in found}
    return world.area(grids.pop()) if len(grids) == 1 else None


def building_only(said: Spoken) -> str:
    """The building a notice is for, which its group must hear; "" where none was named."""
    named = next((one for one in said.where if address(one).building), "")
    return "" if address(said.words).building else named


def with_building(before: str, said: Spoken) -> str:
    """New words of a notice that was for one building, which they still have to name."""
    lead = before.split(maxsplit=1)[:1]
    if said.ready or address(said.words).building or not all(map(names_building, lead)):
        return said.words
    return " ".join((*lead, said.words))


def _people(world: World, author: Person, names: Iterable[str]) -> list[Person]:
    """The people of these names, each told apart from all others, or none."""
    found = []
    for name in names:
        staff = world.find_person(name, author.area)
        within = {grid.id for grid in world.grids(author.area)} | {author.area}
        residents = (one for one in world.people.values() if not one.role.staff)
        known = [*staff] or [one for one in residents if one.name == name and one.area in within]
        if len(known) != 1:
            return []
        found.append(known[0])
    return found


def _near(world: World, author: Person, said: Spoken, lists: Mapping[str, object]) -> list[str]:
    """What somebody may have meant of all he may write to: the likest names, else his areas."""
    mine = reachable(world, author)
    within = {area.id for area in mine}
    groups = [
        one.name for one in world.groups.values() if one.area in within and one.kind == "residents"
    ]
    areas = [area.name for area in mine]
    people = [one.name for one in world.colleagues(author.area) if one.id != author.id]
    wanted = "".join(said.where) or said.said
    found = _likest(wanted, {one: alone(one) for one in (*areas, *groups)}, _ALIKE)
    if not said.to:  # neither a list nor a person is followed by 居民群
        found += _likest(wanted, {one: one for one in lists}, _ALIKE)
        found += _likest(wanted, {one: one for one in people}, _ALIKE_NAMES)
    found += _likest(said.said, {one: one for one in usual_audiences()}, _ALIKE_WORDS)
    return [name for _, name in sorted(found, reverse=True)[:_MOST]] or areas[:_MOST]


def _elsewhere(world: World, author: Person, said: Spoken) -> str:
    """Who writes to the area whose name begins so, where this author may not: 何园的居民."""
    mine = {area.id for area in reachable(world, author)}
    names = [bare_name(one) for one in said.where or (said.said,)]
    found = [
        area
        for area in world.areas.values()
        for name in names
        if len(name) >= _NAME and area.name.startswith(name)
    ]
    if not found or any(area.id in mine for area in found):
        return ""
    widest = max(found, key=lambda area: area.level.rank)
    return _answers_for(world, (widest.id,))


def _likest(wanted: str, names: Mapping[str, str], least: float) -> list[tuple[float, str]]:
    """The names alike to what was written, each with how much; the values are compared."""
    scored = ((SequenceMatcher(None, wanted, one).ratio(), name) for name, one in names.items())
    return [one for one in scored if one[0] >= least]


def _answers_for(world: World, areas: Sequence[str]) -> str:
    """Who may write to these areas, by name: the desk of the one that was named, if it has one."""
    one = world.area(areas[0]) if len(areas) == 1 else None
    desk = world.desk(one.level, one.id) if one is not None and one.level.rank else None
    desk = desk or desk_over(world, areas)
    return desk.name if desk is not None else ""


def _names(world: World, author: Person, said: Spoken, areas: Iterable[str]) -> list[str]:
    """The areas he may write to, nearest first to the one he may not.

    Whatever holds his own area and more is nearest to the widest of them, else to one of a like
    name.
    """
    mine = reachable(world, author)
    wider = set(grids(world, [author.area])) <= grids(world, areas)
    if wider:
        widest = sorted(mine, key=lambda one: len(world.grids(one.id)), reverse=True)[:1]
        return list(dict.fromkeys(one.name for one in [*widest, *mine]))[:_MOST]
    wanted = "".join(said.where) or said.said
    alike = sorted(_likest(wanted, {one.name: one.name for one in mine}, _ALIKE), reverse=True)
    found = [*(name for _, name in alike), *(one.name for one in mine)]
    return list(dict.fromkeys(found))[:_MOST]
