"""What a visit brought, as it was told: 慰问金500元, 助学21名 (F11), 意见10余条 (F15)."""

from dataclasses import dataclass

from bot.understanding.normalise import clean, number
from bot.understanding.words import lazy, lexicon

_DATA = lexicon("amounts")
_GIVEN, _TAKEN, _YUAN, _PEOPLE = (
    lazy(_DATA[name]) for name in ("given", "taken", "yuan", "people")
)
_OPINIONS = lazy(_DATA["opinions"])
_AROUND = lazy(_DATA["around"])
_WAN = 10_000


@dataclass(frozen=True, slots=True)
class Given:
    """Money in whole yuan, and how many people were helped; 0 where it was not said."""

    yuan: int
    people: int


def given(words: str) -> Given | None:
    """What the words say was given; None where they speak of none."""
    plain = clean(words).plain
    if not _GIVEN.search(plain) or _TAKEN.search(plain):
        return None
    yuan = sum(float(one[1]) * (_WAN if one[2] else 1) for one in _YUAN.finditer(plain))
    people = sum(int(one[1]) for one in _PEOPLE.finditer(plain))
    return Given(round(yuan), people) if yuan or people else None


def opinions(words: str) -> int:
    """How many opinions the words say were heard; 0 where they speak of none."""
    found = _OPINIONS.finditer(clean(words).plain)
    return sum(int(number(one[1] or one[2])) for one in found)


def only_opinions(words: str) -> bool:
    """Whether nothing but how many opinions were heard is told: that is no trouble found."""
    plain = clean(words).plain
    rest = _OPINIONS.sub("", plain)
    return rest != plain and _AROUND.fullmatch(rest) is not None
