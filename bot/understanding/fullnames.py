"""Full names in a text: a surname, a given name, and words beside them that say so.

Names are made of words (高兴, 方便, 时间), so a name alone is none. 王阿姨 and 李师傅 name nobody.
"""

from collections.abc import Iterator
from typing import NamedTuple

from bot.understanding.words import lazy, lexicon, longest_first

_COMMON = lexicon("names")
_LIST = {kind: tuple(words.split()) for kind, words in lexicon("fullnames").items()}
_GIVEN, _PLAIN, _EVERYDAY = (
    frozenset("".join(_LIST[kind])) for kind in ("given", "plain", "everyday")
)
_SURNAME = lazy(
    f"(?:{'|'.join(_COMMON['double'].split())}|[{_COMMON['single']}{''.join(_LIST['rare'])}])(?=[\u4e00-\u9fff])"
)
_WORD = longest_first(_LIST["words"])  # that begins with a surname and is none
_CONDITION = lazy("|".join(_LIST["conditions"]))
_LONGEST_LEAD = 8
_NUMBER_BEHIND = lazy(
    r"[ ,:、(]{0,2}(?:手机|电话|联系电话|身份证|卡号|tel)?[号码]{0,2}[ :]{0,2}"
    r"(?:1[3-9][0-9 -]{9}|[0-9][0-9x -]{14}|[0-9a-z]{1,3}(?:幢|栋|座|号楼|-[0-9]|单元))"
)
_NUMBER_BEFORE = lazy(r"[0-9x]{11}[ ,:、]{1,2}$")
_LISTED = lazy(r"(?:^|[^0-9.])[0-9]{1,3} ?[.、:)]+ ?$|第[一二三四五六七八九十]{1,2}组[: ]+$")
_COUNTED = lazy(r"[0-9一二两三四五六七八九十几这那每半]$")  # 一张水彩, 照片七张发群
# What may stand right behind a name in a sentence.
_GOES_ON = frozenset(
    "突刚正昏晕跌摔倒又还住骗打欠年岁到给帮会因前后同对，的家他她我是在从说有没今昨已把被住就来去失走早晚手电身也和跟与及等要写报那这"
)


def condition(plain: str) -> bool:
    """Whether words tell what nobody may read of a named person: an illness, an offence."""
    return _CONDITION.search(plain) is not None


class _Place(NamedTuple):
    """Where a name may stand, and what stands on both sides of it."""

    plain: str
    start: int
    end: int
    likely: bool  # made of characters that given names are made of
    both: bool  # a given name of two characters

    @property
    def before(self) -> str:
        """The characters before it, as far as a word for a person reaches."""
        return self.plain[max(0, self.start - _LONGEST_LEAD) : self.start]

    @property
    def lead(self) -> str:
        """The word before it."""
        return self.before.rstrip(" :,")

    @property
    def edge(self) -> bool:
        """Whether no word runs into it."""
        return self.start == 0 or not _han(self.plain[self.start - 1])

    @property
    def stops(self) -> bool:
        """Whether no word follows it."""
        return self.end == len(self.plain) or not _han(self.plain[self.end])

    @property
    def closes(self) -> bool:
        """Whether the sentence may go on like this behind a name."""
        return self.stops or self.plain[self.end] in _GOES_ON

    @property
    def titled(self) -> bool:
        """Whether a way to address somebody, or what is his, follows."""
        return self.plain.startswith(_LIST["behind"], self.end)

    @property
    def plainly(self) -> bool:
        """Whether its characters are rare in other words."""
        name = self.plain[self.start : self.end]
        return name[0] in _PLAIN and not _EVERYDAY.issuperset(name[1:])


def full_names(plain: str) -> Iterator[tuple[int, int]]:
    """Start and end of every full name."""
    done = 0
    for match in _SURNAME.finditer(plain):
        if match.start() >= done and (end := _full(plain, *match.span())):
            yield match.start(), end
            done = end


def _han(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def _full(plain: str, start: int, at: int) -> int:
    """Where the full name ends that begins with this surname; 0 where it is none."""
    if plain[at] not in _GIVEN and not _said_before(plain, start):
        return 0  # the quickest look first: so ends nearly every surname in a sentence
    if plain.startswith(_LIST["title"], at) or _WORD.match(plain, start):
        return 0
    if start and plain[start - 1] in "@姓老小阿":
        return 0
    if plain[start] == "张" and _COUNTED.search(plain, max(0, start - 2), start):
        return 0
    for length in (2, 1):
        given = plain[at : at + length]
        if len(given) < length or not all(map(_han, given)):
            continue
        place = _Place(plain, start, at + length, all(c in _GIVEN for c in given), length > 1)
        if not plain.startswith(_LIST["never"], place.end) and _is_name(place):
            return place.end
    return 0


def _said_before(plain: str, start: int) -> bool:
    """Whether the word before says that a name comes: 我叫, 患者."""
    return plain[max(0, start - _LONGEST_LEAD) : start].rstrip(" :,").endswith(_LIST["said"])


def _is_name(place: _Place) -> bool:
    """Whether the words on both sides say that this is a name."""
    if place.lead.endswith(_LIST["said"]):
        return place.stops or (place.likely and (place.both or place.closes))
    if place.edge and _NUMBER_BEHIND.match(place.plain, place.end):
        return place.likely
    if not place.likely:
        return False
    if place.lead.endswith(_LIST["role"]):
        return place.both or place.stops
    return _apart(place) if place.edge else place.both and _met(place)


def _apart(place: _Place) -> bool:
    """Whether a name may stand here with no word before it."""
    if _LISTED.search(place.before) or _NUMBER_BEFORE.search(
        place.plain, max(0, place.start - 2 * _LONGEST_LEAD), place.start
    ):
        return place.stops
    if not place.both:
        return False
    return place.stops or place.titled or (place.closes and place.plainly)


def _met(place: _Place) -> bool:
    """Whether a name may stand here in the middle of a sentence."""
    if place.before.endswith(_LIST["verb"]):
        return place.closes or place.titled
    if place.titled:
        return place.plainly or _EVERYDAY.isdisjoint(place.plain[place.start + 1 : place.end])
    return place.closes and place.plainly
