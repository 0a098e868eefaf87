"""关爱 每天 9点 给刘奶奶送牛奶 赵姐: a recurring delivery or call in one line."""

import re
from dataclasses import dataclass
from datetime import time

from bot.understanding.normalise import clean, number
from bot.understanding.words import lazy, lexicon

_DATA = lexicon("care")
_WORK, _DAILY = (lazy(_DATA["days"][key]) for key in ("work", "daily"))
_WEEK, _TIME = (lazy(_DATA["words"][key]) for key in ("week", "time"))
_LATE, _SUBJECT = (lazy(_DATA["words"][key]) for key in ("late", "subject"))
_THING = lazy(_DATA["words"]["thing"])
_UNREACHED = lazy(_DATA["words"]["unreached"])
_BY = lazy(_DATA["words"]["by"])
_WEEKDAYS = {char: digit for digit, chars in _DATA["weekdays"].items() for char in chars}
_EDGES = " ,.;:!?~。、，；：！？"
_NOON, _HALF = 12, "半"


@dataclass(frozen=True, slots=True)
class Line:
    """What was said: `days` as in domain/welfare_rules.py, "" for none.

    `subject` is a name, `home` where that person lives; "" for what was not said.
    """

    days: str
    at: time | None
    what: str
    subject: str
    home: str = ""


def same_thing(text: str, what: str) -> bool:
    """Whether what is done for somebody is what the words name, or they name no such thing."""
    named = _THING.findall(clean(text).plain)
    return not named or any(one in what for one in named)


def unreached(text: str) -> bool:
    """Whether somebody tells that nobody answered: 打了没人接."""
    return bool(_UNREACHED.search(clean(text).plain))


def line(text: str) -> Line:
    """Read one line; `what` is what is left without the days and the time."""
    said = clean(text)
    plain = said.plain
    days, when = _days(plain), _TIME.search(plain)
    spans = [one.span() for pattern in (_WORK, _DAILY, _WEEK) if (one := pattern.search(plain))]
    if when:
        spans.append(when.span())
    rest = said.tidy
    for start, end in sorted(spans, reverse=True):
        rest = rest[:start] + " " + rest[end:]
    what = " ".join(rest.split()).strip(_EDGES)
    subject = _SUBJECT.search(what)
    home, name = (subject[1] or "", subject[2]) if subject else ("", "")
    return Line(days, _time(when) if when else None, what, name, home)


def without(what: str, name: str) -> str:
    """What is to be done, without who does it."""
    rest = _BY.sub("", what.replace(name, " "))
    return " ".join(rest.split()).strip(_EDGES)


def _days(plain: str) -> str:
    if _WORK.search(plain):
        return "work"
    if found := _WEEK.search(plain):
        return "".join(sorted({_WEEKDAYS[char] for char in found[1] if char in _WEEKDAYS}))
    return "1234567" if _DAILY.search(plain) else ""


def _time(found: re.Match[str]) -> time:
    hour = int(number(found[2]))
    if found[1] and _LATE.search(found[1]) and hour < _NOON:
        hour += _NOON
    minute = 30 if found[3] == _HALF else int(found[3] or 0)
    return time(hour, minute)
