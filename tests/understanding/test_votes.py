"""表决 D1 三天: for how long, and 关爱: for whom, where he lives and at what hour."""

from datetime import time

import pytest

from bot.understanding import Heard, Listener, care, votes


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("D1 3天", 3),
        ("D1 三天", 3),
        ("0天", 0),
        ("D12 一百天", 100),
        ("一周", 7),
        ("两个星期", 14),
        ("1个月", 30),
        ("半天", 0),
        ("D1 2小时", 0),
        ("D1", None),
        ("", None),
    ],
)
def test_how_many_days(words: str, days: int | None) -> None:
    assert votes.days(words) == days


@pytest.mark.parametrize("text", ["表决 D1 三天", "表决 0天", "发起投票 D2 一个星期", "表决 D1"])
def test_a_vote_is_opened(text: str) -> None:
    assert Listener().understand(Heard(text, role="leader", private=True)).intent == "vote_opens"


@pytest.mark.parametrize("text", ["表决结果 D1", "三天前表决的那个怎么样了", "投票投了没"])
def test_no_vote_is_opened(text: str) -> None:
    assert Listener().understand(Heard(text, role="leader", private=True)).intent != "vote_opens"


@pytest.mark.parametrize(
    ("text", "at", "subject", "home"),
    [
        ("每天 9点 给刘奶奶送牛奶 赵姐", time(9), "刘奶奶", ""),
        ("每天 9点 给3号楼2单元501张奶奶送牛奶", time(9), "张奶奶", "3号楼2单元501"),
        ("工作日 17:00 为琼花苑5栋的王大爷家送饭", time(17), "王大爷", "琼花苑5栋"),
        ("每天 下午5点 给李爷爷打电话", time(17), "李爷爷", ""),
        ("每天25点 给刘奶奶送牛奶", None, "刘奶奶", ""),
    ],
)
def test_whom_where_and_when(text: str, at: time | None, subject: str, home: str) -> None:
    found = care.line(text)
    assert (found.at, found.subject, found.home) == (at, subject, home)
