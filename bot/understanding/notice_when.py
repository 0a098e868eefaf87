"""When a notice is to come, as people say it: 每周一、四9点, 冬季每周五9点, 明早8点."""

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.understanding.festivals import FESTIVAL, NoDay, day_of_festival, each_year
from bot.understanding.normalise import NUMBER, clean
from bot.understanding.notice_rounds import (
    STEPPED,
    WEEK_DAYS,
    N,
    stepped,
    weekday,
    weekdays,
    whole,
)
from bot.understanding.words import lazy, lexicon
from domain.notice_times import Days, Rhythm
from domain.workdays import TZ, Calendar

_DATA = lexicon("notices")
_LATE = lazy("|".join(_DATA["time"]["late"].split()))
_SEASONS: dict[str, str] = _DATA["time"]["seasons"]
_PART = r"(?P<part>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|半夜|早|晚|夜)?"
_CLOCK = rf"(?:(?P<hour>{NUMBER})[点时:](?P<minute>半|一刻|{NUMBER})?分?整?)"
_DAY = (
    rf"(?:{FESTIVAL}|{STEPPED}|(?P<day>每天|每日|天天)|(?P<workday>每个?工作日|工作日)"
    r"|(?P<eve>(?:每个?)?(?:法定)?(?:节假?日?|放假)前(?:一天)?)"
    rf"|每(?:个)?(?:(?:周|星期|礼拜)(?P<week>{WEEK_DAYS})|(?P<weekend>周末))"
    rf"|每(?:个)?月(?:(?P<last>最后一天|月底)|(?P<month>{N}(?:[号日]?[、,和]{N})*)[号日]"
    r"(?:[、,和](?P<and_last>最后一天|月底))?)"
    rf"|每年(?P<year_month>{N})月(?P<year_day>{N})[号日]"
    r"|(?:(?P<next_week>下个?)|(?P<last_week>上个?)|(?P<this_week>这个?|本))?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天1-7])"
    r"|(?:(?P<weekend_after>下个?)|这个?|本)?(?P<this_weekend>周末)"
    r"|(?P<near>今天|明天|后天|大后天|今|明|昨天|前天|昨)"
    rf"|(?:(?P<year>20[0-9]{{2}})[-年/])?(?P<on_month>{N})[-月/](?P<on_day>{N})[号日]?"
    rf"|(?:(?P<of_month>下个?|这个?|本)月)?"
    rf"(?:(?P<nday>{N})[号日]|(?P<edge>月底|月末|(?<=月)的?(?:最后一天|底|末))))"
)
_SEASON = rf"(?:(?P<season>{'|'.join(_SEASONS)})|(?P<from>{N})月[到至](?P<to>{N})月)?"
WHEN = lazy(rf"^[ :,]*{_SEASON}的? ?{_DAY} ?{_PART} ?{_CLOCK}")
_SPAN = lazy(
    rf"^[ :,]*(?:再)?过?(?:(?P<half>半)个?|(?P<many>{NUMBER})(?:个)?(?P<more>半)?)"
    r"(?P<unit>小时|钟头|分钟)(?:之后|以后|后)"
)
_DAY_ALONE = lazy(rf"^[ :,]*({_SEASON}的? ?{_DAY} ?{_PART})(?=[ ,:]|$)")
_LOOSE = lazy(rf"[ :,]*{_SEASON}的? ?(?:{_DAY})? ?{_PART} ?{_CLOCK}?{_DATA['shift']['end']}")
_NEAR = {
    "今天": 0, "今": 0, "明天": 1, "明": 1, "后天": 2, "大后天": 3,
    "昨天": -1, "昨": -1, "前天": -2,
}  # fmt: skip
_DAY_GROUPS = (
    "festival stepped day workday eve week weekend last month year_month weekday this_weekend"
    " near on_month nday edge"
).split()
_DAY_NAMED = lazy(FESTIVAL)
_NIGHT = lazy("晚|夜")
_HALF_DAY, _HOURS, _MINUTES, _WEEK, _LONG_MONTH = 12, 24, 60, 7, 31
_SATURDAY = 6
_SOON = timedelta(days=2)  # who means later names the day
_PLAIN = Calendar()


