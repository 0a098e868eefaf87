"""通知 ...: for whom, when, and which words."""

from datetime import datetime, timedelta

import pytest

from bot.understanding import Heard, Listener
from bot.understanding.commands import parse
from bot.understanding.normalise import clean
from bot.understanding.notice_days import bygone, counts_days, dated, to_come, too_late
from bot.understanding.notices import got, half_gap, spoken
from domain.workdays import TZ
from tests.rows import each_row

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)  # a Monday


@each_row(
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
        ("全街道居民群 停水", "residents", ("全街道",)),
        ("全社区 停水", "", ("全社区",)),
        ("全小区 停水", "residents", ()),
        ("大家 停水", "residents", ()),
        ("所有人 停水", "residents", ()),
        ("3号楼 停水", "", ("3号楼",)),
        ("各居民群明天停水", "residents", ()),
        ("各居民群明天停水 请储水", "residents", ()),
        ("全体网格员下午2点开会", "worker", ()),
        ("网格员开例会", "worker", ()),
    ],
)
def test_for_whom(text: str, to: str, where: tuple[str, ...]) -> None:
    said = spoken(text, NOW)
    assert (said.to, said.where) == (to, where)


@each_row(
    ("text", "code"),
    [
        ("每天8点 各居民群 a", "day 08:00"),
        ("隔天18点 各居民群 a", "day 18:00 every 2 from 2026-11-23"),
        ("每隔一天早上8点 各居民群 a", "day 08:00 every 2 from 2026-11-24"),
        ("每三天8点半 各居民群 a", "day 08:30 every 3 from 2026-11-24"),
        ("每两周周一10点 各居民群 a", "week 1 10:00 every 2 from 2026-11-23"),
        ("每两周的星期一8点 各居民群 a", "week 1 08:00 every 2 from 2026-11-30"),
        ("隔周周三下午3点 全体网格员 a", "week 3 15:00 every 2 from 2026-11-25"),
        ("每隔两周周五9点 全体网格员 a", "week 5 09:00 every 3 from 2026-11-27"),
        ("每3个星期周一、四9点 各居民群 a", "week 1,4 09:00 every 3 from 2026-11-26"),
        ("每季度第一天9点 各居民群 a", "month 1 09:00 every 3 from 2026-01-01"),
        ("每个季度5号9点 各居民群 a", "month 5 09:00 every 3 from 2026-01-01"),
        ("每季度末16点 全体网格员 a", "month -1 16:00 every 3 from 2026-03-01"),
        ("每季度第二个月15号9点 各居民群 a", "month 15 09:00 every 3 from 2026-02-01"),
        ("每季度最后一个月20日9点 各居民群 a", "month 20 09:00 every 3 from 2026-03-01"),
        ("每月第一个周一9点 全体网格员 a", "nth 1,1 09:00"),
        ("每个月的第三个星期五15点 全体网格员 a", "nth 3,5 15:00"),
        ("每月最后一个工作日16点 全体网格员 a", "nth -1,0 16:00"),
        ("每月头一个上班日9点 全体网格员 a", "nth 1,0 09:00"),
        ("节后第一个工作日9点 全体网格员 a", "after 09:00"),
        ("每个节假日后上班第一天8点半 全体网格员 a", "after 08:30"),
        ("周末8点 各居民群 a", "once 2026-11-28 08:00"),
        ("下周末8点 各居民群 a", "once 2026-12-05 08:00"),
        ("每月15号和最后一天9点 全体网格员 a", "month 15,-1 09:00"),
        ("冬季隔天18点 各居民群 a", "day 18:00 every 2 from 2026-11-23 season 12-01..02-28"),
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
        ("周五9点 各居民群 a", "once 2026-11-27 09:00"),
        ("下周五9点 各居民群 a", "once 2026-12-04 09:00"),
        ("周一8点 各居民群 a", "once 2026-11-23 08:00"),
        ("各居民群 每周一9点 a", "week 1 09:00"),
        ("明早8点发通知给 各居民群 a", "once 2026-11-24 08:00"),
        ("每周一早上9点提醒网格员a", "week 1 09:00"),
        ("每周一至周五8点 各居民群 a", "week 1,2,3,4,5 08:00"),
        ("每周六周日9点 各居民群 a", "week 6,7 09:00"),
        ("每周1、3 9点 各居民群 a", "week 1,3 09:00"),
        ("每周末8点 各居民群 a", "week 6,7 08:00"),
        ("上周五8点 各居民群 a", "once 2026-11-20 08:00"),
        ("下个月1号9点 各居民群 a", "once 2026-12-01 09:00"),
        ("29号9点 各居民群 a", "once 2026-11-29 09:00"),
        ("3号9点 各居民群 a", "once 2026-12-03 09:00"),
        ("31号9点 各居民群 a", "once 2026-12-31 09:00"),
        ("月底16点 各居民群 a", "once 2026-11-30 16:00"),
        ("今晚12点 各居民群 a", "once 2026-11-24 00:00"),
        ("今天24点 各居民群 a", "once 2026-11-24 00:00"),
        ("半小时后 各居民群 a", "once 2026-11-23 09:30"),
        ("两个半小时后发 各居民群 a", "once 2026-11-23 11:30"),
        ("下周一上午9点半给各居民群发通知 a", "once 2026-11-30 09:30"),
    ],
)
def test_when(text: str, code: str) -> None:
    said = spoken(text, NOW, timed=True)
    assert said.rhythm is not None
    assert said.rhythm.code == code
    assert said.words == "a"


