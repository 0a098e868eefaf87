"""Polls: what is asked, what fits as an answer, how it is counted and scored (H9, J3, K16)."""

from dataclasses import replace

import pytest

from domain.poll_rules import Question
from domain.polls import (
    PollKind,
    Score,
    complete,
    draw,
    fits,
    from_json,
    mark,
    right,
    scores,
    tally,
    to_json,
    told,
    written,
)

YES_NO = Question("知道吗", ("知道", "不知道"))
THREE = Question("满意吗", ("满意", "一般", "不满意"), right=3, basis="规则 1", by="区网格中心")
BANK = tuple(replace(YES_NO, words=str(number)) for number in range(4))


@pytest.mark.parametrize(
    ("before", "count", "wanted"),
    [
        pytest.param(0, 3, "012", id="the first time"),
        pytest.param(3, 3, "301", id="goes on where it stopped"),
        pytest.param(4, 2, "01", id="all were asked: from the beginning"),
        pytest.param(0, 9, "0123", id="no question twice in one quiz"),
    ],
)
def test_which_questions_come_next(before: int, count: int, wanted: str) -> None:
    assert "".join(one.words for one in draw(BANK, before, count)) == wanted


def test_an_empty_bank_has_no_questions() -> None:
    assert draw((), 5, 3) == ()


@pytest.mark.parametrize(
    ("marks", "fit"),
    [
        ((1, 3), True),
        ((2, 1), True),
        ((3, 1), False),
        ((0, 1), False),
        ((1,), False),
        ((1, 1, 1), False),
        ((), False),
    ],
    ids=["both", "others", "no such option", "zero", "too few", "too many", "none"],
)
def test_what_fits_as_an_answer(marks: tuple[int, ...], fit: bool) -> None:
    assert fits((YES_NO, THREE), marks) is fit


@pytest.mark.parametrize(
    ("question", "good"),
    [
        pytest.param(YES_NO, True, id="two options"),
        pytest.param(Question("a", tuple("123456789")), True, id="nine"),
        pytest.param(Question("a", tuple("123456789x")), False, id="more than a digit can tell"),
        pytest.param(Question("a", ("知道",)), False, id="nothing to choose"),
        pytest.param(Question("", ("知道", "不知道")), False, id="nothing is asked"),
        pytest.param(Question("a", ("知道", "")), False, id="an empty option"),
    ],
)
def test_what_can_be_asked(question: Question, good: bool) -> None:
    assert complete([question]) is good
    assert not complete([])


def test_how_it_is_written() -> None:
    assert written(PollKind.SURVEY, "三问", [YES_NO]) == "三问\n1. 知道吗\n1 知道　2 不知道"
    assert written(PollKind.QUIZ, "三问", [YES_NO]) == "三问\n1. 知道吗\nA 知道　B 不知道"
    assert [mark(PollKind.QUIZ, 9), mark(PollKind.SURVEY, 9)] == ["I", "9"]


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        pytest.param((36, 13, 1), (72, 26, 2), id="K16: 50 sheets"),
        pytest.param((9, 14, 27), (18, 28, 54), id="H9: 50 sheets"),
        pytest.param((1, 2, 0), (33, 67, 0), id="rounded"),
        pytest.param((1, 0, 7), (13, 0, 88), id="a half goes up"),
        pytest.param((0, 0, 0), (0, 0, 0), id="nobody answered"),
    ],
)
def test_the_percentages_of_the_seeds(counts: tuple[int, ...], shares: tuple[int, ...]) -> None:
    answers = [(option,) for option, times in enumerate(counts, 1) for _ in range(times)]
    (found,) = tally([THREE], answers)
    assert [(one.count, one.percent) for one in found] == list(zip(counts, shares, strict=True))


def test_a_result_is_told_with_how_many_answered() -> None:
    counts = tally([YES_NO, THREE], [(1, 3), (1, 1), (2, 1)])
    assert told("三问", 3, 610, counts).splitlines() == [
        "三问",
        "3/610",
        "1. 知道 2（67%），不知道 1（33%）",
        "2. 满意 2（67%），一般 0（0%），不满意 1（33%）",
    ]


def test_scores_tell_who_did_not_answer_and_who_was_away() -> None:
    quiz = [replace(YES_NO, right=1), THREE]
    found = scores(quiz, ["a", "b", "c", "d"], {"a": (1, 3), "d": (1, 1)}, {"c": "a", "d": "a"})
    assert found == [
        Score("a", 2, 2),
        Score("b", None, 2),
        Score("c", None, 2, True),
        Score("d", 1, 2),
    ]
    assert right(quiz, (2, 1)) == 0


def test_questions_come_back_as_they_were_stored() -> None:
    assert from_json(to_json([YES_NO, THREE])) == (YES_NO, THREE)
