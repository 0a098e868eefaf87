"""Numbers of matters, as they are written and as people say them."""

import pytest

from domain.numbers import APPOINTMENTS, CARE, CASES, NEEDS, PROPOSALS, Series

ALL = (CASES, APPOINTMENTS, NEEDS, CARE, PROPOSALS)


@pytest.mark.parametrize("series", ALL, ids=lambda one: one.letter)
def test_a_number_leads_back_to_its_id_and_to_no_other_series(series: Series) -> None:
    assert series.id_of(series.number(7)) == series.id_of(series.number(7).lower()) == 7
    assert [one.letter for one in ALL if one.id_of(series.number(7))] == [series.letter]


@pytest.mark.parametrize(
    "number", ["", "A", "1001", "A12x", "A-5", "A١٠٠١", "A0999", "A" + "9" * 16, "AA1001"]
)
def test_what_is_no_number_has_no_id(number: str) -> None:
    assert APPOINTMENTS.id_of(number) == 0


@pytest.mark.parametrize(
    ("series", "text", "digits"),
    [
        pytest.param(APPOINTMENTS, "A1001改到后天", "1001", id="in a sentence"),
        pytest.param(APPOINTMENTS, "把a 1001取消", "1001", id="small, with a space"),
        pytest.param(APPOINTMENTS, "NA1001", None, id="part of another word"),
        pytest.param(APPOINTMENTS, "A10012345678", None, id="longer than any"),
        pytest.param(APPOINTMENTS, "A座12楼", None, id="a building"),
        pytest.param(APPOINTMENTS, "A12", None, id="shorter than any"),
        pytest.param(PROPOSALS, "赞成D1", "1", id="a proposal"),
        pytest.param(PROPOSALS, "CD12 坏了", None, id="letters before it"),
    ],
)
def test_a_number_is_found_where_it_is_said(series: Series, text: str, digits: str | None) -> None:
    found = series.find(text)
    assert (found and found[1]) == digits
