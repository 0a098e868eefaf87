"""A question about a notice that was sent: 为什么又停水, 体检几点啊, 停到几点."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.understanding.days import grouped
from bot.understanding.normalise import clean
from bot.understanding.times import ZONE, moment
from bot.understanding.words import lazy, lexicon

_DATA = lexicon("told")
_QUESTION = lazy("|".join(_DATA[key] for key in ("why", "again", "when", "where", "what")))
# 停到几点 needs no word of what; 要带什么 does.
_BY_ITSELF = lazy("|".join(_DATA[key] for key in ("when", "where")))
_WHETHER, _ASKING = lazy(_DATA["whether"]), lazy(_DATA["asking"])
_TROUBLE, _EMPTY = lazy(_DATA["trouble"]), lazy(_DATA["empty"])
_EDGES = " ,.;:!?~。，、；：！？…"
_END_OF_DAY = time(23, 59)
_LONG = 24  # signs; whoever says more tells of something
_PAIR = 2  # so many signs side by side in both are the same thing


@dataclass(frozen=True, slots=True)
class Asked:
    """A question; `about` are the signs that name its thing, "" where it names none: 停到几点."""

    about: str

    def of(self, words: str) -> bool:
        """Whether these words, a notice's, speak of the thing; a question of nothing is of none."""
        plain = clean(words).plain
        if len(self.about) < _PAIR:
            return bool(self.about) and self.about in plain
        return any(two in plain for two in _pairs(self.about))


def asked(text: str) -> Asked | None:
    """What is asked, where the whole message is a question and tells of no trouble; else None."""
    plain = clean(text).plain.strip(_EDGES)
    if not 0 < len(plain) <= _LONG or _TROUBLE.search(plain):
        return None
    end = re.sub("[啊呀呢嘛哦吧了的 ]+$", "", plain)
    if not _QUESTION.search(plain) and not (_WHETHER.search(end) or _ASKING.search(end)):
        return None
    rest = _EMPTY.sub("", _WHETHER.sub("", _QUESTION.sub("", plain)))
    return Asked(rest) if rest or _BY_ITSELF.search(plain) else None


def over(words: str, told_at: datetime, now: datetime) -> bool:
    """Whether the time a notice names has gone by: 没来电 is trouble then, and no question."""
    plain, here = clean(words).plain, told_at.astimezone(ZONE)
    day: date | None = None
    end: datetime | None = None
    for named in grouped(plain, here):
        day = named.day or day
        if named.day is None and named.clock is None and not named.part:
            continue
        found = moment(named, plain, here)
        clock = found.time() if found is not None and named.clock else _END_OF_DAY
        end = datetime.combine(day or here.date(), clock, ZONE)
    return end is not None and end < now


def _pairs(signs: str) -> Sequence[str]:
    return [signs[at : at + _PAIR] for at in range(len(signs) - 1)]
