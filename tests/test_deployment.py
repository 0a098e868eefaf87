"""The deployment folder: the sample loads, and every mistake is named by file, row and field."""

import re
import shutil
import time
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.deployment import faults as words
from bot.deployment.folder import SAMPLE, Deployment, Fault, Faults, load, write_sample
from domain.rules import PRIVATE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_sample(tmp_path / "city")
    return tmp_path / "city"


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRIDBOT_STORE__URL", raising=False)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def add(path: Path, *lines: str) -> int:
    """Append lines and return the number of the last one."""
    text = path.read_text("utf-8").rstrip("\n")
    path.write_text("\n".join((text, *lines, "")), "utf-8")
    return text.count("\n") + 1 + len(lines)


def faults_of(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(Faults) as caught:
        load(folder)
    return caught.value.faults


def found(folder: Path) -> list[tuple[str, int, str, str]]:
    return [(one.file, one.row, one.field, one.key) for one in faults_of(folder)]


def test_sample_loads_as_it_was_given(folder: Path) -> None:
    city = load(folder)
    assert isinstance(city, Deployment)
    assert (len(city.world.areas), len(city.world.people)) == (12, 29)
    assert (len(city.world.groups), len(city.world.places)) == (10, 25)
    assert city.backstop == "d.d1"
    assert list(city.rules.versions) == ["2026-01-01"]
    assert next(iter(city.world.places)).aliases == ("琼花小区", "琼苑")
    assert city.settings.store.url.endswith("/city/gridbot.sqlite3")
    assert {one.key for one in city.warnings} == {"office_unknown"}
    assert (city.world.areas["g03"].households, city.world.areas["s1"].households) == (0, None)


def test_sample_is_whole(folder: Path) -> None:
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")} == {
        *("gridbot.toml", "areas.csv", "people.csv", "groups.csv", "places.csv"),
        *("rules/2026-01-01.toml", "rules/holidays.csv", "templates/README.md"),
    }
    (folder / "people.csv").open("a").close()  # an operator can write what was laid down


def test_a_mark_and_windows_line_ends_are_fine(folder: Path) -> None:
    for path in folder.rglob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    toml = folder / "gridbot.toml"
    toml.write_bytes(b"\xef\xbb\xbf" + toml.read_bytes())
    assert len(load(folder).world.people) == 29


def test_columns_in_another_order_blank_lines_and_quotes(folder: Path) -> None:
    (folder / "groups.csv").write_text(
        '\nname,chatid,id,kind,area\n"琼花苑,\n居民群",wr1, g01.residents ,residents,g01\n,,,,\n'
        "第二个,wr2,x,residents,nowhere\n",
        "utf-8",
    )
    assert found(folder) == [("groups.csv", 6, "area", "area_unknown")]


# Everything at once

