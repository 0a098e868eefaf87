"""The section [welfare] of a rules file."""

from datetime import time

from bot.deployment.toml import Section
from domain.welfare_rules import EVERY_DAY, WORKING_DAYS, PlanRule, WelfareRules

_NAMED = {"daily": EVERY_DAY, "workdays": WORKING_DAYS}


def welfare_rules(section: Section) -> WelfareRules:
    """Read the section; what is not written keeps its default."""
    base = WelfareRules()
    rules = WelfareRules(
        section.duration("grace") or base.grace,
        section.duration("escalate") or base.escalate,
        tuple(_plan(one) for one in section.tables("plan")),
    )
    section.done()
    return rules


def _plan(entry: Section) -> PlanRule:
    raw = entry.value("days")
    text = "daily" if raw is None else str(raw)
    days = _NAMED.get(text, text)
    if days not in _NAMED.values() and not (days and set(days) <= set(EVERY_DAY)):
        entry.fault(
            "value_type", "days", value=raw, wanted=" daily, workdays, 135", example='"135"'
        )
        days = EVERY_DAY
    plan = PlanRule(
        entry.text("name"),
        entry.text("who"),
        entry.text("what"),
        entry.text("by"),
        entry.clock("at", time(9)),
        days,
    )
    entry.done()
    return plan
