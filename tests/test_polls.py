"""Polls as a city writes them, on time and once, and in the month's forms (domain.md H9, J3)."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.deployment.faults import Faults
from bot.deployment.folder import SAMPLE, load
from bot.ledgers.forms import Month, said, sheets
from bot.simulate import play
from domain.city import City
from domain.poll_rules import PollRules, Question
from domain.polls import Poll, PollKind, Score, complete, written
from domain.rules import Rules
from tests import factories as make

RULES = "rules/2026-01-01.toml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("polls") / "town"
    shutil.copytree(SAMPLE, place)
    return place


@pytest.fixture
def change(folder: Path) -> Callable[[str, str], None]:
    """Replace words of the rules, for one test."""
    path = folder / RULES
    before = path.read_text("utf-8")

    def changed(old: str, new: str) -> None:
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    yield changed
    path.write_text(before, "utf-8")


def rules_of(folder: Path) -> Rules:
    return load(folder).rules.version("2026-01-01")


def test_what_the_sample_prepares_can_be_asked(folder: Path) -> None:
    rules = rules_of(folder)
    polls = rules.polls
    assert (polls.survey_open, polls.quiz_open) == (timedelta(days=3), timedelta(days=2))
    assert [one.name for one in polls.surveys] == ["居民三问"]
    most = rules.notices.most_words
    for kind, title, asked in (
        *((PollKind.SURVEY, one.name, one.questions) for one in polls.surveys),
        (PollKind.QUIZ, "琼花社区", polls.bank[: polls.quiz_size]),
    ):
        assert complete(asked)
        assert len(written(kind, title, asked)) <= most
    assert all(0 < one.right <= len(one.options) and one.by and one.basis for one in polls.bank)
    assert rules.overdue_at == time(8, 30)


def test_a_deployment_without_the_sections_asks_nothing(
    folder: Path, change: Callable[[str, str], None]
) -> None:
    text = (folder / RULES).read_text("utf-8")
    change(text[text.index("[polls]") : text.index("# 通知和提醒。")], "")
    change('overdue_at = "08:30"', "")
    rules = rules_of(folder)
    assert rules.polls == PollRules()
    assert rules.overdue_at is None


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        pytest.param("right = 2", "right = 4", "polls.question.1.right", id="no such option"),
        pytest.param("right = 2", "", "polls.question.1.right", id="nobody says what is right"),
        pytest.param('by = "燃气公司"', "", "polls.question.1.by", id="nobody answers for it"),
        pytest.param(
            '["知道", "听说过", "不知道"]',
            '["知道"]',
            "polls.survey.0.question.0.options",
            id="one option",
        ),
        pytest.param('name = "居民三问"\n\n', "\n", "polls.survey.0.name", id="no name"),
        pytest.param('quiz_open = "2d"', 'quiz_open = "0d"', "polls.quiz_open", id="no time"),
        pytest.param("quiz_size = 3", "quiz_seize = 3", "polls.quiz_seize", id="unknown key"),
    ],
)
def test_what_is_wrong_is_named(
    folder: Path, change: Callable[[str, str], None], old: str, new: str, key: str
) -> None:
    change(old, new)
    with pytest.raises(Faults) as found:
        load(folder)
    assert key in [one.field for one in found.value.faults]


QUARTERLY = """# the same three questions each quarter: the plan tells where they were not asked
world town
now 2026-12-10 08:00
l.c1: 问卷 居民三问
l.c1: 确认
r.chen: 121
l.c2: 问卷 车棚几点关 1 22点 2 23点
l.c2: 确认
+1h
l.c1: 活动计划
< l.c1 *居民三问：1/1 次，已完成*
now 2026-12-10 09:35
< l.c2 *居民三问：0/1 次，12月31日前还差 1 次*
!< l.c1 *居民三问*
"""


NO_PLAIN_WORDS = """
# A survey fills nothing in and runs nothing: it is refused at once, with what cannot stay.
now 2026-11-23 09:00
l.c1: 问卷 {{ 网格 }}办得好不好 1好 2不好
< l.c1 *“{{ 网格 }}”*问卷里用不了*
l.c1: 问卷 {% for x in y %}办得好不好 1好 2不好
< l.c1 *“{%”*问卷里用不了*
l.c1: 问卷 车棚 {几点} 锁 1早 2晚
< l.c1 *预览*
"""


async def test_a_survey_is_said_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text(NO_PLAIN_WORDS, "utf-8")
    report = await play(path)
    assert not report.failures, "\n".join(map(str, report.failures))


async def test_the_same_three_questions_each_quarter(
    folder: Path, change: Callable[[str, str], None]
) -> None:
    """H9: measured quarterly by the same three questions."""
    change(
        '# [[activities.plan]]\n# name = "居民三问"\n# kind = "survey"\n# rhythm = "1/quarter"\n# words',
        '[[activities.plan]]\nname = "居民三问"\nkind = "survey"\nrhythm = "1/quarter"\nwords',
    )
    change('survey_open = "3d"', 'survey_open = "1h"')
    change('# remind_at = "09:00"', 'remind_at = "09:30"')
    path = folder.parent / "quarterly.txt"
    path.write_text(QUARTERLY, "utf-8")
    report = await play(path)
    assert not report.failures, "\n".join(map(str, report.failures))


def test_the_scores_are_a_form_of_the_month(city: City) -> None:
    quiz = Poll(7, PollKind.QUIZ, "c1", "琼花社区", (Question("a", ("b", "c"), 1),))
    found = [Score("w.li", 1, 1), Score("w.he", None, 1), Score("w.qian", None, 1, away=True)]
    empty = Month(date(2026, 11, 1), (), (), ())
    closed = replace(quiz, closed_at=datetime(2026, 11, 24, 17, tzinfo=make.NOW.tzinfo))
    name = said()["forms"]["quiz"]
    assert name not in [one.name for one in sheets(empty, city.world)]
    of = {one.name: one for one in sheets(replace(empty, quizzes=[(closed, found)]), city.world)}
    assert of[name].rows == (
        (7, "2026-11-25", "李强", "琼花一网格", 1, 1, "已答"),
        (7, "2026-11-25", "何梅", "琼花二网格", 0, 1, "没答"),
        (7, "2026-11-25", "钱勇", "琼花三网格", 0, 1, "请假"),
    )
    assert all(len(row) == len(of[name].columns) for row in of[name].rows)
