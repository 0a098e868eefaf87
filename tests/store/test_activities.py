"""The activity log and the public board, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.activities import Activity, Amount
from domain.activity_rules import Kind
from domain.case import Dues, Satisfaction, Status
from store import activities, agenda, board, cases
from store.engine import Store
from tests import factories as make

DAY = date(2026, 11, 23)
ENTRY = Activity(
    id=0,
    area="g01",
    kind=Kind.PUBLICITY,
    day=DAY,
    at=make.NOW,
    by="w.li",
    words="今天宣传活动 海报32张",
    times=2,
    amounts=(Amount("海报", 32, "张"),),
    stages=("居民",),
    people=("w.li",),
    absent=("w.he",),
)


async def test_an_entry_comes_back_as_it_went_in(store: Store) -> None:
    async with store.write() as conn:
        added = await activities.add(conn, ENTRY, letter=7)
        (found,) = await activities.between(conn, ["g01"], DAY, DAY)
        assert found == added == replace(ENTRY, id=added.id)
        assert await activities.get(conn, added.id) == await activities.last_of(conn, "w.li")


@pytest.mark.parametrize(
    ("areas", "first", "last", "count"),
    [
        (["g01", "g02"], 0, 0, 1),
        (None, 0, 0, 1),
        (["g02"], 0, 0, 0),
        (None, 1, 2, 0),
        (None, -2, -1, 0),
    ],
    ids=["of these areas", "everywhere", "of another", "the day after", "the day before"],
)
async def test_which_entries_are_asked_for(
    store: Store, areas: list[str] | None, first: int, last: int, count: int
) -> None:
    span = [DAY + timedelta(days=day) for day in (first, last)]
    async with store.write() as conn:
        await activities.add(conn, ENTRY)
        assert len(await activities.between(conn, areas, *span)) == count


async def test_what_is_taken_back_or_recalled_counts_no_more(store: Store) -> None:
    async with store.write() as conn:
        first = await activities.add(conn, ENTRY)
        await activities.add(conn, replace(ENTRY, words="今天宣传 资料50份"))
        await activities.take_back(conn, first.id, "l.c1")
        assert await activities.get(conn, first.id) is None
        await activities.hide(conn, ["w.he"], "今天宣传 资料50份")
        assert len(await activities.between(conn, None, DAY, DAY)) == 1
        await activities.hide(conn, ["w.li", "x:li"], "今天宣传 资料50份")
        assert await activities.between(conn, None, DAY, DAY) == []
        assert await activities.last_of(conn, "w.li") is None


async def test_the_board_counts_what_was_opened_in_the_span(store: Store) -> None:
    fresh = make.case()
    closed = {"status": Status.CLOSED, "satisfaction": Satisfaction.SATISFIED}
    later = fresh.opened_at + timedelta(days=1)
    made = [
        fresh,
        replace(fresh, **closed),
        replace(fresh, **closed | {"satisfaction": Satisfaction.NO_ANSWER}),
        replace(fresh, **closed | {"satisfaction": Satisfaction.DISSATISFIED}),
        replace(fresh, status=Status.REJECTED),
        replace(fresh, status=Status.WITHDRAWN),
        replace(fresh, area="elsewhere"),
        replace(fresh, opened_at=later),
    ]
    async with store.write() as conn:
        for one in made:
            await cases.add(conn, one)
        found = await board.counts(conn, [fresh.area], fresh.opened_at, later)
        none = await board.counts(conn, ["nowhere"], fresh.opened_at, later)
    assert found == board.Counts(opened=4, working=1, answered=2, satisfied=1)
    assert found.finished == 3
    assert none == board.Counts(0, 0, 0, 0)


async def test_the_meeting_hears_of_what_it_handed_out_and_of_what_is_late(store: Store) -> None:
    fresh = make.case()
    hour = timedelta(hours=1)

    def due(hours: int) -> Dues:
        return Dues(finish=make.NOW + hours * hour)

    async with store.write() as conn:
        wanted = [
            await cases.add(conn, replace(fresh, source=agenda.MEETING, dues=due(3))),
            await cases.add(conn, replace(fresh, overdue=True, dues=due(1))),
            await cases.add(conn, replace(fresh, supervised=True, dues=due(2))),
        ]
        await cases.add(conn, fresh)
        await cases.add(conn, replace(fresh, source=agenda.MEETING, status=Status.FINISHED))
        await cases.add(conn, replace(fresh, overdue=True, area="elsewhere"))
        assert await agenda.matters(conn, [fresh.area]) == [wanted[1], wanted[2], wanted[0]]
