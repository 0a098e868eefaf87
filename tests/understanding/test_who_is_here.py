"""谁管我这 in everybody's words, and what workers ask about their appointments and calls (H8)."""

import pytest

from bot.understanding.commands import parse
from bot.understanding.normalise import clean
from tests.rows import each_row

CONTACT = [
    "谁管我们这一片啊", "我们这片谁负责", "谁负责我们这儿", "网格员是谁 电话多少", "有事找谁", "我们楼归哪个管", "找谁反映问题",
    "那个网格员姓啥 手机发我", "咱们小区归谁管啊", "请问这栋楼是哪位网格员负责", "俺们院子是谁管的呀", "网格员叫什么名字 怎么联系",
    "把网格员电话发我一下", "谁有网格员的电话", "网格员电话给我一个", "上哪找网格员", "网格员怎么找啊", "我们这一块是谁包片",
    "有困难该找谁", "要反应个问题找哪个", "想问问我们这边归哪个网格员管", "片警电话有吗", "俺们这旮旯归哪个管呀", "网格员换人了吗",
    "我们这儿归谁管呀 电话多少", "咱们这儿归哪个网格管 电话多少", "这片谁负责 怎么联系", "有事该找谁呀 留个电话",
    "我们这片是哪个网格员", "我们楼归谁管啊 电话给一个", "咱小区是哪位网格员负责呀", "俺们这边归哪个民警管 号码发我",
]  # fmt: skip
NO_CONTACT = [
    "这垃圾谁管", "这个谁管", "这事归谁管", "楼道灯坏了谁负责修", "小区停车谁管", "没人管我们这", "谁管管楼上吵的", "我们这片谁家漏水",
    "这路灯谁负责", "网格员来过了", "网格员电话打不通", "有事找物业", "我们小区谁在放炮", "谁负责扫地啊", "谁来管管我们小区的狗",
    "书记说了明天停水", "居委会在哪", "负责人不在", "物业电话没人接", "谁管停车费", "社区谁负责低保", "我找网格员有事",
    "小区垃圾谁负责 怎么联系的物业", "我们这片停电了归谁管 电话多少", "我们这片谁负责扫地 电话多少", "哪个网格员来过", "是哪个网格员答应的",
    "小区没人负责打扫", "有问题的井盖找到了", "联系谁修灯", "网格员换了个灯泡",
]  # fmt: skip


def intent(text: str, *, staff: bool) -> str | None:
    found = parse(clean(text), staff=staff)
    return found.intent if found is not None else None


@each_row("text", CONTACT)
def test_whoever_asks_who_is_here_gets_the_card(text: str) -> None:
    assert intent(text, staff=False) == "contact"


@each_row("text", NO_CONTACT)
def test_whoever_complains_that_nobody_sees_to_it_does_not(text: str) -> None:
    assert intent(text, staff=False) != "contact"


@each_row(
    ("text", "staff", "expected"),
    [
        ("王阿姨那边几点", True, "my_appointments"),
        ("今天还有谁约了", True, "my_appointments"),
        ("明天有几个预约", True, "my_appointments"),
        ("李大爷家几点去", True, "my_appointments"),
        ("王阿姨那边推迟一天", True, "appointment_shift"),
        ("我那个约的是哪天来着", False, "appointment_asked"),
        ("到时候哪个来呀", False, "appointment_asked"),
        ("取消招募", True, "volunteer_off"),
        ("招募取消", True, "volunteer_off"),
        ("不用招募了", True, "volunteer_off"),
        ("V1001 不用找了", True, "volunteer_off"),
        ("不用找志愿者了", False, "volunteer_off"),
        ("取消 V1001", False, "volunteer_off"),
        ("有人报名吗", True, "volunteer_stands"),
        ("志愿者找到了没", True, "volunteer_stands"),
        ("招募情况", True, "volunteer_stands"),
    ],
)
def test_appointments_and_calls_in_few_words(text: str, *, staff: bool, expected: str) -> None:
    assert intent(text, staff=staff) == expected


@pytest.mark.parametrize(
    ("text", "staff"),
    [
        ("今天有几个案件", True),
        ("王阿姨家几点停水", True),
        ("还有谁没回", True),
        ("不用了", False),
        ("取消停车费", False),
        ("不要了", True),
        ("取消通知", True),
        ("找到漏点了", True),
        ("招募 明天上午送米到2号楼", True),
        ("谁报的案", True),
    ],
)
def test_what_stays_as_it_was(text: str, *, staff: bool) -> None:
    ours = {"my_appointments", "appointment_asked", "volunteer_off", "volunteer_stands"}
    assert intent(text, staff=staff) not in ours
