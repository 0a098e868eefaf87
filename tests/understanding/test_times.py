"""The moment of an appointment: Monday 2026-11-23, nine in the morning, unless said otherwise."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.normalise import clean
from bot.understanding.times import ZONE, when
from tests.rows import each_row

NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)
NOWS = st.integers(0, 100 * 366 * 24 * 60).map(
    lambda minutes: datetime(2000, 1, 1, tzinfo=ZONE) + timedelta(minutes=minutes)
)


def heard(text: str, now: datetime = NOW, intent: str | None = "appointment") -> str:
    """The moment as month-day hour:minute."""
    moment = when(clean(text).plain, now, intent)
    return moment.strftime("%m-%d %H:%M") if moment else ""


NAMED = {
    # the hours the guideline gives to parts of the day
    "后天一早来通下水嘛": "11-25 08:00", "明天早上来吧": "11-24 08:00", "周四上午，来校表": "11-26 09:00",
    "周三中午来行不": "11-25 12:00", "改后天下午": "11-25 14:00", "您看大后天傍晚方便吗": "11-26 18:00",
    "后天晚上成不": "11-25 19:00", "我休周三，那天来": "11-25 09:00", "今晚在家，你来": "11-23 19:00",
    # days
    "那就周二吧": "11-24 09:00", "下周二上午": "12-01 09:00", "下下周一上午": "12-07 09:00", "这礼拜天上午": "11-29 09:00",
    "下个礼拜的周三上午": "12-02 09:00", "12月1号上午十点": "12-01 10:00", "十二月一日上午十点": "12-01 10:00",
    "12/5 上午10:30来": "12-05 10:30", "2026年12月3日14:00": "12-03 14:00", "下个月3号": "12-03 09:00", "月底我去填": "11-30 09:00",
    "12月底": "12-31 09:00", "约26号下午四点": "11-26 16:00", "改到29号": "11-29 09:00", "3号上午九点": "12-03 09:00", "1月5号上午": "01-05 09:00",
    "两天后上门": "11-25 09:00", "听日下昼三点": "11-24 15:00", "明朝上半日来": "11-24 09:00",
    # hours
    "明早八点半": "11-24 08:30", "明天下班后六点半": "11-24 18:30", "下班六点半到家": "11-23 18:30", "明天下午三点一刻": "11-24 15:15",
    "明天下午四点二十": "11-24 16:20", "周四早六点": "11-26 06:00", "周五十一点来": "11-27 11:00", "明天中午一点": "11-24 13:00",
    "明晚十二点": "11-25 00:00", "今天夜里两点": "11-24 02:00", "中午十二点到一点之间": "11-23 12:00", "后天下午3点到5点": "11-25 15:00",
    "今晚八点以后": "11-23 20:00", "明天早上九点前我都在家": "11-24 09:00", "今天八点": "11-23 20:00", "周三7点后到家": "11-25 19:00",
    "半小时后到我家": "11-23 09:30", "一个半小时后来": "11-23 10:30", "后天 14：30": "11-25 14:30", "过半小时再来": "11-23 09:30",
    "下午两三点来吧": "11-23 14:00", "下午3-5点我都在": "11-23 15:00", "周六10am来": "11-28 10:00", "明天2:30pm": "11-24 14:30", "星期四下午两点过一刻": "11-26 14:15",
    "今天十点半我在家": "11-23 10:30", "明天七点在家": "11-24 19:00", "礼拜五晌午过后来": "11-27 14:00", "礼拜五晌午过来": "11-27 12:00",
    "礼拜六吃完午饭来": "11-28 12:00", "明天下班后来取": "11-24 18:00", "27号吧，我调休": "11-27 09:00", "预约26日办居住证": "11-26 09:00",
    # a day or an hour told before
    "明天上午不行，下午三点可以吗": "11-24 15:00", "明天上午不行，下午吧": "11-24 14:00", "后天早上七点来？太早了，九点半行吧": "11-25 09:30",
    "原约周五晚七点，我加班，八点可以吗": "11-27 20:00", "明天下午四点半不行，换成后天同一时间": "11-25 16:30",
    "今晚七点半下工往回赶，八点整你到我屋": "11-23 20:00", "今晚下班六点 到家六点四十": "11-23 18:40", "那就月底那天，30号下午五点半": "11-30 17:30",
    "明天不要来 后天再来 后天下午我在": "11-25 14:00", "下午别来 明天再来": "11-24 09:00", "明早上午来，我十点前都在": "11-24 09:00",
    "礼拜天中午行吗 过了两点我要补觉": "11-29 12:00", "明天下午三点到五点可以吗": "11-24 15:00", "改成每天夜里十一点半来": "11-23 23:30",
    # which of several
    "原定周四的改至周五17:00": "11-27 17:00", "不是周三 是周四下午": "11-26 14:00", "明天不来就算了，改到26号晚上九点半": "11-26 21:30",
    "周六能来吗？十点吧": "11-28 10:00", "上午十点，后天行吗": "11-25 10:00", "周三来吧，下午": "11-25 14:00",
    "明天有客 延到后天早上九点": "11-25 09:00", "今朝覅来了 礼拜五下半日来": "11-27 14:00", "上周五来过 这周五下午再来": "11-27 14:00",
}  # fmt: skip


@each_row(("text", "moment"), NAMED.items())
def test_the_moment_named(text: str, moment: str) -> None:
    assert heard(text) == moment


NONE = (
    "", "你好", "过两天再说", "赶明儿来", "晚点来", "早点来吧", "一时半会儿", "我提三点要求", "上周五来过", "昨晚八点没人来", "9月8日报的",
    "每周三下午都可以", "每周二、四上午有空", "12月32号上午", "2月30号", "3号楼2单元501", "8-2-201来一下", "12幢漏水", "22号1101", "26号楼", "改到29号楼", "7号楼的师傅来吧",
)  # fmt: skip


@each_row("text", NONE)
def test_no_moment_of_an_appointment(text: str) -> None:
    assert heard(text) == ""


ADDRESSES = ("3号楼", "8-2-201", "12幢", "26号楼2单元", "5栋1-1203", "12-1号楼", "二十八号楼")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_no_date(address: str) -> None:
    assert heard(f"{address}，周六上午十点来") == "11-28 10:00"


SAID_BY = {
    ("明天下午三点去你家看", "worker_accept"): "11-24 15:00", ("回头礼拜三我再来一趟", "worker_visit"): "11-25 09:00",
    ("给市监所了，他们下午两点派人", "worker_transfer"): "11-23 14:00", ("给环卫了，他们下午来", "worker_transfer"): "",
    ("四点我带梯子过去", "worker_accept"): "11-23 16:00", ("接了，下午去", "worker_accept"): "", ("下午三点前给您回电话", "worker_accept"): "",
    ("转维保了，他两点前到", "worker_transfer"): "11-23 14:00", ("九点十二分已登记", "worker_accept"): "", ("明早给您回话", "worker_accept"): "",
    ("请各家明日上午九时在东门集合", "worker_escalate"): "11-24 09:00", ("我怕明天去校门口的人多", "worker_escalate"): "", ("药够吃到月底", "worker_visit"): "",
    ("周六算我一个", "volunteer"): "", ("我六点带下去", "volunteer"): "", ("六点下班以后 家里都有人", "chat"): "11-23 18:00",
    ("明早九点，岗亭见", "chat"): "11-24 09:00", ("我11:20到您楼下", "chat"): "11-23 11:20", ("今儿下午四点半你们再上门行不", "inquiry"): "11-23 16:30",
    ("今晚八点看球", "chat"): "", ("周六上午爬山去", "chat"): "", ("几点下班", "inquiry"): "", ("每天早上八点来修", "inquiry"): "", ("我星期四下午有空", "volunteer"): "11-26 14:00",
    ("每周二晚上我来教", "volunteer"): "", ("周末扫雪我来", "volunteer"): "", ("材料明天要交", "worker_help"): "",
    ("今天内给您答复", "worker_accept"): "", ("下午去看了一圈", "worker_visit"): "",
    ("电梯周六上午停运", "other"): "", ("明天下午三点团购截单", "ad"): "", ("说好周六上午来没来", "report"): "",
    ("明天下午三点来看看行吗", "report"): "11-24 15:00", ("明天下午三点来看看行吗", None): "11-24 15:00", ("后天停水吗", "inquiry"): "",
}  # fmt: skip


@each_row(
    ("text", "intent", "moment"),
    [(*key, moment) for key, moment in SAID_BY.items()],
)
def test_who_else_names_a_moment(text: str, intent: str | None, moment: str) -> None:
    assert heard(text, intent=intent) == moment


CALENDAR = {
    "the last of December": ("2026-12-31T20:00", "明天上午", "2027-01-01T09:00"),
    "a month of the next year": ("2026-12-31T20:00", "1月2号下午", "2027-01-02T14:00"),
    "the next month's day over the year": ("2026-12-31T20:00", "下个月3号", "2027-01-03T09:00"),
    "the end of February": ("2027-02-03T10:00", "月底", "2027-02-28T09:00"),
    "the end of a leap year's February": ("2028-02-03T10:00", "月底", "2028-02-29T09:00"),
    "29 February": ("2028-02-28T10:00", "明天上午", "2028-02-29T09:00"),
    "29 February by its date": ("2028-01-15T10:00", "2月29号上午", "2028-02-29T09:00"),
    "29 February that is not there": ("2027-01-15T10:00", "2月29号上午", ""),
    "Sunday's next week begins tomorrow": ("2026-11-29T10:00", "下周二上午", "2026-12-01T09:00"),
    "a weekday that is today and gone by": ("2026-11-23T18:00", "周一上午", "2026-11-30T09:00"),
    "this week's day that is gone by": ("2026-11-25T09:00", "这周一上午", ""),
    "a part of today that is gone by": ("2026-11-23T20:00", "今天下午", ""),
    "midnight": ("2026-11-23T00:00", "今天上午", "2026-11-23T09:00"),
}


@pytest.mark.parametrize(("now", "text", "moment"), CALENDAR.values(), ids=CALENDAR)
def test_the_calendar(now: str, text: str, moment: str) -> None:
    found = when(text, datetime.fromisoformat(now).replace(tzinfo=ZONE))
    assert (found.strftime("%Y-%m-%dT%H:%M") if found else "") == moment


@given(NOWS)
def test_tomorrow_is_the_next_day(now: datetime) -> None:
    moment = when("明天上午", now)
    assert moment == (now + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)


@given(NOWS, st.sampled_from("一二三四五六日"))
def test_a_weekday_is_within_a_week_and_next_week_s_in_the_next(now: datetime, day: str) -> None:
    moment, later = when(f"周{day}下午三点", now), when(f"下周{day}下午三点", now)
    assert moment is not None
    assert later is not None
    assert now <= moment <= now + timedelta(days=7)
    assert moment.weekday() == later.weekday() == "一二三四五六日".index(day)
    assert later.isocalendar()[:2] == (now + timedelta(days=7)).isocalendar()[:2]


@given(NOWS)
def test_the_month_s_end_is_before_the_first(now: datetime) -> None:
    moment, first = when("下个月底", now), when("下个月1号", now)
    assert moment is not None
    assert first is not None
    assert (moment + timedelta(days=1)).day == 1
    assert (moment.year, moment.month) == (first.year, first.month)


@given(NOWS, st.text(alphabet="今明后天周下一三日上午晚点半12月号:来改到 ", max_size=30))
def test_whatever_is_said_the_moment_is_not_past_and_has_its_zone(now: datetime, text: str) -> None:
    moment = when(text, now)
    assert moment is None or (moment >= now and moment.utcoffset() == timedelta(hours=8))


@given(NOWS)
def test_the_zone_of_now_does_not_matter(now: datetime) -> None:
    assert when("明晚七点", now.astimezone(UTC)) == when("明晚七点", now)
