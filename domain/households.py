"""One household, one voice: whose vote and whose 收到 it is (domain.md I3)."""

from domain import naming
from domain.people import Person, World

_KNOWN = "h:"


def household(world: World, person: Person | None, speaker: str) -> str:
    """The flat somebody of the roster lives in, however it is written there; else he himself.

    A building without a room, or a staircase, is many households: whoever is registered so answers
    for himself. A house of its own, which the gazetteer does not know as a building, is one.
    """
    if person is None or not person.home:
        return f"p:{speaker}"
    building, unit, room, area = world.home(person)
    block = world.find_building(area.id, building, person.home) if building else None
    if room:
        return f"{_KNOWN}{area.id}:{block.name if block else building}:{unit or ''}:{room}"
    if unit or block:
        return f"p:{speaker}"
    return f"{_KNOWN}{area.id}:{naming.fold(person.home)}"


def known(key: str) -> bool:
    """Whether a household is one of the roster's homes; else it is a person by himself."""
    return key.startswith(_KNOWN)
