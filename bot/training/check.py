"""Proves that the packed model answers what the fitted one does."""

from collections.abc import Sequence

import numpy as np

from bot.training.fit import Fitted, signs_of
from bot.training.lines import Line
from bot.understanding import features
from bot.understanding.model import Model


def disagreements(fitted: Fitted, packed: Model, lines: Sequence[Line]) -> list[str]:
    """The texts on which the two give another label first; there should be none."""
    found: list[str] = []
    for name, part in fitted.parts.items():
        labels = [str(label) for label in part.classes_]
        best = np.argmax(fitted.shares(name, lines), axis=1)
        for row, line in enumerate(lines):
            sums = packed.sums(signs_of(line), features.grams(line.plain))
            shares = packed.parts[name].shares(sums)
            if labels[int(best[row])] != max(shares, key=lambda one: shares[one]):
                found.append(line.text)
    return found
