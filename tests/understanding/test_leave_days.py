"""请假: days that cannot be are named, with the nearest that can; nothing is moved by itself."""

from datetime import date

import pytest

from bot.understanding.leave import Slip, wish

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "slip", "said", "near"),
    [
        pytest.param("请假 2月30日 何梅代", Slip.NO_SUCH_DAY, "2月30日", (2, 28), id="February"),
        pytest.param("请假 2月29日", Slip.NO_SUCH_DAY, "2月29日", (2, 28), id="no leap year"),
        pytest.param("四月三十一号我休息 请假", Slip.NO_SUCH_DAY, "四月三十一号", (4, 30), id="in signs"),
        pytest.param("请假 2月26日到30日", Slip.NO_SUCH_DAY, "30日", (2, 28), id="the second day"),
        pytest.param("请假 2月26日到30 何梅代", Slip.NO_SUCH_DAY, "30日", (2, 28), id="bare"),
        pytest.param("请假 11月28日到11月31日", Slip.NO_SUCH_DAY, "11月31日", (11, 30), id="its month"),
        pytest.param("请假 13月5日", Slip.NO_SUCH_DAY, "13月5日", None, id="no such month"),
        pytest.param("请假 32号", Slip.NO_SUCH_DAY, "32号", None, id="no month has it"),
        pytest.param("请假 明天起0天", Slip.NO_DAYS, "0天", None, id="no days"),
        pytest.param("明天起请假70天", Slip.TOO_LONG, "70天", None, id="too many"),
    ],
)  # fmt: skip
def test_what_cannot_be(text: str, slip: Slip, said: str, near: tuple[int, int] | None) -> None:
    found = wish(text, TODAY)
    assert (found.first, found.last) == (None, None)
    assert found.wrong is not None
    assert (found.wrong.slip, found.wrong.said) == (slip, said)
    assert (found.wrong.near and (found.wrong.near.month, found.wrong.near.day)) == near


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        pytest.param("请假 2月26日到28日", (2027, 2, 26), (2027, 2, 28), id="to its last day"),
        pytest.param("请假 2028年2月29日", (2028, 2, 29), (2028, 2, 29), id="a leap year"),
        pytest.param("请假 12月28日到2日", (2026, 12, 28), (2027, 1, 2), id="over the year's end"),
        pytest.param("28号到2号请假", (2026, 11, 28), (2026, 12, 2), id="over a month's end"),
        pytest.param("请假 2月25日到20日", (2027, 2, 25), (2027, 2, 20), id="a slip stays one"),
        pytest.param("请假 30号", (2026, 11, 30), (2026, 11, 30), id="the next 30th"),
        pytest.param("请假 31号", (2026, 12, 31), (2026, 12, 31), id="the next month that has it"),
        pytest.param("明天请假 去30号楼看老人", (2026, 11, 25), (2026, 11, 25), id="a house is no day"),
        pytest.param("请假 明天起60天", (2026, 11, 25), (2027, 1, 23), id="as many as may be"),
    ],
)  # fmt: skip
def test_what_can(text: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    found = wish(text, TODAY)
    assert (found.first, found.last, found.wrong) == (date(*first), date(*last), None)


@pytest.mark.parametrize(
    "text",
    [
        "明天下午请假半天 何梅代",
        "请假 今天晚上8点到明天早上8点 何梅代",
        "明天上午请假去医院 何梅替我",
        "请假 25日 两个小时 何梅代",
        "后天请半天假 何梅顶班",
    ],
)
def test_a_part_of_a_day(text: str) -> None:
    assert wish(text, TODAY).hours


@pytest.mark.parametrize(
    "text",
    [
        "请假 11月25日到27日 何梅代",
        "明天请假 何梅代班",
        "请假三天 明天起 何梅代",
        "请假 25日 上午的巡查已经走过了 何梅代",
        "11月30号请假 去3号楼看我妈 何梅代",
    ],
)
def test_whole_days(text: str) -> None:
    assert not wish(text, TODAY).hours