EVERYTHING = {
    "areas.csv": """\
id,level,name,parent,kind,households,notes
d1,district,区,,,,
s1,street,街,d1,,,
c1,community,社,s1,,,
g01,grid,一格,c1,resident,300,
g01,grid,又一格,c1,resident,300,
g02,grid,二格,c9,resident,300,
g03,grid,三格,g01,resident,300,
g04,grid,四格,,resident,many,
g05,village,五格,c1,,,
c2,community,社二,c3,,,
c3,community,社三,c2,,,
c4,community,,s1,resident,,
g 6,grid,六格,c1,land,,
""",
    "people.csv": """\
id,name,role,area,phone,substitute,wecom,home,notes
w.1,甲,worker,g01,1380000,w.1,same,,
w.2,乙,boss,g01,,w.9,same,,
w.3,丙,worker,c1,,r.1,,,
r.1,丁,resident,g99,13900000000,,,,
r.1,戊,resident,g01,,,,,
,,resident,,,,,,
""",
    "groups.csv": """\
id,kind,area,name,chatid
a,guests,g01,甲,wr1
b,staff,g98,乙,wr1
a,staff,c1,,
""",
    "places.csv": """\
area,kind,name,aliases,building,units,floors,key_object,frequency
g01,building,一号楼,,,,,,
g97,castle,城堡,,,,,,
g01,facility,车棚,,,two,-1,rather,sometimes
g01,facility,车棚,,,,,,,
""",
    "rules/holidays.csv": "date,workday,note\n2026-13-01,true,\n2026-10-01,maybe,\n"
    "2026-10-02,false,\n2026-10-02,false,\n",
    "rules/soon.toml": "",
    "gridbot.toml": """\
[deployment]
name = 1
backstop = "r.1"
[http]
port = 99999
prot = 1
[quiet]
hours = "always"
[channels.wecom_robot]
enabled = "perhaps"
[extras]
""",
}
EXPECTED = {
    ("areas.csv", 6, "id", "id_twice"),
    ("areas.csv", 7, "parent", "area_unknown"),
    ("areas.csv", 8, "parent", "parent_level"),
    ("areas.csv", 9, "parent", "parent_missing"),
    ("areas.csv", 9, "households", "number"),
    ("areas.csv", 10, "level", "choice"),
    ("areas.csv", 11, "parent", "parent_cycle"),
    ("areas.csv", 13, "name", "empty"),
    ("areas.csv", 13, "kind", "area_kind_above"),
    ("areas.csv", 14, "id", "id_spelling"),
    ("areas.csv", 14, "kind", "area_kind"),
    *(("areas.csv", row, "id", "no_worker") for row in (7, 8, 9, 10)),
    *(("areas.csv", row, "id", "no_leader") for row in (4, 11, 12, 13)),
    ("gridbot.toml", 3, "deployment.backstop", "backstop_resident"),
    ("people.csv", 2, "phone", "phone"),
    ("people.csv", 2, "substitute", "substitute_self"),
    ("people.csv", 3, "role", "choice"),
    ("people.csv", 3, "substitute", "substitute_unknown"),
    ("people.csv", 3, "wecom", "wecom_twice"),
    ("people.csv", 4, "area", "role_area"),
    ("people.csv", 4, "substitute", "substitute_resident"),
    ("people.csv", 5, "area", "area_unknown"),
    ("people.csv", 6, "id", "id_twice"),
    ("people.csv", 7, "id", "empty"),
    ("people.csv", 7, "name", "empty"),
    ("people.csv", 7, "area", "empty"),
    ("groups.csv", 2, "kind", "choice"),
    ("groups.csv", 3, "area", "area_unknown"),
    ("groups.csv", 3, "chatid", "chatid_twice"),
    ("groups.csv", 4, "id", "id_twice"),
    ("groups.csv", 4, "name", "empty"),
    ("places.csv", 2, "building", "building_number"),
    ("places.csv", 3, "area", "area_unknown"),
    ("places.csv", 3, "kind", "choice"),
    ("places.csv", 4, "units", "number"),
    ("places.csv", 4, "floors", "number"),
    ("places.csv", 4, "key_object", "choice"),
    ("places.csv", 4, "frequency", "choice"),
    ("places.csv", 5, "", "row_width"),
    ("places.csv", 5, "name", "place_twice"),
    ("rules/holidays.csv", 2, "date", "date"),
    ("rules/holidays.csv", 3, "workday", "workday"),
    ("rules/holidays.csv", 5, "date", "date_twice"),
    ("rules/soon.toml", 0, "", "rules_name"),
    ("gridbot.toml", 2, "deployment.name", "setting_text"),
    ("gridbot.toml", 5, "http.port", "port"),
    ("gridbot.toml", 6, "http.prot", "key_unknown"),
    ("gridbot.toml", 8, "quiet.hours", "quiet"),
    ("gridbot.toml", 10, "channels.wecom_robot.enabled", "setting_bool"),
    ("gridbot.toml", 11, "extras", "key_unknown"),
}


def test_every_mistake_is_named_at_once(folder: Path) -> None:
    for name, text in EVERYTHING.items():
        (folder / name).write_text(text, "utf-8")
    assert set(found(folder)) == EXPECTED
    assert len(found(folder)) == len(EXPECTED) > 20


def test_faults_read_as_a_list_in_order(folder: Path) -> None:
    for name, text in EVERYTHING.items():
        (folder / name).write_text(text, "utf-8")
    with pytest.raises(Faults) as caught:
        load(folder)
    said = str(caught.value)
    lines = said.splitlines()
    assert str(len(EXPECTED)) in lines[0]
    assert len(lines) == len(EXPECTED) + 1
    assert all("→" in line for line in lines[1:])
    assert "  people.csv 第 2 行 phone：“1380000”不是 11 位号码 → 写 11 位数字，或留空" in lines
    order = [(one.file, one.row) for one in caught.value.faults]
    assert order == sorted(order)
    assert "{" not in said


