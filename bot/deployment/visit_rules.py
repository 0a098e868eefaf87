"""[visits] of the rules: windows, rhythms, care lists, campaigns, hot spots."""

from datetime import time

from bot.deployment.patrol_rules import (
    counted_by,
    focus,
    quota,
    read_rhythm,
    standards,
    weather,
)
from bot.deployment.toml import Section
from domain.visit_rules import (
    RHYTHMS,
    Campaign,
    CareRule,
    HotSpots,
    Rhythm,
    VisitRules,
    Window,
)

_WEEK = range(1, 8)


def visit_rules(section: Section) -> VisitRules:
    """Read the section; without it only the frequencies of places.csv are planned."""
    base = VisitRules()
    found = VisitRules(
        windows=tuple(_window(one) for one in section.tables("window")),
        walked=section.names("walked") or base.walked,
        list_at=section.clock("list_at", base.list_at),
        rhythms=_rhythms(section.table("rhythms")),
        care=tuple(_care(one) for one in section.tables("care")),
        campaigns=tuple(_campaign(one) for one in section.tables("campaign")),
        hot=_hot(section.table("hot")),
        same_words=section.count("same_words", base.same_words),
        same_photo=section.count("same_photo", base.same_photo),
        away=_away(section.table("away")),
        focus=tuple(focus(one) for one in section.tables("focus")),
        quotas=tuple(quota(one) for one in section.tables("quota")),
        standards=standards(section.table("standard")),
        field_share=section.share("field_share", base.field_share),
        weather=weather(section.table("weather")),
    )
    section.done()
    return found


def _window(section: Section) -> Window:
    base = Window("", VisitRules().list_at, VisitRules().list_at)
    found = Window(
        section.text("name"), section.clock("start", base.start), section.clock("end", base.end)
    )
    if found.end <= found.start:
        section.fault("window_order", "end")
    section.done()
    return found


def _rhythms(section: Section) -> dict[str, Rhythm]:
    found = {name: read_rhythm(section, name, default) for name, default in RHYTHMS.items()}
    section.done()
    return found


def _care(section: Section) -> CareRule:
    words, often = section.names("words", required=True), read_rhythm(section, "rhythm")
    found = CareRule(words, often)
    if {"start", "end"} & set(section.keys()):
        start, end = section.clock("start", time()), section.clock("end", time())
        if end <= start:  # a start alone as well: no hour without its end
            section.fault("window_order", "end")
        found = CareRule(words, often, start, end)
    section.done()
    return found


def _campaign(section: Section) -> Campaign:
    start, end = section.day("start"), section.day("end")
    found = Campaign(
        section.text("name"),
        section.names("what", required=True),
        read_rhythm(section, "rhythm"),
        start,
        end,
        section.names("areas"),
        part=section.text("part") if section.value("part") is not None else "",
        by=counted_by(section),
    )
    if end < start:
        section.fault("window_order", "end")
    section.done()
    return found


def _hot(section: Section) -> HotSpots:
    base = HotSpots()
    if section.empty:
        return VisitRules().hot
    found = HotSpots(
        section.count("days", base.days),
        section.count("at_least", base.at_least),
        read_rhythm(section, "rhythm", base.rhythm),
    )
    section.done()
    return found


def _away(section: Section) -> dict[str, tuple[int, ...]]:
    """Weekdays (1-7) by the id of a person."""
    found: dict[str, tuple[int, ...]] = {}
    for person in tuple(section.keys()):
        raw = section.value(person)
        days = raw if isinstance(raw, list) else [raw]
        known = tuple(day for day in days if isinstance(day, int) and day in _WEEK)
        if len(known) == len(days):
            found[person] = known
        else:
            section.fault("value_type", person, value=raw, wanted=" 1-7", example="[5]")
    return found
