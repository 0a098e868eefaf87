"""Cases: every field comes back as it was, and nobody's move is overwritten."""

import asyncio
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.case import Case, Dues, Event, Mode, Satisfaction, Status
from domain.messages import Address
from domain.people import Level
from store import cases
from store import tables as t
from store.engine import Store
from store.plain import plain, short
from tests import factories as make
from tests import postgres

TEXT = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def words(size: int) -> st.SearchStrategy[str]:
    return st.text(TEXT, max_size=size)


MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SOMETIMES = st.none() | MOMENTS
COUNTS = st.integers(0, 2**31 - 1)
SIZES = {column.name: column.type.length for column in t.cases.c if hasattr(column.type, "length")}
SPECIAL = {
    "id": st.just(0),
    "status": st.sampled_from(Status),
    "level": st.sampled_from(Level),
    "mode": st.sampled_from(Mode),
    "satisfaction": st.sampled_from(Satisfaction),
    "reported_in": st.builds(Address, words(60), words(200), st.booleans()),
    "opened_at": MOMENTS,
    "dues": st.builds(Dues, **{field.name: SOMETIMES for field in fields(Dues)}),
}


def strategy(name: str, kind: object) -> st.SearchStrategy[object]:
    if name in SPECIAL:
        return SPECIAL[name]
    by_kind = {"str": words(SIZES.get(name) or 500), "bool": st.booleans(), "int": COUNTS}
    return by_kind.get(str(getattr(kind, "__name__", kind)), SOMETIMES)


CASES = st.builds(Case, **{field.name: strategy(field.name, field.type) for field in fields(Case)})


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(case=CASES)
async def test_every_field_comes_back(store: Store, case: Case) -> None:
    async with store.write() as conn:
        stored = await cases.add(conn, case)
        assert stored == replace(case, id=stored.id)
        assert await cases.get(conn, stored.id) == stored


async def test_moved_by_somebody_else_meanwhile(store: Store) -> None:
    async with store.write() as conn:
        case = await cases.add(conn, make.case())
        await cases.save(conn, replace(case, version=1, words="first"))
        with pytest.raises(cases.Conflict):
            await cases.save(conn, replace(case, version=1, words="second"))
        found = await cases.get(conn, case.id)
    assert found is not None
    assert (found.words, found.version) == ("first", 1)


async def test_a_case_that_is_not_there(store: Store) -> None:
    async with store.write() as conn:
        assert await cases.get(conn, 1) is None
        assert await cases.get(conn, 10**15) is None
        with pytest.raises(cases.Conflict):
            await cases.save(conn, make.case(id=5, version=1))


@postgres.only
async def test_who_gets_a_case_second_waits_and_sees_the_first_one_s_move(
    store, open_store
) -> None:
    async with store.write() as conn:
        case = await cases.add(conn, make.case())
    other = open_store()
    first_has_it, order = asyncio.Event(), []

    async def first() -> None:
        async with store.write() as conn:
            found = await cases.get(conn, case.id)
            first_has_it.set()
            await asyncio.sleep(0)
            await cases.save(conn, replace(found, version=1, words="first"))
            order.append("first")

    async def second() -> None:
        await first_has_it.wait()
        async with other.write() as conn:
            found = await cases.get(conn, case.id)
            order.append(found.words)

    await asyncio.gather(first(), second())
    assert order == ["first", "first"]


async def test_lists_of_cases(store: Store) -> None:
    closed = {"status": Status.CLOSED, "closed_at": make.NOW}
    async with store.write() as conn:
        for changes in (
            {"assignee": "w.li", "reporter": "a"},
            {"assignee": "w.he", "reporter": "a"},
            {"assignee": "w.li", "reporter": "b"} | closed,
            {"assignee": "w.li", "reporter": "b"},
        ):
            await cases.add(conn, make.case(**changes))
        assert [one.id for one in await cases.of_assignees(conn, ["w.li"])] == [1, 4]
        assert [one.id for one in await cases.of_assignees(conn, ["w.li", "w.he"])] == [1, 2, 4]
        assert [one.id for one in await cases.of_reporter(conn, "b")] == [4, 3]
        alive = await cases.alive_of(conn, ["a", "b", "c"])
        assert {who: [one.id for one in mine] for who, mine in alive.items()} == {
            "a": [2, 1],
            "b": [4],
        }
        assert await cases.alive_of(conn, []) == {}


async def test_the_timeline_is_kept_in_order(store: Store) -> None:
    events = [
        Event(1, version, make.after(minutes=version), "added", "r.wang", {"words": f"字{version}"})
        for version in range(3)
    ]
    async with store.write() as conn:
        for event in reversed(events):
            await conn.execute(t.events.insert(), [cases.event_row(event)])
        assert await cases.timeline(conn, 1) == events
        assert await cases.timeline(conn, 2) == []


# Strings from outside


@given(st.text(st.characters(), max_size=50))
def test_plain_text_can_be_written_anywhere(text: str) -> None:
    found = plain(text)
    assert "\0" not in found
    found.encode("utf-8")
    assert plain(found) == found
    if text.isprintable():
        assert found == text


@given(st.text(st.characters(), max_size=50), st.text(st.characters(), max_size=50))
def test_short_ids_differ_when_long_ones_do(one: str, two: str) -> None:
    first, second = short("x" * 90 + one, 100), short("x" * 90 + two, 100)
    assert max(len(first), len(second)) <= 100
    assert (first == second) == (plain(one) == plain(two))
