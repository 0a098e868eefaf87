"""本月民情: a month of rounds in numbers, from the log of visits alone (domain.md F3, F15, F19)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from bot.understanding.amounts import opinions
from domain.leave import Leaves
from domain.people import Area
from domain.visits import day_of, start_of
from domain.weather import Covered, Out, coverage, field, over, share
from scheduler.plans import below, noon
from store import daily, leave
from store.work import Work


async def month(work: Work, area: Area, first: date, last: date) -> dict[str, Any]:
    """What the days from one to another brought, both included; days to come do not count."""
    areas = below(work.city, area.id)
    began = await daily.began(work.conn, areas)
    last_day = min(last, day_of(work.now))
    span = start_of(first), start_of(last_day + timedelta(days=1))
    told = await daily.told(work.conn, areas, *span)
    together = sum(one.together for one in told)
    levels = await _levels(work, area, areas, max(first, began or first), last_day)
    covered = coverage(work.city.world, await daily.objects(work.conn, areas, *span))
    wanted = work.city.book.at(work.now).visits.field_share
    return {
        "area": area.name,
        "first": noon(first),
        "last": noon(max(first, last_day)),
        "made": len(told),
        "findings": sum(one.found for one in told),
        "together": together,
        "alone": len(told) - together,
        "opinions": sum(opinions(one.words) for one in told),
        "objects": objects(covered),
        "levels": [
            {"level": one.level.value, "percent": round(100 * share([one]))} for one in levels
        ],
        "share": round(100 * share(levels)),
        "wanted": round(100 * wanted),
    }


def objects(covered: Sequence[Covered]) -> list[dict[str, Any]]:
    """How far each kind of object is covered, as the templates see it."""
    return [
        {"object": one.object, "done": one.done, "total": one.total, "percent": one.percent}
        for one in covered
    ]


async def _levels(
    work: Work, area: Area, areas: Sequence[str], first: date, last: date
) -> Sequence[Out]:
    """Who of each level was in the field on the days that were worked; leave excuses (F19)."""
    leaves = Leaves(await leave.since(work.conn, first))
    span = start_of(first), start_of(last + timedelta(days=1))
    out = await daily.out(work.conn, areas, *span)
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    return over(
        field(
            work.city.world,
            area.id,
            frozenset(who for at, who in out if at == day),
            leaves.away(day),
        )
        for day in days
        if work.city.calendar.is_workday(day)
    )
