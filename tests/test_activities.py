"""The rules of activities, and the leader who is reminded of what is behind (domain.md H5, I2)."""

import shutil
from datetime import date, time
from pathlib import Path

import pytest

from bot.deployment.faults import Faults
from bot.deployment.folder import SAMPLE, load
from bot.simulate import play
from domain.activities import Activity
from domain.activity_rules import ActivityRules, Kind, Plan
from domain.city import City
from domain.contact import card
from domain.people import Level
from domain.rules import Rules
from domain.visit_rules import Per, Rhythm
from scheduler.plans import of_all, of_week, standing
from store import activities
from store.engine import Store
from tests import factories as make

RULES = "rules/2026-01-01.toml"
OFF, ON = '# remind_at = "09:00"', 'remind_at = "09:30"'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLE, tmp_path / "town")
    return tmp_path / "town"


def change(folder: Path, old: str, new: str) -> None:
    path = folder / RULES
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def rules_of(folder: Path) -> Rules:
    return load(folder).rules.version("2026-01-01")


def test_the_plans_are_read_as_written(folder: Path) -> None:
    found = rules_of(folder).activities
    assert (found.remind_at, found.remind_share) == (None, 0.75)
    by = {one.name: one for one in found.plans}
    assert by["居民议事会"] == Plan("居民议事会", Kind.COUNCIL, rhythm=Rhythm(4, Per.YEAR), most=6)
    assert by["119 消防宣传月"] == Plan(
        "119 消防宣传月",
        Kind.PUBLICITY,
        2,
        start=date(2026, 11, 1),
        end=date(2026, 11, 30),
        words=("消防", "防火"),
    )


def test_a_deployment_without_the_section_plans_nothing(folder: Path) -> None:
    path = folder / RULES
    text = path.read_text("utf-8")
    start, end = text.index("[activities]"), text.index("# 通知和提醒。")
    path.write_text(text[:start] + text[end:], "utf-8")
    assert rules_of(folder).activities == ActivityRules()


def test_when_to_remind_is_the_city_s(folder: Path) -> None:
    change(folder, OFF, ON)
    assert rules_of(folder).activities.remind_at == time(9, 30)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        pytest.param('kind = "council"', 'kind = "party"', "activities.plan.1.kind", id="kind"),
        pytest.param('"4/year"', '"4/decade"', "activities.plan.1.rhythm", id="rhythm"),
        pytest.param("end = 2026-11-30", "end = 2026-10-30", "activities.plan.4.end", id="order"),
        pytest.param("end = 2026-11-30", "", "activities.plan.4.end", id="no end"),
        pytest.param("start = 2026-11-01", 'start = "11-01"', "activities.plan.4.start", id="day"),
        pytest.param("most = 6", "mots = 6", "activities.plan.1.mots", id="unknown key"),
    ],
)
def test_what_is_wrong_is_named(folder: Path, old: str, new: str, key: str) -> None:
    change(folder, old, new)
    with pytest.raises(Faults) as found:
        load(folder)
    assert key in [one.field for one in found.value.faults]


# A Thursday; the week's meeting falls behind on Friday, all others have been for some time.
DIALOGUE = """# plans that are behind
world town
now 2026-11-26 09:00
w.li: 今天消防演练 46人
l.c1: 例会 全员到齐
+1h
< l.c1 *琼花社区这几项活动还没办够*居民议事会：0/4 场*网格员培训：0/1 期*宣传月：0/2 次*
!< l.c1 *消防演练：*
< l.c2 *何园社区*消防演练：0/1 场*
!< l.c2 *例会*
now 2026-11-27 10:00
!< l.c1 *没办够*
< l.c2 *每周例会：0/1 场，11月29日前还差 1 场*
"""


async def test_the_leader_hears_of_it_once(folder: Path) -> None:
    change(folder, OFF, ON)
    path = folder.parent / "behind.txt"
    path.write_text(DIALOGUE, "utf-8")
    report = await play(path)
    assert not report.failures, "\n".join(map(str, report.failures))


async def test_nobody_is_reminded_where_the_rules_do_not_say_when(folder: Path) -> None:
    path = folder.parent / "quiet.txt"
    path.write_text("world town\nnow 2026-11-23 09:00\n+1h\n!< l.c1 *没办够*\n", "utf-8")
    report = await play(path)
    assert not report.failures, "\n".join(map(str, report.failures))


@pytest.mark.parametrize(
    ("first", "today", "names"),
    [
        pytest.param("2026-11-23", "2026-11-25", {"119 消防宣传月": 1, "消防演练": 0}, id="now"),
        pytest.param("2026-12-07", "2026-11-25", {"消防演练": 0}, id="after the campaign"),
        pytest.param("2026-10-26", "2026-11-25", {"119 消防宣传月": 1}, id="it begins that week"),
        pytest.param("2027-01-04", "2026-11-25", {"消防演练": 0}, id="a year later"),
    ],
)
async def test_the_plans_of_a_week_of_the_calendar(
    store: Store, city: City, first: str, today: str, names: dict[str, int]
) -> None:
    told = Activity(
        0, "g01", Kind.PUBLICITY, date(2026, 11, 3), make.NOW, "w.li", "消防宣传 资料20份"
    )
    days = date.fromisoformat(first), date.fromisoformat(today)
    async with store.write() as conn:
        await activities.add(conn, told)
        found = {one["name"]: one["done"] for one in await of_week(conn, city, "c1", *days)}
        every = {area.id: plans for area, plans in await of_all(conn, city, days[1])}
        assert every["c1"] == await standing(conn, city, "c1", days[1])
    assert names.items() <= found.items()
    assert ("119 消防宣传月" in found) == ("119 消防宣传月" in names)


def test_every_grid_answers_who_looks_after_it(city: City) -> None:
    rules = city.book.version("2026-01-01").contact
    for area in city.world.areas.values():
        if area.level is Level.GRID:
            found = card(city.world, area.id, rules)
            assert found is not None
            assert [one.post for one in found.lines[:2]] == ["worker", "leader"]
            assert all(one.phone for one in found.lines)
            assert found.supervision
