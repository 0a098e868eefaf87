"""The word for a day, and who is in the field (F12, F19)."""

import pytest

from domain.people import Area, Level, Person, Role, World
from domain.visit_rules import Weather
from domain.weather import Out, Sky, field, share, sky

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
