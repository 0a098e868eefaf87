"""Looking people and places up, in the sample world and in small ones made by hand."""

import pytest

from bot.deployment.folder import SAMPLE, load
from domain.people import Area, Group, Level, Person, Place, Role, World
from domain.roster import People
from tests.rows import each_row


@pytest.fixture(scope="module")
def world() -> World:
    return load(SAMPLE).world


def ids(found: object) -> object:
    if isinstance(found, tuple):
        return [one.id for one in found]
    return found and found.id


def test_levels_climb_to_the_district() -> None:
    assert [level.above for level in Level] == ["community", "street", "district", None]
    assert [level.rank for level in Level] == [0, 1, 2, 3]


def test_only_residents_are_not_staff() -> None:
    assert [role for role in Role if not role.staff] == [Role.RESIDENT]


@pytest.mark.parametrize(
    ("area", "chain"),
    [
        pytest.param("g01", ["g01", "c1", "s1", "d1"], id="a grid"),
        pytest.param("s2", ["s2", "d1"], id="a street"),
        pytest.param("d1", ["d1"], id="the district is its own chain"),
        pytest.param("nowhere", [], id="unknown"),
    ],
)
def test_chain(world: World, area: str, chain: list[str]) -> None:
    assert ids(world.chain(area)) == chain


def test_chain_ends_where_a_circle_closes() -> None:
    world = World.of([Area("a", Level.GRID, "a", "b"), Area("b", Level.GRID, "b", "a")], [])
    assert ids(world.chain("a")) == ["a", "b"]


def test_ancestor_grids_and_area(world: World) -> None:
    assert ids(world.ancestor("g04", Level.COMMUNITY)) == "c2"
    assert ids(world.ancestor("g04", Level.GRID)) == "g04"
    assert world.ancestor("c2", Level.GRID) is None
    assert ids(world.grids("s1")) == ["g01", "g02", "g03", "g04", "g05"]
    assert world.grids("nowhere") == ()
    assert ids(world.area("c3")) == "c3"
    assert world.area("nowhere") is None


@pytest.mark.parametrize(
    ("level", "area", "person"),
    [
        pytest.param("grid", "g02", "w.he", id="grid worker"),
        pytest.param("community", "g05", "l.c2", id="leader"),
        pytest.param("street", "g06", "s.s2", id="the street of that grid"),
        pytest.param("district", "g06", "d.d1", id="district"),
        pytest.param("community", "s1", None, id="a street has no community above it"),
        pytest.param("street", "nowhere", None, id="unknown area"),
    ],
)
def test_desk(world: World, level: str, area: str, person: str | None) -> None:
    assert ids(world.desk(Level(level), area)) == person


def test_worker_and_leader(world: World) -> None:
    assert ids(world.worker_of("g06")) == "w.gu"
    assert world.worker_of("c1") is None
    assert ids(world.leader_of("c1")) == ids(world.leader_of("g03")) == "l.c1"
    assert world.leader_of("s1") is None
    assert ids(world.person("w.li")) == ids(world.person_by_wecom("w.li")) == "w.li"
    assert world.person("nobody") is world.person_by_wecom("nobody") is None
    assert ids(world.workers("c1")) == ["w.li", "w.he", "w.qian"]


def test_first_worker_of_a_grid_is_the_primary_one() -> None:
    grid = Area("g", Level.GRID, "g", "s")
    people = [Person(key, key, Role.WORKER, "g") for key in ("w2", "w1")]
    assert ids(World.of([grid], people).worker_of("g")) == "w2"


