"""The word for a day, and who is in the field (F12, F19)."""

import pytest

from domain.people import Area, Level, Person, Place, Role, World
from domain.visit_rules import Weather
from domain.weather import Covered, Out, Sky, coverage, field, over, share, sky

WORLD = World.of(
    [
        Area("s1", Level.STREET, "street"),
        Area("c1", Level.COMMUNITY, "community", "s1"),
        Area("g01", Level.GRID, "one", "c1", "resident"),
        Area("g02", Level.GRID, "two", "c1", "resident"),
    ],
    [
        Person("w.li", "li", Role.WORKER, "g01"),
        Person("w.he", "he", Role.WORKER, "g02"),
        Person("l.c1", "wu", Role.LEADER, "c1"),
        Person("s.s1", "desk", Role.STREET, "s1"),
        Person("p.fire", "fire", Role.DEPARTMENT, "s1"),
        Person("r.wang", "wang", Role.RESIDENT, "g01"),
    ],
)
GRID, COMMUNITY, STREET = Level.GRID, Level.COMMUNITY, Level.STREET


@pytest.mark.parametrize(
    ("cases", "urgent", "word"),
    [
        pytest.param(0, 0, Sky.CLEAR, id="nothing"),
        pytest.param(2, 0, Sky.CLEAR, id="one below cloudy"),
        pytest.param(3, 0, Sky.CLOUDY, id="cloudy"),
        pytest.param(10, 0, Sky.RAIN, id="rain"),
        pytest.param(1, 1, Sky.STORM, id="an emergency outdoes them all"),
    ],
)
def test_the_word_for_a_day(cases: int, urgent: int, word: Sky) -> None:
    assert sky(cases, urgent, Weather(cloudy=3, rainy=10)) is word


@pytest.mark.parametrize(
    ("area", "out", "away", "levels"),
    [
        pytest.param(
            "s1", {"w.li", "l.c1"}, {}, [Out(GRID, 1, 2), Out(COMMUNITY, 1, 1), Out(STREET, 0, 1)],
            id="three levels",
        ),
        pytest.param("c1", set(), {}, [Out(GRID, 0, 2), Out(COMMUNITY, 0, 1)], id="a community"),
        pytest.param(
            "c1", {"w.li"}, {"w.he": "w.li"}, [Out(GRID, 1, 1), Out(COMMUNITY, 0, 1)],
            id="on leave",
        ),
        pytest.param("g01", {"r.wang"}, {}, [Out(GRID, 0, 1)], id="residents do not count"),
    ],
)  # fmt: skip
def test_who_is_in_the_field(
    area: str, out: set[str], away: dict[str, str], levels: list[Out]
) -> None:
    assert list(field(WORLD, area, frozenset(out), away)) == levels


def test_the_share_in_the_field() -> None:
    assert share([Out(GRID, 5, 6), Out(COMMUNITY, 1, 1)]) == pytest.approx(6 / 7)
    assert share([]) == 1.0


# Coverage by kind of object, and a month


PLACES = World.of(
    [Area("g01", Level.GRID, "g1"), Area("g02", Level.GRID, "g2")],
    [],
    places=[
        Place("g01", "building", "b1"),
        Place("g01", "unit", "hotel", key_object="key"),
        Place("g02", "facility", "shed", key_object="hazard"),
        Place("g02", "unit", "hotel", key_object="general"),
    ],
)


@pytest.mark.parametrize(
    ("counts", "covered"),
    [
        pytest.param([], [], id="nothing planned"),
        pytest.param(
            [("g01", "b1", True, 2), ("g01", "b1", False, 1)],
            [Covered("building", 2, 3)],
            id="some were made",
        ),
        pytest.param(
            [("g01", "hotel", True, 1), ("g02", "hotel", False, 1), ("g02", "shed", True, 1)],
            [Covered("hazard", 1, 1), Covered("key", 1, 1), Covered("general", 0, 1)],
            id="one name in two grids is two places",
        ),
        pytest.param([("g01", "gone", True, 1)], [], id="a place the roster knows no longer"),
    ],
)
def test_coverage_by_kind_of_object(
    counts: list[tuple[str, str, bool, int]], covered: list[Covered]
) -> None:
    assert list(coverage(PLACES, counts)) == covered


@pytest.mark.parametrize(("done", "percent"), [(0, 0), (2, 66), (3, 100)])
def test_what_is_not_whole_is_not_shown_as_whole(done: int, percent: int) -> None:
    assert Covered("key", done, 3).percent == percent


def test_a_month_is_the_days_its_people_were_there() -> None:
    days = [[Out(GRID, 1, 2), Out(COMMUNITY, 1, 1)], [Out(GRID, 2, 2)], [Out(GRID, 0, 1)]]
    assert list(over(days)) == [Out(GRID, 3, 5), Out(COMMUNITY, 1, 1)]
    assert share(over(days)) == pytest.approx(4 / 6)
    assert list(over([])) == []
