"""The development set in folds: each message heard by a model of the lines and the other folds.

Beside the stricter figure of `quality.py` (no line of the set in the model) it says what to expect
of messages by the same hand as some that were learned from, and how far a fifth of them spreads.
"""

from collections.abc import Iterator, Mapping, Sequence
from statistics import stdev

from bot.training.fit import fit, pack
from bot.training.lines import Line
from bot.training.measure import heard
from bot.understanding.model import Model
from bot.understanding.score import figures
from bot.understanding.score_pairs import Pair


def dealt(lines: Sequence[Line], folds: int) -> list[list[Line]]:
    """The lines dealt out one by one, kind after kind, so that each fold has its share of all."""
    ordered = sorted(lines, key=lambda line: (line.intent, line.category or "", line.urgent))
    return [ordered[at::folds] for at in range(folds)]


def folded(
    lines: Sequence[Line], hand: str, folds: int, warmth: Mapping[str, float]
) -> Iterator[list[Pair]]:
    """What each fold of a hand is taken for by a model of everything else."""
    others = [line for line in lines if line.hand != hand]
    parts = dealt([line for line in lines if line.hand == hand], folds)
    for at, part in enumerate(parts):
        rest = [line for other in parts[:at] + parts[at + 1 :] for line in other]
        yield heard(Model.read(pack(fit([*others, *rest], warmth), {})), part)


def spread(parts: Sequence[Sequence[Pair]]) -> dict[str, tuple[float, float]]:
    """Each figure over all folds together, and its standard deviation between them."""
    each = [figures(part) for part in parts]
    found: dict[str, tuple[float, float]] = {}
    for name, figure in figures([pair for part in parts for pair in part]).items():
        values = [one[name].value for one in each]
        known = [value for value in values if value is not None]
        if figure.value is not None and len(known) > 1:
            found[name] = figure.value, stdev(known)
    return found
