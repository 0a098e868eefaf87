"""Who is on a care list: found once in all residents, not for each piece of a plan (F11)."""

from collections.abc import Mapping, Sequence

from domain.people import Person, World
from domain.visit_rules import CareRule


class _Lists:
    """The care lists of the world in use: going through all residents is long, and is done once."""

    world: World | None = None
    rules: tuple[CareRule, ...] = ()
    found: Mapping[str, Sequence[tuple[Person, CareRule, str]]] = {}


def care(
    world: World, rules: tuple[CareRule, ...]
) -> Mapping[str, Sequence[tuple[Person, CareRule, str]]]:
    """Who is on a care list, by grid, with the first rule that names him and its word."""
    if _Lists.world is not world or _Lists.rules != rules:
        found: dict[str, list[tuple[Person, CareRule, str]]] = {}
        for person in world.people.noted() if rules else ():
            listed = _listed(person, rules)
            if listed is not None:
                found.setdefault(person.area, []).append((person, *listed))
        _Lists.world, _Lists.rules, _Lists.found = world, rules, found
    return _Lists.found


def _listed(person: Person, rules: Sequence[CareRule]) -> tuple[CareRule, str] | None:
    for rule in rules:
        for word in rule.words:
            if word in person.notes:
                return rule, word
    return None
