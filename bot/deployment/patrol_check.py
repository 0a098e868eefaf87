"""What an operator should know of his patrols: visits without a standard, rules for nobody."""

from collections.abc import Iterator, Mapping

from bot.deployment.files import Report
from bot.deployment.toml import Toml
from domain.people import World
from domain.rules import Rules
from domain.visit_rules import VisitRules
from domain.visits import VisitKind


def advise_patrols(world: World, found: Mapping[str, tuple[Toml, Rules]], report: Report) -> None:
    """Warn by the newest rules: a kind of visit in use has no standard (F18), or a name no row."""
    toml, rules = found[max(found)]
    visits = rules.visits
    for kind in _in_use(world, visits):
        if kind not in visits.standards:
            field = f"visits.standard.{kind}"
            report.warn("standard_missing", toml.file, toml.row("visits"), field, value=kind)
    for key, path, known in _named(world, visits):
        unknown, value = known
        if unknown:
            field = ".".join(map(str, path))
            report.warn(key, toml.file, toml.row(*path), field, value=value)


def _in_use(world: World, rules: VisitRules) -> Iterator[str]:
    """The kinds of visits these rules plan."""
    if rules.windows:
        yield VisitKind.PATROL.value
    if any(rules.rhythm_of(place.frequency) for place in world.places) or rules.quotas:
        yield VisitKind.VISIT.value
    if rules.care:
        yield VisitKind.CARE.value
    if rules.campaigns:
        yield VisitKind.CAMPAIGN.value
    if rules.hot.at_least:
        yield VisitKind.HOTSPOT.value


def _named(
    world: World, rules: VisitRules
) -> Iterator[tuple[str, tuple[str | int, ...], tuple[bool, str]]]:
    """Every area and person of focuses and quotas: the message, where it stands, if unknown."""
    for at, focus in enumerate(rules.focus):
        for area in focus.areas:
            yield "area_unknown", ("visits", "focus", at), (area not in world.areas, area)
    for at, quota in enumerate(rules.quotas):
        where = ("visits", "quota", at)
        yield "area_unknown", where, (quota.area not in world.areas, quota.area)
        for one in quota.people:
            person = world.person(one)
            nobody = person is None or not person.role.staff
            yield "quota_nobody", where, (nobody, one)
