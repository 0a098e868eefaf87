"""`make quality`: the development set, heard by a model that never saw it, beside the last.

Fails when a figure is worse than the one on the card (card.json) by more than a point, or when the
sixteen-bit weights answer a message of the set otherwise than the fitted model. With
`ARGS="--folds 5"` the set is heard fold by fold instead, by models of all lines and the other
folds; that is told with its spread and compared with nothing.
"""

import argparse
import sys
from collections.abc import Mapping
from typing import Any

import orjson

from bot.training.__main__ import CARD, HELD
from bot.training.check import disagreements
from bot.training.fit import pack
from bot.training.folds import folded, spread
from bot.training.lines import own
from bot.training.measure import crossed, table
from bot.understanding.model import Model
from bot.understanding.score_pairs import Pair

DROP = 0.01
_FEWER_IS_BETTER = frozenset(("noise_opened", "reports_missed", "when_false_per_1000"))
_IN_THOUSANDS = "when_false_per_1000"


def main() -> int:
    """Measure, and compare or tell the spread."""
    parser = argparse.ArgumentParser(prog="make quality", description=__doc__)
    parser.add_argument("--folds", type=int, default=0, help="hear the set in so many folds")
    folds = parser.parse_args().folds
    card = orjson.loads(CARD.read_bytes())
    return _folds(card["warmth"], folds) if folds > 1 else _compared(card)


def _folds(warmth: Mapping[str, float], folds: int) -> int:
    """Hear the set fold by fold, and tell each figure with its standard deviation."""
    for name, (value, apart) in spread(list(folded(own(), HELD, folds, warmth))).items():
        print(f"{name:24} {value:8.3f} ± {apart:.3f}")
    return 0


def _compared(card: Mapping[str, Any]) -> int:
    """Hear the set with a model that never saw it, and set each figure beside the card's.

    1 when a figure dropped, or a message is answered otherwise once the model is packed.
    """
    found: dict[str, list[Pair]] = {}
    dropped = 0
    for hand, pairs, fitted, rows in crossed(own(), card["warmth"], (HELD,)):
        found[hand] = pairs
        for text in disagreements(fitted, Model.read(pack(fitted, {})), rows):
            print(f"rounded otherwise: {text}")
            dropped += 1
    for name, figure in table(found).items():
        before, now = card["figures"][name]["hands"].get(HELD), figure["all"]
        if before is None or now is None:
            continue
        room = DROP * 1000 if name == _IN_THOUSANDS else DROP
        worse = now - before if name in _FEWER_IS_BETTER else before - now
        dropped += worse > room
        print(f"{name:24} {before:8.3f} -> {now:8.3f}{'  DROPPED' if worse > room else ''}")
    return 1 if dropped else 0


if __name__ == "__main__":
    sys.exit(main())