@pytest.mark.parametrize(
    ("people", "area", "person"),
    [
        pytest.param({"l": "c", "s": "s", "d": "d"}, "g", "l", id="leader first"),
        pytest.param({"s": "s", "d": "d"}, "g", "s", id="no leader: street"),
        pytest.param({"d": "d"}, "g", "d", id="no street: district"),
        pytest.param({"w": "g"}, "g", "w", id="no desk at all: a worker"),
        pytest.param({"p": "d", "w": "g"}, "nowhere", "w", id="unknown area: still somebody"),
        pytest.param({"p": "d"}, "g", "p", id="only an office"),
        pytest.param({}, "g", None, id="nobody"),
    ],
)
def test_nearest_desk_is_never_empty(people: dict[str, str], area: str, person: str | None) -> None:
    roles = {
        "l": Role.LEADER,
        "s": Role.STREET,
        "d": Role.DISTRICT,
        "w": Role.WORKER,
        "p": Role.DEPARTMENT,
    }
    areas = [
        Area("d", Level.DISTRICT, "d"),
        Area("s", Level.STREET, "s", "d"),
        Area("c", Level.COMMUNITY, "c", "s"),
        Area("g", Level.GRID, "g", "c"),
    ]
    staff = [Person(key, key, roles[key], where) for key, where in people.items()]
    resident = Person("r", "r", Role.RESIDENT, "g")
    assert ids(World.of(areas, [resident, *staff]).nearest_desk(area)) == person


def test_offices_are_those_of_the_chain_nearest_first(world: World) -> None:
    assert ids(world.offices("g06")) == [
        *("p.urban2", "p.lift", "p.water", "p.power", "p.gas", "p.fire")
    ]
    assert ids(world.offices("g01"))[0] == "p.property"


@each_row(
    ("name", "area", "found"),
    [
        pytest.param("阳光物业", "g01", ["p.property"], id="whole name"),
        pytest.param("物业", "g01", ["p.property"], id="a word of the notes"),
        pytest.param("物业", "g04", [], id="no property office in that community"),
        pytest.param("电梯维保", "g04", ["p.lift"], id="notes, from the district"),
        pytest.param("城管", "g01", ["p.urban"], id="the street's own"),
        pytest.param("城管", "g06", ["p.urban2"], id="the other street's own"),
        pytest.param("供水", "g01", ["p.water"], id="part of a name"),
        pytest.param("何梅", "g01", ["w.he"], id="colleague of the community"),
        pytest.param("小何", "g01", ["w.he"], id="nickname"),
        pytest.param("@何梅", "g01", ["w.he"], id="mentioned"),
        pytest.param("何梅姐", "g01", ["w.he"], id="name with a title"),
        pytest.param("何冰", "g01", [], id="another person of that family name"),
        pytest.param("唐静", "g01", ["w.tang"], id="colleague of the street"),
        pytest.param("顾峰", "g01", [], id="worker of another street"),
        pytest.param("吴书记", "g01", ["l.c1"], id="leader"),
        pytest.param("网格长", "g04", ["l.c2"], id="leader by notes"),
        pytest.param("w.he", "g01", ["w.he"], id="by id"),
        pytest.param("阳光物业公司", "g01", ["p.property"], id="more than the name"),
        pytest.param("王阿姨", "g01", [], id="a resident is nobody to transfer to"),
        pytest.param("宇宙维修总局", "g01", [], id="unknown"),
        pytest.param("", "g01", [], id="nothing said"),
        pytest.param("  ", "g01", [], id="blank"),
        pytest.param("物业", "nowhere", [], id="unknown area"),
    ],
)
def test_find_person(world: World, name: str, area: str, found: list[str]) -> None:
    assert ids(world.find_person(name, area)) == found


@pytest.mark.parametrize(
    ("name", "desk", "found"),
    [
        pytest.param("顾峰", "d1", ["w.gu"], id="the district's desk, any worker"),
        pytest.param("小顾", "d1", ["w.gu"], id="by nickname"),
        pytest.param("顾峰", "s2", ["w.gu"], id="the desk of his street"),
        pytest.param("顾峰", "s1", [], id="the desk of another street"),
        pytest.param("王阿姨", "d1", [], id="a resident is nobody to transfer to"),
        pytest.param("城管", "d1", ["p.urban"], id="nearest first, where one is near"),
        pytest.param("顾峰", "", [], id="no desk"),
    ],
)
def test_a_desk_finds_anybody_below_it(
    world: World, name: str, desk: str, found: list[str]
) -> None:
    assert ids(world.find_person(name, "g01", desk)) == found