# One at a time


@pytest.mark.parametrize("name", ["areas.csv", "people.csv", "groups.csv", "places.csv"])
def test_a_missing_table_is_one_fault_not_hundreds(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert found(folder) == [(name, 0, "", "file_missing")]


@pytest.mark.parametrize(
    ("raw", "row", "key"),
    [
        pytest.param(
            "id,kind,area,name,chatid\na,staff,c1,社区群,\n".encode("gbk"),
            2,
            "encoding_gbk",
            id="GBK",
        ),
        pytest.param("id,kind\n".encode("utf-16"), 1, "encoding_bad", id="UTF-16"),
        pytest.param(b"", 1, "csv_empty", id="empty"),
        pytest.param(
            b'id,kind,area,name,chatid\na,staff,c1,"x\n', 2, "csv_broken", id="open quote"
        ),
    ],
)
def test_files_that_are_no_tables(folder: Path, raw: bytes, row: int, key: str) -> None:
    (folder / "groups.csv").write_bytes(raw)
    ((file, at, _, said),) = found(folder)
    assert (file, at, said) == ("groups.csv", row, key)


def test_a_table_that_is_a_folder(folder: Path) -> None:
    (folder / "groups.csv").unlink()
    (folder / "groups.csv").mkdir()
    assert found(folder) == [("groups.csv", 0, "", "file_unreadable")]


def test_columns_missing_unknown_and_twice(folder: Path) -> None:
    change(folder / "groups.csv", "id,kind,area,name,chatid", "id,kind,kind,nmae,chatid")
    assert found(folder) == [
        ("groups.csv", 1, "area", "column_missing"),
        ("groups.csv", 1, "name", "column_missing"),
        ("groups.csv", 1, "kind", "column_twice"),
        ("groups.csv", 1, "nmae", "column_unknown"),
    ]


def test_no_grid_at_all(folder: Path) -> None:
    (folder / "areas.csv").write_text("id,level,name,parent,kind,households,notes\n", "utf-8")
    assert ("areas.csv", 0, "level", "no_areas") in found(folder)


def test_chains_of_three_levels_are_fine(folder: Path) -> None:
    change(folder / "areas.csv", "d1,district,江城区,,,,\n", "")
    text = (folder / "areas.csv").read_text("utf-8").replace(",d1,", ",,")
    (folder / "areas.csv").write_text(text, "utf-8")
    people = (folder / "people.csv").read_text("utf-8").replace("district,d1", "street,s1")
    (folder / "people.csv").write_text(people.replace("department,d1", "department,s1"), "utf-8")
    city = load(folder)
    assert [area.id for area in city.world.chain("g06")] == ["g06", "c3", "s2"]


def test_a_circle_of_one(folder: Path) -> None:
    change(folder / "areas.csv", "s2,street,汶河街道,d1", "s2,street,汶河街道,s2")
    assert ("areas.csv", 4, "parent", "parent_cycle") in found(folder)


def test_size_of_grids_and_empty_desks_only_warn(folder: Path) -> None:
    change(folder / "areas.csv", "resident,312", "resident,510")
    change(folder / "areas.csv", "resident,298", "resident,249")
    change(folder / "areas.csv", "resident,455", "resident,500")
    change(folder / "areas.csv", "resident,405", "resident,250")
    change(folder / "people.csv", "s.s2,汶河指挥中心,street,s2", "s.s2,汶河指挥中心,department,s2")
    warned = [(one.row, one.field, one.key) for one in load(folder).warnings]
    assert warned[:3] == [
        (4, "id", "no_desk"),
        (8, "households", "households"),
        (9, "households", "households"),
    ]


@pytest.mark.parametrize(
    ("value", "key"),
    [
        pytest.param("", "empty", id="none"),
        pytest.param("x.y", "backstop_unknown", id="unknown"),
        pytest.param("r.wang", "backstop_resident", id="a resident"),
    ],
)
def test_backstop(folder: Path, value: str, key: str) -> None:
    change(folder / "gridbot.toml", 'backstop = "d.d1"', f'backstop = "{value}"')
    assert found(folder) == [("gridbot.toml", 7, "deployment.backstop", key)]


def test_the_backstop_is_checked_beside_another_fault_of_the_settings(folder: Path) -> None:
    change(folder / "gridbot.toml", 'backstop = "d.d1"', 'backstop = "x.y"')
    change(folder / "gridbot.toml", "port = 8080", "prot = 8080")
    assert [key for *_, key in found(folder)] == ["backstop_unknown", "key_unknown"]


def test_who_has_an_unknown_role_is_no_resident_who_stands_in(folder: Path) -> None:
    change(folder / "people.csv", "w.li,李强,worker,", "w.li,李强,wroker,")
    faults = {(row, key) for file, row, _, key in found(folder) if file == "people.csv"}
    assert faults == {(8, "choice")}


# Rules

RULES = "rules/2026-01-01.toml"


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "key"),
    [
        pytest.param(
            'arrive = "30m"',
            'arrive = "half"',
            'arrive = "half"',
            "urgent.arrive",
            "duration",
            id="no duration",
        ),
        pytest.param(
            'arrive = "30m"',
            "arrive = true",
            "arrive = true",
            "urgent.arrive",
            "duration",
            id="a truth is no duration",
        ),
        pytest.param(
            'arrive = "30m"\n', "", "[urgent]", "urgent.arrive", "key_missing", id="missing key"
        ),
        pytest.param(
            "respond = 4\nfinish = 168",
            "respond = -4\nfinish = 168",
            "respond = -4",
            "categories.property.respond",
            "duration_negative",
            id="negative hours",
        ),
        pytest.param(
            "respond = 4\nfinish = 168",
            'respond = "-4h"\nfinish = 168',
            'respond = "-4h"',
            "categories.property.respond",
            "duration_negative",
            id="negative text",
        ),
        pytest.param(
            "respond = 4\nfinish = 168",
            "respond = inf\nfinish = 168",
            "respond = inf",
            "categories.property.respond",
            "duration",
            id="infinite",
        ),
        pytest.param(
            "respond = 4\nfinish = 168",
            "respond = 4\nfinish = 3",
            "finish = 3",
            "categories.property.finish",
            "duration_order",
            id="finish before respond",
        ),
        pytest.param(
            "[categories.market]",
            "[categories.shop]",
            "[categories.shop]",
            "categories.shop",
            "key_unknown",
            id="misspelt category",
        ),
        pytest.param(
            'name = "电梯"',
            'nmae = "电梯"',
            'nmae = "电梯"',
            "categories.facility.special.1.nmae",
            "key_unknown",
            id="unknown key in a special",
        ),
        pytest.param(
            'words = ["电梯"]',
            'words = "电梯"',
            'words = "电梯"',
            "categories.facility.special.1.words",
            "setting_list",
            id="words as text",
        ),
        pytest.param(
            'words = ["电梯"]',
            "words = []",
            "words = []",
            "categories.facility.special.1.words",
            "empty",
            id="no words",
        ),
        pytest.param(
            'name = "物业服务"',
            "name = 7",
            "name = 7",
            "categories.property.name",
            "setting_text",
            id="name is a number",
        ),
        pytest.param(
            'name = "物业服务"',
            'name = ""',
            'name = ""',
            "categories.property.name",
            "empty",
            id="no name",
        ),
        pytest.param(
            'start = "22:00"',
            'start = "24:30"',
            'start = "24:30"',
            "night.start",
            "value_type",
            id="no such time",
        ),
        pytest.param(
            'resume = "09:00"',
            'resume = "06:00"',
            'resume = "06:00"',
            "night.resume",
            "resume_at_night",
            id="work begins at night",
        ),
        pytest.param(
            "remind_at = 0.75",
            "remind_at = 75",
            "remind_at = 75",
            "escalation.remind_at",
            "share",
            id="per cent",
        ),
        pytest.param(
            "supervise_after = 2",
            "supervise_after = 0",
            "supervise_after = 0",
            "escalation.supervise_after",
            "value_type",
            id="never",
        ),
        pytest.param(
            "each_level_again = true",
            "each_level_again = 1",
            "each_level_again = 1",
            "escalation.each_level_again",
            "setting_bool",
            id="one for true",
        ),
        pytest.param(
            "households_max = 500",
            "households_max = 5",
            "households_max = 5",
            "grids.households_max",
            "household_order",
            id="upside down",
        ),
        pytest.param("[grids]", "[gird]", "[gird]", "gird", "key_unknown", id="unknown section"),
        pytest.param(
            "[night]", "[[night]]", "[[night]]", "night", "value_type", id="section is a list"
        ),
        pytest.param(
            'name = "商贸消费"',
            'special = 3\nname = "商贸消费"',
            "special = 3",
            "categories.market.special",
            "value_type",
            id="list is a number",
        ),
    ],
)
def test_rules(folder: Path, old: str, new: str, line: str, field: str, key: str) -> None:
    path = folder / RULES
    text = path.read_text("utf-8").replace(old, new, 1)
    path.write_text(text, "utf-8")
    row = next(at for at, said in enumerate(text.splitlines(), 1) if said.startswith(line))
    assert (RULES, row, field, key) in found(folder)


