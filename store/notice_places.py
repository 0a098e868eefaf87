"""Where a notice goes: the groups and people of an audience, each once and by the best way."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from domain.messages import Address
from domain.notice_rules import NoticeRules
from domain.notices import Audience, below, grids, on_list
from domain.people import Level, Person, World
from store import notice_answers, notices
from store.directory import Directory
from store.engine import Connection
from store.notices import Target


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a notice reaches: its places, and those it leaves out with the reason.

    `households` is how many live in the grids of the groups. `silent` are people of a care list
    who agreed to no reminders: somebody has to go there. `lately` had one within the cap (H3).
    `closed` are groups in which the bot cannot speak.
    """

    places: tuple[Target, ...] = ()
    households: int = 0
    silent: tuple[Person, ...] = ()
    lately: int = 0
    closed: int = 0

    @property
    def empty(self) -> bool:
        """Whether nobody at all would hear of it."""
        return not self.places and not self.silent


@dataclass(frozen=True, slots=True)
class Places:
    """Finds them within one transaction."""

    conn: Connection
    directory: Directory
    rules: NoticeRules
    now: datetime
    world: World = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "world", self.directory.world)

    async def of(self, audience: Audience, author: str, *, urgent: bool = False) -> Reach:
        """The places of an audience; whoever writes it does not get it himself."""
        if audience.to in ("residents", "staff"):
            return self._groups(audience)
        people = [one for one in self._people(audience) if one.id != author]
        if audience.to != "list" or urgent:
            return Reach(tuple(self._private(one) for one in people))
        return await self._consenting(people)

    def _groups(self, audience: Audience) -> Reach:
        areas = below(self.world, audience.areas)
        best: dict[str, Address] = {}
        closed: set[str] = set()
        for address in self.directory.chats(audience.to, areas):
            rank = self._rank(address)
            if rank is None:
                closed.add(address.chat)
            elif address.chat not in best or rank < (self._rank(best[address.chat]) or 0):
                best[address.chat] = address
        places = tuple(self._group(address) for address in best.values())
        homes = grids(self.world, {place.area for place in places})
        count = sum(self.world.areas[one].households or 0 for one in homes)
        count *= audience.to == "residents"  # nobody lives in a staff group
        return Reach(places, count, closed=len(closed - best.keys()))

    def _rank(self, address: Address) -> int | None:
        """0 where the bot says it itself, 1 where somebody has to tap, None where neither."""
        can = self.directory.can(address.channel)
        if not can.says_group or not can.proactive or not self.directory.up(address.channel):
            return None
        return int(can.confirms)

    def _group(self, address: Address) -> Target:
        bound = self.directory.area_of(address)
        area = bound[1] if bound is not None else ""
        group = self.world.group(address.chat) or self.world.group_by_chat(address.chat)
        known = self.world.area(area)
        name = group.name if group is not None else known.name if known is not None else ""
        return Target("", address, area=area, name=name)

    def _private(self, person: Person) -> Target:
        address = self.directory.private(person.id, "") or Address("", person.id)
        return Target("", address, person.id, person.area, person.name)

    def _people(self, audience: Audience) -> Iterable[Person]:
        if audience.to == "people":
            return [one for id_ in audience.people if (one := self.world.person(id_))]
        within = below(self.world, audience.areas)
        if audience.to == "list":
            words = self.rules.lists.get(audience.list, (audience.list,))
            residents = (one for one in self.world.people.values() if not one.role.staff)
            return [one for one in residents if one.area in within and on_list(one, words)]
        found = {
            one.id: one
            for area in audience.areas
            for grid in self.world.grids(area)
            for one in self._office(audience.to, grid.id)
        }
        return found.values()

    def _office(self, to: str, grid: str) -> Iterable[Person]:
        if to == "worker":
            return self.world.workers(grid)
        leader = self.world.desk(Level.COMMUNITY, grid)
        return [leader] if leader is not None else []

    async def _consenting(self, people: list[Person]) -> Reach:
        """Those who agreed, and not oftener than the cap; never in a group."""
        ids = [one.id for one in people]
        agreed = await notice_answers.consented(self.conn, ids)
        told = await notices.reminded_since(self.conn, ids, self.now - self.rules.cap)
        silent = tuple(one for one in people if one.id not in agreed)
        willing = [one for one in people if one.id in agreed and one.id not in told]
        lately = len(people) - len(silent) - len(willing)
        places = []
        for one in willing:
            there = Address(agreed[one.id], self.directory.sender_of(one.id, agreed[one.id]))
            private = self._private(one)
            places.append(
                Target("", there if there.chat else private.address, one.id, one.area, one.name)
            )
        return Reach(tuple(places), silent=silent, lately=lately)
