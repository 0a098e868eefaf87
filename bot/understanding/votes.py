"""表决 D1 三天: for how long a vote is to stay open."""

from bot.understanding.normalise import NUMBER, clean, number
from bot.understanding.words import lazy, lexicon

_DATA = lexicon("votes")
_SPAN = lazy(rf"({NUMBER}) ?个?({'|'.join(_DATA['days'])})")
_HALF = lazy(_DATA["half"])


def days(words: str) -> int | None:
    """How many whole days are named, 0 for less than one; None where none are."""
    plain = clean(words).plain
    if _HALF.search(plain):
        return 0
    found = _SPAN.search(plain)
    return int(number(found[1])) * _DATA["days"][found[2]] if found else None
