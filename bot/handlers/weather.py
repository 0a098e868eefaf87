"""民情气象: what the day brought where the speaker answers, on demand (domain.md F3, F12, F19)."""

from collections import Counter
from datetime import timedelta
from typing import Any

from bot.ledgers.forms import said
from bot.ledgers.month import month, objects
from bot.turn import STAFF, Handler, Turn
from bot.understanding.activities import months
from domain.visits import VisitKind, VisitStatus, day_of, start_of
from domain.weather import coverage, field, share, sky
from scheduler.plans import below
from store import daily

_MOST = 3  # categories that are named


async def weather(turn: Turn) -> None:
    """Tell the day in one word, with the cases, the rounds and who was in the field."""
    person, work = turn.speaker.person, turn.work
    area = work.city.world.area(person.area) if person is not None else None
    if area is None:
        return
    world, rules = work.city.world, work.city.book.at(work.now)
    today = day_of(work.now)
    span = start_of(today), start_of(today + timedelta(days=1))
    areas = below(work.city, area.id)
    cases = await daily.opened(work.conn, areas, *span)
    planned = await daily.due(work.conn, areas, *span)
    made = await daily.made(work.conn, areas, *span)
    out = frozenset(one.done_by for one in made)
    levels = field(world, area.id, out, work.city.leaves.away(today))
    total, urgent = sum(one[2] for one in cases), sum(one[2] for one in cases if one[1])
    kinds: Counter[str] = Counter()
    for category, _, count in cases:
        kinds[rules.category(category).name] += count
    values: dict[str, Any] = {
        "area": area.name,
        "sky": sky(total, urgent, rules.visits.weather).value,
        "cases": total,
        "urgent": urgent,
        "kinds": [list(one) for one in kinds.most_common(_MOST)],
        "made": sum(one.kind is not VisitKind.PATROL for one in made),
        # One message may make two visits of a place: what it found is found once.
        "findings": len({(one.letter or -one.id, one.finding) for one in made if one.finding}),
        "coverage": [
            {
                "kind": said()["kinds"][kind.value],
                "done": sum(one.status is VisitStatus.DONE for one in planned if one.kind is kind),
                "total": sum(one.kind is kind for one in planned),
            }
            for kind in VisitKind
            if kind is not VisitKind.EXTRA and any(one.kind is kind for one in planned)
        ],
        "objects": objects(
            coverage(world, await daily.objects(work.conn, areas, *span)),
        ),
        "levels": [
            {"level": one.level.value, "out": one.out, "staff": one.staff} for one in levels
        ],
        "share": round(100 * share(levels)),
        "wanted": round(100 * rules.visits.field_share),
    }
    work.reply("replies/weather", {"weather": values})


async def weather_month(turn: Turn) -> None:
    """Tell a month: who was in the field, what was covered, what people said."""
    person, work = turn.speaker.person, turn.work
    area = work.city.world.area(person.area) if person is not None else None
    if area is not None:
        first, last = months(turn.heard.words, day_of(work.now))
        values = await month(work, area, first, last)
        work.reply("replies/weather_month", {"weather": values})


_RUN = {"weather": weather, "weather_month": weather_month}


async def run(turn: Turn) -> None:
    """Tell the day, or the month."""
    await _RUN[turn.heard.intent](turn)


HANDLER = Handler(intents=tuple(_RUN), run=run, roles=STAFF)
