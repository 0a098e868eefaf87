"""Days by their names, for notices: which date each is, and what nobody can tell yet."""

from datetime import date, datetime

import pytest

from bot.deployment.rules import national_days
from bot.understanding.festivals import moving
from bot.understanding.notice_shift import shift
from bot.understanding.notice_when import day_alone, day_named, why_not
from bot.understanding.notices import spoken
from domain.workdays import TZ, Calendar
from tests.rows import each_row

JANUARY = datetime(2026, 1, 5, 15, 0, tzinfo=TZ)  # the days off of 2026 are known
NOVEMBER = datetime(2026, 11, 23, 15, 0, tzinfo=TZ)  # those of 2027 are not


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar({day: work for day, work in national_days().items() if day.year < 2027})


@each_row(
    ("text", "code"),
    [
        pytest.param("国庆前一天16点", "once 2026-09-30 16:00", id="the day before"),
        pytest.param("国庆节头天下午4点", "once 2026-09-30 16:00", id="in another word"),
        pytest.param("五一前三天9点", "once 2026-04-28 09:00", id="three days before"),
        pytest.param("劳动节当天9点", "once 2026-05-01 09:00", id="the day itself"),
        pytest.param("元旦8点", "once 2027-01-01 08:00", id="gone by this year"),
        pytest.param("除夕夜8点", "once 2026-02-16 20:00", id="beside another one, at night"),
        pytest.param("大年初三9点", "once 2026-02-19 09:00", id="counted from the first"),
        pytest.param("元宵节18点", "once 2026-03-03 18:00", id="counted from the new year"),
        pytest.param("清明节前两天9点", "once 2026-04-03 09:00", id="by the sun"),
        pytest.param("中秋那天晚上7点", "once 2026-09-25 19:00", id="by the moon"),
        pytest.param("明年春节9点", "once 2027-02-06 09:00", id="of the year that is named"),
        pytest.param("重阳节9点", "once 2026-10-18 09:00", id="without days off"),
        pytest.param("妇女节后第二天9点", "once 2026-03-10 09:00", id="after one of those"),
        pytest.param("春节放假前一天16点", "once 2026-02-14 16:00", id="by the days off"),
        pytest.param("春节放假第一天9点", "once 2026-02-15 09:00", id="their first"),
        pytest.param("国庆假期最后一天16点", "once 2026-10-07 16:00", id="their last"),
        pytest.param("十一长假前一天16点", "once 2026-09-30 16:00", id="as people call them"),
        pytest.param("端午节后第一天9点", "once 2026-06-22 09:00", id="after them"),
        pytest.param("国庆节后第一个工作日9点", "once 2026-10-08 09:00", id="back at work"),
        pytest.param("每年国庆前一天16点", "year 09-30 16:00", id="each year"),
        pytest.param("节前一天16点", "eve 16:00", id="before any of them, as ever"),
        pytest.param("11月9日9点", "once 2026-11-09 09:00", id="a plain date, as ever"),
        pytest.param("五月一号9点", "once 2026-05-01 09:00", id="no name but a date"),
    ],
)
def test_which_day(text: str, code: str, calendar: Calendar) -> None:
    said = spoken(f"{text} 各居民群 a", JANUARY, timed=True, calendar=calendar)
    assert said.rhythm is not None
    assert (said.rhythm.code, said.said, said.words) == (code, "各居民群", "a")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("国庆放假前一天16点", "off_unknown", id="no list for that year yet"),
        pytest.param("明年春节后第一个工作日9点", "off_unknown", id="nor for that"),
        pytest.param("2050年春节9点", "day_unknown", id="no date for that year"),
        pytest.param("每年清明前一天9点", "moves", id="each year another date"),
        pytest.param("每年国庆放假前一天9点", "moves", id="so are the days off"),
        pytest.param("妇女节放假前一天9点", "", id="it has no days off"),
        pytest.param("国庆期间9点", "", id="no one day"),
        pytest.param("春节前后9点", "", id="about that time"),
    ],
)
def test_what_cannot_be_told(text: str, reason: str, calendar: Calendar) -> None:
    assert spoken(f"{text} 各居民群 a", NOVEMBER, timed=True, calendar=calendar).unread
    assert why_not(text, NOVEMBER, calendar) == reason


@pytest.mark.parametrize(
    "words",
    ["元旦放假三天 注意防火", "国庆期间值班电话不变", "春节前一天贴春联", "除夕晚上别放炮"],
)
def test_in_the_words_of_a_notice_they_are_words(words: str, calendar: Calendar) -> None:
    said = spoken(f"各居民群 {words}", NOVEMBER, calendar=calendar)
    assert (said.rhythm, said.words, said.unread) == (None, words, False)


def test_a_notice_is_moved_to_one(calendar: Calendar) -> None:
    told = shift("通知12改到元旦前一天9点", NOVEMBER, calendar)
    assert (told.number, told.day, told.read) == (12, date(2026, 12, 31), True)
    assert shift("通知12改到除夕", NOVEMBER, calendar).day == date(2027, 2, 5)
    lost = shift("通知改到国庆放假前一天9点", NOVEMBER, calendar)
    assert (lost.read, lost.lost) == (False, True)  # and never nine o'clock of its own day


@pytest.mark.parametrize(
    ("text", "alone", "named"),
    [
        ("国庆前一天 各居民群 关窗", "国庆前一天", "国庆前一天"),
        ("每周一 各居民群 关窗", "每周一", ""),
        ("明天上午 各居民群 停水", "明天上午", ""),
        ("各居民群 明天停水", "", ""),
        ("明天8点 各居民群 停水", "", ""),
    ],
)
def test_a_day_without_an_hour(text: str, alone: str, named: str) -> None:
    assert (day_alone(text), day_named(text)) == (alone, named)


def test_the_dates_agree_with_the_days_off_of_the_years_that_are_known() -> None:
    known = Calendar(national_days())
    checked = [
        (day, known.days_off(day)) for _, day, off in moving() if off and known.has(day.year)
    ]
    assert checked
    assert [day for day, off in checked if off is None or not off[0] <= day <= off[1]] == []


def test_each_that_moves_has_a_date_in_every_year_of_the_table() -> None:
    years: dict[str, list[int]] = {}
    for name, day, _ in moving():
        years.setdefault(name, []).append(day.year)
    assert set(map(tuple, years.values())) == {tuple(range(2024, 2033))}