@pytest.mark.parametrize(
    "text",
    [
        "各居民群 a",
        "每天25点 各居民群 a",
        "每0天8点 各居民群 a",
        "每两周9点 各居民群 a",
        "每季度9点 各居民群 a",
        "每月第一个八9点 各居民群 a",
        "隔天 各居民群 a",
        "有空的时候 各居民群 a",
        "每周19点 各居民群 a",
        "每周一24点 各居民群 a",
        "每周八8点 各居民群 a",
        "100小时后 各居民群 a",
        "明天 各居民群 a",
    ],
)
def test_no_time_to_be_read(text: str) -> None:
    assert spoken(text, NOW, timed=True).unread


def test_when_behind_whom_only_where_it_says_that_it_is_sent() -> None:
    said = spoken("各居民群 明早8点发 停水请储水", NOW)
    assert said.rhythm is not None
    assert (said.rhythm.code, said.words) == ("once 2026-11-24 08:00", "停水请储水")
    said = spoken("各居民群 明早8点到12点停水", NOW)
    assert (said.rhythm, said.words) == (None, "明早8点到12点停水")


@pytest.mark.parametrize(
    ("text", "timed", "said"),
    [
        pytest.param("明早8点 各居民群 停水", True, "各居民群", id="groups"),
        pytest.param("周五17点 全体网格员 交报表", True, "全体网格员", id="all of an office"),
        pytest.param("今晚8点 琼花苑居民群 停水", True, "琼花苑居民群", id="a group by its name"),
        pytest.param("明早8点 停水 请储水", False, "明早8点", id="what happens then"),
        pytest.param("明早8点 网格员 开会", False, "明早8点", id="who has to come then"),
        pytest.param("明早8点 各居民请到社区", False, "明早8点", id="no end of a name"),
    ],
)
def test_a_time_in_front_is_when_only_before_who_plainly_hears_it(
    text: str, timed: bool, said: str
) -> None:
    found = spoken(text, NOW)
    assert (found.rhythm is not None, found.said) == (timed, said)


@pytest.mark.parametrize(
    ("text", "said", "words"),
    [
        ("各居民群发个通知 停水", "各居民群", "停水"),
        ("各群发条消息 停水", "各群", "停水"),
        ("全体居民说一声，停水", "全体居民", "停水"),
        ("琼花苑居民群里发通知：停水", "琼花苑居民群", "停水"),
        ("各居民群 发通知单的请来领", "各居民群", "发通知单的请来领"),
        ("各居民群 说一下停水的事", "各居民群", "说一下停水的事"),
    ],
)
def test_that_they_are_told_is_no_part_of_it(text: str, said: str, words: str) -> None:
    found = spoken(text, NOW)
    assert (found.said, found.words) == (said, words)


@pytest.mark.parametrize(
    ("words", "half"),
    [
        ("{网格}停水", "{网格}"),
        ("${社区}停水", "{社区}"),
        ("｛电话｝", "{电话}"),
        ("{{网格}}停水", ""),
        ("【网格】停水", ""),
        ("{笑脸}停水", ""),
    ],
)
def test_a_gap_with_one_brace(words: str, half: str) -> None:
    assert half_gap(words) == half


def test_wide_braces_are_braces() -> None:
    assert spoken("各居民群 ｛｛网格｝｝停水", NOW).words == "{{ grid }}停水"


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        ("昨天下午3点停电", "昨天下午3点"),
        ("上周五检修", "上周五"),
        ("11月20日上午停水", "11月20日上午"),
        ("今天早上7点到8点停水", "今天早上7点"),
        ("今天上午停水", ""),  # it is nine in the morning
        ("今天8点停水", ""),  # or in the evening
        ("昨天停水，明天再停一次", ""),
        ("昨天下午3点停电，现已恢复", ""),
        ("从昨天起停水", ""),
        ("明早8点停水", ""),
        ("请储水", ""),
    ],
)
def test_a_time_that_has_gone_by(words: str, gone: str) -> None:
    assert bygone(words, NOW) == gone


