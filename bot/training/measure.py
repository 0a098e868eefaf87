"""Cross-validated figures: each hand is judged by a model that never saw a line of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.training.fit import PARTS, fit, warmth_of
from bot.training.lines import Line

STAFF_ONLY = "worker_"


@dataclass(frozen=True)
class Judged:
    """A line and the shares a model gave it that was trained on the other hands."""

    line: Line
    shares: Mapping[str, Mapping[str, float]]

    def best(self, part: str) -> list[str]:
        """The labels of a part, likeliest first."""
        found = self.shares[part]
        return sorted(found, key=lambda label: -found[label])


def crossed(lines: Sequence[Line]) -> tuple[list[Judged], Mapping[str, float]]:
    """Judge every line by the others' model; also the temperatures that calibrate the shares."""
    judged: list[Judged] = []
    sums: dict[str, list[tuple[int, np.ndarray]]] = {name: [] for name in PARTS}
    for hand in sorted({line.hand for line in lines}):
        model = fit([line for line in lines if line.hand != hand])
        own = [line for line in lines if line.hand == hand]
        shares = {name: model.shares(name, own) for name in PARTS}
        for name, asked in PARTS.items():
            labels = list(model.parts[name].classes_)
            for row, line in enumerate(own):
                if (gold := asked(line)) in labels:
                    sums[name].append((labels.index(gold), np.log(shares[name][row] + 1e-12)))
        for row, line in enumerate(own):
            found = {
                name: _possible(line, list(model.parts[name].classes_), shares[name][row])
                for name in PARTS
            }
            judged.append(Judged(line, found))
    warmth = {
        name: warmth_of([gold for gold, _ in rows], np.array([row for _, row in rows]))
        for name, rows in sums.items()
    }
    return judged, warmth


def _possible(line: Line, labels: Sequence[str], shares: np.ndarray) -> dict[str, float]:
    known = {
        str(label): float(share)
        for label, share in zip(labels, shares, strict=True)
        if line.staff or not str(label).startswith(STAFF_ONLY)
    }
    whole = sum(known.values())
    return {label: share / whole for label, share in known.items()}


def right(judged: Judged, part: str, first: int = 1) -> bool:
    """Whether an accepted label stands among the first."""
    line = judged.line
    accepted = (
        {line.intent, *line.alt_intents}
        if part == "intent"
        else {line.category, *line.alt_categories}
    )
    return bool(accepted.intersection(judged.best(part)[:first]))


def confusion(judged: Sequence[Judged], part: str) -> Counter[tuple[str, str]]:
    """What was taken for what, where that was wrong."""
    asked = PARTS[part]
    return Counter(
        (str(asked(one.line)), one.best(part)[0])
        for one in judged
        if asked(one.line) and not right(one, part)
    )