def when_at(
    plain: str, now: datetime, calendar: Calendar = _PLAIN
) -> tuple[int, Rhythm | None] | None:
    """Where the time at the head of some words ends, and the rhythm it tells, None for none.

    None where no time stands there: a day without an hour is none.
    """
    span = _SPAN.match(plain)
    if span is not None:
        return span.end(), _in_a_while(span, now)
    found = WHEN.match(plain)
    return (found.end(), rhythm_in(found, now, calendar)) if found is not None else None


def day_alone(text: str) -> str:
    """The day at the head of some words that lacks an hour: 国庆前一天 各居民群; "" for none."""
    words = clean(text)
    found = _DAY_ALONE.match(words.plain)
    return words.tidy[found.start(1) : found.end(1)] if found is not None else ""


def day_named(text: str) -> str:
    """The day by its name in some words, as written: 国庆放假前一天; "" for none."""
    words = clean(text)
    found = _DAY_NAMED.search(words.plain)
    return words.tidy[found.start() : found.end()] if found is not None else ""


def why_not(text: str, now: datetime, calendar: Calendar) -> str:
    """Why the day by its name in some words cannot be told, as NoDay has it; "" for no such."""
    found = _DAY_NAMED.search(clean(text).plain)
    if found is None:
        return ""
    try:
        _of_festival(found, now, calendar)
    except NoDay as why:
        return why.reason
    return ""


def _in_a_while(found: re.Match[str], now: datetime) -> Rhythm | None:
    """半小时后, 两个半小时后: to the minute."""
    count = 0.5 if found["half"] else whole(found["many"]) + 0.5 * bool(found["more"])
    span = timedelta(minutes=count) if found["unit"] == "分钟" else timedelta(hours=count)
    if not timedelta() < span <= _SOON:
        return None
    moment = (now + span).astimezone(TZ)
    return Rhythm(Days.ONCE, time(moment.hour, moment.minute), day=moment.date())


def timed(
    text: str, now: datetime, otherwise: time, calendar: Calendar = _PLAIN
) -> tuple[Rhythm | None, time | None]:
    """The days and the hour that are all some words tell; a day alone gets the hour `otherwise`.

    None for days, or an hour, that are not named or do not exist.
    """
    found = _LOOSE.fullmatch(clean(text).plain)
    at = _at(found) if found and found["hour"] else None
    if found is None or (found["hour"] and at is None):
        return None, None
    if not any(found[one] for one in _DAY_GROUPS):
        return None, at
    rhythm = rhythm_in(found, now, calendar, at or otherwise)
    return (rhythm, at) if rhythm is not None else (None, None)  # 2月30日9点 is no 9 o'clock


def tells_time(text: str) -> bool:
    """Whether some words are a time and nothing else, be there such a time or not."""
    found = _LOOSE.fullmatch(clean(text).plain)
    return found is not None and bool(found["hour"] or any(found[one] for one in _DAY_GROUPS))


def rhythm_in(
    found: re.Match[str], now: datetime, calendar: Calendar = _PLAIN, at: time | None = None
) -> Rhythm | None:
    """The rhythm a head of words tells; None for an hour or a day that does not exist."""
    midnight = at is None and _midnight(found)
    at = time(0) if midnight else at or _at(found)
    if at is None:
        return None
    season = _season(found)
    if found["festival"] or found["stepped"]:
        named = _named if found["festival"] else stepped
        rhythm = named(found, at, now, calendar) if not midnight else None
        return replace(rhythm, season=season) if rhythm is not None else None
    plain = next((one for one in ("day", "workday", "eve") if found[one]), "")
    if plain:
        return Rhythm(Days(plain), at, season=season) if not midnight or found["day"] else None
    numbers = _numbered(found)
    if numbers is not None:
        return Rhythm(numbers[0], at, numbers[1], season=season) if not midnight else None
    day = _day(found, now)
    if day is None:
        return None
    return Rhythm(Days.ONCE, at, day=day + midnight * timedelta(days=1), season=season)


def _named(found: re.Match[str], at: time, now: datetime, calendar: Calendar) -> Rhythm | None:
    """The rhythm of a day by its name: once, or each year where its date is always the same."""
    try:
        day = _of_festival(found, now, calendar)
    except NoDay:
        return None
    if isinstance(day, date):
        return Rhythm(Days.ONCE, at, day=day)
    return Rhythm(Days.YEAR, at, day)


