"""Notices, polls, care and leave as people in a hurry word them."""

from datetime import datetime

import pytest

from bot.understanding import Heard, Listener, care, notice_days, notices, polls
from bot.understanding.polls import Marked
from domain.workdays import TZ
from tests.rows import each_row

NIGHT = datetime(2026, 11, 23, 22, 30, tzinfo=TZ)


@pytest.fixture(scope="module")
def listener() -> Listener:
    return Listener()


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        ("今晚12点停电检修", ""),
        ("今晚十二点停水", ""),
        ("今晚24点停电", ""),
        ("今晚8点停水", "今晚8点"),
        ("今天中午12点停水", "今天中午12点"),
    ],
)
def test_midnight_is_still_to_come(words: str, gone: str) -> None:
    assert notice_days.bygone(words, NIGHT) == gone


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("13月1日停水", "13月1日"),
        ("2月30日体检", "2月30日"),
        ("9月31号开会", "9月31号"),
        ("明天25点停水", "25点"),
        ("明天8点75停水", "8点75"),
        ("2月29日体检", ""),
        ("晚上24点停水", ""),
        ("12月1日9点30到10点开会", ""),
        ("请大家10点名单交上来", ""),
    ],
)
def test_a_time_that_is_on_no_clock_and_in_no_calendar(words: str, wrong: str) -> None:
    assert notice_days.no_such_time(words) == wrong


@pytest.mark.parametrize(
    ("words", "right", "made"),
    [
        ("下周三停水 时间不定", "下周四", "下周四停水 时间不定"),
        ("明天上午8点停水", "后天上午9点吧", "后天上午9点停水"),
        ("明天停水", "12月4日", "12月4日停水"),
        ("明天上午8点停水", "9点", ""),
        ("明天停水，后天停电", "周五", ""),
        ("停水", "后天", ""),
        ("明天停水", "停电", ""),
    ],
)
def test_the_one_time_that_was_wrong(words: str, right: str, made: str) -> None:
    assert notice_days.instead(words, right) == made


@pytest.mark.parametrize(
    ("words", "several"),
    [
        ("今晚停水；通知 1网格 明天停气", True),
        ("今晚停水。再发个通知 二网格居民 明天停气", True),
        ("明天停水，请大家相互通知 一下", False),
        ("明天停水；请通知家里老人", False),
    ],
)
def test_two_notices_in_one_breath(words: str, several: bool) -> None:
    assert notices.several(words) is several


@pytest.mark.parametrize(
    ("name", "made"), [("2网格", "二网格"), ("第二网格", "二网格"), ("12网格", ""), ("网格", "")]
)
def test_a_grid_by_its_number(name: str, made: str) -> None:
    assert notices.in_characters(name) == made


@pytest.mark.parametrize(
    "text",
    [
        *("已阅", "知道啦", "知道了 闺女", "晓得了", "👌", "收到[强]", "收到👍"),
        *("收到 我妈也收到了", "3号楼502收到", "好的收到，谢谢书记"),
    ],
)
def test_that_somebody_has_read_it(text: str) -> None:
    assert notices.got(text)
    assert not notices.got_for(text)


@pytest.mark.parametrize("text", ["没收到", "收到了吗", "知道是谁干的", "👍", "收到一个快递"])
def test_that_nothing_was_read(text: str) -> None:
    assert not notices.got(text)


def test_for_a_neighbour() -> None:
    assert notices.got_for("替刘奶奶收到") == "刘奶奶"
    assert notices.got_for("刘奶奶也收到了") == "刘奶奶"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("问卷二选3", Marked((3,), 2)),
        ("问卷2我选1", Marked((1,), 2)),
        ("改2", Marked((2,))),
        ("改成 BBB", Marked((2, 2, 2))),
        ("选2吧", Marked((2,))),
        ("问卷12", None),
        ("一", None),
        ("1栋", None),
        ("是", None),
    ],
)
def test_an_answer_with_its_poll(text: str, said: Marked | None) -> None:
    assert polls.marked(text) == said


@pytest.mark.parametrize(
    ("text", "chosen"),
    [("东门", 1), ("我选西门吧", 2), ("放东门好", 1), ("东门坏了", 0), ("东门西门都行", 0)],
)
def test_an_answer_in_words(text: str, chosen: int) -> None:
    assert polls.worded(text, ("东门", "西门")) == (Marked((chosen,)) if chosen else None)


def test_which_care_is_stopped() -> None:
    assert care.same_thing("停掉刘奶奶的牛奶", "给刘奶奶送牛奶")
    assert not care.same_thing("停掉刘奶奶的牛奶", "给刘奶奶打电话")
    assert care.same_thing("停止关爱 刘奶奶", "给刘奶奶打电话")


SAYINGS = [
    ("worker", "谁没回", "notice_receipts"),
    ("leader", "收到几个了", "notice_receipts"),
    ("leader", "更正通知1 后天停水", "notice_correct"),
    ("leader", "停掉通知4", "notice_cancel"),
    ("leader", "取消问卷", "notice_cancel"),
    ("leader", "通知一下 明天上午停电", "notice_new"),
    ("worker", "书记 我想发个通知 明天3号楼修下水", "notice_new"),
    ("leader", "问卷怎么样了", "survey_stands"),
    ("leader", "考考他们应知应会", "quiz_new"),
    ("worker", "我多少分", "quiz_scores"),
    ("leader", "提前结束表决", "proposal"),
    ("leader", "哪些超期了", "overdue"),
    ("leader", "超期清单", "overdue"),
    ("leader", "本月公示", "board"),
    ("worker", "停掉刘奶奶的牛奶", "care_stop"),
    ("worker", "到了 没人", "appointment_absent"),
    ("worker", "那请明天一天", "leave_ask"),
    ("worker", "不请了 明天来", "leave_end"),
    ("resident", "网格员叫啥", "contact"),
    ("resident", "民警是谁", "contact"),
    ("resident", "你们书记电话给我一下", "contact"),
    ("resident", "我预约的几点来着", "appointment_asked"),
]


@each_row(("role", "text", "intent"), SAYINGS)
def test_a_saying(listener: Listener, role: str, text: str, intent: str) -> None:
    assert listener.understand(Heard(text, role=role, private=True)).intent == intent


@pytest.mark.parametrize("text", ["谁请假了", "我请假了吗", "我的假批了没"])
def test_a_question_about_leave_asks_for_none(listener: Listener, text: str) -> None:
    assert listener.understand(Heard(text, role="worker", private=True)).intent != "leave_ask"
