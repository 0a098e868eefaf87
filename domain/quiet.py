"""Quiet hours: what the bot starts by itself waits for the morning; an answer never does."""

from datetime import datetime, time

from domain.case import Case
from domain.deadlines import awake

Quiet = tuple[time, time] | None


def started(case: Case | None, now: datetime, *, answering: bool) -> bool:
    """Whether the bot starts this by itself.

    What follows from a message just heard is no start. Nor is a case that opens at this moment,
    although a clock opened it: somebody wrote and was asked back.
    """
    return not answering and (case is None or case.opened_at != now)


def not_before(now: datetime, quiet: Quiet, *, urgent: bool) -> datetime | None:
    """The end of the quiet hours for what can wait; None when it may be said now.

    Issue 5: they hold what the bot starts, except emergencies (domain.md D12).
    """
    if urgent:
        return None
    moment = awake(now, quiet)
    return moment if moment > now else None
