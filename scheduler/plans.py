"""How far planned activities are: for handlers, the page, and the morning's job."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from domain import activities as log
from domain.activities import Activity, Progress
from domain.activity_rules import Plan
from domain.city import City
from domain.people import Area, Level
from domain.workdays import TZ
from store import activities
from store.engine import Connection


async def standing(conn: Connection, city: City, area: str, day: date) -> list[Progress]:
    """How far the plans of an area are, in their periods of a day."""
    plans = plans_of(city, day)
    if not plans:
        return []
    places = [id_ for one in log.communities(city.world, area) for id_ in below(city, one.id)]
    entries = await activities.between(conn, places, *_span(plans, day))
    return log.progress(city.world, plans, entries, area, day)


async def of_week(
    conn: Connection, city: City, area: str, first: date, today: date
) -> list[dict[str, Any]]:
    """The plans a week of the calendar lies in, for its page; quotas stand as of that week (H5)."""
    last = first + timedelta(days=6)
    found = await standing(conn, city, area, min(max(today, first), last))
    return [
        {
            "name": one.plan.name,
            "first": one.first.isoformat(),
            "last": one.last.isoformat(),
            "done": one.done,
            "wanted": one.wanted,
        }
        for one in found
        if one.first <= last and first <= one.last
    ]


async def of_all(conn: Connection, city: City, day: date) -> list[tuple[Area, list[Progress]]]:
    """How far the plans of each community are; everything is read at once."""
    plans = plans_of(city, day)
    if not plans:
        return []
    by: dict[str, list[Activity]] = {}
    for entry in await activities.between(conn, None, *_span(plans, day)):
        above = city.world.ancestor(entry.area, Level.COMMUNITY)
        by.setdefault(above.id if above is not None else "", []).append(entry)
    return [
        (one, log.progress(city.world, plans, by.get(one.id, ()), one.id, day))
        for one in city.world.areas.values()
        if one.level is Level.COMMUNITY
    ]


def plans_of(city: City, day: date) -> Sequence[Plan]:
    """The plans in force on a day."""
    return city.book.at(datetime.combine(day, time(12), TZ)).activities.plans


def _span(plans: Sequence[Plan], day: date) -> tuple[date, date]:
    """The days from which entries count for any of these plans."""
    spans = [log.span(one, day) for one in plans]
    return min(one[0] for one in spans), max(one[1] for one in spans)


def below(city: City, area: str) -> list[str]:
    """An area and everything in it, by id."""
    world, here = city.world, city.world.area(area)
    if here is None or here.level in (Level.GRID, Level.COMMUNITY):
        return [area, *(one.id for one in world.grids(area) if one.id != area)]
    return [one.id for one in world.areas.values() if here in world.chain(one.id)]


def noon(day: date) -> str:
    """A day as templates read it."""
    return f"{day.isoformat()}T12:00:00+08:00"


def shown(found: Sequence[Progress]) -> list[dict[str, Any]]:
    """Plans as the templates see them."""
    return [
        {
            "what": one.plan.name,
            "kind": one.plan.kind.value,
            "last": noon(one.last),
            "complete": one.complete,
            "done": one.done,
            "wanted": one.wanted,
            "held": one.held,
            "left": one.wanted - one.done,
            "most": one.plan.most,
        }
        for one in found
    ]
