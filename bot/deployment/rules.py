"""The rules of a deployment as its folder states them: rules/<date>.toml and rules/holidays.csv."""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar

from bot.deployment.activity_rules import activity_rules
from bot.deployment.appointment_rules import appointment_rules
from bot.deployment.files import Report, read_table
from bot.deployment.notice_rules import notice_rules
from bot.deployment.poll_rules import poll_rules
from bot.deployment.toml import Section, Toml, read_toml
from bot.deployment.visit_rules import visit_rules
from bot.deployment.volunteer_rules import volunteer_rules
from bot.deployment.welfare_rules import welfare_rules
from domain.contact import ContactRules
from domain.deliberation import DeliberationRules
from domain.rules import CODES, Category, RuleBook, Rules, Span, Special
from domain.workdays import Calendar

_EXCEL_DAY = re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})")  # as Excel writes 2026-05-01 back
_WORKED = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_HOLIDAYS = "rules/holidays.csv"


def load_rules(folder: Path, report: Report) -> dict[str, tuple[Toml, Rules]]:
    """Read every version of the rules, by the date in its name."""
    found: dict[str, tuple[Toml, Rules]] = {}
    paths = sorted((folder / "rules").glob("*.toml"))
    if not paths:
        report.add("rules_none", "rules/")
    for path in paths:
        file = f"rules/{path.name}"
        if _date(path.stem) is None:
            report.add("rules_name", file)
            continue
        toml = read_toml(path, file, report)
        if toml is not None:
            found[path.stem] = (toml, _rules(path.stem, toml, report))
    return found


def book(found: Mapping[str, tuple[Toml, Rules]]) -> RuleBook:
    """Bind the versions into a book."""
    return RuleBook.of(rules for _, rules in found.values())


def _rules(version: str, toml: Toml, report: Report) -> Rules:
    """Read one version; what is wrong is noted and replaced by the default."""
    base = Rules(version, {})
    root = Section(report, toml, toml.data)
    night, steps = root.table("night"), root.table("escalation")
    urgent = root.table("urgent", required=True)
    again, again_for = urgent.duration("again"), urgent.duration("again_for")
    talk, more, grids = root.table("conversation"), root.table("extension"), root.table("grids")
    rules = Rules(
        version,
        _categories(root.table("categories", required=True)),
        urgent=_span(urgent, base.urgent),
        urgent_again=again or base.urgent_again,
        urgent_again_for=again_for or base.urgent_again_for,
        inquiry=_span(root.table("inquiry", required=True), base.inquiry),
        suggestion=_span(root.table("suggestion", required=True), base.suggestion),
        remind_at=steps.share("remind_at", base.remind_at),
        night_start=night.clock("start", base.night_start),
        night_end=night.clock("end", base.night_end),
        resume=night.clock("resume", base.resume),
        each_level_again=steps.yes("each_level_again", base.each_level_again),
        supervise_after=steps.count("supervise_after", base.supervise_after),
        overdue_at=_clock_if_written(steps, "overdue_at"),
        grouping_window=talk.duration("grouping_window") or base.grouping_window,
        question_wait=talk.duration("question_wait") or base.question_wait,
        digest=talk.clock("digest", base.digest),
        verify_days=talk.count("verify_days", base.verify_days),
        duplicate_window=talk.duration("duplicate_window") or base.duplicate_window,
        duplicates_never=_never(talk, base.duplicates_never),
        extend=more.duration("default"),
        max_extend=more.duration("max") or base.max_extend,
        contact=_contact(root.table("contact")),
        deliberation=_deliberation(root.table("deliberation")),
        appointments=appointment_rules(root.table("appointments")),
        welfare=welfare_rules(root.table("welfare")),
        volunteers=volunteer_rules(root.table("volunteers")),
        visits=visit_rules(root.table("visits")),
        notices=notice_rules(root.table("notices")),
        activities=activity_rules(root.table("activities")),
        polls=poll_rules(root.table("polls")),
        households=(
            grids.count("households_min", base.households[0]),
            grids.count("households_max", base.households[1]),
        ),
    )
    if _in_night(rules):
        night.fault("resume_at_night", "resume")
    if rules.households[0] > rules.households[1]:
        grids.fault("household_order", "households_max")
    for section in (night, steps, talk, more, grids, root):
        section.done()
    return rules


def _clock_if_written(section: Section, key: str) -> time | None:
    written = section.keys()
    return section.clock(key, time()) if key in written else None


