"""Timers: each fires once, whoever takes it, and does not come back by itself."""

import asyncio
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pytest
from sqlalchemy import select

from domain.case import Case, Dues, Status, timers
from store import cases
from store import tables as t
from store import timers as rows
from store.engine import Connection, Store
from tests import factories as make
from tests import postgres

KINDS = ["respond", "finish"]


async def put(store: Store, *timers: tuple[str, int, float]) -> None:
    async with store.write() as conn:
        for kind, subject, minutes in timers:
            await rows.set_one(conn, kind, subject, make.after(minutes=minutes))


async def take(store: Store, minutes: float, limit: int = 50) -> list[tuple[str, int]]:
    async with store.write() as conn:
        due = await rows.take_due(conn, KINDS, make.after(minutes=minutes), limit)
    return [(one.kind, one.subject) for one in due]


async def test_what_is_due_is_taken_once_oldest_first(store: Store) -> None:
    await put(store, ("finish", 1, 3), ("respond", 1, 1), ("respond", 2, 2), ("respond", 3, 9))
    assert await take(store, 0) == []
    assert await take(store, 3, limit=2) == [("respond", 1), ("respond", 2)]
    assert await take(store, 3) == [("finish", 1)]
    assert await take(store, 3) == []


async def test_others_kinds_are_left_alone(store: Store) -> None:
    await put(store, ("visit", 1, 1), ("respond", 1, 2))
    assert await take(store, 5) == [("respond", 1)]
    async with store.read() as conn:
        assert await rows.next_due(conn) == make.after(minutes=1)
        assert await rows.next_due(conn, KINDS) is None


async def test_a_timer_whose_effect_failed_is_still_there(store: Store) -> None:
    await put(store, ("respond", 1, 1))

    async def fail() -> None:
        async with store.write() as conn:
            assert await rows.take_due(conn, KINDS, make.after(minutes=1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await take(store, 1) == [("respond", 1)]


async def test_put_aside_a_timer_fires_later(store: Store) -> None:
    await put(store, ("respond", 1, 1), ("respond", 2, 1))
    async with store.read() as conn:
        first, _ = await rows.take_due(conn, KINDS, make.after(minutes=1))  # not committed
    async with store.write() as conn:
        await rows.postpone(conn, first, make.after(minutes=2))
    assert await take(store, 1) == [("respond", 2)]
    assert await take(store, 2) == [("respond", 1)]


async def test_a_timer_that_is_gone_cannot_be_put_aside(store: Store) -> None:
    await put(store, ("respond", 1, 1))
    async with store.write() as conn:
        (gone,) = await rows.take_due(conn, KINDS, make.after(minutes=1))
        await rows.postpone(conn, gone, make.after(minutes=2))
    assert await take(store, 9) == []


@postgres.only
async def test_two_processes_fire_each_timer_once(store: Store, open_store) -> None:
    await put(store, *(("respond", n, n / 100) for n in range(200)))
    fired: list[int] = []

    async def run(mine: Store) -> None:
        while taken := await take(mine, 60, limit=7):
            fired.extend(subject for _, subject in taken)

    await asyncio.gather(run(store), run(open_store()), run(open_store()))
    assert sorted(fired) == list(range(200))


async def kinds(store: Store) -> dict[str, object]:
    async with store.read() as conn:
        return {row.kind: row.due_at for row in await conn.execute(select(t.timers))}


async def change(conn: Connection, subject: int, *clocks: dict[str, datetime]) -> None:
    changes = rows.Changes()
    changes.follow(subject, *clocks)
    await changes.write(conn)


async def stored(store: Store, **changes) -> Case:
    async with store.write() as conn:
        case = await cases.add(conn, make.case(**changes))
        await change(conn, case.id, {}, timers(case))
    return case


async def follow(store: Store, before: Case, after: Case) -> None:
    async with store.write() as conn:
        await change(conn, before.id, timers(before), timers(after))


async def test_timers_follow_the_clocks_of_a_case(store: Store) -> None:
    case = await stored(store)
    assert await kinds(store) == timers(case)
    accepted = replace(case, dues=replace(case.dues, respond=None, respond_soon=None))
    await follow(store, case, accepted)
    assert set(await kinds(store)) == {"finish_soon", "finish"}
    extended = replace(accepted, dues=replace(accepted.dues, finish=make.after(hours=90)))
    await follow(store, accepted, extended)
    assert (await kinds(store))["finish"] == make.after(hours=90)
    finished = replace(
        extended, status=Status.FINISHED, dues=replace(extended.dues, verify=make.after(days=7))
    )
    await follow(store, extended, finished)
    assert await kinds(store) == {"verify": make.after(days=7)}
    await follow(store, finished, replace(finished, status=Status.CLOSED))
    assert await kinds(store) == {}


async def test_a_timer_that_fired_does_not_come_back_when_something_else_changes(
    store: Store,
) -> None:
    case = await stored(store, dues=Dues(respond=make.NOW, finish=make.after(hours=1)))
    assert await take(store, 0) == [("respond", case.id)]
    added = replace(case, words="更多", dues=replace(case.dues, finish=make.after(hours=2)))
    await follow(store, case, added)
    assert set(await kinds(store)) == {"finish"}


@pytest.mark.parametrize(
    ("standing", "changes", "left"),
    [
        pytest.param({}, [{"respond": 5}], {"respond": 5}, id="set"),
        pytest.param({"respond": 5}, [{}], {}, id="removed"),
        pytest.param({"respond": 5}, [{"respond": 9}], {"respond": 9}, id="moved"),
        pytest.param({}, [{"respond": 5}, {}], {}, id="set and removed again"),
        pytest.param({"respond": 5}, [{}, {"respond": 9}], {"respond": 9}, id="removed and set"),
        pytest.param(
            {"respond": 5}, [{"respond": 7}, {"respond": 9}], {"respond": 9}, id="moved twice"
        ),
    ],
)
async def test_several_changes_in_one_transaction_come_to_the_last(
    store: Store,
    standing: dict[str, int],
    changes: list[dict[str, int]],
    left: dict[str, int],
) -> None:
    at = [{kind: make.after(minutes=n) for kind, n in one.items()} for one in (standing, *changes)]
    async with store.write() as conn:
        await change(conn, 1, {}, at[0])
        pending = rows.Changes()
        for before, after in pairwise(at):
            pending.follow(1, before, after)
        await pending.write(conn)
    assert await kinds(store) == {kind: make.after(minutes=n) for kind, n in left.items()}


async def test_a_clock_that_starts_afresh_fires_again(store: Store) -> None:
    case = await stored(store, dues=Dues(respond=make.NOW))
    assert await take(store, 0) == [("respond", case.id)]
    await follow(store, case, replace(case, dues=Dues(respond=make.after(hours=2))))
    assert await kinds(store) == {"respond": make.after(hours=2)}
