"""`make train`: fit the model on all lines, measure it by cross-validation, write both down."""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.training.fit import PARTS, Fitted, fit, pack, signs_of
from bot.training.lines import Line, own
from bot.understanding import features
from bot.understanding.model import FILE, Model

TARGET = Path(__file__).parents[1] / "understanding" / FILE


def agrees(fitted: Fitted, packed: Model, lines: Sequence[Line]) -> list[str]:
    """The texts on which the packed model answers otherwise than the fitted one; should be none."""
    found = []
    for name in PARTS:
        labels = [str(label) for label in fitted.parts[name].classes_]
        shares = fitted.shares(name, lines)
        for row, line in enumerate(lines):
            sums = packed.sums(signs_of(line), features.grams(line.plain))
            theirs = packed.parts[name].shares(sums)
            if labels[int(np.argmax(shares[row]))] != max(theirs, key=lambda one: theirs[one]):
                found.append(line.text)
    return found


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(prog="make train", description=__doc__)
    parser.add_argument("--warmth", type=float, default=0.8)
    arguments = parser.parse_args()
    lines = own()
    fitted = fit(lines, dict.fromkeys(PARTS, arguments.warmth))
    packed = pack(fitted, {"lines": len(lines)})
    TARGET.write_bytes(packed)
    print(
        len(packed),
        hashlib.sha256(packed).hexdigest(),
        agrees(fitted, Model.read(packed), lines[:400]),
    )


main()
