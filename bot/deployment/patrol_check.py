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
    for at, quota in enumerate(visits.quotas):
        for one in quota.people:
            person = world.person(one)
            if person is None or not person.role.staff:
                path = ("visits", "quota", at, "people")
                field = ".".join(map(str, path))
                report.warn("quota_nobody", toml.file, toml.row(*path), field, value=one)


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
