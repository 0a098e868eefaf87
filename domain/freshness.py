"""What was not said in time and is of no use any more: it is not said at all.

A channel that was down for hours or days catches up in order. Facts are told late (a case was
opened, handed on, finished); what was true of a moment only would mislead by then: a reminder of a
deadline that has passed, a list of "today", manners.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from domain.workdays import TZ

LATE = timedelta(minutes=10)  # before that nothing is looked at: it is on its way as ever

_HOUR = timedelta(hours=1)
# How long after it was made it still serves.
_LIVES: Mapping[str, timedelta] = {
    # Told again every ten minutes to whoever has not answered (rules `[urgent] again`).
    "cards/case_urged": timedelta(minutes=15),
    "replies/my_code": timedelta(minutes=30),  # as long as the code itself
    "replies/calendar_sent": LATE,  # as long as the link
    **dict.fromkeys(
        (
            f"replies/{name}"
            for name in (
                "thanks hello help_resident help_staff welcome_resident welcome_staff "
                "not_understood not_understood_staff maybe_not bind_in_private bind_in_group going "
                "please_recall appointment_late appointment_expected"
            ).split()
        ),
        _HOUR,
    ),
}
# How things stood on a day; the next day they stand otherwise.
_OF_A_DAY = frozenset(
    {"cards/care_ask"}
    | {
        f"replies/{name}"
        for name in (
            "visits_today visits_workers visit_window weather overdue_list diary rounds my_cases "
            "progress care_list care_asked"
        ).split()
    }
)
# Reminders of something to come, with where their values say when that is.
_BEFORE: Mapping[str, tuple[str, str]] = {
    "replies/appointment_soon": ("appointment", "start"),
    "cards/appointment_soon": ("appointment", "start"),
}
_DEADLINE = "cards/case_soon"
# What only urges is void once the case has moved on.
_URGES = frozenset({_DEADLINE, "cards/case_urged"})


def made_at(values: Mapping[str, Any], created_at: datetime) -> datetime:
    """When words were made; they may have changed rows since, on their way to another channel."""
    at = values.get("now")
    return datetime.fromisoformat(at) if isinstance(at, str) and at else created_at


def urges(template: str) -> bool:
    """Whether it depends on how its case stands now."""
    return template in _URGES


def stale(
    template: str, values: Mapping[str, Any], made: datetime, now: datetime, status: str = ""
) -> bool:
    """Whether words are too late to be of use. `status` is that of their case now, where known."""
    if now - made < LATE:
        return False
    if template in _URGES and status and status != _case(values).get("status"):
        return True
    until = _until(template, values)
    if until is not None and until <= now:
        return True
    if template in _OF_A_DAY and made.astimezone(TZ).date() != now.astimezone(TZ).date():
        return True
    life = _LIVES.get(template)
    return life is not None and now - made >= life


def _until(template: str, values: Mapping[str, Any]) -> datetime | None:
    """The moment a reminder is about."""
    if template == _DEADLINE:
        at = _case(values).get(f"{values.get('deadline')}_due")
    else:
        thing, key = _BEFORE.get(template, ("", ""))
        found = values.get(thing)
        at = found.get(key) if isinstance(found, Mapping) else None
    return datetime.fromisoformat(at) if isinstance(at, str) and at else None


def _case(values: Mapping[str, Any]) -> Mapping[str, Any]:
    found = values.get("case")
    return found if isinstance(found, Mapping) else {}
