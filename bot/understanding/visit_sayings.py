"""What a whole message of a worker comes to while he makes his rounds."""

from bot.understanding import remarks
from bot.understanding.normalise import fold
from bot.understanding.visit_names import shaped, verb_of
from bot.understanding.visits import future
from bot.understanding.words import any_of, lazy, lexicon

_DATA = lexicon("visits")
_NOBODY = lazy(_DATA["nobody"])
_OPENS = lazy(_DATA["opens"])
_NOT_MADE = shaped("not_made")
_SOMEBODY, _A_ROUND, _AS_A_ROUND = (
    any_of(_DATA[name]) for name in "somebody a_round as_a_round".split()
)
_WHOM = lazy(_DATA["whom"])
_SHOP = lazy(_DATA["shop"])
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


def of_whom_he_looks_after(words: str) -> bool:
    """Whether words that name nothing are said of somebody the speaker was sent to look after.

    His round is spoken of as one, by the part of the day, or by the things he checked.
    """
    plain = fold(words)
    if _A_ROUND.search(plain):
        return False
    if _SOMEBODY.search(plain):
        return True
    return not _AS_A_ROUND.search(plain) and not remarks.wrong(plain)


def without_shop(name: str) -> str:
    """A name without the word for a shop at its end, 烧烤店 -> 烧烤; "" where it has none."""
    bare = _SHOP.sub("", fold(name))
    return bare if len(bare) > 1 and bare != fold(name) else ""


def only_a_pronoun(name: str) -> bool:
    """Whether somebody is called by no name of his own: 老人家, 她那边."""
    return bool(_WHOM.fullmatch(fold(name)))
