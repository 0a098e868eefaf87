"""What a folder states that fits nothing: areas, days off, a day on which no rules hold yet.

A rule for an area nobody knows plans nothing and tells nobody; the rest of the file goes on.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches

from bot.deployment.faults import Fault, fault, words
from bot.deployment.files import Report
from bot.deployment.toml import Toml
from domain.people import World
from domain.rules import RuleBook, Rules
from domain.workdays import Calendar

_ALIKE = 0.5  # of 1; g7 is like g07, and g99 is like nothing
_HOLIDAYS = "rules/holidays.csv"

Path = tuple[str | int, ...]


def advise_areas(world: World, found: Mapping[str, tuple[Toml, Rules]], report: Report) -> None:
    """Warn by the newest rules of each area that nobody knows."""
    toml, rules = found[max(found)]
    for path, value in _named(rules):
        if value in world.areas:
            continue
        near, field = nearest(world, value), ".".join(map(str, path))
        if near:
            values = {"value": value, "near": near, "name": world.areas[near].name}
            report.warn("area_near", toml.file, toml.row(*path), field, **values)
        else:
            report.warn("area_unknown", toml.file, toml.row(*path), field, value=value)


def nearest(world: World, written: str) -> str:
    """The id of the area that was meant: one of this name, else the most alike; "" for none."""
    named = {area.name: area.id for area in world.areas.values()}
    folded = {id_.casefold(): id_ for id_ in world.areas}
    known = {**named, **folded}
    found = get_close_matches(written.strip().casefold(), known, 1, _ALIKE)
    return known[found[0]] if found else ""


def _named(rules: Rules) -> Iterator[tuple[Path, str]]:
    """Every area of a rules file, with where it stands."""
    visits = rules.visits
    lists: list[tuple[Path, tuple[str, ...]]] = [
        *((("visits", "focus", at, "areas"), one.areas) for at, one in enumerate(visits.focus)),
        *((("visits", "quota", at, "area"), (one.area,)) for at, one in enumerate(visits.quotas)),
        *(
            (("visits", "campaign", at, "areas"), one.areas)
            for at, one in enumerate(visits.campaigns)
        ),
        *(
            (("activities", "plan", at, "areas"), one.areas)
            for at, one in enumerate(rules.activities.plans)
        ),
        *(
            (("notices", "plan", at, "where"), one.where)
            for at, one in enumerate(rules.notices.plans)
        ),
    ]
    for path, areas in lists:
        for area in areas:
            yield path, area


def rules_later(book: RuleBook, today: date) -> Iterator[Fault]:
    """That no version of the rules holds yet: whatever asks for them would stop."""
    first = min(book.versions)
    if first > today.isoformat():
        month, day = map(int, first.split("-")[1:])
        said = words("rules_later", "day").format(month=month, day=day)
        yield fault("rules_later", f"rules/{first}.toml", day=said, today=today)


def advise_calendar(calendar: Calendar, today: date) -> Iterator[Fault]:
    """What to write where while the days off of a year are not known, in good time."""
    year = calendar.missing(today)
    if year is not None:
        yield fault("holidays_missing", _HOLIDAYS, year=year)