def _of_festival(found: re.Match[str], now: datetime, calendar: Calendar) -> date | tuple[int, int]:
    if found["every"]:
        return each_year(found)
    return day_of_festival(found, now.astimezone(TZ).date(), calendar)


def _midnight(found: re.Match[str]) -> bool:
    """Whether the hour is the one at the end of a day: 今晚12点, 24点."""
    hour, late = whole(found["hour"] or "0"), _NIGHT.search(found["part"] or "")
    if found["minute"] not in (None, "0", "00"):
        return False
    return hour == _HOURS or (hour == _HALF_DAY and late is not None)


def _numbered(found: re.Match[str]) -> tuple[Days, tuple[int, ...]] | None:
    if found["week"]:
        return Days.WEEK, weekdays(found["week"])
    if found["weekend"]:
        return Days.WEEK, (6, 7)
    if found["last"]:
        return Days.MONTH, (-1,)
    if found["month"]:
        days = tuple(whole(one) for one in re.split("[号日]?[、,和]", found["month"]))
        return Days.MONTH, (*days, -1) if found["and_last"] else days
    if found["year_month"]:
        return Days.YEAR, (whole(found["year_month"]), whole(found["year_day"]))
    return None


def _at(found: re.Match[str]) -> time | None:
    hour = whole(found["hour"])
    late = _LATE.search(found["part"] or "") or (found["part"] == "中午" and hour < _HALF_DAY - 1)
    hour += _HALF_DAY if late and hour < _HALF_DAY else 0
    said = found["minute"] or "0"
    minute = {"半": 30, "一刻": 15}.get(said) or whole(said)
    return time(hour, minute) if hour < _HOURS and minute < _MINUTES else None


def _day(found: re.Match[str], now: datetime) -> date | None:
    today = now.astimezone(TZ).date()
    if found["near"]:
        return today + timedelta(days=_NEAR[found["near"]])
    if found["this_weekend"] or found["weekday"]:
        return _of_a_week(found, today)
    if found["nday"] or found["edge"]:
        return _of_month(found, today)
    month, day = whole(found["on_month"]), whole(found["on_day"])
    year = int(found["year"]) if found["year"] else today.year
    if not found["year"] and (month, day) < (today.month, today.day) and month < today.month - 1:
        year += 1
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _of_a_week(found: re.Match[str], today: date) -> date:
    """周五, 下周五, and of 周末 the first day that is left."""
    if found["this_weekend"]:
        ahead = _SATURDAY - today.isoweekday()
        return today + timedelta(days=ahead + _WEEK if found["weekend_after"] else max(ahead, 0))
    ahead = weekday(found["weekday"]) - today.isoweekday()
    if found["last_week"]:
        return today + timedelta(days=ahead - _WEEK)
    later = found["next_week"] or (ahead < 0 and not found["this_week"])
    return today + timedelta(days=ahead + (_WEEK if later else 0))


def _of_month(found: re.Match[str], today: date) -> date | None:
    """下月1号, 月底, 29号: a number this month has not, or has no more, is the next month's."""
    first, said = today.replace(day=1), found["of_month"] or ""
    after = (first + timedelta(days=_LONG_MONTH)).replace(day=1)
    months = [after if said.startswith("下") else first]
    if found["edge"]:
        return _in_month(months[0], -1)
    day = whole(found["nday"])
    months += [] if said else [after]
    least = months[0] if said else today
    days = (_in_month(one, day) for one in months)
    return next((one for one in days if one is not None and one >= least), None)


def _in_month(first: date, day: int) -> date | None:
    """A day of the month that begins so, -1 for its last; None where it has no such day."""
    last = monthrange(first.year, first.month)[1]
    day = last if day < 0 else day
    return first.replace(day=day) if 0 < day <= last else None


def _season(found: re.Match[str]) -> tuple[tuple[int, int], tuple[int, int]] | None:
    if found["season"]:
        first, last = (one.split("-") for one in _SEASONS[found["season"]].split(".."))
        return (int(first[0]), int(first[1])), (int(last[0]), int(last[1]))
    if found["from"]:
        return (whole(found["from"]), 1), (whole(found["to"]), 31)
    return None
