"""今日走访: what there is to do today, and why (domain.md F1, F6)."""

from collections.abc import Sequence
from typing import Any

from bot.turn import STAFF, Handler, Turn
from bot.visits.says import apart, line
from domain.people import Role
from domain.visits import Visit, VisitKind, VisitStatus, day_of, start_of
from store import visits

_MOST = 10  # more is no list for a telephone


async def visits_today(turn: Turn) -> None:
    """List what is due today or late, soonest first; a leader sees how his workers stand."""
    person, work = turn.speaker.person, turn.work
    if person is None:
        return
    today = day_of(work.now)
    standing = await visits.standing(work.conn, person.id, today, work.now)
    if person.role is not Role.WORKER:
        await _of_workers(turn)
        if not standing:  # he owes no visit of his own
            return
    mine = [one for one in standing if one.due <= today]
    mine.sort(key=lambda one: (one.kind is not VisitKind.PATROL, one.due_at, one.id))
    made = await visits.made_by(work.conn, person.id, start_of(today))
    later = sum(one.due > today for one in standing)

    def listed(some: Sequence[Visit]) -> dict[str, Any]:
        lines = [line(one) for one in some[:_MOST]]
        more = max(0, len(some) - _MOST)
        return {"lines": lines, "more": more, "later": later, "made": len(made)}

    open_to_all = [one for one in mine if one.kind is not VisitKind.CARE]
    apart(turn, "replies/visits_today", listed(mine), listed(open_to_all))


async def _of_workers(turn: Turn) -> None:
    """How many visits each worker below has made today, and how many are left."""
    work = turn.work
    person, today = turn.speaker.person, day_of(turn.work.now)
    area = person.area if person is not None else ""
    lines = []
    for worker in work.city.world.workers(area):
        left = await visits.standing(work.conn, worker.id, today, work.now)
        made = await visits.made_by(work.conn, worker.id, start_of(today))
        planned = sum(one.due <= today and one.status is VisitStatus.PLANNED for one in left)
        lines.append({"person": worker.name, "made": len(made), "left": planned})
    shown = lines[:_MOST]
    values = {"lines": shown, "more": len(lines) - len(shown)}
    work.reply("replies/visits_workers", values)


HANDLER = Handler(intents=("visits_today",), run=visits_today, roles=STAFF)
