"""通知12 改到周三: which notice, to when, and whether this once or from now on."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.understanding import errands
from bot.understanding.normalise import clean
from bot.understanding.notice_when import tells_time, timed
from bot.understanding.words import any_of, lazy, lexicon
from domain.notice_moves import Scope
from domain.notice_times import Days, Rhythm
from domain.workdays import Calendar

_DATA = lexicon("notices")["shift"]
_VERB, _NUMBER = lazy(_DATA["verb"]), lazy(_DATA["number"])
_ONCE, _ALWAYS = any_of(_DATA["once"]), any_of(_DATA["always"])
ONCE, ALWAYS = Scope.ONCE.value, Scope.RHYTHM.value
_BY_END = lazy(rf"{_DATA['by']}{_DATA['end']}$")
_LEAD = lazy(r"^(?:定时|定期)?通知[ :#第]{0,2}")
_NOON = time(12)
_PLAIN = Calendar()


@dataclass(frozen=True, slots=True)
class Shift:
    """A move as it was said. `number` 0 names none; `scope` is one of Scope, "" where unsaid.

    `rhythm` was told as one: 每周三9点. Else `day`, `at` and `by` (推迟一天) say where to; what is
    None was not named. `bare` tells that the rhythm came without an hour, `lost` that a time was
    told of which there is none: 2月30日.
    """

    number: int = 0
    scope: str = ""
    rhythm: Rhythm | None = None
    day: date | None = None
    at: time | None = None
    by: timedelta | None = None
    bare: bool = False
    lost: bool = False

    @property
    def read(self) -> bool:
        """Whether a time was understood at all."""
        return any(one is not None for one in (self.rhythm, self.day, self.at, self.by))


def behind(words: str) -> str:
    """What stands behind 通知, where it is a notice after all."""
    return _LEAD.sub("", words)


def scope(plain: str) -> str:
    """Whether some words mean this once or from now on; "" for neither."""
    if _ONCE.search(plain):
        return ONCE
    return ALWAYS if _ALWAYS.search(plain) else ""


def shift(text: str, now: datetime, calendar: Calendar = _PLAIN) -> Shift:
    """Read a whole command."""
    plain = clean(text).plain
    named, verb = _NUMBER.search(plain), _VERB.search(plain)
    number = int(named[1] or named[2]) if named else 0
    if verb is None:
        return Shift(number)
    rest = plain[verb.end() :]
    rhythm, at = timed(rest, now, _NOON, calendar)
    found = Shift(number, scope(plain), at=at, bare=at is None)
    if rhythm is None:
        by = errands.shift(plain) if at is None and _BY_END.search(plain) else None
        lost = at is None and by is None and tells_time(rest)
        return Shift(number, found.scope, at=at, by=by, lost=lost)
    if rhythm.days is Days.ONCE:
        return Shift(number, found.scope, day=rhythm.day, at=at)
    return Shift(number, ALWAYS, rhythm=rhythm, at=at, bare=at is None)