def test_rules_of_wrong_syntax_name_the_line(folder: Path) -> None:
    row = add(folder / RULES, "remind = = 3")
    assert found(folder) == [(RULES, row, "", "toml_syntax")]


def test_a_missing_category_and_a_missing_section(folder: Path) -> None:
    path = folder / RULES
    text = path.read_text("utf-8")
    text = text[: text.index("[categories.market]")] + text[text.index("[categories.other]") :]
    path.write_text(text.replace("[inquiry]\nrespond = 8\nfinish = 48\n", ""), "utf-8")
    assert {one[2:] for one in found(folder)} == {
        ("inquiry", "key_missing"),
        ("categories.market", "category_missing"),
    }


def test_a_category_that_is_never_joined_must_be_one(folder: Path) -> None:
    path = folder / RULES
    change(path, '"gov_service", "market",', '"gov_service", "markets",')
    row = next(
        at
        for at, said in enumerate(path.read_text("utf-8").splitlines(), 1)
        if said.startswith("duplicates_never")
    )
    assert (RULES, row, "conversation.duplicates_never", "category_unknown") in found(folder)


@pytest.mark.parametrize(
    ("line", "never"),
    [
        pytest.param("duplicates_never = []", (), id="an empty list: all may be joined"),
        pytest.param("", PRIVATE, id="not written: the private ones"),
    ],
)
def test_which_categories_are_never_joined(folder: Path, line: str, never: tuple[str, ...]) -> None:
    path = folder / RULES
    text = path.read_text("utf-8")
    start = text.index("duplicates_never")
    path.write_text(text[:start] + line + text[text.index("]", start) + 1 :], "utf-8")
    assert load(folder).rules.version("2026-01-01").duplicates_never == never


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        pytest.param("", "", (10, 1440), id="as the sample has it"),
        pytest.param('again = "10m"', 'again = "5m"', (5, 1440), id="how often"),
        pytest.param('again_for = "24h"', 'again_for = "1h"', (10, 60), id="for how long"),
        pytest.param('again = "10m"', "", (10, 1440), id="not written: ten minutes"),
        pytest.param('again_for = "24h"', "", (10, 1440), id="not written: a day"),
    ],
)
def test_how_often_an_emergency_is_told_again(
    folder: Path, old: str, new: str, again: tuple[int, int]
) -> None:
    change(folder / RULES, old, new)
    rules = load(folder).rules.version("2026-01-01")
    assert (rules.urgent_again, rules.urgent_again_for) == tuple(
        timedelta(minutes=one) for one in again
    )


