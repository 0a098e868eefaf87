"""Cross-validated figures: every hand is heard by a listener that never saw a line of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from bot.training.fit import PARTS, Fitted, fit, pack, warmth_of
from bot.training.lines import Line
from bot.understanding import Listener
from bot.understanding.model import Model
from bot.understanding.records import answer, asked
from bot.understanding.score import confusion, figures, paired
from bot.understanding.score_pairs import Pair
from domain.workdays import TZ

REF = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)  # the moment the lines mean


def heard(model: Model, lines: Sequence[Line]) -> list[Pair]:
    """What a listener with this model makes of lines, each beside its labels."""
    listener = Listener(model)
    gold = [{**line.labels, "id": str(number)} for number, line in enumerate(lines)]
    answers = {}
    for row in gold:
        said = asked({"id": row["id"], "text": row["text"], "role": row["role"]}, REF)
        answers[row["id"]] = answer(said, listener.understand(said.heard))
    return paired(gold, answers)


def crossed(
    lines: Sequence[Line], warmth: Mapping[str, float], only: tuple[str, ...] = ()
) -> Iterator[tuple[str, list[Pair], Fitted, list[Line]]]:
    """Each hand, or only some, with what a model of the others makes of it."""
    for hand in only or sorted({line.hand for line in lines}):
        own = [line for line in lines if line.hand == hand]
        fitted = fit([line for line in lines if line.hand != hand], warmth)
        yield hand, heard(Model.read(pack(fitted, {})), own), fitted, own


def calibrated(folds: Iterable[tuple[Fitted, Sequence[Line]]]) -> dict[str, float]:
    """The temperature of each part that makes its shares come true on hands it did not see."""
    found: dict[str, float] = {}
    sums: dict[str, list[tuple[int, np.ndarray]]] = {name: [] for name in PARTS}
    for fitted, own in folds:
        for name, ask in PARTS.items():
            labels = [str(label) for label in fitted.parts[name].classes_]
            for line, row in zip(own, np.log(fitted.shares(name, own) + 1e-12), strict=True):
                if (gold := ask(line)) in labels:
                    sums[name].append((labels.index(str(gold)), row * fitted.warmth[name]))
    for name, rows in sums.items():
        width = max(len(row) for _, row in rows)
        kept = [(gold, row) for gold, row in rows if len(row) == width]
        found[name] = warmth_of([gold for gold, _ in kept], np.array([row for _, row in kept]))
    return found


def table(hands: Mapping[str, Sequence[Pair]]) -> dict[str, dict[str, Any]]:
    """Every figure: over all lines, its least and most over the hands, and each hand's."""
    whole = [pair for pairs in hands.values() for pair in pairs]
    each = {hand: figures(pairs) for hand, pairs in hands.items()}
    found = {}
    for name, figure in figures(whole).items():
        known = ((hand, one[name].value) for hand, one in each.items())
        values: dict[str, float] = {hand: value for hand, value in known if value is not None}
        span = sorted(values.values()) or [0.0]
        found[name] = {"all": figure.value, "least": span[0], "most": span[-1], "hands": values}
    return found


def confused(hands: Mapping[str, Sequence[Pair]], name: str) -> list[tuple[str, str, int]]:
    """What was taken for what, most often first; strictly, the accepted second labels too."""
    whole = [pair for pairs in hands.values() for pair in pairs]
    counts: Counter[tuple[str, str]] = Counter()
    for gold, taken in confusion(whole, name).items():
        counts.update({(gold, other): count for other, count in taken.items() if other != gold})
    return [(gold, other, count) for (gold, other), count in counts.most_common()]
