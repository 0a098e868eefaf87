"""What a whole message of a worker comes to while he makes his rounds."""

import re

from bot.understanding.normalise import fold
from bot.understanding.visits import future, shaped, verb_of
from bot.understanding.words import any_of, lexicon

_DATA = lexicon("visits")
_NOBODY = re.compile(_DATA["nobody"])
_OPENS = re.compile(_DATA["opens"])
_NOT_MADE = shaped("not_made")
_NO_VISIT, _SHUT, _DROPPED = (any_of(_DATA[name]) for name in ("no_visit", "shut", "dropped"))


def nobody_there(plain: str) -> bool:
    """Whether nothing is told but that nobody was at home, by whoever makes the rounds."""
    return bool(_NOBODY.fullmatch(plain)) or not_made(plain)


def not_made(plain: str) -> bool:
    """Whether a message tells of nothing but a visit that could not be made."""
    return bool(_NOT_MADE.fullmatch(plain)) and not _NO_VISIT.search(plain)


def tells(words: str) -> bool:
    """Whether a visit is told of, and not only named."""
    plain = fold(words)
    return bool(verb_of(plain) or _OPENS.search(plain)) or future(plain)


def dropped(words: str) -> bool:
    """Whether who is asked where it was says that it was nothing."""
    return bool(_DROPPED.fullmatch(fold(words).strip(" ,.。!，！")))


def shut(words: str) -> bool:
    """Whether a door was locked, where nobody was there."""
    return bool(_SHUT.search(fold(words)))
