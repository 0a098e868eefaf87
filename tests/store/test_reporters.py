"""Several reporters of a case, on both databases: each once, each with his own answer."""

from dataclasses import replace

import pytest

from domain.case import Case, Satisfaction, Status
from domain.messages import Address
from domain.reporters import Reporter
from store import cases, reporters
from store.engine import Store
from tests import factories as make

PRIVATE = Address("simulator", "r.chen")


def joining(person: str = "r.chen", minutes: int = 5, **changes) -> Reporter:
    report = make.report("3号楼2单元灯坏了", reporter=person, letters=(4, 7))
    one = Reporter(person, PRIVATE, make.after(minutes=minutes), report=report)
    return replace(one, **changes)


async def joined(store: Store, conn, *people: Reporter) -> Case:
    case = await cases.add(conn, make.case())
    for one in people:
        await reporters.add(store, conn, case, one)
    return case


async def test_the_second_reporter_brings_the_first_with_him(store: Store) -> None:
    async with store.write() as conn:
        case = await joined(store, conn, joining())
        first = Reporter("r.wang", make.GROUP, make.NOW)
        assert await reporters.of_case(conn, case.id) == [first, joining()]
        assert await reporters.of_case(conn, case.id + 1) == []


async def test_who_joins_twice_is_one(store: Store) -> None:
    async with store.write() as conn:
        case = await joined(store, conn, joining(), joining(minutes=9))
        assert [one.since for one in await reporters.of_case(conn, case.id)] == [
            make.NOW,
            make.after(minutes=5),
        ]


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        pytest.param("r.wang", True, id="the first"),
        pytest.param("r.chen", True, id="who joined"),
        pytest.param("r.liu", False, id="a neighbour"),
    ],
)
async def test_whose_case_it_is(store: Store, person: str, expected: bool) -> None:
    async with store.write() as conn:
        case = await joined(store, conn, joining())
        assert await reporters.is_one(conn, case, person) is expected


async def test_the_cases_somebody_joined_until_they_end(store: Store) -> None:
    async with store.write() as conn:
        case = await joined(store, conn, joining(), joining("r.liu", 9))
        other = await joined(store, conn, joining(minutes=30))
        found = await reporters.alive_of(conn, ["r.chen", "r.liu", "r.wang"])
        assert [(one.person, mine.id) for one, mine in found] == [
            ("r.chen", case.id),
            ("r.liu", case.id),
            ("r.chen", other.id),
        ]
        closed = replace(case, status=Status.CLOSED, closed_at=make.NOW, version=1)
        await cases.save(conn, closed)
        found = await reporters.alive_of(conn, ["r.chen"])
        assert [mine.id for _, mine in found] == [other.id]
        assert [one.id for one in await cases.of_reporter(conn, "r.chen")] == [other.id, case.id]
        assert await reporters.alive_of(conn, []) == []


async def test_answers_are_kept_one_by_one_and_asked_anew(store: Store) -> None:
    async with store.write() as conn:
        case = await joined(store, conn, joining())
        await reporters.answered(conn, case.id, "r.chen", Satisfaction.SATISFIED)
        answers = [one.answer.value for one in await reporters.of_case(conn, case.id)]
        assert answers == ["none", "satisfied"]
        await reporters.ask_anew(conn, case.id)
        answers = [one.answer.value for one in await reporters.of_case(conn, case.id)]
        assert answers == ["none", "none"]


async def test_who_leaves_is_gone(store: Store) -> None:
    async with store.write() as conn:
        case = await joined(store, conn, joining(), joining("r.liu", 9))
        await reporters.remove(conn, case.id, "r.chen")
        people = [one.person for one in await reporters.of_case(conn, case.id)]
        assert people == ["r.wang", "r.liu"]


async def test_recalled_words_are_hidden_from_what_a_neighbour_said(store: Store) -> None:
    async with store.write() as conn:
        case = await joined(store, conn, joining())
        await reporters.hide(conn, case.id, "")
        await reporters.hide(conn, case.id, "2单元灯坏了")
        _, mine = await reporters.of_case(conn, case.id)
        assert mine.report is not None
        assert mine.report.words == "3号楼"


async def test_open_cases_near_by(store: Store) -> None:
    async with store.write() as conn:
        for changes in (
            {},
            {"opened_at": make.after(hours=1)},
            {"area": "g02"},
            {"building": "3"},
            {"opened_at": make.after(hours=-80)},
            {"status": Status.CLOSED, "closed_at": make.NOW},
        ):
            await cases.add(conn, make.case(**changes))
        since = make.after(hours=-72)
        found = await cases.alive_at(conn, "g01", "", since)
        assert [one.id for one in found] == [2, 1]
        assert [one.id for one in await cases.alive_at(conn, "g01", "3", since)] == [4]
