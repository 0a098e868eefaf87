"""A labelled message beside what was answered, and how shares of such pairs are taken."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]

CASE = ("report", "inquiry", "suggestion")  # what opens a case


@dataclass(frozen=True, slots=True)
class Pair:
    """A labelled message and what was answered; an empty answer where there was none."""

    gold: Row
    pred: Row

    @property
    def id(self) -> str:
        return str(self.gold["id"])

    @property
    def intent(self) -> str | None:
        """The intent that was answered, None when it abstained."""
        return None if self.pred.get("abstain") else self.pred.get("intent")

    @property
    def intents(self) -> set[str]:
        """Those that count as right."""
        return {self.gold["intent"], *(self.gold.get("alt_intents") or ())}

    @property
    def categories(self) -> set[str]:
        """Those that count as right."""
        return {self.gold.get("category") or "", *(self.gold.get("alt_categories") or ())}

    @property
    def first_three(self) -> Sequence[str]:
        """The best categories that were named."""
        return (self.pred.get("categories") or [self.pred.get("category")])[:3]

    @property
    def action(self) -> str:
        """What was done; an answer that does not say so opens a case by its intent."""
        return self.pred.get("action") or ("open" if self.intent in CASE else "silent")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: its value, over how many, and the ids that are against it.

    `value` is None where there was nothing to measure.
    """

    value: float | None
    n: int
    misses: tuple[str, ...] = ()


def share(pairs: Sequence[Pair], right: Callable[[Pair], bool]) -> Figure:
    """The share of these that are right."""
    misses = tuple(one.id for one in pairs if not right(one))
    value = 1 - len(misses) / len(pairs) if pairs else None
    return Figure(value, len(pairs), misses)


def rate(pairs: Sequence[Pair], wrong: Callable[[Pair], bool], times: int = 1) -> Figure:
    """How many of these are wrong, in one or in so many."""
    misses = tuple(one.id for one in pairs if wrong(one))
    return Figure(times * len(misses) / len(pairs) if pairs else None, len(pairs), misses)


def f1(right: int, false: int, missed: int) -> float | None:
    """The harmonic mean of precision and recall."""
    whole = 2 * right + false + missed
    return 2 * right / whole if whole else None