def test_exact_name_wins_over_part_and_doubles_are_all_returned() -> None:
    grid = Area("g", Level.GRID, "g")
    offices = [
        Person("a", "城管中队", Role.DEPARTMENT, "g"),
        Person("b", "城管", Role.DEPARTMENT, "g"),
        Person("c", "城管二队", Role.DEPARTMENT, "g"),
    ]
    world = World.of([grid], offices)
    assert ids(world.find_person("城管", "g")) == ["b"]
    assert ids(world.find_person("队", "g")) == []
    assert ids(world.find_person("中队", "g")) == ["a"]
    assert ids(World.of([grid], [offices[0], offices[2]]).find_person("城管", "g")) == ["a", "c"]


def test_groups(world: World) -> None:
    assert ids(world.staff_group("g02")) == "c1.staff"
    assert ids(world.staff_group("s2")) == "s2.staff"
    assert world.staff_group("d1") is None
    assert ids(world.residents_group("g05")) == "g05.residents"
    assert world.residents_group("g03") is None
    assert ids(world.group("c1.staff")) == ids(world.group_by_chat("wrSTAFF0001")) == "c1.staff"
    assert world.group("x") is world.group_by_chat("x") is None


def test_staff_group_falls_back_to_the_street() -> None:
    areas = [
        Area("s", Level.STREET, "s"),
        Area("c", Level.COMMUNITY, "c", "s"),
        Area("g", Level.GRID, "g", "c"),
    ]
    own, street = Group("own", "staff", "g", "x"), Group("up", "staff", "s", "x")
    assert ids(World.of(areas, [], [own, street]).staff_group("g")) == "up"
    assert ids(World.of(areas, [], [own]).staff_group("g")) == "own"


