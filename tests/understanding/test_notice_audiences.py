"""How wide an audience is that has no name of its own, and what a missed time is to become."""

from datetime import datetime

import pytest

from bot.understanding.notice_days import nearest_day, no_such_time
from bot.understanding.notices import names_building, own_area, spoken
from domain.notice_times import Missed
from domain.workdays import TZ
from tests.rows import each_row

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)  # a Monday; the February to come has 28 days


@each_row(
    ("text", "to", "where", "level"),
    [
        pytest.param("街道全体 开会", "residents", (), "street", id="all of the street"),
        pytest.param("整个街道 开会", "residents", (), "street", id="the whole street"),
        pytest.param("本街道居民 开会", "residents", (), "street", id="this street"),
        pytest.param("街道各社区书记 开会", "leader", (), "street", id="the street's leaders"),
        pytest.param("社区网格员 开会", "worker", (), "community", id="the community's workers"),
        pytest.param("我们社区的业主 停水", "residents", (), "community", id="our community"),
        pytest.param("区居民 停水", "residents", (), "district", id="the district"),
        pytest.param("网格居民 停水", "residents", (), "grid", id="the grid"),
        pytest.param("社区和街道居民 停水", "residents", (), "street", id="the wider of two"),
        pytest.param(
            "何园社区和本街道居民 停水", "residents", ("何园社区", "全街道"), "", id="beside a name"
        ),
        pytest.param("各居民群 停水", "residents", (), "", id="no level"),
        pytest.param("小区居民 停水", "residents", (), "", id="an estate is no district"),
        pytest.param("辖区住户 停水", "residents", (), "", id="nor is one's area"),
        pytest.param("东关街道居民 停水", "residents", ("东关街道",), "", id="a name of its own"),
        pytest.param("给各居民群 停水", "residents", (), "", id="to them"),
        pytest.param("请发到琼花一网格居民 停水", "residents", ("琼花一网格",), "", id="to it"),
        pytest.param("向阳社区居民 停水", "residents", ("向阳社区",), "", id="a name with 向"),
        pytest.param("新桥里居民 停水", "residents", ("新桥里",), "", id="a name with 里"),
    ],
)
def test_how_wide(text: str, to: str, where: tuple[str, ...], level: str) -> None:
    said = spoken(text, NOW)
    assert (said.to, said.where, said.level) == (to, where, level)


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("", ""),
        ("各", ""),
        ("辖区内", ""),
        ("本社区的", "community"),
        ("给街道里", "street"),
        ("琼花一网格", None),
        ("火星社区", None),
        ("新桥里", None),
        ("全街道", None),  # a level named by a word of its own
    ],
)
def test_ones_own_area(name: str, level: str | None) -> None:
    assert own_area(name) == level


@pytest.mark.parametrize("name", ["3号楼", "琼花苑5栋", "12幢", "三号楼", "A座3号楼"])
def test_a_building_and_nothing_else(name: str) -> None:
    assert names_building(name)


@pytest.mark.parametrize(
    "name", ["3号楼今晚停水", "12月5日停水", "琼花苑", "今晚8点", "请3号楼储水", ""]
)
def test_more_than_a_building(name: str) -> None:
    assert not names_building(name)


@pytest.mark.parametrize(
    ("text", "missed"),
    [
        pytest.param("每天18点，过点就不发 各居民群 a", Missed.SKIP, id="past is past"),
        pytest.param("每天18点（错过别补发） 各居民群 a", Missed.SKIP, id="no second try"),
        pytest.param("明天8点不用补发 各居民群 a", Missed.SKIP, id="not made up for"),
        pytest.param("每周一9点，晚了也要发 各居民群 a", Missed.LATE, id="late as well"),
        pytest.param("每月1号9点 一定要补发 各居民群 a", Missed.LATE, id="surely made up for"),
        pytest.param("每天18点 各居民群 a", Missed.VALID, id="nothing said"),
        pytest.param("每天18点都要发 各居民群 a", Missed.VALID, id="every day, no rule"),
    ],
)
def test_what_a_missed_time_becomes(text: str, missed: Missed) -> None:
    said = spoken(text, NOW, timed=True)
    assert said.rhythm is not None
    assert (said.rhythm.missed, said.words) == (missed, "a")


@pytest.mark.parametrize("words", ["8点到10点领豆油，过点不发", "过点就不发 请早来", "晚了也要发"])
def test_the_same_words_to_neighbours_stay_in_the_notice(words: str) -> None:
    said = spoken(f"明天8点 各居民群 {words}", NOW, timed=True)
    assert said.rhythm is not None
    assert (said.rhythm.missed, said.words) == (Missed.VALID, words)


def test_behind_whom_as_well() -> None:
    said = spoken("各居民群 明早8点发，错过也要补发，请储水", NOW)
    assert said.rhythm is not None
    assert (said.rhythm.missed, said.words) == (Missed.LATE, "请储水")


@pytest.mark.parametrize(
    ("words", "wrong", "near"),
    [
        ("2月30日体检", "2月30日", "2月28日"),
        ("2月29日体检", "2月29日", "2月28日"),
        ("4月31号开会", "4月31号", "4月30日"),
        ("2027年2月29日体检", "2027年2月29日", "2月28日"),
        ("13月1日停水", "13月1日", ""),
        ("明天25点停水", "25点", ""),
        ("2028年2月29日体检", "", ""),
        ("11月30日停水", "", ""),
        ("2月29日已经体检过了", "", ""),  # of some year gone by
    ],
)
def test_a_day_in_no_calendar_and_the_nearest_one(words: str, wrong: str, near: str) -> None:
    assert no_such_time(words, NOW) == wrong
    assert (nearest_day(wrong, NOW) if wrong else "") == near


@pytest.mark.parametrize(("month", "wrong"), [(1, ""), (3, "2月29日")])
def test_the_29th_counts_in_the_february_to_come(month: int, wrong: str) -> None:
    assert no_such_time("2月29日体检", datetime(2028, month, 1, tzinfo=TZ)) == wrong
