"""Danger now: found generously, filtered only where the words say past, perhaps or practice."""

import re

from bot.understanding.sieve import Sieve
from bot.understanding.words import any_of, lexicon

_DATA = lexicon("urgent")
_DANGERS = [
    (any_of(group["any"]), group["category"], bool(group.get("lasting")), group["unless"])
    for group in ({"unless": "", **raw} for raw in _DATA["danger"])
]
_ANY = Sieve(pattern for group in _DATA["danger"] for pattern in group["any"])
_IDIOM = any_of(_DATA["idiom"])
_OVER = any_of(_DATA["over"])
_PAST = any_of(_DATA["past"])
_AGAIN = any_of(_DATA["again"])
_NOW = any_of(_DATA["now"])
_PERHAPS = any_of(_DATA["perhaps"])
_PERHAPS_BEFORE = re.compile(f"(?:{_PERHAPS.pattern})[^,。!?;]{{0,10}}$")
_PRACTICE = any_of(_DATA["practice"])
_TOLD = any_of(_DATA["told"])
_DENIED = re.compile(r"(?:没有?|不是|未|并非|不会|无|防|禁止|严禁|会|(?<![阳功智])能)$")
_CLAUSE_END = re.compile(r"[,。!?;\n]")


def danger(plain: str) -> str | None:
    """The category of a danger that is there right now, or None."""
    plain = _IDIOM.sub("…", plain)
    if not _ANY.found(plain) or _PRACTICE.search(plain) or _TOLD.search(plain):
        return None
    if _OVER.search(plain) and not _AGAIN.search(plain):
        return None
    for pattern, category, lasting, unless in _DANGERS:
        if unless and re.search(unless, plain):
            continue
        for match in pattern.finditer(plain):
            if _real(plain, match, lasting=lasting):
                return str(category)
    return None


def _real(plain: str, match: re.Match[str], *, lasting: bool) -> bool:
    """Whether this find is neither denied, imagined nor long over."""
    before = plain[: match.start()]
    if _DENIED.search(before) or _PERHAPS_BEFORE.search(before) or _PERHAPS.search(match[0]):
        return False
    if lasting or _NOW.search(plain):
        return True
    return not _PAST.search(plain[max(0, match.start() - 30) : match.end()])
