"""Figures of the rule that finds duplicates, on hand-written pairs: what docs tell and a test holds.

`python -m tests.understanding.duplicates` prints the table of docs/understanding-duplicates.md.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.understanding.likeness import alike
from domain.case import Case
from domain.duplicates import Likeness, likeness
from domain.rules import Rules
from tests import factories as make

FILE = Path(__file__).with_name("duplicates.jsonl")
RULES = Rules("2026-01-01", {})
# The second widened the list of things; the third was looked at once, after everything else.
SETS = {"written with the rule": "d", "written after it": "f", "looked at once": "g"}
Score = Callable[["Pair"], float]


@dataclass(frozen=True)
class Pair:
    """Two reports, and whether they tell of one trouble; the letter of the id names its set."""

    id: str
    one: dict[str, str]
    other: dict[str, str]
    same: bool

    @property
    def alike(self) -> float:
        return alike(self.one["text"], self.other["text"], self.one.get("place", ""))

    @property
    def verdict(self) -> Likeness:
        one, other = _case(self.one), _case(self.other)
        return likeness(
            one, other, alike=self.alike, certain=True, rules=RULES, now=make.after(hours=5)
        )


def _case(said: dict[str, str]) -> Case:
    rest: dict[str, Any] = {key: value for key, value in said.items() if key != "text"}
    return make.case(words=said["text"], **rest)


def pairs() -> list[Pair]:
    return [Pair(**json.loads(line)) for line in FILE.read_text("utf-8").splitlines()]


def average_precision(found: list[Pair], score: Score) -> float:
    """How well a score puts the true pairs first."""
    hits, total = 0, 0.0
    # Equal scores: the false pair first, so that a score gains nothing by not deciding.
    for place, pair in enumerate(sorted(found, key=lambda one: (-score(one), one.same)), 1):
        hits += pair.same
        total += hits / place if pair.same else 0
    return total / hits


def placed(score: Score) -> Score:
    """The same score, after what the places and categories decide."""

    def with_places(pair: Pair) -> float:
        one, other = _case(pair.one), _case(pair.other)
        kind = likeness(one, other, alike=1.0, certain=True, rules=RULES, now=make.NOW)
        order = {Likeness.SAME: 2.0, Likeness.PERHAPS: 1.0, Likeness.DIFFERENT: 0.0}
        return order[kind] + score(pair)

    return with_places


@dataclass(frozen=True)
class Figures:
    """What the rule does with the pairs of a set."""

    pairs: int
    joined_right: int
    joined_wrong: int
    asked_right: int
    asked_wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of what is joined at once: how much belongs together."""
        return self.joined_right / (self.joined_right + self.joined_wrong)

    @property
    def recall(self) -> float:
        """Of what belongs together: how much is joined or asked about."""
        right = self.joined_right + self.asked_right
        return right / (right + self.missed)


def figures(found: list[Pair]) -> Figures:
    def count(kind: Likeness, same: bool) -> int:
        return sum(one.verdict is kind and one.same is same for one in found)

    return Figures(
        len(found),
        count(Likeness.SAME, True),
        count(Likeness.SAME, False),
        count(Likeness.PERHAPS, True),
        count(Likeness.PERHAPS, False),
        count(Likeness.DIFFERENT, True),
    )


def lines() -> Iterator[str]:
    everything = pairs()
    yield "| pairs | joined right / wrong | asked right / wrong | missed | precision | recall |"
    yield "|---|---|---|---|---|---|"
    for name, letter in SETS.items():
        got = figures([one for one in everything if one.id.startswith(letter)])
        yield (
            f"| {name} ({got.pairs}) | {got.joined_right} / {got.joined_wrong} "
            f"| {got.asked_right} / {got.asked_wrong} | {got.missed} "
            f"| {got.precision:.2f} | {got.recall:.2f} |"
        )
    yield ""
    scores: dict[str, Score] = {"things, then bigrams": lambda pair: pair.alike} | _fuzzy()
    yield "| average precision | words alone | place and category, then words |"
    yield "|---|---|---|"
    for name, score in scores.items():
        alone, both = (average_precision(everything, one) for one in (score, placed(score)))
        yield f"| {name} | {alone:.2f} | {both:.2f} |"


def _fuzzy() -> dict[str, Score]:
    """Rapidfuzz's scores, between 0 and 1, where somebody has installed it to compare."""
    try:
        fuzz = import_module("rapidfuzz.fuzz")
    except ImportError:
        return {}
    kinds = {"ratio": fuzz.ratio, "token_set_ratio": fuzz.token_set_ratio}
    kinds |= {"partial_ratio": fuzz.partial_ratio}
    return {
        f"rapidfuzz {name}": lambda pair, kind=kind: (
            kind(pair.one["text"], pair.other["text"]) / 100
        )
        for name, kind in kinds.items()
    }


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())
