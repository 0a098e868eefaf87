"""Questions about a notice that was sent, and what only looks like one."""

from datetime import datetime

import pytest

from bot.understanding.times import ZONE
from bot.understanding.told import asked, over
from tests.rows import each_row

WATER = "明早8点到12点停水 请提前储水"
HEALTH = "周三上午社区卫生站免费体检 带身份证"
CARDS = "周六上午9点在东门广场发老年卡 请带照片"


@each_row(
    ("text", "notice"),
    [
        ("为什么又停水", WATER),
        ("停到几点", WATER),
        ("又停水啊", WATER),
        ("唉 又要停水了", WATER),
        ("几点来水啊", WATER),
        ("明天是不是停水", WATER),
        ("还停水吗", WATER),
        ("咋又要停水呢", WATER),
        ("什么时候恢复供水", WATER),
        ("体检几点啊", HEALTH),
        ("体检在哪里", HEALTH),
        ("体检要空腹不", HEALTH),
        ("请问体检收费不", HEALTH),
        ("几号体检", HEALTH),
        ("老年卡要钱吗", CARDS),
        ("老年卡在哪领", CARDS),
    ],
)
def test_a_question_about_a_notice(text: str, notice: str) -> None:
    found = asked(text)
    assert found is not None
    assert found.of(notice)


@pytest.mark.parametrize("text", ["到几点啊", "几点开始", "在哪里啊", "什么时候结束"])
def test_a_question_that_names_no_thing(text: str) -> None:
    found = asked(text)
    assert found is not None
    assert found.about == ""
    assert not found.of(WATER)  # which one is meant, whoever knows what was just said decides


@each_row(
    "text",
    [
        *("3号楼现在就没水了", "怎么还没来水", "为什么楼上天天吵", "谁家水管爆了", "电梯什么时候修好", "我家没水了吗"),
        *("停水了", "已经停水了大家别急", "体检报告出来了", "我要去体检", "好的没问题", "这几天老停水 怎么回事"),
        *("几点来修", "要带什么", "是吗", "", "停" * 60),
    ],
)  # fmt: skip
def test_trouble_and_talk_are_no_question(text: str) -> None:
    assert asked(text) is None


@pytest.mark.parametrize(
    "text",
    ["停车要钱吗", "停车位在哪", "水怎么是黄的", "快递在哪取", "水费怎么交", "楼道灯怎么不亮"],
)
def test_a_question_of_another_thing(text: str) -> None:
    found = asked(text)
    assert found is None or not any(found.of(one) for one in (WATER, HEALTH, CARDS))


@pytest.mark.parametrize(
    ("words", "now", "gone"),
    [
        ("明天下午2点到5点停电检修", "24 16:59", False),
        ("明天下午2点到5点停电检修", "24 17:01", True),
        (WATER, "24 11:00", False),
        (WATER, "24 12:30", True),
        (HEALTH, "25 20:00", False),
        (HEALTH, "26 08:00", True),
        ("11月28日晚上10点至29日凌晨6点停水", "29 05:00", False),
        ("11月28日晚上10点至29日凌晨6点停水", "29 07:00", True),
        ("请大家注意防火", "29 07:00", False),
    ],
)
def test_whether_the_time_of_a_notice_has_gone_by(words: str, now: str, *, gone: bool) -> None:
    told_at = datetime(2026, 11, 23, 9, tzinfo=ZONE)
    day, clock = now.split()
    moment = datetime.fromisoformat(f"2026-11-{day}T{clock}").replace(tzinfo=ZONE)
    assert over(words, told_at, moment) is gone
