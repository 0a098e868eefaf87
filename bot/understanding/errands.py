"""What people say around an appointment: that they want one, which time, and that they can help."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from bot.understanding import talk, times
from bot.understanding.days import SIGNS, grouped
from bot.understanding.normalise import NUMBER, clean, number
from bot.understanding.words import any_of, lazy, lexicon

_DATA = lexicon("errands")
_ASKS, _PLAINLY = any_of(_DATA["asks"]), any_of(_DATA["plainly"])
_NONE_FITS, _OFFERS = any_of(_DATA["none_fits"]), any_of(_DATA["offers"])
_SEEKS, _NO_NEED = any_of(_DATA["seeks"]["for"]), any_of(_DATA["seeks"]["unless"])
_WHO, _WHAT, _WHERE = (f"(?:{_DATA['favour'][key]})" for key in ("whom", "papers", "there"))
_FAVOUR = any_of(
    [
        one.replace("<whom>", _WHO).replace("<papers>", _WHAT).replace("<there>", _WHERE)
        for one in _DATA["favour"]["for"]
    ]
)
_NO_FAVOUR = any_of(_DATA["favour"]["unless"])
_DECLINES, _STOPS = any_of(_DATA["declines"]), any_of(_DATA["declines"][1:])
_TERMS = any_of(_DATA["terms"])
_VOLUNTEER = lazy(_DATA["volunteer"])
_SAID_ANYWAY = lazy(rf"{_DATA['said_anyway']}|[^\u3400-\u9fff]")
_AT_ONCE = any_of(_DATA["at_once"])
_NEXT_WEEK, _OF_THAT_WEEK = any_of(_DATA["next_week"]), any_of(_DATA["of_that_week"])
_SHIFT = lazy(_DATA["shift"]["by"].replace("{count}", NUMBER))
_FORWARD = tuple(_DATA["shift"]["forward"])
_EARLIER, _LATER = any_of(_DATA["leaning"]["earlier"]), any_of(_DATA["leaning"]["later"])
_QUARTER = 15  # minutes of a 刻钟
_SPANS = {sign: unit for unit, signs in _DATA["shift"]["units"].items() for sign in signs}
_AROUND = lazy(_DATA["around"])
_OF_A_TIME = SIGNS.union(_DATA["around"])  # whoever uses another sign says more than a time
_NEED = 120  # characters; whoever says more tells of more than a need
_SHORT = 20  # characters; whoever says more says more than a time
_ANOTHER_DAY = any_of(_DATA["another_day"])
_DAY_OF_MONTH = lazy(_DATA["day_of_month"])
_KEEPS = any_of(_DATA["keeps"])
_NOON = 12
_ANY = datetime(2026, 1, 1, 9, tzinfo=times.ZONE)  # where it does not matter which day it is
_NO = 8  # signs of a message that is a no and nothing else


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


def favour(text: str) -> bool:
    """Whether an errand, company or a call at home is asked for without those words.

    帮我跑一趟医保, 陪我去趟医院, 上门给老人认证一下 (domain.md B5). Whoever does it himself, thanks
    for it, asks how it is done, or tells that something is broken asks for none.
    """
    plain = clean(text).plain
    return len(plain) <= _NEED and bool(_FAVOUR.search(plain)) and not _NO_FAVOUR.search(plain)


def at_once(text: str) -> bool:
    """Whether a hand is lent here and now, to a neighbour: 我下去帮忙抬."""
    return bool(_AT_ONCE.search(clean(text).plain))


def troubled(text: str) -> bool:
    """Whether it is told as well that something is wrong: then it is a report, time and all."""
    return talk.problem(clean(text).plain) >= 1


def offers(text: str) -> bool:
    """Whether somebody offers to help."""
    return bool(_OFFERS.search(clean(text).plain))


def seeks(text: str) -> bool:
    """Whether somebody looks for a volunteer: 有没有志愿者能帮我家搬个柜子; an offer is none."""
    plain = clean(text).plain
    return len(plain) <= _NEED and bool(_SEEKS.search(plain)) and not _NO_NEED.search(plain)


def likeness(need: str, offered: str) -> int:
    """How much of what is needed somebody offered, in pairs of signs both hold: 买菜, 理发."""
    wanted, can = (_pieces(_SAID_ANYWAY.sub(" ", clean(one).plain)) for one in (need, offered))
    return len(wanted & can)


def _pieces(plain: str) -> set[str]:
    return {pair for word in plain.split() for pair in map("".join, pairwise(word))}


def declines(text: str) -> bool:
    """Whether somebody says that he cannot help, or no longer will: no offer, whatever he names."""
    return bool(_DECLINES.search(clean(text).plain))


def only_declines(text: str) -> bool:
    """Whether somebody says no more than that he cannot: 我没空."""
    plain = clean(text).plain
    return len(plain) <= _NO and bool(_DECLINES.search(plain))


def asks_terms(text: str) -> bool:
    """Whether somebody asks what it takes to be a volunteer: 报名当志愿者要什么条件."""
    return bool(_TERMS.search(clean(text).plain))


def no_longer(text: str) -> bool:
    """Whether a volunteer says that he will be none for now: 志愿者这个月先不做了."""
    plain = clean(text).plain
    return bool(_VOLUNTEER.search(plain)) and bool(_STOPS.search(plain))


def none_fits(plain: str) -> bool:
    """Whether none of the times that were offered will do, and no other hour is named."""
    return bool(_NONE_FITS.search(plain)) and not any(one.clock for one in grouped(plain, _ANY))


def another_day(text: str) -> bool:
    """Whether a time will not do and no other one is named: 明天有事，改天吧."""
    return bool(_ANOTHER_DAY.search(clean(text).plain))


def keeps(text: str) -> bool:
    """Whether a time is named that it shall be after all: 算了，就4号."""
    return bool(_KEEPS.search(clean(text).plain))


def shift(text: str) -> timedelta | None:
    """By how much a time is put off, or forward where it is less than nothing: 推迟一天."""
    found = _SHIFT.search(clean(text).plain)
    if found is None:
        return None
    written = number(found[2])
    count = float(written) if written.isdigit() else 0.5
    count += 0.5 if found[3] and written.isdigit() else 0
    unit = _SPANS[found[4][0]]
    known = {"minutes": count * _QUARTER} if unit == "quarters" else {unit: count}
    try:
        span = timedelta(**known)
    except OverflowError:
        return None
    return -span if found[1].startswith(_FORWARD) else span


def leaning(text: str) -> int:
    """Which way a time shall go of which no measure is told: -1 早点来, 1 晚一点, 0 neither."""
    plain = clean(text).plain
    if _EARLIER.search(plain):
        return -1
    return 1 if _LATER.search(plain) else 0


def leans_only(text: str) -> bool:
    """Whether a little earlier or later is wanted, and no time: 晚一点 is not one o'clock."""
    return bool(leaning(text)) and not names_time(without_leaning(text))


def without_leaning(text: str) -> str:
    """The words without a little earlier or later: 上午晚点的 -> 上午的."""
    return _LATER.sub("", _EARLIER.sub("", clean(text).plain))


def changes(text: str) -> bool:
    """Whether a time shall go earlier or later, by a measure or a little."""
    return bool(leaning(text)) or shift(text) is not None


def days_named(text: str, now: datetime) -> tuple[date, ...]:
    """The days that are named, whatever is said of them: 我明天不在家, 就27号.

    Beside an appointment a number is a day, of this month or the next, and no building.
    """
    plain, here = clean(text).plain, now.astimezone(times.ZONE)
    days = [one.day for one in grouped(plain, here) if one.day is not None]
    if not days:
        found = [int(one[1]) for one in _DAY_OF_MONTH.finditer(plain)]
        days = [day for one in found if (day := _coming(one, here.date())) is not None]
    return tuple(days)


def _coming(day: int, today: date) -> date | None:
    """The next date with this number; None where neither this month nor the next has it."""
    later = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    for first in (today.replace(day=1), later):
        try:
            found = first.replace(day=day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


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
    if not _OF_A_TIME.issuperset(plain):
        return False
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
