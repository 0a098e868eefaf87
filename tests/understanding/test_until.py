"""Until when something is put off: Monday 2026-11-23, nine in the morning."""

from datetime import datetime

import pytest

from bot.understanding.times import ZONE
from bot.understanding.until import until

NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "moment", "words"),
    [
        pytest.param("到周五，等材料", "11-27 18:00", "等材料", id="a weekday"),
        pytest.param("延期到下周二 厂家没货", "12-01 18:00", "厂家没货", id="the week after"),
        pytest.param("等配件，要拖到月底", "11-30 18:00", "等配件", id="the reason first"),
        pytest.param("到28号，师傅请假", "11-28 18:00", "师傅请假", id="a day of the month"),
        pytest.param("12月3日前弄好，等审批", "12-03 18:00", "弄好，等审批", id="before a day"),
        pytest.param("到明天下午5点，在等零件", "11-24 17:00", "在等零件", id="an hour"),
        pytest.param("到周五", "11-27 18:00", "", id="no reason"),
        pytest.param("等材料", "", "等材料", id="no day"),
        pytest.param("周五买的灯座坏了", "", "周五买的灯座坏了", id="a day that is no end"),
        pytest.param("到上周五都没货", "", "到上周五都没货", id="a day gone by"),
    ],
)
def test_the_day_that_is_named(text: str, moment: str, words: str) -> None:
    found, rest = until(text, NOW)
    assert (found.strftime("%m-%d %H:%M") if found else "", rest) == (moment, words)
