"""今日走访: what there is to do today, and why (domain.md F1, F6)."""

from bot.turn import STAFF, Handler, Turn
from bot.visit_says import line
from domain.people import Role
from domain.visits import VisitKind, VisitStatus, day_of, start_of
from store import visits

_MOST = 10  # more is no list for a telephone


async def visits_today(turn: Turn) -> None:
    """List what is due today or late, soonest first; a leader sees how his workers stand."""
    person, work = turn.speaker.person, turn.work
    if person is None:
        return
    if person.role is not Role.WORKER:
        await _of_workers(turn)
        return
    today = day_of(work.now)
    standing = await visits.standing(work.conn, person.id, today, work.now)
    mine = [one for one in standing if one.due <= today]
    mine.sort(key=lambda one: (one.kind is not VisitKind.PATROL, one.due_at, one.id))
    made = await visits.made_by(work.conn, person.id, start_of(today))
    values = {
        "lines": [line(one) for one in mine[:_MOST]],
        "more": max(0, len(mine) - _MOST),
        "later": sum(one.due > today for one in standing),
        "made": len(made),
    }
    work.reply("replies/visits_today", values)


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
