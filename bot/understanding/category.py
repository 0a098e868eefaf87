"""What a message is about: words by object, and a table for the border cases."""

from bot.understanding.sieve import Sieves
from bot.understanding.words import Words, lexicon

_DATA = lexicon("category")
BORDER = 4.0
CODES = tuple(code for code in _DATA if code not in ("border", "nothing"))


def _weights() -> dict[str, dict[str, float]]:
    """Word → category → weight; a word may speak for several, or only hide another one."""
    weights: dict[str, dict[str, float]] = {word: {} for word in _DATA["nothing"].split()}
    for code in CODES:
        for kind, weight in (("words", 1.0), ("strong", 2.0)):
            for word in _DATA[code][kind].lower().split():
                weights.setdefault(word, {})[code] = weight
    return weights


_WEIGHTS = _weights()
_WORDS = Words(_WEIGHTS)
_BORDERS = [group["category"] for group in _DATA["border"]]
_BORDER = Sieves({str(at): group["any"] for at, group in enumerate(_DATA["border"])})


def scores(plain: str) -> dict[str, float]:
    """How strongly the words speak for each category; nothing for categories without words."""
    found: dict[str, float] = {}
    for word in set(_WORDS.found(plain)):
        # One character is weak: it stands in many words that mean something else.
        share = 0.4 if len(word) == 1 else 1.0
        for code, weight in _WEIGHTS[word].items():
            found[code] = found.get(code, 0.0) + weight * share
    for at in _BORDER.found(plain):  # the first that fits decides
        code = _BORDERS[int(at)]
        found[code] = found.get(code, 0.0) + BORDER
        break
    return found


def ranked(found: dict[str, float]) -> tuple[str, ...]:
    """Up to three categories, best first; the table's order where they are equal."""
    order = sorted(found, key=lambda code: (-found[code], CODES.index(code)))
    return tuple(order[:3])
