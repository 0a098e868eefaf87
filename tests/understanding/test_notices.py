"""通知 ...: for whom, when, and which words."""

from datetime import datetime

import pytest

from bot.understanding import Heard, Listener
from bot.understanding.notices import got, spoken
from domain.workdays import TZ

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)  # a Monday


@pytest.mark.parametrize(
    ("text", "to", "where"),
    [
        ("各居民群 停水", "residents", ()),
        ("全体网格员 开会", "worker", ()),
        ("本社区居民群 停水", "residents", ()),
        ("各社区书记 开会", "leader", ()),
        ("琼花一网格居民：停水", "residents", ("琼花一网格",)),
        ("琼花社区各居民群 停水", "residents", ("琼花社区",)),
        ("琼花一网格、琼花二网格居民 停水", "residents", ("琼花一网格", "琼花二网格")),
        ("东关街道全体网格员 开会", "worker", ("东关街道",)),
        ("工作群 开会", "staff", ()),
        ("李强 来一趟", "", ("李强",)),
    ],
)
def test_for_whom(text: str, to: str, where: tuple[str, ...]) -> None:
    said = spoken(text, NOW)
    assert (said.to, said.where) == (to, where)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("每天8点 各居民群 a", "day 08:00"),
        ("每个工作日下午5点半 全体网格员 a", "workday 17:30"),
        ("每周一、四 9:00 各居民群 a", "week 1,4 09:00"),
        ("每月1号9点 各居民群 a", "month 1 09:00"),
        ("每月最后一天16点 各居民群 a", "month -1 16:00"),
        ("每年12月1日上午9点 各居民群 a", "year 12-01 09:00"),
        ("节前一天16点 各居民群 a", "eve 16:00"),
        ("冬季每周五9点 各居民群 a", "week 5 09:00 season 12-01..02-28"),
        ("明天8点一刻 各居民群 a", "once 2026-11-24 08:15"),
        ("今晚8点 各居民群 a", "once 2026-11-23 20:00"),
        ("12月5日中午12点 各居民群 a", "once 2026-12-05 12:00"),
        ("1月5日8点 各居民群 a", "once 2027-01-05 08:00"),
        ("2028-02-29 08:00 各居民群 a", "once 2028-02-29 08:00"),
    ],
)
def test_when(text: str, code: str) -> None:
    said = spoken(text, NOW, timed=True)
    assert said.rhythm is not None
    assert said.rhythm.code == code
    assert said.words == "a"


@pytest.mark.parametrize("text", ["各居民群 a", "每天25点 各居民群 a", "有空的时候 各居民群 a"])
def test_no_time_to_be_read(text: str) -> None:
    assert spoken(text, NOW, timed=True).unread


def test_words_are_taken_as_they_are() -> None:
    said = spoken("各居民群 @所有人 明早 8点停水，请回复收到，没回的上门", NOW)
    assert said.words == "明早 8点停水，请回复收到，没回的上门"
    assert (said.receipts, said.visit) == (True, True)
    assert spoken("各居民群 防诈骗", NOW).ready == "fraud"
    assert spoken("各居民群 防诈骗讲座周六开讲", NOW).ready == ""
    assert spoken("各居民群 {{ 网格 }}和{{ 天气 }}", NOW).unknown == ("天气",)


@pytest.mark.parametrize(
    "text", ["收到", "收到，谢谢", "好的收到", "已收到", "收到了！", "3-2-501收到"]
)
def test_a_receipt(text: str) -> None:
    assert got(text)


@pytest.mark.parametrize("text", ["没收到", "收到马上到", "收到快递了", "请回复收到", "收到钱"])
def test_no_receipt(text: str) -> None:
    assert not got(text)


@pytest.mark.parametrize(
    ("role", "text", "intent"),
    [
        ("leader", "通知 各居民群 明早停气 小心燃气泄漏", "notice_new"),
        ("leader", "确认", "notice_yes"),
        ("leader", "确认 12", "notice_yes"),
        ("leader", "取消通知", "notice_cancel"),
        ("leader", "更正通知 改到后天", "notice_correct"),
        ("leader", "回执", "notice_receipts"),
        ("leader", "通知进度", "notice_progress"),
        ("resident", "不要提醒", "notice_refuse"),
    ],
)
def test_a_command(role: str, text: str, intent: str) -> None:
    assert Listener().understand(Heard(text=text, role=role, private=True)).intent == intent


@pytest.mark.parametrize("text", ["通知 各居民群 停水", "确认", "取消通知", "回执"])
def test_no_command_of_a_resident(text: str) -> None:
    heard = Listener().understand(Heard(text=text, role="resident", private=True))
    assert not heard.intent.startswith("notice")
