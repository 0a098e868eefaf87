"""Whether somebody complains of the grid worker or the leader himself: 网格员不干活, 小李态度差.

The words stand in lexicon/complaints.toml; the names are those of the people who work there.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from bot.understanding import talk
from bot.understanding.normalise import clean
from bot.understanding.words import any_of, lexicon

_DATA = lexicon("complaints")
_POST = any_of((_DATA["chief"], _DATA["post"]))
_MOST = 200  # characters; who tells more than that tells of a matter, and somebody reads it
_CALLED = "(?:小|老|阿){surname}|{surname}(?:网格员|师傅|哥|姐|工|某)"


class Against(StrEnum):
    """Whom it is about: a grid worker, or the leader of the community."""

    WORKER = "worker"
    LEADER = "leader"


class Ground(StrEnum):
    """How it is told, plainest first: in so many words, of his conduct, that he never comes."""

    ACCUSE = "accuse"
    CONDUCT = "conduct"
    NEGLECT = "neglect"


def against(
    text: str, workers: Sequence[str] = (), leaders: Sequence[str] = ()
) -> tuple[Against, Ground] | None:
    """Whom a complaint is about, and its ground; None for anything else.

    That he never came is no complaint where something broken is told as well: that is the matter.
    """
    plain = clean(text).plain
    if len(plain) > _MOST:
        return None
    posts = _POST.search(plain) is not None
    for whom, post, names in (
        (Against.LEADER, _DATA["chief"], leaders),
        (Against.WORKER, _DATA["post"], workers),
    ):
        # Each community has names of its own: patterns are made for those alone that may be meant.
        near = tuple([one for one in names if one[:1] in plain])
        ground = _ground(plain, post, near) if posts or near else None
        if ground is not None:
            return whom, ground
    return None


def _ground(plain: str, post: str, names: tuple[str, ...]) -> Ground | None:
    him = _him(post, names)
    if not him.search(plain) or _unless(post, names).search(plain):
        return None
    for ground in (Ground.ACCUSE, Ground.CONDUCT):
        if _told(ground, post, names).search(plain):
            return ground
    if re.search(_DATA["asks"], plain) or talk.problem(plain) >= 1:
        return None
    return Ground.NEGLECT if _told(Ground.NEGLECT, post, names).search(plain) else None


def named(text: str, names: Sequence[str]) -> str:
    """The first of these people whom the words name, in full or as 小李; "" for none."""
    plain = clean(text).plain
    return next((one for one in names if _him("(?!)", (one,)).search(plain)), "")


@lru_cache(maxsize=256)  # a few communities, with the people who work there
def _him(post: str, names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(_him_words(post, names))


def _him_words(post: str, names: tuple[str, ...]) -> str:
    """The post, the full names, and what neighbours make of them: 李强, 小李, 李师傅."""
    called = [_CALLED.format(surname=re.escape(one[0])) for one in names if one]
    return f"(?:{'|'.join([post, *map(re.escape, names), *called])})"


@lru_cache(maxsize=512)
def _told(ground: Ground, post: str, names: tuple[str, ...]) -> re.Pattern[str]:
    return any_of([_filled(one, post, names) for one in _DATA[ground]["any"]])


@lru_cache(maxsize=256)
def _unless(post: str, names: tuple[str, ...]) -> re.Pattern[str]:
    return any_of([_filled(one, post, names) for one in _DATA["unless"]])


def _filled(pattern: str, post: str, names: tuple[str, ...]) -> str:
    bad = _DATA["conduct"]["bad"]
    return pattern.replace("<bad>", bad).replace("<him>", _him_words(post, names))
