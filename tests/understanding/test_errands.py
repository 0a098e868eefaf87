"""Appointments, care and offers of help as people word them."""

from datetime import datetime, time, timedelta

import pytest

from bot.understanding import Heard, Listener, care, errands
from bot.understanding.times import ZONE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)  # a Monday
SLOTS = [
    datetime(2026, 11, 23, 14, 0, tzinfo=ZONE),
    datetime(2026, 11, 24, 8, 30, tzinfo=ZONE),
    datetime(2026, 11, 24, 14, 0, tzinfo=ZONE),
]


@pytest.fixture(scope="module")
def listener() -> Listener:
    return Listener()


@pytest.mark.parametrize(
    ("words", "role", "question", "intent"),
    [
        ("我想预约明天下午3点上门办老年证", "resident", "", "appointment"),
        ("能不能上门帮我代办一下医保缴费", "resident", "", "appointment"),
        ("请网格员陪我去街道办事", "resident", "", "appointment"),
        ("我想预约", "resident", "", "appointment"),
        ("我的预约", "resident", "", "my_appointments"),
        ("改到后天上午10点", "worker", "", "appointment_move"),
        ("取消预约", "resident", "", "appointment_cancel"),
        ("没见到人", "worker", "", "appointment_absent"),
        ("第二个", "resident", "slots", "slot"),
        ("都不行", "resident", "slots", "slot"),
        ("明天上午的吧", "resident", "slots", "slot"),
        ("不用了", "resident", "slots", "cancel"),
        ("招募 给刘奶奶送药", "worker", "", "volunteer_need"),
        ("我报名志愿者", "resident", "", "volunteer_register"),
        ("没空", "resident", "hand", "volunteer_decline"),
        ("可以", "resident", "hand", "volunteer_accept"),
        ("牛奶送到了", "resident", "", "care_confirm"),
        ("送到了，路上堵车", "resident", "", "care_confirm"),
        ("今天牛奶没送来", "resident", "", "care_failed"),
        ("今天送不了，家里有事", "resident", "", "care_failed"),
        ("外卖没送到", "resident", "", "report"),
        ("明天不行，改后天下午", "worker", "", "appointment_move"),
        ("改明天4点吧", "resident", "", "appointment_move"),
        ("推迟一天", "resident", "", "appointment_shift"),
        ("有事找谁", "resident", "", "contact"),
    ],
    ids=lambda value: value or "-",
)
def test_what_is_meant(listener, words, role, question, intent) -> None:
    heard = listener.understand(Heard(words, role=role, private=True, question=question))
    assert heard.intent == intent


@pytest.mark.parametrize(
    "words",
    [
        "老年证代办要什么材料",
        "疫苗怎么预约",
        "电梯坏了，预约明天上门修",
        "快递送到了吗",
        "约好了明天去跳舞",
    ],
)
def test_what_is_none_of_these(listener, words) -> None:
    heard = listener.understand(Heard(words))
    ours = ("appointment_", "care_", "volunteer", "my_appointments")
    assert not heard.intent.startswith(ours)
    assert heard.intent != "appointment" or heard.sure < 0.95


@pytest.mark.parametrize(
    ("words", "slot"),
    [
        ("明天下午的", 2),
        ("今天下午", 0),
        ("上午那个", 1),
        ("明天8点半", 1),
        ("下午", 0),  # today, as nothing else is said
        ("明天上午9点", None),  # a time of its own
        ("后天上午", None),
    ],
)
def test_which_of_the_times(words, slot) -> None:
    assert errands.pick(words, NOW, SLOTS) == (None if slot is None else SLOTS[slot])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("每天 9点 给刘奶奶送牛奶 赵姐", ("1234567", time(9), "给刘奶奶送牛奶 赵姐", "刘奶奶")),
        ("工作日 17:00 给刘奶奶打电话", ("work", time(17), "给刘奶奶打电话", "刘奶奶")),
        ("每周一三五下午4点半 给张大爷送饭", ("135", time(16, 30), "给张大爷送饭", "张大爷")),
        ("给刘奶奶送牛奶", ("", None, "给刘奶奶送牛奶", "刘奶奶")),
    ],
    ids=["every day", "working days", "three days", "neither day nor hour"],
)
def test_a_care_plan_in_one_line(words, expected) -> None:
    found = care.line(words)
    assert (found.days, found.at, found.what, found.subject) == expected


@pytest.mark.parametrize(
    ("words", "rough"),
    [("后天", True), ("下周三", True), ("后天上午", False), ("后天10点", False), ("", False)],
    ids=lambda value: str(value) or "-",
)
def test_a_day_alone(words: str, rough: bool) -> None:
    assert errands.wish(words, NOW).rough == rough


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("推迟一天", timedelta(days=1)),
        ("提前半小时", timedelta(hours=-0.5)),
        ("延后两个小时", timedelta(hours=2)),
        ("推迟到周五", None),
    ],
)
def test_put_off_by(words: str, by: timedelta | None) -> None:
    assert errands.shift(words) == by


def test_next_week_and_a_day_of_it() -> None:
    monday = datetime(2026, 11, 30, tzinfo=ZONE)
    assert errands.next_week("都不行，下周行吗", NOW) == monday
    assert errands.next_week("下周三上午", NOW) is None
    thursday = datetime(2026, 11, 26, 14, tzinfo=ZONE)
    assert errands.in_that_week("周四下午", thursday, monday) == thursday + timedelta(days=7)
    assert errands.in_that_week("这周四下午", thursday, monday) == thursday
