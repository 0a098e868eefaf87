"""The section [activities] of a rules file: quotas and the campaign calendar."""

from datetime import time

from bot.deployment.toml import Section
from domain.activity_rules import ActivityRules, Kind, Plan
from domain.people import Level
from domain.visit_rules import Per, Rhythm, rhythm

_NEVER = time()
_EVERY_YEAR = Rhythm(1, Per.YEAR)


def activity_rules(section: Section) -> ActivityRules:
    """Read the section; without it nothing is planned and nobody is reminded."""
    base = ActivityRules()
    written = section.keys()
    remind_at = section.clock("remind_at", _NEVER) if "remind_at" in written else None
    rules = ActivityRules(
        tuple(_plan(one) for one in section.tables("plan")),
        remind_at,
        section.share("remind_share", base.remind_share),
        section.count("supervise_after", base.supervise_after),
        _level(section) or base.supervised_by,
        section.duration("minutes_for") or base.minutes_for,
    )
    section.done()
    return rules


def _level(section: Section) -> Level | None:
    raw = section.value("supervised_by")
    known = [one.value for one in Level]
    if raw is not None and raw not in known:
        wanted = " " + " / ".join(known)
        section.fault("value_type", "supervised_by", value=raw, wanted=wanted, example='"street"')
    return Level(raw) if raw in known else None


def _plan(entry: Section) -> Plan:
    base = Plan("", Kind.OTHER)
    again, written = _rhythm(entry), entry.keys()
    plan = Plan(
        name=entry.text("name"),
        kind=_kind(entry),
        times=entry.count("times", base.times) if again is None else base.times,
        rhythm=again,
        start=entry.day("start") if again is None else base.start,
        end=entry.day("end") if again is None else base.end,
        most=entry.count("most", 1) if "most" in written else base.most,
        words=entry.names("words"),
        areas=entry.names("areas"),
    )
    if plan.end < plan.start:
        entry.fault("window_order", "end")
    entry.done()
    return plan


def _kind(entry: Section) -> Kind:
    raw = entry.text("kind")
    known = [one.value for one in Kind]
    if raw and raw not in known:
        wanted = " " + " / ".join(known)
        entry.fault("value_type", "kind", value=raw, wanted=wanted, example='"training"')
    return Kind(raw) if raw in known else Kind.OTHER


def _rhythm(entry: Section) -> Rhythm | None:
    raw = entry.value("rhythm")
    found = rhythm(raw) if isinstance(raw, str) else None
    if raw is not None and found is None:
        entry.fault("rhythm", "rhythm", value=raw)
        return _EVERY_YEAR
    return found
