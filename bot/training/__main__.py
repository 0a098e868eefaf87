"""`make train`: fit the model on all lines, measure it on hands it did not see, write both down."""

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson

from bot.training.check import disagreements
from bot.training.copies import near_copies
from bot.training.fit import PARTS, fit, pack
from bot.training.lines import Line, own
from bot.training.measure import calibrated, confused, crossed, table
from bot.understanding.model import FILE, Model
from bot.understanding.score_pairs import Pair

TARGET = Path(__file__).parents[1] / "understanding" / FILE
CARD = Path(__file__).with_name("card.json")
HELD = "dev"  # the development set
_MOST_CONFUSED = 40


def main() -> int:
    """Train, prove that the packed model answers alike, and write it with its card."""
    parser = argparse.ArgumentParser(prog="make train", description=__doc__)
    parser.add_argument("--date", default="", help="the day that stands on the card")
    parser.add_argument("--hands", nargs="*", default=[], help="measure on these alone")
    parser.add_argument("--keep-figures", action="store_true", help="do not measure anew")
    arguments = parser.parse_args()
    lines = own()
    card = orjson.loads(CARD.read_bytes()) if CARD.exists() else {}
    warmth = card.get("warmth") or dict.fromkeys(PARTS, 1.0)
    if copies := list(near_copies(lines)):
        for one, other in copies:
            print(
                f"near-copies: {one.hand} {one.text} | {other.hand} {other.text}", file=sys.stderr
            )
        return 1
    if not arguments.keep_figures:
        card |= _measured(lines, warmth, tuple(arguments.hands))
    fitted = fit(lines, card.get("warmth", warmth))
    packed = pack(fitted, {"lines": len(lines)})
    wrong = disagreements(fitted, Model.read(packed), lines)
    if kept := [line.text for line in lines if line.hand == HELD and line.text in set(wrong)]:
        print(
            f"{len(kept)} development messages are answered otherwise once packed", file=sys.stderr
        )
        return 1
    card |= {
        "date": arguments.date or card.get("date", ""),
        "lines": len(lines),
        "data": _data(lines),
        "bytes": len(packed),
        "rounded otherwise": len(wrong),
        "sha256": hashlib.sha256(packed).hexdigest(),
        "scikit-learn": version("scikit-learn"),
    }
    TARGET.write_bytes(packed)
    CARD.write_bytes(orjson.dumps(card, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n")
    print(f"{len(lines)} lines, {len(packed)} bytes, sha256 {card['sha256']}")
    return 0


def _data(lines: Sequence[Line]) -> dict[str, Any]:
    return {
        "hands": dict(sorted(Counter(line.hand for line in lines).items())),
        "intents": dict(Counter(line.intent for line in lines).most_common()),
        "categories": dict(Counter(line.category for line in lines if line.category).most_common()),
        "urgent": sum(line.urgent for line in lines),
    }


def _measured(
    lines: Sequence[Line], warmth: Mapping[str, float], only: tuple[str, ...]
) -> dict[str, Any]:
    """The figures of every hand, heard by a model of the others."""
    hands: dict[str, list[Pair]] = {}
    folds = []
    for hand, pairs, fitted, rows in crossed(lines, warmth, only):
        hands[hand] = pairs
        folds.append((fitted, rows))
        print(f"{hand}: {len(rows)} lines", flush=True)
    return {
        "figures": table(hands),
        "warmth": dict(warmth),
        "calibrated": calibrated(folds),  # what the temperatures should be: set by hand, see zones
        "confused": {
            name: confused(hands, name)[:_MOST_CONFUSED] for name in ("intent", "category")
        },
    }


if __name__ == "__main__":
    sys.exit(main())
