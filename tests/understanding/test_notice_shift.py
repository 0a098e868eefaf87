"""What is said of moving a notice: which one, to when, this once or from now on."""

from datetime import date, datetime, time, timedelta

import pytest

from bot.understanding.commands import parse
from bot.understanding.normalise import clean
from bot.understanding.notice_shift import ALWAYS, ONCE, Shift, shift
from domain.workdays import TZ

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=TZ)  # a Wednesday
FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        pytest.param("通知12改到周五", Shift(12, day=FRIDAY), id="a day"),
        pytest.param(
            "把12号通知改到周五9点半", Shift(12, day=FRIDAY, at=time(9, 30)), id="an hour"
        ),
        pytest.param("通知改到下午3点", Shift(0, at=time(15)), id="an hour alone"),
        pytest.param("通知 12 这次改到周五", Shift(12, ONCE, day=FRIDAY), id="this once"),
        pytest.param("通知12以后都改到周五", Shift(12, ALWAYS, day=FRIDAY), id="from now on"),
        pytest.param("通知12推迟一天", Shift(12, by=timedelta(days=1)), id="by a day"),
        pytest.param("通知12提前一天吧", Shift(12, by=timedelta(days=-1)), id="a day earlier"),
        pytest.param("通知12改到有空的时候", Shift(12), id="no time"),
        pytest.param("通知 改到明天8点停水", Shift(0), id="a time and more: a notice, not a move"),
        pytest.param("通知 推迟一天开会", Shift(0), id="put off is what it tells"),
    ],
)
def test_where_it_is_moved_to(said: str, found: Shift) -> None:
    assert shift(said, NOW) == found


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("通知12改成每周三9点", "week 3 09:00"),
        ("通知12以后改到每月1号、15号上午10点", "month 1,15 10:00"),
        ("通知12改为每个工作日17点", "workday 17:00"),
    ],
)
def test_a_rhythm(said: str, code: str) -> None:
    told = shift(said, NOW)
    assert told.rhythm is not None
    assert (told.number, told.scope, told.rhythm.code, told.bare) == (12, ALWAYS, code, False)


def test_a_rhythm_without_an_hour_leaves_the_hour() -> None:
    told = shift("通知12改成每周三", NOW)
    assert (told.bare, told.at) == (True, None)


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("通知12改到周五", "notice_move"),
        ("12号通知推迟一天", "notice_move"),
        ("通知 各居民群 停水改到明天8点", "notice_new"),
        ("定时通知 每周一8点 各居民群 关好门窗", "notice_timed"),
        ("更正通知 12 改到明天停水", "notice_correct"),
        ("取消通知12", "notice_cancel"),
    ],
)
def test_what_is_a_move_and_what_is_not(said: str, intent: str) -> None:
    command = parse(clean(said), staff=True)
    assert command is not None
    assert command.intent == intent
