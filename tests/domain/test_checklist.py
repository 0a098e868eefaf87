"""An inspection round: which items a message speaks of, and what is left (F17)."""

import pytest

from domain.checklist import (
    Group,
    Item,
    Line,
    Mark,
    State,
    counts,
    groups,
    items,
    left,
    remarks,
    spans,
    told,
)
from domain.people import Place

FINE, BROKEN, SKIPPED = State.FINE, State.BROKEN, State.SKIPPED
TALL = items(Place("g01", "building", "3号楼", units=1, floors=6), "floor")
WIDE = items(Place("g01", "building", "3号楼", units=2, floors=3), "floor")
UNITS = items(Place("g01", "building", "3号楼", units=3, floors=6), "unit")
ALL_BUT_4 = {("", str(n)) for n in (1, 2, 3, 5, 6)}


@pytest.mark.parametrize(
    ("units", "floors", "by", "found"),
    [
        pytest.param(2, 2, "floor", "1-1 1-2 2-1 2-2", id="each floor of each unit"),
        pytest.param(1, 2, "floor", "-1 -2", id="the only unit has no number"),
        pytest.param(3, 6, "unit", "1- 2- 3-", id="each unit"),
        pytest.param(None, None, "floor", "-", id="nothing known: the place itself"),
        pytest.param(3, 6, "place", "-", id="the place as one"),
    ],
)
def test_the_items_at_a_place(units: int | None, floors: int | None, by: str, found: str) -> None:
    place = Place("g01", "building", "a", units=units, floors=floors)
    assert ["-".join(one) for one in items(place, by)] == found.split()


@pytest.mark.parametrize(
    ("every", "lines", "state", "marked"),
    [
        pytest.param(TALL, [Line(FINE, "", (), ("6",))], FINE, {("", "6")}, id="one floor"),
        pytest.param(TALL, [Line(FINE)], FINE, set(TALL), id="the whole building"),
        pytest.param(
            TALL, [Line(FINE), Line(BROKEN, "坏", (), ("4",))], FINE, ALL_BUT_4,
            id="all but what is named, in either order",
        ),
        pytest.param(
            TALL, [Line(BROKEN, "坏", (), ("4",)), Line(FINE, "", ("1",))], FINE, ALL_BUT_4,
            id="the only unit by a number",
        ),
        pytest.param(
            WIDE, [Line(FINE, "", (), ("2",))], FINE, {("1", "2"), ("2", "2")},
            id="a floor of every unit",
        ),
        pytest.param(
            WIDE, [Line(BROKEN, "坏", ("2",), ("3",)), Line(FINE, "", ("2",))], FINE,
            {("2", "1"), ("2", "2")}, id="the rest of a unit",
        ),
        pytest.param(
            UNITS, [Line(FINE), Line(SKIPPED, "", ("2",))], FINE, {("1", ""), ("3", "")},
            id="by unit",
        ),
        pytest.param(
            UNITS, [Line(BROKEN, "坏", ("2",), ("4",))], BROKEN, {("2", "")},
            id="a floor where units are counted",
        ),
    ],
)  # fmt: skip
def test_what_a_message_marks(
    every: tuple[Item, ...], lines: list[Line], state: State, marked: set[Item]
) -> None:
    found = told(every, {}, lines)
    assert {one for one, mark in found.marks.items() if mark.state is state} == marked
    assert found.strange == ()


@pytest.mark.parametrize(
    ("every", "line", "strange"),
    [
        pytest.param(TALL, Line(FINE, "", (), ("9",)), ("9",), id="no such floor"),
        pytest.param(WIDE, Line(FINE, "", ("7",), ("2",)), ("2",), id="no such unit"),
        pytest.param(UNITS, Line(BROKEN, "", (), ("4",)), ("4",), id="which unit?"),
    ],
)
def test_what_is_not_there_marks_nothing(
    every: tuple[Item, ...], line: Line, strange: tuple[str, ...]
) -> None:
    found = told(every, {}, [line])
    assert (dict(found.marks), found.strange) == ({}, strange)


def test_the_rest_leaves_alone_what_was_said_before_and_a_named_item_does_not() -> None:
    before = {("", "4"): Mark(BROKEN, "坏了1盏")}
    assert ("", "4") not in told(TALL, before, [Line(FINE)]).marks
    assert told(TALL, before, [Line(FINE, "", (), ("4",))]).marks == {("", "4"): Mark(FINE)}


def test_a_round_is_finished_when_every_item_has_its_word_or_a_reason() -> None:
    standing = {one: Mark(FINE) for one in TALL[:4]} | {TALL[4]: Mark(SKIPPED, "锁着")}
    assert left(TALL, standing) == [TALL[5]]
    standing[TALL[5]] = Mark(BROKEN, "坏了1盏")
    assert left(TALL, standing) == []
    assert counts(standing) == {"fine": 4, "broken": 1, "skipped": 1}
    assert remarks(standing, BROKEN) == ["坏了1盏"]


def test_what_is_left_is_told_in_spans() -> None:
    assert spans(["1", "2", "3", "5", "7", "8"]) == [("1", "3"), ("5", "5"), ("7", "8")]
    assert groups([*WIDE[:2], *WIDE[3:5]]) == [Group(("1", "2"), (("1", "2"),))]
    assert groups([("1", "3"), ("2", "1")]) == [
        Group(("1",), (("3", "3"),)),
        Group(("2",), (("1", "1"),)),
    ]
    assert groups([("", "")]) == [Group((), ())]