@pytest.mark.parametrize(
    ("text", "grid"),
    [
        pytest.param("我妈住新桥里7号楼2单元", "g02", id="name"),
        pytest.param("柳湖那边路灯坏了", "g05", id="alias"),
        pytest.param("在琼 花 苑里面", "g01", id="spaces"),
        pytest.param("琼苑和何园新村都停水", "g04", id="longest wins"),
        pytest.param("柳湖家园Ａ座", "g05", id="full width"),
        pytest.param("琼苑还是柳湖", None, id="two equally long"),
        pytest.param("三号楼电梯坏了", None, id="a building alone is no estate"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_grid_of_estate(world: World, text: str, grid: str | None) -> None:
    assert ids(world.grid_of_estate(text)) == grid


@pytest.fixture
def split() -> World:
    """One estate over two grids of a community, and a second estate in the first grid."""
    areas = [
        Area("c", Level.COMMUNITY, "c"),
        Area("g1", Level.GRID, "g1", "c"),
        Area("g2", Level.GRID, "g2", "c"),
    ]
    places = [
        Place("g1", "estate", "长江花园"),
        Place("g2", "estate", "长江花园"),
        Place("g1", "estate", "101小区"),
        Place("g1", "building", "长江花园1号楼", ("1栋",), "1"),
        Place("g1", "building", "101小区1号楼", ("1栋",), "1"),
        Place("g1", "building", "101小区3-1号楼", (), "3-1"),
        Place("g2", "building", "长江花园12号楼", ("12栋",), "12"),
        Place("g2", "facility", "西门"),
    ]
    return World.of(areas, [], [], places)


@pytest.mark.parametrize(
    ("text", "grid"),
    [
        pytest.param("长江花园太吵", None, id="two grids equally possible"),
        pytest.param("长江花园12号楼太吵", "g2", id="the building decides"),
        pytest.param("长江花园1号楼太吵", "g1", id="not taken for building 12"),
    ],
)
def test_grid_of_a_split_estate(split: World, text: str, grid: str | None) -> None:
    assert ids(split.grid_of_estate(text)) == grid


@pytest.mark.parametrize(
    ("area", "building", "hint", "name"),
    [
        pytest.param("g1", "1", "", None, id="two estates have one"),
        pytest.param("g1", "1", "101小区", "101小区1号楼", id="hint decides"),
        pytest.param("g1", "1", "长江花园", "长江花园1号楼", id="hint of a split estate"),
        pytest.param("g1", "12", "长江花园", "长江花园12号楼", id="in the other half"),
        pytest.param("g1", "12", "", None, id="not of this grid"),
        pytest.param("c", "12", "", "长江花园12号楼", id="anywhere in the community"),
        pytest.param("g1", "3-1", "", "101小区3-1号楼", id="double number"),
        pytest.param("g1", "", "", None, id="no number"),
    ],
)
def test_find_building_where_estates_meet(
    split: World, area: str, building: str, hint: str, name: str | None
) -> None:
    found = split.find_building(area, building, hint)
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("area", "building", "names"),
    [
        pytest.param("g1", "1", ("101小区1号楼", "长江花园1号楼"), id="two estates have one"),
        pytest.param("c", "12", ("长江花园12号楼",), id="one alone"),
        pytest.param("g1", "77", (), id="no such building"),
    ],
)
def test_building_candidates(
    split: World, area: str, building: str, names: tuple[str, ...]
) -> None:
    found = split.building_candidates(area, building)
    assert tuple(sorted(place.name for place in found)) == names


@pytest.fixture
def gates() -> World:
    """A street with two communities; each of the three estates has an east gate."""
    areas = [
        Area("s", Level.STREET, "街道"),
        Area("c1", Level.COMMUNITY, "社区", parent="s"),
        Area("c2", Level.COMMUNITY, "社区", parent="s"),
        Area("g1", Level.GRID, "网格", parent="c1"),
        Area("g2", Level.GRID, "网格", parent="c1"),
        Area("g3", Level.GRID, "网格", parent="c2"),
    ]
    places = [
        place
        for grid, estate in (("g1", "琼花苑"), ("g2", "新桥里"), ("g3", "何园"))
        for place in (Place(grid, "estate", estate), Place(grid, "facility", "东门", ("东大门",)))
    ]
    return World.of(areas, [], [], places)


@pytest.mark.parametrize(
    ("area", "name", "found"),
    [
        pytest.param("g1", "东门", ("琼花苑东门",), id="one's own gate comes first"),
        pytest.param("c1", "东门", ("琼花苑东门", "新桥里东门"), id="two are equally near"),
        pytest.param("s", "东大门", ("琼花苑东门", "新桥里东门", "何园东门"), id="by an alias"),
        pytest.param("c1", "东门那个道闸", ("琼花苑东门", "新桥里东门"), id="more than the name"),
        pytest.param("c1", "西门", (), id="nobody has one"),
        pytest.param("c1", "", (), id="nothing said"),
    ],
)
def test_place_candidates_with_their_estates(
    gates: World, area: str, name: str, found: tuple[str, ...]
) -> None:
    candidates = gates.place_candidates(area, name)
    assert tuple(map(gates.full_name, candidates)) == found


def test_of_two_gates_none_is_guessed(gates: World) -> None:
    assert gates.find_place("c1", "东门") is None


@pytest.mark.parametrize(
    ("area", "building", "hint", "name"),
    [
        pytest.param("g01", "3", "", "琼花苑3号楼", id="number"),
        pytest.param("g01", "03", "", "琼花苑3号楼", id="leading zero"),
        pytest.param("g01", "3号楼", "", "琼花苑3号楼", id="with words"),
        pytest.param("g01", "三号楼", "", "琼花苑3号楼", id="alias"),
        pytest.param("g05", "a", "", "柳湖家园A座", id="letter"),
        pytest.param("g01", "7", "新桥里", "新桥里7号楼", id="hint names another grid"),
        pytest.param("g01", "4", "", None, id="no such building"),
        pytest.param("g01", "33", "", None, id="not by its first digit"),
        pytest.param("g01", "3", "火星", "琼花苑3号楼", id="unknown hint is ignored"),
    ],
)
def test_find_building(world: World, area: str, building: str, hint: str, name: str | None) -> None:
    found = world.find_building(area, building, hint)
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("area", "name", "found"),
    [
        pytest.param("g01", "东门", ("g01", "东门"), id="exact"),
        pytest.param("g01", "东大门", ("g01", "东门"), id="alias"),
        pytest.param("g01", "张记烧烤", ("g03", "老张烧烤"), id="elsewhere in the community"),
        pytest.param("g01", "东关幼儿园门口", ("g03", "东关幼儿园"), id="more than the name"),
        pytest.param("g02", "快递", ("g02", "快递柜"), id="less than the name"),
        pytest.param("g01", "琼花苑5号楼", ("g01", "琼花苑5号楼"), id="a building by full name"),
        pytest.param("g06", "东门", None, id="another community"),
        pytest.param("g01", "", None, id="nothing"),
        pytest.param("g01", "门", None, id="one character is too little"),
    ],
)
def test_find_place(world: World, area: str, name: str, found: tuple[str, str] | None) -> None:
    place = world.find_place(area, name)
    assert (place and (place.area, place.name)) == found


def test_place_names_begin_with_the_own_grid_and_end_with_estates(world: World) -> None:
    names = world.place_names("g02")
    assert names[:3] == ("快递柜", "菜鸟柜", "丰巢")
    assert names.index("东门") < names.index("新桥里") < names.index("琼花苑")
    assert {"东门", "老张烧烤", "琼花苑"} < set(names)
    assert not {"3栋", "琼花苑3号楼", "何园新村"} & set(names)
    assert world.place_names("nowhere") == ()


@pytest.mark.parametrize(
    ("home", "read"),
    [
        pytest.param("琼花苑3号楼2单元501", ("3", "2", "501", "g01"), id="in full"),
        pytest.param("琼花苑三号楼2单元501室", ("3", "2", "501", "g01"), id="alias"),
        pytest.param("3栋501", ("3", None, "501", "g01"), id="no unit"),
        pytest.param("3-2-501", ("3", "2", "501", "g01"), id="dashes"),
        pytest.param("琼花苑9号楼1单元", ("9", "1", None, "g01"), id="a building nobody listed"),
        pytest.param("琼花苑501", (None, None, "501", "g01"), id="only a room"),
        pytest.param("新桥里7号楼", ("7", None, None, "g02"), id="lives in another grid"),
        pytest.param("柳湖家园B座1201", ("B", None, "1201", "g05"), id="letter"),
        pytest.param("琼花苑", (None, None, None, "g01"), id="estate only"),
        pytest.param("", (None, None, None, "g01"), id="empty"),
    ],
)
def test_home(world: World, home: str, read: tuple[str | None, ...]) -> None:
    *numbers, area = world.home(Person("r", "r", Role.RESIDENT, "g01", home=home))
    assert (*numbers, area.id) == read


def test_home_does_not_take_the_estate_for_a_number(split: World) -> None:
    person = Person("r", "r", Role.RESIDENT, "g1", home="101小区3号楼2单元301")
    assert split.home(person)[:3] == ("3", "2", "301")


def test_everybody_is_gone_through_in_order_and_those_noted_apart() -> None:
    crowd = [
        Person("r1", "a", Role.RESIDENT, "g01", notes="n"),
        Person("w", "b", Role.WORKER, "g01", notes="n"),
        Person("r2", "c", Role.RESIDENT, "g01"),
        Person("r3", "d", Role.RESIDENT, "g01", home="h", notes="m"),
    ]
    people = People(crowd)
    assert [one.id for one in people.values()] == list(people) == ["w", "r1", "r2", "r3"]
    assert list(people.values()) == [people[id_] for id_ in people]
    assert list(people.noted()) == [crowd[0], crowd[3]]
