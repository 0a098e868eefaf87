"""What a message is about: words by object, and a table for the border cases."""

from functools import lru_cache

from bot.understanding.sieve import Sieves
from bot.understanding.words import Words, lexicon

_DATA = lexicon("category")
BORDER = 4.0
_SIGN = 0.4
_MANY = 2
CODES = tuple(code for code in _DATA if code not in ("border", "nothing"))


def _weights() -> dict[str, tuple[tuple[str, float], ...]]:
    """Word → categories and weights; a word may speak for several, or only hide another one."""
    weights: dict[str, dict[str, float]] = {word: {} for word in _DATA["nothing"].split()}
    for code in CODES:
        for kind, weight in (("words", 1.0), ("strong", 2.0)):
            for word in _DATA[code][kind].lower().split():
                weights.setdefault(word, {})[code] = weight
    # Thousands of words say the same: they share it.
    shared: dict[tuple[tuple[str, float], ...], tuple[tuple[str, float], ...]] = {}
    told = {word: tuple(one.items()) for word, one in weights.items()}
    return {word: shared.setdefault(one, one) for word, one in told.items()}


_WEIGHTS = _weights()
_WORDS = Words(_WEIGHTS)
_BORDERS = [group["category"] for group in _DATA["border"]]
_BORDER = Sieves({str(at): group["any"] for at, group in enumerate(_DATA["border"])})


@lru_cache(maxsize=2)
def _words(plain: str) -> frozenset[str]:
    return frozenset(_WORDS.found(plain))


@lru_cache(maxsize=2)  # the model asks for the words and for what they come to
def evidence(plain: str) -> tuple[tuple[str, str, float], ...]:
    """What speaks for each category: (kind, category, how strongly).

    Kinds: "sign" (one character, weak: it stands in many words that mean something else), "word",
    "strong", and "border", of which there is one at most: the first that fits decides.
    """
    found = [
        ("sign" if len(word) == 1 else "strong" if weight > 1.0 else "word", code,
         weight * (_SIGN if len(word) == 1 else 1.0))
        for word in _words(plain)
        for code, weight in _WEIGHTS[word]
    ]  # fmt: skip
    border = next(_BORDER.found(plain), None)
    if border is not None:
        found.append(("border", _BORDERS[int(border)], BORDER))
    return tuple(found)


def closeness(plain: str, other: str) -> int:
    """How much what these words are about stands in `other` as well; 0 for nothing.

    A word that is there counts; of a strong one that is not, a character counts a little (灯泡,
    楼道灯).
    """
    total = 0
    for word in set(_WORDS.found(plain)):
        if not (weights := _WEIGHTS[word]):
            continue
        if word in other:
            total += 2
        elif max(weight for _, weight in weights) > 1.0 and any(sign in other for sign in word):
            total += 1
    return total


def scores(plain: str) -> dict[str, float]:
    """How strongly the words speak for each category; nothing for categories without words."""
    found: dict[str, float] = {}
    for _, code, weight in evidence(plain):
        found[code] = found.get(code, 0.0) + weight
    return found


def kinds(plain: str) -> dict[str, int]:
    """How many words of each kind speak for each category, as "kind:category"; two are many."""
    found: dict[str, int] = {}
    for kind, code, _ in evidence(plain):
        name = f"{kind}:{code}"
        found[name] = min(_MANY, found.get(name, 0) + 1)
    return found


def said(plain: str) -> frozenset[str]:
    """The words of more than one character that are there, whatever they speak for."""
    return frozenset(word for word in _words(plain) if len(word) > 1)


def ranked(found: dict[str, float]) -> tuple[str, ...]:
    """Up to three categories, best first; the table's order where they are equal."""
    order = sorted(found, key=lambda code: (-found[code], CODES.index(code)))
    return tuple(order[:3])