def test_never_again_is_no_rule(folder: Path) -> None:
    change(folder / RULES, 'again = "10m"', "again = 0")
    assert [(key, kind) for _, _, key, kind in found(folder)] == [
        ("urgent.again", "duration_negative")
    ]


def test_no_rules(folder: Path) -> None:
    shutil.rmtree(folder / "rules")
    assert found(folder) == [("rules/", 0, "", "rules_none")]


def test_a_second_version_stands_beside_the_first(folder: Path) -> None:
    shutil.copy(folder / RULES, folder / "rules/2026-07-01.toml")
    change(folder / "rules/2026-07-01.toml", "verify_days = 7", "verify_days = 5")
    city = load(folder)
    assert [city.rules.version(key).verify_days for key in city.rules.versions] == [7, 5]


# Days


@pytest.mark.parametrize(
    ("day", "worked", "known"),
    [
        pytest.param(date(2026, 10, 1), False, True, id="National Day"),
        pytest.param(date(2026, 10, 10), True, True, id="a Saturday worked instead"),
        pytest.param(date(2026, 11, 23), True, True, id="a plain Monday"),
        pytest.param(date(2026, 11, 25), False, True, id="the city's own day off"),
        pytest.param(date(2026, 11, 28), True, True, id="the city's own working Saturday"),
        pytest.param(date(1999, 10, 2), False, False, id="before all data: the week"),
        pytest.param(date(2040, 10, 1), True, False, id="after all data: the week"),
    ],
)
def test_calendar(folder: Path, day: date, worked: bool, known: bool) -> None:
    add(folder / "rules/holidays.csv", "2026-11-25,FALSE,市里放假", "2026-11-28,1,补班")
    calendar = load(folder).calendar
    assert (calendar.is_workday(day), calendar.known(day)) == (worked, known)


