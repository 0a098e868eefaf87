"""A table that is one test still fails for each row, and says for which."""

import inspect

import pytest

from tests.rows import each_row


def test_every_row_is_asked_and_each_that_fails_is_told() -> None:
    asked = []

    @each_row(("text", "length"), [("a", 1), pytest.param("bb", 3, id="two"), ("c", 1), ("dd", 5)])
    def lengths(text: str, length: int) -> None:
        asked.append(text)
        assert len(text) == length

    with pytest.raises(ExceptionGroup, match="2 of 4 rows") as told:
        lengths()
    assert asked == ["a", "bb", "c", "dd"]
    assert [fault.__notes__ for fault in told.value.exceptions] == [
        ["the row: two"],
        ["the row: ('dd', 5)"],
    ]


def test_a_row_that_raises_stops_no_other() -> None:
    asked = []

    @each_row("number", [0, 1])
    def tenth(number: int) -> None:
        asked.append(number)
        assert 10 // number == 10

    with pytest.raises(ExceptionGroup) as told:
        tenth()
    assert asked == [0, 1]
    assert [type(fault) for fault in told.value.exceptions] == [ZeroDivisionError]


def test_fixtures_are_asked_for_besides() -> None:
    @each_row("number", [1, 2])
    def lower(number: int, limit: int) -> None:
        assert number < limit

    assert list(inspect.signature(lower).parameters) == ["limit"]
    lower(limit=3)
    with pytest.raises(ExceptionGroup, match="1 of 2 rows"):
        lower(limit=2)


def test_all_rows_well_is_well_and_no_row_is_none() -> None:
    each_row("pair", [(1, 2), (3, 4)])(lambda pair: None)()
    with pytest.raises(AssertionError, match="no rows"):
        each_row("number", [])
    with pytest.raises(ValueError, match="shorter"):
        each_row(("text", "length"), [("a",)])
