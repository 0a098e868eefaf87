"""`make quality`: the development set, heard by a model that never saw it, beside the last.

Fails when a figure is worse than the one on the card (card.json) by more than a point.
"""

import sys

import orjson

from bot.training.__main__ import CARD, HELD
from bot.training.lines import own
from bot.training.measure import crossed, table

DROP = 0.01
_FEWER_IS_BETTER = frozenset(("noise_opened", "reports_missed", "when_false_per_1000"))
_IN_THOUSANDS = "when_false_per_1000"


def main() -> int:
    """Measure and compare."""
    card = orjson.loads(CARD.read_bytes())
    found = {hand: pairs for hand, pairs, *_ in crossed(own(), card["warmth"], (HELD,))}
    dropped = 0
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