def test_no_holidays_file_is_fine(folder: Path) -> None:
    (folder / "rules/holidays.csv").unlink()
    assert not load(folder).calendar.is_workday(date(2026, 10, 1))


# Folders


def test_no_folder(tmp_path: Path) -> None:
    assert [one.key for one in faults_of(tmp_path / "none")] == ["folder_missing"]
    (tmp_path / "file").touch()
    assert [one.key for one in faults_of(tmp_path / "file")] == ["folder_is_file"]


def test_sample_is_never_laid_over_anything(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(Faults, match="已有东西"):
        write_sample(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(Faults, match="不是文件夹"):
        write_sample(tmp_path / "mine.txt")
    with pytest.raises(Faults, match="写不进去"):
        write_sample(tmp_path / "mine.txt" / "below")


def test_sample_goes_into_an_empty_or_a_deep_new_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for target in (tmp_path / "empty", tmp_path / "a" / "b" / "c"):
        write_sample(target)
        assert load(target).backstop == "d.d1"


def test_a_folder_of_tables_may_borrow_the_rest(tmp_path: Path) -> None:
    for path in SAMPLE.glob("*.csv"):
        shutil.copyfile(path, tmp_path / path.name)
    change(tmp_path / "people.csv", "d.d1,区网格中心", "d.desk,区网格中心")
    assert {one.key for one in faults_of(tmp_path)} == {"file_missing", "rules_none"}
    city = load(tmp_path, borrow=True)
    assert city.backstop == "d.desk"
    assert city.settings.store.url.endswith(f"{tmp_path.name}/gridbot.sqlite3")
    assert city.rules.versions


# House


def test_every_message_is_used_and_every_used_one_is_there() -> None:
    bot = SAMPLE.parent
    known = set(tomllib.loads((bot / "deployment/faults.toml").read_text("utf-8"))) - {"place"}
    names = ("advice/settings.py", "phrases_check.py")
    sources = [*(bot / "deployment").glob("*.py"), *(bot / one for one in names)]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    assert {key for key in known if f'"{key}"' not in text} == set()
    used = set(re.findall(r'(?:\.add|\.warn|[.\s(]fault)\(\s*"(\w+)"', text))
    assert used <= known
    assert words.words("place", "line")


def test_a_large_city_loads_quickly(folder: Path) -> None:
    """4,000 grids and 100,000 people; the budget is 1.5 s, in processor time with room for noise."""
    areas, people = ["d1,district,区,,,,"], ["d.d1,区,district,d1,,,,,"]
    for c in range(800):
        if c % 20 == 0:
            areas.append(f"s{c // 20},street,街,d1,,,")
        areas.append(f"c{c},community,社,s{c // 20},,,")
        people.append(f"l.{c},书记,leader,c{c},,,l.{c},,")
        for g in range(c * 5, c * 5 + 5):
            areas.append(f"g{g},grid,格,c{c},resident,300,")
            people.append(f"w.{g},李强,worker,g{g},13800000000,,w.{g},,")
            people += [
                f"r.{g}.{n},王,resident,g{g},13900000000,,r.{g}.{n},花苑3号楼2单元501,"
                for n in range(24)
            ]
    for name, rows in (("areas.csv", areas), ("people.csv", people)):
        header = (folder / name).read_text("utf-8").partition("\n")[0]
        (folder / name).write_text("\n".join((header, *rows)), "utf-8")
    for name in ("groups.csv", "places.csv"):
        header = (folder / name).read_text("utf-8").partition("\n")[0]
        (folder / name).write_text(header + "\n", "utf-8")
    began = time.process_time()
    city = load(folder)
    assert len(city.world.people) == 100_801
    assert time.process_time() - began < 2.5
