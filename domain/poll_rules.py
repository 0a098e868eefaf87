"""What a city asks: the survey it repeats, and the bank a quiz is drawn from (domain.md H9, J3)."""

from dataclasses import dataclass
from datetime import timedelta

MOST_OPTIONS = 9  # one digit each


@dataclass(frozen=True, slots=True)
class Question:
    """Words with two to MOST_OPTIONS options.

    Of a quiz `right` is the number of the right one, counted from 1, `basis` the rule it stands
    on and `by` who answers for it; of a survey 0 and "".
    """

    words: str
    options: tuple[str, ...]
    right: int = 0
    basis: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey that is asked again and again in the same words (H9)."""

    name: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class PollRules:
    """How long each stays open, how many questions a quiz has, and what is prepared."""

    survey_open: timedelta = timedelta(days=3)
    quiz_open: timedelta = timedelta(days=2)
    quiz_size: int = 3
    surveys: tuple[Survey, ...] = ()
    bank: tuple[Question, ...] = ()
