"""Whom a case goes to: there is always somebody; and who may move it."""

import pytest

from domain.people import Area, Level, Person, Role, World
from domain.routing import Route, level_of, may_work, oversees, route
from tests import factories as make

DISTRICT = Area("d", Level.DISTRICT, "区")
STREET = Area("s", Level.STREET, "街道", "d")
COMMUNITY = Area("c", Level.COMMUNITY, "社区", "s")
GRID = Area("g", Level.GRID, "网格", "c")
AREAS = [DISTRICT, STREET, COMMUNITY, GRID]
WORKER = Person("w", "网格员", Role.WORKER, "g")
LEADER = Person("l", "网格长", Role.LEADER, "c")
DESK = Person("d.desk", "区中心", Role.DISTRICT, "d")


@pytest.mark.parametrize(
    ("area", "person", "reason"),
    [
        pytest.param("g01", "w.li", "grid_worker", id="a grid: its worker"),
        pytest.param("g06", "w.gu", "grid_worker", id="another grid"),
        pytest.param("c1", "l.c1", "nearest_desk", id="only the community is known: its leader"),
        pytest.param("d1", "d.d1", "nearest_desk", id="only the district is known"),
        pytest.param("", "d.d1", "backstop", id="nothing is known: the backstop"),
        pytest.param("nowhere", "d.d1", "backstop", id="an area that is not there"),
    ],
)
def test_route_in_the_sample(city, area: str, person: str, reason: str) -> None:
    assert route(city.world, area, city.backstop) == Route(person, reason)


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        pytest.param([WORKER, LEADER, DESK], Route("w", "grid_worker"), id="all posts are held"),
        pytest.param([LEADER, DESK], Route("l", "nearest_desk"), id="a grid without a worker"),
        pytest.param([DESK], Route("d.desk", "nearest_desk"), id="only the district is staffed"),
        pytest.param([], Route("back", "backstop"), id="nobody at all"),
        pytest.param(
            [Person("r", "居民", Role.RESIDENT, "g")],
            Route("back", "backstop"),
            id="a resident is nobody to send",
        ),
    ],
)
def test_route_climbs_to_the_nearest_who_is_there(people: list[Person], expected: Route) -> None:
    assert route(World.of(AREAS, people), "g", "back") == expected


@pytest.mark.parametrize("area", ["g01", "g03", "c1", "s2", "d1", "", "nowhere", "\0", "g01 "])
def test_route_is_never_empty(city, area: str) -> None:
    assert city.world.person(route(city.world, area, city.backstop).person) is not None


@pytest.mark.parametrize(
    ("area", "level"),
    [
        ("g01", Level.GRID),
        ("c1", Level.COMMUNITY),
        ("d1", Level.DISTRICT),
        ("nowhere", Level.DISTRICT),
    ],
)
def test_the_level_at_which_a_case_begins(city, area: str, level: Level) -> None:
    assert level_of(city.world, area) is level


@pytest.mark.parametrize(
    ("person", "may"),
    [
        pytest.param("w.li", True, id="its assignee"),
        pytest.param("w.he", False, id="the assignee's substitute, while he is not on leave"),
        pytest.param("w.tang", False, id="a worker of another community"),
        pytest.param("l.c1", True, id="the leader of its community"),
        pytest.param("l.c2", False, id="another community's leader"),
        pytest.param("s.s1", True, id="its street's desk"),
        pytest.param("s.s2", False, id="another street's desk"),
        pytest.param("d.d1", True, id="the district's desk"),
        pytest.param("p.power", False, id="an office that does not have it"),
        pytest.param("r.wang", False, id="its reporter"),
        pytest.param("nobody", False, id="somebody unknown"),
    ],
)
def test_may_work(city, person: str, may: bool) -> None:
    case = make.case(area="g01", assignee="w.li")
    assert may_work(city.world, case, city.world.person(person)) is may


@pytest.mark.parametrize(
    ("assignee", "person", "may"),
    [
        pytest.param("p.power", "p.power", True, id="the office it was transferred to"),
        pytest.param("p.power", "w.li", False, id="no longer the grid's worker"),
        pytest.param("r.wang", "r.wang", False, id="a resident never, whatever a file says"),
        pytest.param("gone", "l.c1", True, id="a desk above, when the assignee has left"),
        pytest.param("gone", "w.li", False, id="nobody else then"),
    ],
)
def test_may_work_after_it_changed_hands(city, assignee: str, person: str, may: bool) -> None:
    case = make.case(area="g01", assignee=assignee)
    assert may_work(city.world, case, city.world.person(person)) is may


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        ("l.c1", True),
        ("s.s1", True),
        ("d.d1", True),
        ("l.c2", False),
        ("w.li", False),
        ("p.gas", False),
    ],
)
def test_who_oversees_a_grid(city, person: str, sees: bool) -> None:
    assert oversees(city.world, "g01", city.world.people[person]) is sees
