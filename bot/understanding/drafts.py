"""Which wording of a proposal somebody asks for: 第一稿, 上一稿, 原稿 (domain.md I4)."""

import re

from bot.understanding.normalise import NUMBER, fold, number

_NTH = re.compile(rf"第? ?({NUMBER}) ?[稿版]")
_BEFORE = re.compile(r"(?:上|前)(?:面)?一?[稿版]")
_FIRST = re.compile(r"(?:原|初|最早的?|最初的?|一开始的?)[稿版本]")


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
