"""[visits] of the rules, the rest of it: focus areas, quotas, standards, inspections, weather."""

from bot.deployment.toml import Section
from domain.rules import CODES
from domain.visit_rules import (
    BY_FLOOR,
    BYS,
    Focus,
    Per,
    Quota,
    Rhythm,
    Standard,
    VisitRules,
    Weather,
    rhythm,
)
from domain.visits import VisitKind

_WEEKLY = Rhythm(1, Per.WEEK)
_TWICE = 2


def read_rhythm(section: Section, key: str, default: Rhythm | None = None) -> Rhythm:
    """Read how often, 2/week; required where there is no default."""
    raw = section.value(key, required=default is None)
    found = rhythm(raw) if isinstance(raw, str) else None
    if raw is not None and found is None:
        section.fault("rhythm", key, value=raw)
    return found or default or _WEEKLY


def counted_by(section: Section) -> str:
    """By what the items of a component are counted."""
    raw = section.value("by")
    if raw is not None and raw not in BYS:
        section.fault("choice", "by", value=raw, known=", ".join(BYS))
    return str(raw) if raw in BYS else BY_FLOOR


def focus(section: Section) -> Focus:
    """One [[visits.focus]]."""
    found = Focus(
        section.text("name"), section.names("areas", required=True), section.count("times", _TWICE)
    )
    section.done()
    return found


def quota(section: Section) -> Quota:
    """One [[visits.quota]]."""
    found = Quota(
        section.names("people", required=True),
        section.text("area"),
        read_rhythm(section, "rhythm"),
        section.yes("together", False),
    )
    section.done()
    return found


def standards(section: Section) -> dict[str, Standard]:
    """[visits.standard.KIND]: each kind of visit with its eight points (F18)."""
    found: dict[str, Standard] = {}
    kinds = [kind.value for kind in VisitKind if kind is not VisitKind.EXTRA]
    written = section.keys()
    for kind in written:
        if kind not in kinds:
            section.fault("choice", kind, value=kind, known=", ".join(kinds))
        found[kind] = _standard(section.table(kind))
    return found


def _standard(section: Section) -> Standard:
    codes = section.names("categories", required=True)
    for code in codes:
        if code not in CODES:
            known = ", ".join(CODES)
            section.fault("category_unknown", "categories", value=code, known=known)
    found = Standard(
        frequency=section.text("frequency"),
        scope=section.text("scope"),
        content=section.text("content"),
        nature=section.text("nature"),
        evidence=section.text("evidence"),
        categories=codes,
        report_to=section.text("report_to"),
        liability=section.text("liability"),
    )
    section.done()
    return found


def weather(section: Section) -> Weather:
    """[visits.weather]."""
    base = VisitRules().weather
    found = Weather(section.count("cloudy", base.cloudy), section.count("rainy", base.rainy))
    section.done()
    return found
