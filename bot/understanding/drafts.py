"""Which wording of a proposal somebody asks for: 第一稿, 上一稿, 原稿 (domain.md I4)."""

from bot.understanding.normalise import NUMBER, fold, number
from bot.understanding.words import lazy

_NTH = lazy(rf"第? ?({NUMBER}) ?[稿版]")
_BEFORE = lazy(r"(?:上|前)(?:面)?一?[稿版]")
_COMPARES = lazy(
    r"改了|改动|改过|变[了化动]|不同|区别|不一样|差别|差在|对比|(?:和|跟|与|同)[^,。]{1,10}比"
)
_FIRST = lazy(r"(?:原|初|最早的?|最初的?|一开始的?)[稿版本]")
_BOTH = 2


def wanted(words: str, newest: int) -> int | None:
    """The number of the wording that is meant, there or not; None where none is asked for."""
    plain = fold(words)
    if _BEFORE.search(plain):
        return max(1, newest - 1)
    if _FIRST.search(plain):
        return 1
    named = _NTH.search(plain)
    digits = number(named[1]) if named else ""
    return int(digits) if digits.isdigit() else None


def compared(words: str, newest: int) -> tuple[int, int] | None:
    """The two wordings that are to be compared, the earlier first; None where none are.

    One that is named is compared with the newest, the newest with the one before.
    """
    plain = fold(words)
    if not _COMPARES.search(plain):
        return None
    found = _NTH.finditer(_BEFORE.sub(" ", plain))  # 上一稿 is not the first
    named = {int(one) for it in found if (one := number(it[1])).isdigit()}
    if _FIRST.search(plain):
        named.add(1)
    if _BEFORE.search(plain):
        named.add(newest - 1)
    for last in (newest, newest - 1):  # what is not named is the last one, and the one before
        if len(named) < _BOTH:
            named.add(last)
    return min(named), max(named)
