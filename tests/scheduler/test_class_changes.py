"""The class of a place changes within its period: the old visit goes, the new one comes (F6)."""

from dataclasses import replace
from datetime import date

import pytest

from domain.city import City
from domain.people import Places
from domain.people import World as Town
from domain.visits import Confirmed, Visit, VisitKind, VisitStatus, done, end_of
from scheduler.planning import plan_grids
from store import tables_visits as t
from store import visits
from store.engine import Store
from tests import factories as make
from tests.notices.world import World

HOTEL = "琼花宾馆"
TODAY = make.NOW.date()
pytestmark = pytest.mark.parametrize("database", ["sqlite"])


def with_class(city: City, frequency: str | None) -> City:
    """The city with another frequency for the hotel; None: it is gone from places.csv."""
    world = city.world
    places = [
        replace(one, frequency=frequency or "") if one.name == HOTEL else one
        for one in world.places
        if frequency is not None or one.name != HOTEL
    ]
    town = Town(world.areas, world.people, world.groups, Places(places))
    return replace(city, world=town)


async def night(store: Store, city: City, made: bool = False) -> list[Visit]:
    """Plan the hotel's grid; the visits of the hotel, before it was perhaps made."""
    world = World(store, city, make.NOW)
    async with store.write() as conn:
        work = world.work(conn, make.NOW)
        await plan_grids(work, [city.world.areas["g03"]], TODAY)
    async with store.write() as conn:
        found = await visits.find(conn, t.visits.c.name == HOTEL)
        if made:
            said = Confirmed(make.NOW, "w.qian", "看过了")
            await visits.save(conn, done(found[0], said), "done", "w.qian", make.NOW)
    return found


@pytest.mark.parametrize(
    ("before", "after", "stand"),
    [
        pytest.param("quarterly", "quarterly", ["1/quarter planned"], id="unchanged"),
        pytest.param(
            "yearly", "quarterly", ["1/quarter planned", "1/year cancelled"], id="more often"
        ),
        pytest.param(
            "quarterly", "yearly", ["1/quarter cancelled", "1/year planned"], id="less often"
        ),
        pytest.param("quarterly", "", ["1/quarter cancelled"], id="no longer"),
        pytest.param("quarterly", None, ["1/quarter cancelled"], id="gone from the list"),
    ],
)
async def test_a_change_of_class(
    store: Store, city: City, before: str, after: str | None, stand: list[str]
) -> None:
    await night(store, with_class(city, before))
    found = await night(store, with_class(city, after))
    assert sorted(f"{one.rhythm} {one.status.value}" for one in found) == stand
    assert await night(store, with_class(city, after)) == found  # and nothing moves again
    fresh = [one for one in found if one.status is VisitStatus.PLANNED]
    assert all(TODAY <= one.due <= one.last for one in fresh)


async def test_what_was_made_stays_made(store: Store, city: City) -> None:
    await night(store, with_class(city, "quarterly"), made=True)
    found = await night(store, with_class(city, "monthly"))
    assert sorted(f"{one.rhythm} {one.status.value}" for one in found) == [
        "1/month planned",
        "1/quarter done",
    ]


async def test_a_quota_of_the_grid_is_left_alone(store: Store, city: City) -> None:
    mine = Visit(
        id=0, key="visit:g03:g03:w.qian:1/week@2026-11-23", kind=VisitKind.VISIT,
        subject="g03", name=HOTEL, area="g03", worker="w.qian", rhythm="1/week",
        first=date(2026, 11, 23), last=date(2026, 11, 29), due_at=end_of(TODAY),
    )  # fmt: skip
    async with store.write() as conn:
        await visits.add_one(conn, mine)
    found = await night(store, with_class(city, ""))
    assert [one.status for one in found] == [VisitStatus.PLANNED]
