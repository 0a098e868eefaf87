"""The section [appointments] of a rules file."""

from datetime import time

from bot.deployment.toml import Section, clock
from domain.appointment_rules import AppointmentRules


def appointment_rules(section: Section) -> AppointmentRules:
    """Read the section; what is not written keeps its default."""
    base = AppointmentRules()
    rules = AppointmentRules(
        hours=_hours(section) or base.hours,
        length=section.duration("length") or base.length,
        lead=section.duration("lead") or base.lead,
        horizon=section.duration("horizon") or base.horizon,
        offers=section.count("offers", base.offers),
        wait=section.duration("wait") or base.wait,
        remind=section.duration("remind") or base.remind,
        ask_after=section.duration("ask_after") or base.ask_after,
        most=section.count("most", base.most),
    )
    section.done()
    return rules


def _hours(section: Section) -> tuple[tuple[time, time], ...]:
    """Read spans of hours like 08:30-12:00."""
    found: list[tuple[time, time]] = []
    for text in section.names("hours"):
        start, end = (clock(part) for part in (*text.split("-", 1), "")[:2])
        if start is None or end is None or start >= end:
            section.fault(
                "value_type", "hours", value=text, wanted=" HH:MM-HH:MM", example='"08:30-12:00"'
            )
        else:
            found.append((start, end))
    return tuple(found)
