"""Due times: the two clocks of a case, held through nights and days off (taxonomy rules 1-4)."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from domain.rules import Rules
from domain.workdays import TZ, Calendar


@dataclass(frozen=True, slots=True)
class Clocks:
    """When a case must be answered, reached (urgent only) and finished; UTC."""

    respond_due: datetime
    arrive_due: datetime | None
    finish_due: datetime
    special: str | None = None


def clocks(
    rules: Rules,
    calendar: Calendar,
    *,
    category: str,
    intent: str,
    urgent: bool,
    text: str,
    start: datetime,
) -> Clocks:
    """Set the clocks of a case opened at `start`; finish runs in natural hours (taxonomy table)."""
    hours = rules.hours(category, intent, urgent, text)
    respond = start + hours.respond
    return Clocks(
        respond if urgent else postponed(start, respond, rules, calendar),
        start + hours.arrive if hours.arrive else None,
        start + hours.finish,
        hours.special,
    )


def postponed(start: datetime, due: datetime, rules: Rules, calendar: Calendar) -> datetime:
    """Move a response due out of nights and days off (taxonomy rule 3); not for urgent cases.

    What starts in one is due no earlier than 09:00 of the next working day; what would fall due
    in one is due then. The result is never before `due`.
    """
    if closed(start, rules, calendar):
        due = max(due, reopening(start, rules, calendar))
    return reopening(due, rules, calendar) if closed(due, rules, calendar) else due


def closed(moment: datetime, rules: Rules, calendar: Calendar) -> bool:
    """Tell whether nobody has to answer at a moment: it is night, or a day off."""
    local = moment.astimezone(TZ)
    start, end, now = rules.night_start, rules.night_end, local.time()
    night = start <= now < end if start <= end else now >= start or now < end
    return night or not calendar.is_workday(local.date())


def awake(moment: datetime, quiet: tuple[time, time] | None) -> datetime:
    """Move a moment out of the quiet hours to their end; nobody is woken for what can wait."""
    if quiet is None:
        return moment
    start, end = quiet
    local = moment.astimezone(TZ)
    now = local.time()
    if not (start <= now < end if start <= end else now >= start or now < end):
        return moment
    day = local.date() + timedelta(days=1) if end <= now else local.date()
    return datetime.combine(day, end, TZ).astimezone(UTC)


def reopening(moment: datetime, rules: Rules, calendar: Calendar) -> datetime:
    """Return the next morning at which work begins again: after 02:00 that is the same day."""
    local = moment.astimezone(TZ)
    day = local.date()
    if local.time() >= min(rules.night_end, rules.resume):
        day += timedelta(days=1)
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    return datetime.combine(day, rules.resume, TZ).astimezone(UTC)


def urge(rules: Rules, opened: datetime, last: datetime | None, now: datetime) -> datetime | None:
    """Return when an unanswered emergency is told again; None once `urgent_again_for` is over.

    `last` is the moment that has just come, None at the opening. One that comes much too late,
    after a stop, counts from now: what was missed is not made up one by one.
    """
    again = rules.urgent_again
    punctual = last is not None and now - last < again / 2
    due = (last if last is not None and punctual else now) + again
    return due if due - opened <= rules.urgent_again_for else None


def reminder(start: datetime, due: datetime, rules: Rules) -> datetime:
    """Return the moment at which a quarter of the time remains (taxonomy rule 4)."""
    return start + (due - start) * rules.remind_at
