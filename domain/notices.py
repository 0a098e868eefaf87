"""Notices: who hears them, who may write and approve them, and when enough is said (H1-H7)."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Any

from domain.people import Area, Level, Person, Role, World

LOOP_MESSAGES, LOOP_SPAN = 20, timedelta(minutes=5)  # a loop guard: 20 in 5 minutes

# To whom: groups of residents or of staff, roles, a care list, or people by their ids.
TO = ("residents", "staff", "worker", "leader", "list", "people")
# What may stand in {{ }}, filled in for each place; and the ready-made texts (F22, H2).
GAPS = ("grid", "community", "worker", "phone", "name")
READY = (
    *("fire", "gas", "ebike", "storm", "cold", "heat", "water_cut", "power_cut"),
    *("fraud", "drowning", "fireworks", "falls", "food"),
)
_GROUPS = ("residents", "staff")
_ROLES = ("worker", "leader")
_RANK = {Role.WORKER: 0, Role.LEADER: 1, Role.STREET: 2, Role.DISTRICT: 3}
_GAP = re.compile(r"\{\{ ?(\w+) ?\}\}")
_CODE = re.compile(r"\{[{%#](?:[^{}]{0,20}[}%#]\})?|[}%#]\}")


class Kind(StrEnum):
    """The four kinds of H1; FALLBACK is a personal one that only the sms channel can carry."""

    GROUP = "group"
    PERSONAL = "personal"
    ROLE = "role"
    FALLBACK = "fallback"


class Status(StrEnum):
    """How far a notice is."""

    WAITING = "waiting"  # for somebody's 确认
    STANDING = "standing"  # approved; it comes at its times
    SENT = "sent"  # on its way, or there
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # nobody approved it in time, or it came too late


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom a notice is: `to` is one of TO, `areas` are areas with all that lies in them.

    `list` names a care list of the rules; `people` are ids.
    """

    to: str
    areas: tuple[str, ...]
    list: str = ""
    people: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """Whether it goes to groups, to people by their office, or to people alone."""
        if self.to in _GROUPS:
            return Kind.GROUP
        return Kind.ROLE if self.to in _ROLES else Kind.PERSONAL

    def to_json(self) -> dict[str, Any]:
        """As stored."""
        return {
            "to": self.to,
            "areas": list(self.areas),
            "list": self.list,
            "people": list(self.people),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Audience":
        """As `to_json` wrote it."""
        return cls(data["to"], tuple(data["areas"]), data["list"], tuple(data["people"]))


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it stands. `parent` is the standing one it is of, `corrects` the one it mends.

    `ready` names a ready-made text instead of `words`. `rhythm` is a code of notice_times, "" for
    now. `due_at` is when it is sent, or is to be sent next; after `valid` more it is pointless.
    """

    id: int
    key: str
    author: str
    audience: Audience
    words: str
    status: Status
    created_at: datetime
    due_at: datetime
    valid: timedelta
    ready: str = ""
    urgent: bool = False
    receipts: bool = False
    visit: bool = False
    rhythm: str = ""
    approver: str = ""
    approved_by: str = ""
    approved_at: datetime | None = None
    corrects: int = 0
    parent: int = 0

    @property
    def ends_at(self) -> datetime:
        """When it becomes pointless."""
        return self.due_at + self.valid


# `ready` of the notice that tells that another one does not hold: a notice, or a poll.
WITHDRAWS, WITHDRAWS_POLL = "cancel", "cancel_poll"


def withdraws(notice: Notice) -> bool:
    """Whether a notice only takes another one back; nobody knows its number."""
    return notice.ready in (WITHDRAWS, WITHDRAWS_POLL)


# Who


def below(world: World, areas: Iterable[str]) -> set[str]:
    """These areas and all that lie in them."""
    wanted = set(areas)
    return {one for one in world.areas if any(area.id in wanted for area in world.chain(one))}


def grids(world: World, areas: Iterable[str]) -> set[str]:
    """The grids of these areas."""
    return {grid.id for area in areas for grid in world.grids(area)}


def may_reach(world: World, author: Person, areas: Collection[str]) -> bool:
    """Whether somebody may write to these areas at all; the approver comes on top of that.

    A worker his own grid, a leader his street as long as his community is among them, a street
    desk its district likewise; an office what it serves.
    """
    own, wanted = grids(world, [author.area]), grids(world, areas)
    if author.role in (Role.WORKER, Role.DEPARTMENT, Role.DISTRICT):
        return wanted <= own
    level = Level.STREET if author.role is Role.LEADER else Level.DISTRICT
    around = world.ancestor(author.area, level)
    return wanted <= own or bool(around and wanted & own and wanted <= grids(world, [around.id]))


def approver(world: World, author: Person, areas: Collection[str]) -> Person | None:
    """Who approves a notice to these areas; the author himself where he answers for all of them.

    One community: its leader; more of them: the street; more streets: the district.
    """
    wanted = grids(world, areas)
    if wanted and _RANK.get(author.role, 0) > 0 and wanted <= grids(world, [author.area]):
        return author
    return desk_over(world, areas)


def desk_over(world: World, areas: Collection[str]) -> Person | None:
    """The lowest desk that answers for all of these areas."""
    wanted = sorted(grids(world, areas))
    for level in (Level.COMMUNITY, Level.STREET, Level.DISTRICT):
        over = {area.id if (area := world.ancestor(grid, level)) else "" for grid in wanted}
        desk = world.desk(level, wanted[0]) if wanted and len(over) == 1 else None
        if desk is not None:
            return desk
    return None


def may_approve(world: World, person: Person, notice: Notice) -> bool:
    """Whether somebody may say 确认: the one it waits for, or a desk above him."""
    if person.id == notice.approver:
        return True
    waits = world.person(notice.approver)
    higher = waits is not None and _RANK.get(person.role, 0) > _RANK.get(waits.role, 0)
    return bool(higher and waits and person.area in {area.id for area in world.chain(waits.area)})


def may_change(world: World, person: Person, notice: Notice) -> bool:
    """Whether somebody may cancel or correct it: its author, and whoever may approve it."""
    return person.id == notice.author or may_approve(world, person, notice)


def nearest(world: World, author: Person) -> list[Area]:
    """The areas an author surely may write to, for whoever named none that exists."""
    own = world.area(author.area)
    return ([own] if own else []) + [
        grid for grid in world.grids(author.area) if grid.id != author.area
    ]


def reachable(world: World, author: Person) -> list[Area]:
    """All areas an author may write to, with or without somebody's approval: his own first."""
    chain, within = world.chain(author.area), below(world, [author.area])
    inside = [area for area in world.areas.values() if area.id in within and area not in chain]
    around = [area for area in chain[1:] if may_reach(world, author, [area.id])]
    return [*chain[:1], *inside, *around]


def on_list(person: Person, words: Sequence[str]) -> bool:
    """Whether a person stands on a care list: one of its words is in his notes."""
    return any(word in person.notes for word in words)


# Words


def gaps(words: str) -> list[str]:
    """The names in {{ }}: what is filled in for each group."""
    return _GAP.findall(words)


def filled(words: str, values: Mapping[str, str]) -> str:
    """The words with every gap filled. Nothing but a name can stand in a gap: no code runs."""
    return _GAP.sub(lambda found: values.get(found[1], found[0]), words)


def malformed(words: str) -> str:
    """What in the words looks like a template and is none: {% for %}; "" where nothing does."""
    found = _CODE.search(_GAP.sub("", words))
    return found[0] if found else ""


# Enough


def pace(count: int, per_minute: int) -> timedelta:
    """How long a notice to so many takes: `per_minute` of them go out in each minute."""
    return timedelta(minutes=max(ceil(count / per_minute) - 1, 0))


def over_budget(said: int, per_day: int, *, urgent: bool) -> bool:
    """Whether a group had its share of notices today: the rest comes in one list."""
    return not urgent and said >= per_day


def looping(lately: int) -> bool:
    """Whether a chat heard so much of the bot in five minutes that something must be wrong."""
    return lately > LOOP_MESSAGES
