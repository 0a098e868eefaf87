"""How a notice gets to its places, known before it is sent: what no channel can simply carry."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.messages import Address
from domain.routes import Need, Why, choose
from store import windows
from store.directory import Directory
from store.engine import Connection
from store.notices import Target, parts

_SIMPLE = (Why.HERE, Why.ANY_TIME, Why.WINDOW)


@dataclass(frozen=True, slots=True)
class Detour:
    """So many places of a notice that a channel carries only in part, later, or not at all.

    `kind` is the channel's, "" where there is none; `why` is the reason its way was taken.
    """

    kind: str
    why: Why
    groups: int
    people: int


async def detours(
    conn: Connection, directory: Directory, now: datetime, places: Sequence[Target]
) -> list[Detour]:
    """What differs from simply being said, most places first; nothing where nothing does."""
    others = {one.person: _ways(directory, one) for one in places if one.person}
    known: dict[str, windows.Standing] = {}
    for part in parts([way for some in others.values() for way in some]):
        known |= await windows.read(conn, part)
    found: Counter[tuple[str, Why, bool]] = Counter()
    for one in places:
        if not one.person:
            if directory.can(one.address.channel).confirms:
                found[_kind(directory, one.address), Why.TAP, True] += 1
            continue
        ways = directory.standing(others[one.person], known)
        choice = choose(ways, Need(now, here=one.address.channel))
        staff = directory.world.person(one.person)
        if choice.why is Why.NOWHERE and staff and directory.staff_group(staff, ""):
            continue  # he is told by name among his colleagues
        if choice.why not in _SIMPLE:
            there = choice.way.address if choice.way is not None else None
            found[_kind(directory, there), choice.why, False] += 1
    whys = sorted(found, key=lambda one: (-found[one], one))
    return [
        Detour(kind, why, found[kind, why, group] * group, found[kind, why, group] * (not group))
        for kind, why, group in whys
    ]


def narrowest(directory: Directory, places: Sequence[Target]) -> tuple[str, int]:
    """The channel that has least room for a notice among those it may take, and its bytes.

    "" and 0 where there is none. A text message has a template of its own and does not count.
    """
    channels = {one.address.channel for one in places if one.address.channel}
    channels |= {
        way.channel for one in places if not one.address.channel for way in _ways(directory, one)
    }
    rooms = [(can.max_bytes, name) for name in channels if not (can := directory.can(name)).costs]
    if not rooms:
        return "", 0
    room, name = min(rooms)
    return directory.kinds.get(name, name), room


def _ways(directory: Directory, place: Target) -> list[Address]:
    """Everywhere the person of a place may be told; where he is to be told first."""
    known = directory.ways(place.person, place.address.channel)
    if not place.address.channel or place.address in known:
        return known
    return [place.address, *known]


def _kind(directory: Directory, address: Address | None) -> str:
    return directory.kinds.get(address.channel, address.channel) if address is not None else ""
