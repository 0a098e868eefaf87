"""Who counts as one household in a vote and in receipts (domain.md I3)."""

from collections.abc import Mapping

import pytest

from domain.deliberation import Choice, tally
from domain.households import household, known
from domain.people import Area, Level, Person, Place, Role, World

WORLD = World.of(
    [Area("g01", Level.GRID, "琼花一网格", "c1"), Area("c1", Level.COMMUNITY, "琼花社区", "")],
    [],
    places=[
        Place("g01", "estate", "琼花苑"),
        Place("g01", "estate", "荷花里"),
        Place("g01", "building", "琼花苑3号楼", building="3"),
        Place("g01", "building", "荷花里3号楼", building="3"),
    ],
)


def of(home: str, one: str = "r.1") -> str:
    return household(WORLD, Person(one, one, Role.RESIDENT, "g01", home=home), one)


@pytest.mark.parametrize(
    ("home", "other", "same"),
    [
        pytest.param("3-2-501", "3-2-501", True, id="written alike"),
        pytest.param(
            "琼花苑3号楼2单元501", "琼花苑3号楼 2单元 501室", True, id="written differently"
        ),
        pytest.param("琼花苑3号楼2单元501", "琼花苑3-2-501", True, id="with dashes"),
        pytest.param("琼花苑3号楼2单元501", "琼花苑3号楼2单元502", False, id="next door"),
        pytest.param("琼花苑3号楼2单元501", "荷花里3号楼2单元501", False, id="another estate"),
        pytest.param(
            "琼花苑3号楼2单元", "琼花苑3号楼2单元", False, id="a staircase is no household"
        ),
        pytest.param("琼花苑3号楼", "琼花苑3号楼", False, id="a building is no household"),
        pytest.param("何园村12号", "何园村 12号", True, id="a house of its own"),
        pytest.param("何园村12号", "何园村13号", False, id="the next house"),
        pytest.param("", "", False, id="no home"),
    ],
)
def test_two_people_are_one_household(home: str, other: str, same: bool) -> None:
    assert (of(home, "r.1") == of(other, "r.2")) is same


@pytest.mark.parametrize(
    ("home", "is_known"),
    [("3-2-501", True), ("何园村12号", True), ("琼花苑3号楼2单元", False), ("", False)],
)
def test_who_is_counted_by_himself_is_told_apart(home: str, is_known: bool) -> None:
    assert known(of(home)) is is_known


def test_votes_are_counted_by_household() -> None:
    stranger = household(WORLD, None, "simulator:x")
    assert stranger != of("", "r.3")
    votes: Mapping[str, Choice] = {
        of("3-2-501"): Choice.YES,
        of("", "r.3"): Choice.NO,
        stranger: Choice.ABSTAIN,
    }
    found = tally(votes)
    assert (found.yes, found.no, found.abstain, found.unknown, found.total) == (1, 1, 1, 2, 3)
