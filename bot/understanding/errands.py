"""What people say around an appointment: that they want one, which time, and that they can help."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.understanding import talk, times
from bot.understanding.days import grouped
from bot.understanding.normalise import clean
from bot.understanding.words import any_of, lexicon

_DATA = lexicon("errands")
_ASKS, _PLAINLY = any_of(_DATA["asks"]), any_of(_DATA["plainly"])
_NONE_FITS, _OFFERS = any_of(_DATA["none_fits"]), any_of(_DATA["offers"])
_AT_ONCE = any_of(_DATA["at_once"])
_NEXT_WEEK, _OF_THAT_WEEK = any_of(_DATA["next_week"]), any_of(_DATA["of_that_week"])
_SHIFT = re.compile(_DATA["shift"]["by"])
_FORWARD = _DATA["shift"]["forward"]
_COUNTS = {
    word: float(count) for count, words in _DATA["shift"]["counts"].items() for word in words
}
_SPANS = {sign: unit for unit, signs in _DATA["shift"]["units"].items() for sign in signs}
_AROUND = re.compile(_DATA["around"])
_SHORT = 20  # characters; whoever says more says more than a time
_ANOTHER_DAY = any_of(_DATA["another_day"])
_NOON = 12
_ANY = datetime(2026, 1, 1, 9, tzinfo=times.ZONE)  # where it does not matter which day it is


@dataclass(frozen=True, slots=True)
class Wish:
    """A time that was named; without `hour` only its day or half-day was, and `moment` is a guess.

    `day` tells whether a day was named, or a span from now; `late` that the afternoon was meant,
    None for neither half.
    """

    moment: datetime | None
    day: bool
    hour: bool
    late: bool | None

    @property
    def rough(self) -> bool:
        """Whether nothing but a day was named, so that an hour is still to be chosen."""
        return self.day and not self.hour and self.late is None


def asks(text: str) -> bool:
    """Whether somebody is asked to come, to go along or to see to papers."""
    return bool(_ASKS.search(clean(text).plain))


def plainly(text: str) -> bool:
    """Whether it is said in a word that means nothing else."""
    return bool(_PLAINLY.search(clean(text).plain))


def at_once(text: str) -> bool:
    """Whether a hand is lent here and now, to a neighbour: 我下去帮忙抬."""
    return bool(_AT_ONCE.search(clean(text).plain))


def troubled(text: str) -> bool:
    """Whether it is told as well that something is wrong: then it is a report, time and all."""
    return talk.problem(clean(text).plain) >= 1


def offers(text: str) -> bool:
    """Whether somebody offers to help."""
    return bool(_OFFERS.search(clean(text).plain))


def none_fits(plain: str) -> bool:
    """Whether none of the times that were offered will do, and no other hour is named."""
    return bool(_NONE_FITS.search(plain)) and not any(one.clock for one in grouped(plain, _ANY))


def another_day(text: str) -> bool:
    """Whether a time will not do and no other one is named: 明天有事，改天吧."""
    return bool(_ANOTHER_DAY.search(clean(text).plain))


def shift(text: str) -> timedelta | None:
    """By how much a time is put off, or forward where it is less than nothing: 推迟一天."""
    found = _SHIFT.search(clean(text).plain)
    if found is None:
        return None
    count = _COUNTS.get(found[2]) or float(found[2])
    span = timedelta(**{_SPANS[found[3][0]]: count})
    return -span if found[1] == _FORWARD else span


def next_week(text: str, now: datetime) -> datetime | None:
    """The Monday from which times are looked for, where only 下周 was said."""
    if not _NEXT_WEEK.search(clean(text).plain):
        return None
    here = now.astimezone(times.ZONE)
    monday = here.date() + timedelta(days=7 - here.weekday())
    return datetime.combine(monday, time(), times.ZONE)


def in_that_week(text: str, moment: datetime, offered: datetime) -> datetime:
    """周四 among times of next week is its Thursday, not this one."""
    here, there = moment.astimezone(times.ZONE).date(), offered.astimezone(times.ZONE).date()
    weeks = (there - timedelta(days=there.weekday()) - here + timedelta(days=here.weekday())).days
    plain = clean(text).plain
    return moment + timedelta(days=max(weeks, 0)) if _OF_THAT_WEEK.search(plain) else moment


def only_time(text: str) -> bool:
    """Whether nothing is said but a time, once: 3点, 下午3点吧, 那就后天上午."""
    if not 0 < len(text) <= _SHORT:
        return False
    plain = clean(text).plain
    found = grouped(plain, _ANY)
    if len(found) != 1 or found[0].often or found[0].gone:
        return False
    rest = plain[: found[0].start], plain[found[0].end :]
    return all(_AROUND.fullmatch(one) for one in rest)


def names_time(plain: str) -> bool:
    """Whether a day, a half-day or an hour is named."""
    return bool(grouped(plain, _ANY))


def wish(text: str, now: datetime) -> Wish:
    """The time these words name."""
    plain = clean(text).plain
    here = now.astimezone(times.ZONE)
    named = grouped(plain, here)
    moment = times.when(plain, now, "appointment")
    hour = any(one.clock or one.exact for one in named)
    parts = [one.part for one in named if one.part]
    late: bool | None = None
    if hour and moment is not None:
        late = moment.astimezone(times.ZONE).hour >= _NOON
    elif parts:
        late = parts[-1] not in ("dawn", "early", "forenoon")
    return Wish(moment, any(one.day or one.exact for one in named), hour, late)


def pick(text: str, now: datetime, slots: list[datetime]) -> datetime | None:
    """The slot these words mean: its very time, or the only one of that day and half-day."""
    said = wish(text, now)
    exact = [one for one in slots if one == said.moment]
    if exact or said.hour:
        return exact[0] if exact else None
    local = [(one, one.astimezone(times.ZONE)) for one in slots]
    if said.day and said.moment is not None:
        day = said.moment.astimezone(times.ZONE).date()
        local = [(one, here) for one, here in local if here.date() == day]
    if said.late is not None:
        local = [(one, here) for one, here in local if (here.hour >= _NOON) == said.late]
    elif not said.day:
        return None
    return local[0][0] if len(local) == 1 else None
