"""Polls: questions put to a group, the answers counted (domain.md H9, J3, K16).

A poll goes out as a notice, so that who approves it, when it is said and to whom is decided
there; its number is the notice's. A survey counts one answer a household, a quiz one a person. The
last answer counts until the poll ends with its notice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.poll_rules import MOST_OPTIONS, Question

SURVEY, QUIZ, RESULT = "survey", "quiz", "survey_result"  # what `Notice.ready` says of them
_LETTERS = "ABCDEFGHI"


class PollKind(StrEnum):
    """What it is for."""

    SURVEY = SURVEY
    QUIZ = QUIZ


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll as it was drafted; `notice` is the number of the notice that asks it.

    `closed_at` is None until it was counted.
    """

    notice: int
    kind: PollKind
    area: str
    title: str
    questions: tuple[Question, ...]
    closed_at: datetime | None = None


# Asking


def draw(bank: Sequence[Question], before: int, count: int) -> tuple[Question, ...]:
    """The next questions of the bank, after so many that were drawn `before`; each once."""
    size = min(count, len(bank))
    return tuple(bank[(before + at) % len(bank)] for at in range(size))


def mark(kind: PollKind, option: int) -> str:
    """What stands before an option, counted from 1: a digit in a survey, a letter in a quiz."""
    return _LETTERS[option - 1] if kind is PollKind.QUIZ else str(option)


def written(kind: PollKind, title: str, questions: Sequence[Question]) -> str:
    """The words of the notice: the title, then two lines for each question."""
    lines = [title]
    for number, one in enumerate(questions, 1):
        options = (f"{mark(kind, at)} {text}" for at, text in enumerate(one.options, 1))
        lines += [f"{number}. {one.words}", "　".join(options)]
    return "\n".join(lines)


def complete(questions: Sequence[Question]) -> bool:
    """Whether every question has words and options among which one digit can choose."""
    return bool(questions) and all(
        one.words and 1 < len(one.options) <= MOST_OPTIONS and all(one.options) for one in questions
    )


# Answering


def fits(questions: Sequence[Question], marks: Sequence[int]) -> bool:
    """Whether an answer has one mark for each question, each that of an option."""
    return len(marks) == len(questions) and all(
        0 < mark <= len(one.options) for one, mark in zip(questions, marks, strict=False)
    )


@dataclass(frozen=True, slots=True)
class Count:
    """How often an option was chosen, and its share of all answers in whole per cent."""

    option: str
    count: int
    percent: int


def tally(questions: Sequence[Question], answers: Sequence[Sequence[int]]) -> list[list[Count]]:
    """The counts of each question's options (K16: 36, 13 and 1 of 50 are 72, 26 and 2 %).

    Without answers every share is 0.
    """
    found = []
    for at, one in enumerate(questions):
        chosen = [marks[at] for marks in answers]
        counts = [chosen.count(number) for number in range(1, len(one.options) + 1)]
        total = max(len(chosen), 1)
        found.append(
            [
                Count(option, count, (200 * count + total) // (2 * total))
                for option, count in zip(one.options, counts, strict=True)
            ]
        )
    return found


def told(title: str, answered: int, homes: int, questions: Sequence[list[Count]]) -> str:
    """A result as the words of its notice: the title, who answered, and a line a question.

    The template takes the first two lines apart; the rest is said as it stands.
    """
    lines = [title, f"{answered}/{homes}"]
    for number, counts in enumerate(questions, 1):
        said = (f"{one.option} {one.count}（{one.percent}%）" for one in counts)
        lines.append(f"{number}. " + "，".join(said))
    return "\n".join(lines)


# Scoring


@dataclass(frozen=True, slots=True)
class Score:
    """What somebody reached in a quiz: `right` of `total`.

    `right` None: he has not answered. `away` tells that he was on leave when it ended.
    """

    person: str
    right: int | None
    total: int
    away: bool = False


def scores(
    questions: Sequence[Question],
    expected: Sequence[str],
    answers: Mapping[str, Sequence[int]],
    away: Mapping[str, str],
) -> list[Score]:
    """Everybody's score, in the order he was asked; who was away is not missing."""
    total = len(questions)
    return [
        Score(one, right(questions, answers[one]), total)
        if one in answers
        else Score(one, None, total, one in away)
        for one in expected
    ]


def right(questions: Sequence[Question], marks: Sequence[int]) -> int:
    """How many answers of a quiz are right."""
    return sum(one.right == mark for one, mark in zip(questions, marks, strict=True))


# As stored


def to_json(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Questions as stored: a poll keeps its own, whatever becomes of the rules."""
    return [asdict(one) for one in questions]


def from_json(data: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """As `to_json` wrote them."""
    return tuple(Question(**{**one, "options": tuple(one["options"])}) for one in data)
