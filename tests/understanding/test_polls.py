"""Answers to a poll by thumb, and a poll as somebody words it (H9, J3)."""

import pytest

from bot.understanding.commands import parse
from bot.understanding.normalise import clean
from bot.understanding.polls import Marked, marked, questions
from domain.poll_rules import Question
from tests.rows import each_row


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("121", (1, 2, 1)),
        ("1 2 1", (1, 2, 1)),
        ("1，2，1。", (1, 2, 1)),
        ("１２１", (1, 2, 1)),
        ("2", (2,)),
        ("选2", (2,)),
        ("我家选 2", (2,)),
        ("①", (1,)),
        ("BAC", (2, 1, 3)),
        ("b a c", (2, 1, 3)),
        ("1A 2C 3B", (1, 3, 2)),
        ("2c1a", (1, 3)),
        ("答案是 C", (3,)),
    ],
)
def test_an_answer_is_a_thumb(text: str, marks: tuple[int, ...]) -> None:
    assert marked(text) == Marked(marks)


@pytest.mark.parametrize(
    ("text", "marks", "places"),
    [
        ("提 第一个选1 第二个选3", (1, 3), (1, 2)),
        ("第一题选1，第二题选3", (1, 3), (1, 2)),
        ("第一个1第二个2", (1, 2), (1, 2)),
        ("一题2 二题1", (2, 1), (1, 2)),
        ("第一题A第二题C", (1, 3), (1, 2)),
        ("第二个选3吧", (3,), (2,)),
    ],
)
def test_an_answer_with_the_place_of_each_question(text, marks, places) -> None:
    assert marked(text) == Marked(marks, places=places)


def test_an_answer_that_changes_another() -> None:
    changed, fresh = marked("改成3"), marked("3")
    assert changed == fresh == Marked((3,))
    assert changed is not None
    assert changed.anew
    assert fresh is not None
    assert not fresh.anew


@each_row(
    "text",
    [
        "",
        "第一个",
        "第二个吧",
        "1个1",
        "第二题12",
        "第一个选1 第一个选2",
        "第二个选3号",
        "收到",
        "120",
        "10",
        "1A 3B",
        "1B2",
        "G1001",
        "3号楼",
        "3号",
        "第1题",
        "问卷",
        "我家",
        "是",
        "1234567890123",
        "1个",
        "1点",
        "ok",
        "选哪个",
        "接单",
        "1" * 60,
    ],
)
def test_everything_else_is_none(text: str) -> None:
    assert marked(text) is None


@pytest.mark.parametrize(
    ("text", "quote", "number"),
    [
        ("问卷12 121", "", 12),
        ("问卷 12：121", "", 12),
        ("应知应会7 BA", "", 7),
        ("121", "【问卷12】居民三问 1. 您知道", 12),
        ("121", "【通知】明天停水", 0),
    ],
)
def test_which_poll_is_meant(text: str, quote: str, number: int) -> None:
    found = marked(text, quote)
    assert found is not None
    assert found.number == number


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("问卷 您知道网格员是谁吗？1知道 2不知道", ("您知道网格员是谁吗？", "知道", "不知道")),
        ("发问卷：您满意吗 A满意 B 一般 C.不满意", ("您满意吗", "满意", "一般", "不满意")),
        ("问卷 8点到12点停水行吗 1行 2不行", ("8点到12点停水行吗", "行", "不行")),
        ("问卷 3号楼装灯好不好 1、好 2、不好", ("3号楼装灯好不好", "好", "不好")),
        ("问卷 一个月1次还是2次好 1次 2次", None),
        ("问卷 大家还想加什么", None),
        ("问卷 您知道吗 1知道", None),
    ],
)
def test_a_question_as_it_is_worded(text: str, wanted: tuple[str, ...] | None) -> None:
    found = [Question(wanted[0], wanted[1:])] if wanted else []
    assert list(questions(text)) == found


def test_one_question_a_line() -> None:
    text = "问卷\n1. 您知道吗 1知道 2不知道\n\n2、满意吗 1满意 2一般 3不满意"
    assert [(one.words, len(one.options)) for one in questions(text)] == [
        ("您知道吗", 2),
        ("满意吗", 3),
    ]
    assert questions(text + "\n还有什么") == ()


@pytest.mark.parametrize(
    ("text", "intent", "words"),
    [
        ("问卷 居民三问", "survey_new", "居民三问"),
        ("发问卷：您知道吗 1知道 2不知道", "survey_new", "您知道吗 1知道 2不知道"),
        ("问卷", "survey_list", ""),
        ("问卷结果", "survey_stands", ""),
        ("问卷结果 12", "survey_stands", "12"),
        ("问卷12结果", "survey_stands", "12"),
        ("问卷 进度", "survey_stands", ""),
        ("应知应会", "quiz_new", ""),
        ("来一次应知应会测验 5题", "quiz_new", "5题"),
        ("应知应会成绩", "quiz_scores", ""),
        ("应知应会 成绩 7", "quiz_scores", "7"),
    ],
)
def test_how_it_is_said(text: str, intent: str, words: str) -> None:
    found = parse(clean(text), staff=True)
    assert found is not None
    assert (found.intent, found.words) == (intent, words)
    quiet = parse(clean(text), staff=False)
    assert quiet is None or quiet.intent != intent
