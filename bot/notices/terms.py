"""What a leader has to know of a notice beside its words, as the page 日历 shows it."""

from typing import Any

from domain.city import City
from domain.notice_moves import comes_again
from domain.notice_times import rhythm_of
from domain.notices import Notice
from domain.quiet import not_before
from domain.workdays import TZ
from store.notice_plans import shown


def terms(city: City, one: Notice) -> dict[str, Any]:
    """When it comes round, until when it counts, and who says yes to it or did.

    `rhythm` is None for what comes once. `missed` tells what becomes of a time at which the bot was
    off, "" where it goes at once; `held` when it is said instead of in the quiet hours, "" for no.
    """
    rhythm, desk = rhythm_of(one.rhythm), city.world.person(one.approved_by or one.approver)
    held = not_before(one.due_at, city.quiet, urgent=one.urgent)
    until = one.ends_at.astimezone(TZ)
    return {
        "rhythm": shown(one.rhythm) if comes_again(one) else None,
        "missed": rhythm.missed.value if rhythm is not None else "",
        "until": f"{until:%Y-%m-%dT%H:%M}",
        "held": f"{held.astimezone(TZ):%H:%M}" if held is not None else "",
        "desk": desk.name if desk is not None else "",
        "approved": bool(one.approved_by),
        "urgent": one.urgent,
        "receipts": one.receipts,
    }
