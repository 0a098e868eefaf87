"""Places packed and unpacked: nothing is lost, nothing of another area comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.gazetteer import Place, Places

TEXT = st.text(st.characters(exclude_characters="\x1d\x1e\x1f", exclude_categories=["Cs"]))
ONE = st.builds(
    Place,
    area=st.sampled_from(["g01", "g02", "c1"]),
    kind=st.sampled_from(["estate", "building", "facility", "unit"]),
    name=TEXT,
    aliases=st.lists(TEXT.filter(bool), max_size=3).map(tuple),
    building=TEXT,
    units=st.none() | st.integers(0, 99),
    floors=st.none() | st.integers(0, 99),
    key_object=TEXT,
    frequency=TEXT,
)


@given(st.lists(ONE, max_size=12))
def test_what_is_put_in_comes_out_in_order(given_: list[Place]) -> None:
    places = Places(given_)
    for area in ("g01", "g02", "c1"):
        assert list(places.of(area)) == [one for one in given_ if one.area == area]
    assert sorted(map(repr, places)) == sorted(map(repr, given_))
    assert len(places) == len(given_)
    assert all(one in places for one in given_)
    assert places == Places(places)


@pytest.mark.parametrize("mark", ["\x1d", "\x1e", "\x1f"])
def test_a_separator_in_a_name_is_a_space(mark: str) -> None:
    place = Place("g01", "facility", f"东{mark}门", (f"大{mark}门",))
    assert Places([place]).of("g01") == (Place("g01", "facility", "东 门", ("大 门",)),)


def test_nobody_s_area_has_none() -> None:
    assert Places().of("g09") == ()
    assert Place("g01", "estate", "琼花苑") not in Places()
