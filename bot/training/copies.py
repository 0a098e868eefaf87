"""Near-copies among the training lines: they make a cross-validation look better than people will.

Two lines are near-copies when most of their pairs of characters are the same (Jaccard). Only lines
that share one of their rarest pairs are compared: of two sets that alike, the rarest few of one
always hold a pair of the other (prefix filtering, Bayardo et al. 2007).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import ceil

from bot.training.lines import Line

ALIKE = 0.8
_LEAST = 8  # pairs; what is shorter is said by everybody


def near_copies(lines: Sequence[Line], alike: float = ALIKE) -> Iterator[tuple[Line, Line]]:
    """The pairs of lines that share at least this part of their pairs of characters."""
    sets = [_pairs(line.plain) for line in lines]
    counts = Counter(pair for one in sets for pair in one)
    seen: dict[str, list[int]] = defaultdict(list)
    for at, own in enumerate(sets):
        if len(own) < _LEAST:
            continue
        rare = sorted(own, key=lambda pair: (counts[pair], pair))
        rare = rare[: len(own) - ceil(alike * len(own)) + 1]
        for other in sorted({one for pair in rare for one in seen[pair]}):
            both = len(own & sets[other])
            if both >= alike * (len(own) + len(sets[other]) - both):
                yield lines[other], lines[at]
        for pair in rare:
            seen[pair].append(at)


def _pairs(plain: str) -> frozenset[str]:
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))
