"""How alike two reports are by their words alone: the thing they name first, then the letters.

Bigrams alone cannot tell the lamp from the lift of one staircase: everything else of the two
sentences is the same. So what is named decides, and the rest only orders what is left.
"""

import re
from collections import Counter
from functools import cache
from math import sqrt

from bot.understanding.normalise import clean
from bot.understanding.words import lazy, lexicon, longest_first

_DATA = lexicon("objects")
_OTHERWISE = frozenset(_DATA["not_objects"]["words"].lower().split())
_THINGS: dict[str, str] = {
    word: name for name, words in _DATA["objects"].items() for word in words.lower().split()
}
_THING = longest_first((*_THINGS, *_OTHERWISE))
_IDLE = longest_first(_DATA["idle"]["words"].split())
_SIGNS = lazy(r"[\W\da-z_]+")
_NAMED = 0.5  # all the same things: half of the way, the letters decide the rest
_UNNAMED = 2.0  # nothing is named: letters shared by a fifth already mean much
_UNKNOWN = 0.01


def alike(one: str, other: str, place: str = "") -> float:
    """Between 0 (they name different things) and 1; never 0 where nobody knows what is meant.

    `place` is the place both are known to be at: its name says nothing about the trouble.
    """
    ours, theirs = _told(one, place), _told(other, place)
    if ours[0] and theirs[0]:
        shared = len(ours[0] & theirs[0]) / len(ours[0] | theirs[0])
        return _NAMED * shared + (1 - _NAMED) * _cosine(ours[1], theirs[1]) if shared else 0.0
    # Where one names a thing and the other none, they may be two: the letters count for less.
    weight = _NAMED if ours[0] or theirs[0] else _UNNAMED
    return min(1.0, max(_UNKNOWN, weight * _cosine(ours[1], theirs[1])))


@cache
def _idle() -> re.Pattern[str]:
    return re.compile(f"(?:{_IDLE.pattern})|(?:{_SIGNS.pattern})")


def _told(text: str, place: str) -> tuple[frozenset[str], Counter[str]]:
    """The things a text names, and the pairs of letters of what it says about them."""
    plain = clean(text).plain
    found = frozenset(_THINGS[word] for word in _THING.findall(plain) if word not in _OTHERWISE)
    bare = _idle().sub("", plain.replace(place, "") if place else plain)
    pairs = Counter(bare[at : at + 2] for at in range(len(bare) - 1)) or Counter([bare])
    return found, pairs


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    shared = sum(count * other[pair] for pair, count in one.items())
    length = sqrt(sum(n * n for n in one.values()) * sum(n * n for n in other.values()))
    return shared / length if length else 0.0
