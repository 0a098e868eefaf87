"""For whom a notice is: the areas, lists and people its words name, within its author's reach."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bot.turn import Turn
from bot.understanding.notices import OF, Spoken, in_characters, level_of, tells
from bot.understanding.slots import address
from domain.notices import Audience, may_reach, nearest
from domain.people import Area, Level, Person, World

_ALIKE = 0.3  # of difflib: so much a misspelt name has in common with the real one
_MOST = 3


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """A notice cannot be as it was said; `reason` names a sentence, `values` fill it."""

    reason: str
    values: Mapping[str, object]


def refused(reason: str, **values: object) -> Refused:
    """A refusal with what its sentence says."""
    return Refused(reason, values)


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
        raise refused("audience_unknown", wanted=said.said, contact=_near(world, author, said))
    if not may_reach(world, author, _where(world, found)):
        raise refused("not_reached", wanted=said.said, contact=_names(world, author))
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
                before = words.removesuffix(name).removesuffix(OF)
                areas = _areas(world, author, (before,)) if before else (author.area,)
                area = areas or (author.area,)
                return Audience("list", area, name)
    return None


def _by_name(world: World, author: Person, said: Spoken) -> Audience | None:
    """Areas with what stands behind them, else people."""
    if not said.where:
        return Audience(said.to, (author.area,)) if said.to else None
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


def _near(world: World, author: Person, said: Spoken) -> list[str]:
    """The names somebody may have meant: those he may write to first."""
    wanted = "".join(said.where) or said.said
    mine = _names(world, author)
    around = [one.name for one in world.areas.values()]
    names = list(dict.fromkeys([*mine, *around]))
    return (get_close_matches(wanted, names, _MOST, _ALIKE) or mine)[:_MOST]


def _names(world: World, author: Person) -> list[str]:
    return [area.name for area in nearest(world, author)][:_MOST]
