"""What a message is about: words by object, and a table for the border cases."""

import re

from bot.understanding.words import any_of, lexicon, longest_first

_DATA = lexicon("category")
BORDER = 4.0
CODES = tuple(code for code in _DATA if code != "border")


def _weights() -> dict[str, dict[str, float]]:
    """Word → category → weight; a word may speak for several."""
    weights: dict[str, dict[str, float]] = {}
    for code in CODES:
        for kind, weight in (("words", 1.0), ("strong", 2.0)):
            for word in _DATA[code][kind].lower().split():
                weights.setdefault(word, {})[code] = weight
    return weights


_WEIGHTS = _weights()
_WORD = longest_first(_WEIGHTS)
_BORDERS: list[tuple[str, re.Pattern[str]]] = [
    (group["category"], any_of(group["any"])) for group in _DATA["border"]
]


def scores(plain: str) -> dict[str, float]:
    """How strongly the words speak for each category; nothing for categories without words."""
    found: dict[str, float] = {}
    for word in set(_WORD.findall(plain)):
        # One character is weak: it stands in many words that mean something else.
        share = 0.4 if len(word) == 1 else 1.0
        for code, weight in _WEIGHTS[word].items():
            found[code] = found.get(code, 0.0) + weight * share
    for code, pattern in _BORDERS:
        if pattern.search(plain):
            found[code] = found.get(code, 0.0) + BORDER
            break
    return found


def ranked(found: dict[str, float]) -> tuple[str, ...]:
    """Up to three categories, best first; the table's order where they are equal."""
    order = sorted(found, key=lambda code: (-found[code], CODES.index(code)))
    return tuple(order[:3])