def _contact(section: Section) -> ContactRules:
    rules = ContactRules(
        section.names("offices"), section.text("supervision"), section.names("supervisors")
    )
    section.done()
    return rules


def _deliberation(section: Section) -> DeliberationRules:
    base = DeliberationRules()
    rules = DeliberationRules(
        section.count("vote_days", base.vote_days),
        section.count("vote_most_days", base.most_days),
    )
    section.done()
    return rules


def _never(section: Section, default: tuple[str, ...]) -> tuple[str, ...]:
    """Read the categories whose cases are never joined; an empty list joins them all."""
    if section.value("duplicates_never") is None:
        return default
    codes = section.names("duplicates_never")
    for code in codes:
        if code not in CODES:
            known = ", ".join(CODES)
            section.fault("category_unknown", "duplicates_never", value=code, known=known)
    return codes


def _in_night(rules: Rules) -> bool:
    start, end, at = rules.night_start, rules.night_end, rules.resume
    return start <= at < end if start <= end else at >= start or at < end


def _span(section: Section, default: Span) -> Span:
    """Read respond, finish and, where the default has it, arrive."""
    if section.empty:
        return default
    respond = section.duration("respond", required=True)
    finish = section.duration("finish", required=True)
    arrive = section.duration("arrive", required=True) if default.arrive else None
    section.done()
    return _ordered(section, Span(respond or default.respond, finish or default.finish, arrive))


def _ordered(section: Section, span: Span) -> Span:
    if span.finish < max(span.respond, span.arrive or span.respond):
        section.fault("duration_order", "finish")
    return span


def _categories(section: Section) -> dict[str, Category]:
    """Read every category of taxonomy.zh.md, in the order of CODES."""
    found: dict[str, Category] = {}
    for code in CODES if not section.empty else ():
        entry = section.table(code)
        if entry.empty:
            section.fault("category_missing", code, value=code)
        else:
            found[code] = _category(code, entry)
    section.done()
    return found


def _category(code: str, entry: Section) -> Category:
    name, offices = entry.text("name"), entry.names("offices")
    respond, finish = (entry.duration(key, required=True) for key in ("respond", "finish"))
    if respond and finish:
        _ordered(entry, Span(respond, finish))
    specials = tuple(_special(one) for one in entry.tables("special"))
    entry.done()
    hour = timedelta(hours=1)
    return Category(code, name, respond or hour, finish or hour, offices, specials)


def _special(entry: Section) -> Special:
    special = Special(
        entry.text("name"),
        entry.names("words", required=True),
        entry.duration("respond"),
        entry.duration("finish"),
        entry.names("offices"),
        entry.names("unless"),
    )
    entry.done()
    return special


def load_calendar(folder: Path, report: Report) -> Calendar:
    """Build the table of days: the national one where it has data, the city's over it (rule 3)."""
    table = national_days()
    if not (folder / _HOLIDAYS).exists():
        return Calendar(table)
    rows = read_table(folder / _HOLIDAYS, _HOLIDAYS, ("date", "workday", "note"), report) or ()
    seen: dict[date, int] = {}
    for row in rows:
        day, worked = _date(row.cells[0]), _WORKED.get(row.cells[1].lower())
        if day is None:
            report.add("date", _HOLIDAYS, row.number, "date", value=row.cells[0])
        elif day in seen:
            report.add("date_twice", _HOLIDAYS, row.number, "date", value=day, first=seen[day])
        if worked is None:
            report.add("workday", _HOLIDAYS, row.number, "workday", value=row.cells[1])
        elif day is not None:
            table[day] = worked
            seen.setdefault(day, row.number)
    return Calendar(table)


def national_days() -> dict[date, bool]:
    """Return every day of the years the national calendar has data for; yours to change."""
    return dict(_national_days())


@cache  # some eight thousand days, the same for every folder that is read
def _national_days() -> dict[date, bool]:
    off, worked = chinese_calendar.holidays, chinese_calendar.workdays
    first, last = date(min(off).year, 1, 1), date(max(off).year, 12, 31)
    week = Calendar()
    days = (first + timedelta(days=at) for at in range((last - first).days + 1))
    return {day: day in worked or (day not in off and week.is_workday(day)) for day in days}


def _date(text: str) -> date | None:
    if slashed := _EXCEL_DAY.fullmatch(text):
        text = "{}-{:0>2}-{:0>2}".format(*slashed.groups())
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None
