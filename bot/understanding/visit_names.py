"""The places and people a worker names where he tells of his rounds, and the verb beside them."""

import re
from collections.abc import Collection

from bot.understanding.normalise import fold
from bot.understanding.words import any_of, lazy, lexicon, longest_first

_DATA = lexicon("visits")


def shaped(key: str) -> re.Pattern[str]:
    """The expressions under a key as one, with what stands in <> filled in."""
    text = any_of(_DATA[key]).pattern
    if "<absent>" in text:
        text = text.replace("<absent>", any_of(_DATA["absent"]).pattern)
    for name, shape in _DATA["shapes"].items():
        text = text.replace(f"<{name}>", shape)
    return lazy(text)


MADE = any_of(_DATA["made"])
ABSENT = shaped("absent")
_WHOLE, _PART = any_of(_DATA["whole"]), any_of(_DATA["part"])
_COUNT = lazy(rf"(?:{_DATA['count']})$")
_BEFORE, _BEHIND, HOME, PERSON = (lazy(_DATA[name]) for name in "before behind home person".split())
LIST = lazy(r"[、和跟与及]|还有")
NUMBERED = lazy(
    rf"(?:{_DATA['estate']})?[0-9a-zA-Z一二三四五六七八九十]+ ?"
    r"(?:号楼|栋|幢|座|楼)(?:[0-9一二三四五六七八九十]+单元)?"
)
_HOUSE = r"[0-9一二三四五六七八九十]+ ?(?:号楼|栋|幢|座)(?:[0-9一二三四五六七八九十]+单元)?"
_BESIDE = lazy(_DATA["beside"])
LONGEST_NAME = 12
_WHOLE_NAME, _SHORT_NAME = 4, 2  # 老张烧烤 is 烧烤 for who is in a hurry


def known_names(labels: Collection[str]) -> re.Pattern[str]:
    """The names around; behind an estate's the house counts to it: 安墩2号楼 is not all of 安墩."""
    wide = [one for one in labels if not (PERSON.match(one) or NUMBERED.search(one))]
    every = longest_first(labels).pattern
    return re.compile(f"(?:{longest_first(wide).pattern}){_HOUSE}|{every}" if wide else every)


def called(words: str) -> tuple[str, bool]:
    """A name that stands alone, without the home behind it, and whether it is somebody's."""
    bare = HOME.sub("", words.strip())
    person = bool(PERSON.match(bare))
    return (bare, True) if person else (words.strip(), False)


def beside(name: str) -> bool:
    """Whether a name tells only what a place stands next to: 东门旁边的小超市."""
    return bool(_BESIDE.search(name))


def named_in(plain: str, known: re.Pattern[str]) -> list[re.Match[str]]:
    """The known names in a piece; 东门旁边的超市 names another place than 东门."""
    return [one for one in known.finditer(plain) if not _BESIDE.match(plain, one.end())]


def short_names(labels: Collection[str]) -> re.Pattern[str] | None:
    """What a piece begins with that names a known place by its end; None where none has one."""
    ends = {
        one[-_SHORT_NAME:]
        for one in labels
        if len(one) >= _WHOLE_NAME and not PERSON.match(one) and not NUMBERED.search(one)
    }
    ends = {one for one in ends if one.isalpha() and not _WHOLE.match(one)}
    if not ends:
        return None
    return re.compile(f"(?:{_DATA['before']})?(?P<name>{longest_first(ends).pattern})")


def named_later(named: list[re.Match[str]], verb: re.Match[str]) -> int:
    """Where another visit begins in one breath: 3号楼看过了车棚有飞线; 0 where none does.

    The visits of a list stand before the verb, or behind it; these stand on both sides.
    """
    if not any(one.end() <= verb.start() for one in named):
        return 0
    return next((one.start() for one in named if one.start() >= verb.end()), 0)


def with_houses(plain: str, named: list[re.Match[str]]) -> list[re.Match[str]]:
    """The known names with the houses that were gone to as well: 刘奶奶家看过了 3号楼也看了.

    A house right behind somebody's name is where he lives: 刘奶奶家3号楼看过了.
    """
    found = list(named)
    for house in NUMBERED.finditer(plain):
        before = [one for one in named if one.end() <= house.start()][-1:]
        his = any(PERSON.match(one[0]) for one in before)
        apart = not his or verb_of(plain[before[0].end() : house.start()])
        over = any(one.start() < house.end() and house.start() < one.end() for one in named)
        if apart and not over and _gone_to(plain, house.end()):
            found.append(house)
    return sorted(found, key=lambda one: one.start())


def _gone_to(plain: str, at: int) -> bool:
    """Whether a verb of a visit stands right behind a name that ends there."""
    found = verb_of(plain[at : at + LONGEST_NAME])
    return found is not None and found.start() <= _SHORT_NAME


def verb_of(plain: str) -> re.Match[str] | None:
    """Where it is told that somebody went there, or found nobody."""
    return MADE.search(plain) or ABSENT.search(plain)


def with_others(piece: str, verb: re.Match[str] | None, named: list[str]) -> list[str]:
    """The names with those in the same list nobody knows so: 刘奶奶、张大爷都看过了."""
    if verb is None or not LIST.search(fold(piece)):
        return named
    head = LIST.split(piece[: verb.start()])
    told = [*(HOME.sub("", trimmed(one)) for one in head), *behind(piece[verb.end() :])]
    told = [one for one in told if PERSON.match(one) or one in named or _place(one)]
    return list(dict.fromkeys(told)) if set(named) <= set(told) else named


def _place(word: str) -> bool:
    """Whether a word of a list may name a place nobody knows so; he is asked which."""
    fits = 1 < len(word) <= LONGEST_NAME and not _WHOLE.match(word)
    return fits and not _PART.search(word)


def behind(rest: str) -> list[str]:
    """Who is named behind the verb: 看望了王奶奶、张大爷两户."""
    listed = LIST.split(_COUNT.sub("", fold(rest).strip()))
    names = [HOME.sub("", one.strip()) for one in listed]
    return names if all(PERSON.match(one) for one in names) else []


def trimmed(words: str) -> str:
    """A name without what stands around it: 今天把, 那边."""
    return _BEHIND.sub("", _BEFORE.sub("", words.strip())).strip()
