"""How soon something is said: emergencies at once, what the bot starts not in the quiet hours."""

from datetime import datetime
from typing import TypedDict

from domain.case import Case
from domain.city import City
from domain.quiet import not_before, started
from store.outbox import Priority


class Weight(TypedDict, total=False):
    """What decides when a saying goes out."""

    priority: Priority
    not_before: datetime


def weight(
    city: City, case: Case | None, now: datetime, usual: Priority, *, answering: bool
) -> Weight:
    """The weight of something said about a case, or about none.

    What quiet hours hold weighs least, so that it never holds up an answer in the same chat.
    """
    if case is not None and case.urgent:
        return {"priority": Priority.EMERGENCY}
    if started(case, now, answering=answering):
        later = not_before(now, city.quiet, urgent=False)
        if later is not None:
            return {"priority": Priority.BULK, "not_before": later}
    return {"priority": usual}