@pytest.mark.parametrize(
    ("words", "ahead", "counted"),
    [("昨天停电", True, False), ("昨晚有人高空抛物", False, False), ("明天停水", True, True)],
)
def test_what_is_announced_and_from_which_day(words: str, ahead: bool, counted: bool) -> None:
    assert (to_come(words), counts_days(words)) == (ahead, counted)


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


@each_row(
    ("role", "text", "intent"),
    [
        ("leader", "通知 各居民群 明早停气 小心燃气泄漏", "notice_new"),
        ("leader", "在各群发个通知 明天停水", "notice_new"),
        ("leader", "跟全体网格员说一声：下午开会", "notice_new"),
        ("worker", "帮我给琼花苑居民群发条消息 明天停水", "notice_new"),
        ("leader", "下周一上午9点半给各居民群发通知 打扫楼道", "notice_timed"),
        ("leader", "国庆前一天16点通知各居民群 锁好门窗", "notice_timed"),
        ("leader", "确认", "notice_yes"),
        ("leader", "确认 12", "notice_yes"),
        ("leader", "取消通知", "notice_cancel"),
        ("leader", "更正通知 改到后天", "notice_correct"),
        ("leader", "回执", "notice_receipts"),
        ("leader", "通知进度", "notice_progress"),
        ("resident", "不要提醒", "notice_refuse"),
        ("leader", "通知", "notice_new"),
        ("leader", "通知各居民群明天停水", "notice_new"),
        ("leader", "帮我通知一下各居民群，明天上午停水", "notice_new"),
        ("leader", "明早8点发通知 各居民群 停水", "notice_timed"),
        ("leader", "每周一早上9点提醒网格员开例会", "notice_timed"),
        ("resident", "通知 各居民群 停水", "announce"),
        ("resident", "通知 各居民群 着火了", "report"),
    ],
)
def test_a_command(role: str, text: str, intent: str) -> None:
    assert Listener().understand(Heard(text=text, role=role, private=True)).intent == intent


@pytest.mark.parametrize("text", ["通知 各居民群 停水", "确认", "取消通知", "回执"])
def test_no_command_of_a_resident(text: str) -> None:
    heard = Listener().understand(Heard(text=text, role="resident", private=True))
    assert not heard.intent.startswith("notice")


@pytest.mark.parametrize(
    "text",
    [
        "在居民群里发个通知没有",
        "给居民发个通知了",
        "我跟住户说一声了 没事",
        "物业在各群发过通知",
        "给王阿姨说一声 灯修好了",
        "每天8点在各小区巡查",
    ],
)
def test_to_speak_of_telling_is_no_notice(text: str) -> None:
    command = parse(clean(text), staff=True)
    assert command is None or not command.intent.startswith("notice_")


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("明天上午10点停电", "11月24日上午10点停电"),
        ("明早8点停水，后天恢复", "11月24日早8点停水，11月25日恢复"),
        ("今晚12点检修", "11月23日晚12点检修"),
        ("大后天义诊", "11月26日义诊"),
        ("明日停气", "11月24日停气"),
        ("从今天起两天没水", "从11月23日起两天没水"),
        ("以后天冷了，关好门窗", "以后天冷了，关好门窗"),
        ("今后请走东门", "今后请走东门"),
        ("周六大扫除", "周六大扫除"),
        ("11月25日停水", "11月25日停水"),
        ("说明日期写在门上", "说明日期写在门上"),
        ("声明天天都有效", "声明天天都有效"),
    ],
)
def test_days_told_from_where_the_words_stand_become_dates(words: str, made: str) -> None:
    assert dated(words, NOW) == made


@pytest.mark.parametrize(
    ("words", "later", "late"),
    [
        pytest.param("今天下午2点到4点停水", 9, True, id="over by the evening"),
        pytest.param("上午10点社区开会", 9, False, id="no day is named, it may be any"),
        pytest.param("今天上午停电", 9, True, id="a part of the day"),
        pytest.param("今晚10点停气", 9, False, id="still to come"),
        pytest.param("今晚10点停气", 33, True, id="tomorrow it means another evening"),
        pytest.param("明天停水", 9, False, id="the same day"),
        pytest.param("明天停水", 33, True, id="another tomorrow"),
        pytest.param("周六大扫除", 33, False, id="a weekday"),
        pytest.param("天冷了，关好门窗", 33, False, id="no day at all"),
        pytest.param("以后天冷了，关好门窗", 33, False, id="no day in it"),
    ],
)
def test_what_the_list_of_the_day_would_tell_too_late(words: str, later: int, late: bool) -> None:
    assert too_late(words, NOW, NOW + timedelta(hours=later)) is late
