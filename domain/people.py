"""Who lives and works where: one world of areas, people, groups and places, and its lookups.

The words are those of domain.md: grid, community, street, district; the depth of a chain is data
(A5), so every lookup walks the tree instead of counting on four levels.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from domain import naming
from domain.gazetteer import Place, Places
from domain.roster import Area, Group, Index, Level, People, Person, Role, index

__all__ = ["Area", "Group", "Level", "People", "Person", "Place", "Places", "Role", "World"]

_DESKS = {
    Level.GRID: Role.WORKER,
    Level.COMMUNITY: Role.LEADER,
    Level.STREET: Role.STREET,
    Level.DISTRICT: Role.DISTRICT,
}
_LAST_RESORT = (Role.DISTRICT, Role.STREET, Role.LEADER, Role.WORKER, Role.DEPARTMENT)


@dataclass(frozen=True, slots=True)
class World:
    """The people and places of one deployment, as they are now; never changed, only replaced."""

    areas: Mapping[str, Area]
    people: People
    groups: Mapping[str, Group] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    _index: Index = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found = index(self.areas, self.people, self.groups, self.places)
        object.__setattr__(self, "_index", found)

    @classmethod
    def of(
        cls,
        areas: Iterable[Area],
        people: Iterable[Person],
        groups: Iterable[Group] = (),
        places: Iterable[Place] = (),
    ) -> "World":
        """Build a world from plain lists, whose order is kept (see `worker_of`)."""
        return cls(
            {area.id: area for area in areas},
            People(people),
            {group.id: group for group in groups},
            Places(places),
        )

    # The tree

    def chain(self, area_id: str) -> tuple[Area, ...]:
        """Return the area and all that stand above it, nearest first; () when unknown."""
        return self._index.chains.get(area_id, ())

    def area(self, area_id: str) -> Area | None:
        """Return an area by id."""
        return self.areas.get(area_id)

    def ancestor(self, area_id: str, level: Level) -> Area | None:
        """Return the area of that level on the chain, the area itself included."""
        return next((area for area in self.chain(area_id) if area.level is level), None)

    def grids(self, area_id: str) -> tuple[Area, ...]:
        """Return the grids at or below an area, in the order of the file."""
        return tuple(self._index.grids.get(area_id, ()))

    # People

    def person(self, person_id: str) -> Person | None:
        """Return a person by id."""
        return self.people.by_id(person_id)

    def person_by_wecom(self, wecom: str) -> Person | None:
        """Return the person with this id on the platform."""
        return self.people.by_wecom(wecom)

    def workers(self, area_id: str) -> tuple[Person, ...]:
        """Return the workers of every grid at or below an area."""
        return tuple(
            person
            for grid in self.grids(area_id)
            for person in self._index.staff.get(grid.id, ())
            if person.role is Role.WORKER
        )

    def worker_of(self, grid_id: str) -> Person | None:
        """Return the primary worker of a grid: the first in the file (A1)."""
        return self._first(grid_id, Role.WORKER)

    def leader_of(self, area_id: str) -> Person | None:
        """Return the leader of the community an area is, or lies in."""
        return self.desk(Level.COMMUNITY, area_id)

    def desk(self, level: Level, area_id: str) -> Person | None:
        """Return who answers for a level above an area: worker, leader, street or district desk."""
        area = self.ancestor(area_id, level)
        return self._first(area.id, _DESKS[level]) if area else None

    def nearest_desk(self, area_id: str) -> Person | None:
        """Return the first desk from the community up; anybody of the staff rather than None."""
        for level in (Level.COMMUNITY, Level.STREET, Level.DISTRICT):
            if found := self.desk(level, area_id):
                return found
        return min(
            (person for people in self._index.staff.values() for person in people),
            key=lambda person: _LAST_RESORT.index(person.role),
            default=None,
        )

    def offices(self, area_id: str) -> tuple[Person, ...]:
        """Return the departments that serve an area, nearest first (A8)."""
        return tuple(
            person
            for area in self.chain(area_id)
            for person in self._index.staff.get(area.id, ())
            if person.role is Role.DEPARTMENT
        )

    def find_person(self, name: str, area_id: str, desk: str = "") -> tuple[Person, ...]:
        """Return whom a worker of the area means by a name; the best kind of match only.

        Looks along the area's chain and at the workers of its community, then of its street; where
        a desk speaks, at everybody in and below its own area `desk` after that.
        """
        near = _called(name, self.colleagues(area_id))
        return near or (_called(name, self._below(desk)) if desk else ())

    def _below(self, area_id: str) -> Iterator[Person]:
        for own, people in self._index.staff.items():
            if any(area.id == area_id for area in self.chain(own)):
                yield from people

    def _first(self, area_id: str, role: Role) -> Person | None:
        people = self._index.staff.get(area_id, ())
        return next((person for person in people if person.role is role), None)

    def colleagues(self, area_id: str) -> tuple[Person, ...]:
        """Return who works with an area: along its chain, and its street's workers."""
        found: dict[str, Person] = {}
        for area in self.chain(area_id):
            found |= {person.id: person for person in self._index.staff.get(area.id, ())}
        for level in (Level.COMMUNITY, Level.STREET):
            if area_above := self.ancestor(area_id, level):
                found |= {person.id: person for person in self.workers(area_above.id)}
        return tuple(found.values())

    # Groups

    def group(self, group_id: str) -> Group | None:
        """Return a group by id."""
        return self.groups.get(group_id)

    def group_by_chat(self, chatid: str) -> Group | None:
        """Return the group with this id on the platform."""
        return self._index.chats.get(chatid)

    def residents_group(self, area_id: str) -> Group | None:
        """Return the residents' group of an area, else the nearest one above it."""
        keys = (("residents", area.id) for area in self.chain(area_id))
        return next((self._index.groups[key] for key in keys if key in self._index.groups), None)

    def staff_group(self, area_id: str) -> Group | None:
        """Return the staff group of the area's community, else of its street or district."""
        chain = self.chain(area_id)
        above = [area for area in chain if area.level is not Level.GRID]
        keys = [("staff", area.id) for area in (*above, *chain)]
        return next((self._index.groups[key] for key in keys if key in self._index.groups), None)

    # Places

    def grid_of_estate(self, text: str) -> Area | None:
        """Return the grid of the estate that is named anywhere in a text.

        The longest name wins; None when nothing is named or two grids are equally possible.
        A building's full name counts too, for estates that are split over grids.
        """
        grids = self._grids_said(text)
        return self.areas[grids[0]] if len(grids) == 1 else None

    def _grids_said(self, text: str) -> tuple[str, ...]:
        names = naming.said(naming.fold(text), self._index.estates, self._index.lengths)
        return tuple({grid for name in names for grid in self._index.estates[name]})

    def place_names(self, area_id: str) -> tuple[str, ...]:
        """Return the names of facilities and units around an area, its own first, then of estates.

        Estates come last: in "琼花苑东门" it is the gate that is meant.
        """
        around = self._around(area_id, self.places.but_buildings)
        places = [place for near in around for place in near]
        places.sort(key=lambda place: place.kind == "estate")
        return tuple(dict.fromkeys(name for place in places for name in place.names))

    def places_of(self, area_id: str) -> tuple[Place, ...]:
        """Return the places of an area itself, in the order of the file."""
        return self.places.of(area_id)

    def find_place(self, area_id: str, name: str) -> Place | None:
        """Return the place somebody in the area means; None when several are equally possible."""
        found = self.place_candidates(area_id, name)
        return found[0] if len(found) == 1 else None

    def place_candidates(self, area_id: str, name: str) -> tuple[Place, ...]:
        """Return the places a name may mean: exact ones, else those with the most in common.

        The area's own come before its neighbours': two gates of one name are two candidates only
        where both are equally near.
        """
        query = naming.fold(name)
        ranked: dict[tuple[int, int], list[Place]] = {}
        for distance, places in enumerate(self._around(area_id) if query else ()):
            for place in places:
                labels = place.names if place.kind != "building" else (place.name,)
                common = max(naming.in_common(query, naming.fold_name(label)) for label in labels)
                if common:
                    ranked.setdefault((common, -distance), []).append(place)
            if (naming.EXACT, -distance) in ranked:
                break  # nothing farther off comes before it
        return tuple(ranked[max(ranked)]) if ranked else ()

    def find_building(self, area_id: str, building: str, estate_hint: str = "") -> Place | None:
        """Return the building with this number; None when several are possible."""
        if estate_hint:
            found = self.building_candidates(area_id, building, estate_hint)
        else:  # without a grid it may be any of thousands: the second one says enough
            found = tuple(islice(self._numbered(self._grids_below(area_id), building), 2))
        return found[0] if len(found) == 1 else None

    def building_candidates(
        self, area_id: str, building: str, estate_hint: str = ""
    ) -> tuple[Place, ...]:
        """Return the buildings with this number in a grid (or below a larger area).

        A hint names the estate, which may lie in another grid.
        """
        hinted = self._grids_said(estate_hint) if estate_hint else ()
        found = tuple(self._numbered(hinted or self._grids_below(area_id), building))
        if estate_hint and len(found) > 1:
            found = tuple(place for place in found if self._belongs(place, estate_hint))
        return found

    def _numbered(self, grids: Iterable[str], building: str) -> Iterator[Place]:
        wanted = naming.fold(building)
        if not wanted:
            return
        for grid in grids:
            yield from self.places.numbered(grid, wanted)

    def _grids_below(self, area_id: str) -> Iterator[str]:
        return (grid.id for grid in self.grids(area_id))

    def full_name(self, place: Place) -> str:
        """Return a place's name with its estate's before it: two gates can be told apart."""
        estates = [one.name for one in self._of_kind(place.area, "estate")]
        if place.kind == "building" or not estates or place.name.startswith(tuple(estates)):
            return place.name
        return estates[0] + place.name

    def _belongs(self, building: Place, hint: str) -> bool:
        """Tell whether a building is one of the hinted estate, by the name it begins with."""
        said, name = naming.fold(hint), naming.fold(building.name)
        return any(
            name.startswith(naming.fold(estate.name))
            for estate in self._of_kind(building.area, "estate")
            if any(naming.fold(label) in said for label in estate.names)
        )

    def home(self, person: Person) -> tuple[str | None, str | None, str | None, Area]:
        """Read the column home: building, unit, room and the grid they lie in."""
        area = self.grid_of_estate(person.home) or self.areas[person.area]
        text = naming.fold(person.home)
        buildings = self._of_kind(area.id, "building")
        numbers = {naming.fold_name(name): one.building for one in buildings for name in one.names}
        for name in naming.said(text, numbers):
            return numbers[name], *naming.unit_and_room(text.partition(name)[2]), area
        estates = [
            naming.fold_name(n) for one in self._of_kind(area.id, "estate") for n in one.names
        ]
        for name in naming.said(text, estates):
            text = text.replace(name, "", 1)
        return *naming.address(text), area

    def _of_kind(self, area_id: str, kind: str) -> list[Place]:
        return [place for place in self.places.of(area_id) if place.kind == kind]

    def _around(
        self, area_id: str, of: Callable[[str], tuple[Place, ...]] | None = None
    ) -> Iterator[list[Place]]:
        """Yield the places of an area, of the rest of its community, and of each area above.

        `of` tells which places of an area count; all of them by itself.
        """
        of = of or self.places.of
        community = self.ancestor(area_id, Level.COMMUNITY)
        own = [area_id, *(grid.id for grid in self.grids(area_id))]
        near = [grid.id for grid in self.grids(community.id)] if community else []
        seen: set[str] = set()
        for areas in (own, near, *([area.id] for area in self.chain(area_id)[1:])):
            fresh = [area for area in dict.fromkeys(areas) if area not in seen]
            seen.update(fresh)
            yield [place for area in fresh for place in of(area)]


def _called(name: str, people: Iterable[Person]) -> tuple[Person, ...]:
    """Those of these people who are meant by a name; the best kind of match only."""
    query = naming.fold(name).lstrip("@")
    ranked: dict[int, list[Person]] = {}
    for person in people if query else ():
        nickname = person.role in {Role.WORKER, Role.LEADER}
        rank = naming.likeness(query, person.name, person.notes, nickname=nickname)
        if person.id == name.strip():
            rank = 0
        if rank is not None:
            ranked.setdefault(rank, []).append(person)
    return tuple(ranked[min(ranked)]) if ranked else ()
