"""The days and hours that the words of a notice name: gone by, to come, or none at all."""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from bot.understanding.days import Named, grouped
from bot.understanding.normalise import clean
from bot.understanding.notice_rounds import whole
from bot.understanding.words import any_of, lazy, lexicon
from domain.workdays import TZ

_DATA = lexicon("notices")
_GONE_DAY = lazy(_DATA["bygone"]["day"])
_AHEAD, _BACK, _SOON = (any_of(_DATA["bygone"][one]) for one in ("ahead", "back", "near"))
# A day told from where the words stand; 今早 and 明晚 keep the part of the day.
_NEAR_DAY = lazy(
    r"(?<![以之然今往最说声证表注申标])(?P<day>大后|后|今|明)(?:[天日](?!期)|(?=[早晚]))"
)
_AWAY = {"今": 0, "明": 1, "后": 2, "大后": 3}
_DATED = lazy(
    r"(?:(?P<year>20[0-9]{2})年|(?<![0-9年-]))(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})[日号]"
)
_CLOCKED = lazy(
    r"(?<![0-9.:])(?P<hour>[0-9]{1,2})(?:点(?!名|赞|[0-9]{3})(?:(?P<minute>[0-9]{2})(?![0-9个户]))?)"
)
_HALF_DAY, _HOURS, _MINUTES = 12, 24, 60
_MONTHS, _LEAP = 12, 2028  # a year that has a 29 February
_NIGHT = frozenset(("evening", "dusk"))
_ENDS = {"dawn": 6, "early": 10, "forenoon": 12, "noon": 14, "afternoon": 19}


def bygone(words: str, now: datetime) -> str:
    """The time some words name, where all they name has gone by and they do not look back."""
    text = clean(words)
    if _BACK.search(text.plain):
        return ""
    here = now.astimezone(TZ)
    named = grouped(text.plain, here)
    gone = _GONE_DAY.search(text.plain)
    spans = [gone.span()] if gone else []
    day, part = None, ""
    for one in named:
        if gone and one.day is None and not one.exact and one.start >= gone.start():
            continue  # 昨天 下午3点
        day, part = one.day or day, one.part or ("" if one.day else part)
        if not one.gone and not _over(one, day, part, here):
            return ""
        spans.append((one.start, one.end))
    return text.tidy[spans[0][0] : spans[0][1]] if spans else ""


def _over(one: Named, day: date | None, part: str, here: datetime) -> bool:
    """Whether a moment has surely gone by; an hour without a part of the day may be the later."""
    if one.exact or day is None or one.often:
        return False
    if day != here.date():
        return day < here.date()
    if one.clock is None:
        return part in _ENDS and here.hour >= _ENDS[part]
    hour, minute = one.clock
    if part in _NIGHT and hour in (0, _HALF_DAY, _HOURS):
        return False  # 今晚12点 is the midnight to come
    early = part in ("dawn", "early", "forenoon") or one.written or hour > _HALF_DAY
    hour += 0 if early or hour >= _HALF_DAY else _HALF_DAY
    return (hour, minute) < (here.hour, here.minute)


def no_such_time(words: str, now: datetime | None = None) -> str:
    """The day or hour some words name that is in no calendar and on no clock: 13月1日, 25点.

    What looks back may name a 29 February of any year, and so may all words without `now`.
    """
    text = clean(words)
    for found in _DATED.finditer(text.plain):
        last = _last_day(found, None if _BACK.search(text.plain) else now)
        if not 1 <= whole(found["day"]) <= last:
            return text.tidy[found.start() : found.end()]
    for found in _CLOCKED.finditer(text.plain):
        if whole(found["hour"]) > _HOURS or whole(found["minute"] or "0") >= _MINUTES:
            return text.tidy[found.start() : found.end()]
    return ""


def nearest_day(wrong: str, now: datetime) -> str:
    """The last day of the month of a day that does not exist: 2月30日 -> 2月28日; "" for none."""
    found = _DATED.search(clean(wrong).plain)
    last = _last_day(found, now) if found else 0
    return f"{whole(found['month'])}月{last}日" if found and 0 < last < whole(found["day"]) else ""


def _last_day(found: re.Match[str], now: datetime | None) -> int:
    """How many days the month that is named has when it comes next; 0 for no month."""
    month = whole(found["month"])
    if not 1 <= month <= _MONTHS:
        return 0
    if found["year"] or now is None:
        return monthrange(int(found["year"] or _LEAP), month)[1]
    here = now.astimezone(TZ)
    return monthrange(here.year + (month < here.month), month)[1]


def instead(words: str, right: str) -> str:
    """The words with the one time they name replaced by another of its kind; "" where unclear."""
    anchor = datetime(_LEAP, 1, 3, tzinfo=TZ)
    old, text = grouped(clean(words).plain, anchor), clean(words)
    new, put = grouped(clean(right).plain, anchor), clean(right)
    if (
        len(new) != 1
        or put.plain[: new[0].start].strip()
        or put.plain[new[0].end :].strip(" 吧的啊。")
    ):
        return ""
    named = put.tidy[new[0].start : new[0].end]
    if len(old) != 1 or _kind_of(old[0]) != _kind_of(new[0]):
        return ""
    return text.tidy[: old[0].start] + named + text.tidy[old[0].end :]


def _kind_of(one: Named) -> tuple[bool, bool, bool]:
    return bool(one.day or one.gone or one.exact), bool(one.part), bool(one.clock)


def to_come(words: str) -> bool:
    """Whether some words announce what is still to come: 停水, 开会."""
    return bool(_AHEAD.search(clean(words).plain))


def counts_days(words: str) -> bool:
    """Whether some words name a day from where they stand, as 明天 does: wrong on another day."""
    return bool(_SOON.search(clean(words).plain))


def tells(said: str) -> bool:
    """Whether what stands where an audience should is what is to be told: 明天上午停电."""
    return to_come(said) or bool(grouped(clean(said).plain, datetime(_LEAP, 1, 3, tzinfo=TZ)))


def dated(words: str, now: datetime) -> str:
    """The words with the days told from where they stand as dates: 明天上午 -> 11月24日上午."""
    text, today = clean(words), now.astimezone(TZ).date()
    made, at = "", 0
    for found in _NEAR_DAY.finditer(text.plain):
        day = today + timedelta(days=_AWAY[found["day"]])
        made += f"{text.tidy[at : found.start()]}{day.month}月{day.day}日"
        at = found.end()
    return made + text.tidy[at:]


def too_late(words: str, now: datetime, later: datetime) -> bool:
    """Whether words that hold now are wrong, or over, by another moment: 今天下午2点停水."""
    if now.astimezone(TZ).date() != later.astimezone(TZ).date() and counts_days(words):
        return True
    return bool(bygone(words, later)) and not bygone(words, now)
