"""When a notice is to come, as people say it: 每周一、四9点, 冬季每周五9点, 明早8点."""

import re
from datetime import date, datetime, time, timedelta

from bot.understanding.normalise import NUMBER, clean, number
from bot.understanding.words import lexicon
from domain.notice_times import Days, Rhythm
from domain.workdays import TZ

_DATA = lexicon("notices")
_LATE = re.compile("|".join(_DATA["time"]["late"].split()))
_SEASONS: dict[str, str] = _DATA["time"]["seasons"]
_PART = r"(?P<part>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|早|晚)?"
_CLOCK = rf"(?:(?P<hour>{NUMBER})[点时:](?P<minute>半|一刻|{NUMBER})?分?整?)"
_N = r"[0-9一二三四五六七八九十]{1,3}"
_DAY = (
    r"(?:(?P<day>每天|每日|天天)|(?P<workday>每个?工作日|工作日)"
    r"|(?P<eve>(?:每个?)?(?:法定)?(?:节假?日?|放假)前(?:一天)?)"
    r"|每(?:个)?(?:周|星期|礼拜)(?P<week>[一二三四五六日天1-7、,]+)"
    rf"|每(?:个)?月(?:(?P<last>最后一天|月底)|(?P<month>{_N}(?:[号日]?[、,和]{_N})*)[号日])"
    rf"|每年(?P<year_month>{_N})月(?P<year_day>{_N})[号日]"
    r"|(?:(?P<next_week>下个?)|(?P<this_week>这个?|本))?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天1-7])"
    rf"|(?P<near>今天|明天|后天|大后天|今|明|昨天)|(?:(?P<year>20[0-9]{{2}})[-年/])?(?P<on_month>{_N})[-月/](?P<on_day>{_N})[号日]?)"
)
_SEASON = rf"(?:(?P<season>{'|'.join(_SEASONS)})|(?P<from>{_N})月[到至](?P<to>{_N})月)?"
WHEN = re.compile(rf"^[ :,]*{_SEASON}的? ?{_DAY} ?{_PART} ?{_CLOCK}")
_LOOSE = re.compile(rf"[ :,]*{_SEASON}的? ?(?:{_DAY})? ?{_PART} ?{_CLOCK}?{_DATA['shift']['end']}")
_NEAR = {"今天": 0, "今": 0, "明天": 1, "明": 1, "后天": 2, "大后天": 3, "昨天": -1}
_WEEKDAYS = {char: at for at, char in enumerate("一二三四五六日", 1)} | {"天": 7}
_DAY_GROUPS = "day workday eve week last month year_month weekday near on_month".split()
_HALF_DAY, _HOURS, _MINUTES, _WEEK = 12, 24, 60, 7


def timed(text: str, now: datetime, otherwise: time) -> tuple[Rhythm | None, time | None]:
    """The days and the hour that are all some words tell; a day alone gets the hour `otherwise`.

    None for days, or an hour, that are not named or do not exist.
    """
    found = _LOOSE.fullmatch(clean(text).plain)
    at = _at(found) if found and found["hour"] else None
    if found is None or (found["hour"] and at is None):
        return None, None
    bare = not any(found[one] for one in _DAY_GROUPS)
    return (None if bare else rhythm_in(found, now, at or otherwise)), at


def rhythm_in(found: re.Match[str], now: datetime, at: time | None = None) -> Rhythm | None:
    """The rhythm a head of words tells; None for an hour or a day that does not exist."""
    at = at or _at(found)
    if at is None:
        return None
    season = _season(found)
    named = next((one for one in ("day", "workday", "eve") if found[one]), "")
    if named:
        return Rhythm(Days(named), at, season=season)
    numbers = _numbered(found)
    if numbers is not None:
        return Rhythm(numbers[0], at, numbers[1], season=season)
    day = _day(found, now)
    return Rhythm(Days.ONCE, at, day=day) if day is not None else None


def _numbered(found: re.Match[str]) -> tuple[Days, tuple[int, ...]] | None:
    if found["week"]:
        return Days.WEEK, tuple(_weekday(one) for one in re.findall(r"[^、,]", found["week"]))
    if found["last"]:
        return Days.MONTH, (-1,)
    if found["month"]:
        return Days.MONTH, tuple(whole(one) for one in re.split("[号日]?[、,和]", found["month"]))
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
    if found["weekday"]:
        ahead = _weekday(found["weekday"]) - today.isoweekday()
        later = found["next_week"] or (ahead < 0 and not found["this_week"])
        return today + timedelta(days=ahead + (_WEEK if later else 0))
    month, day = whole(found["on_month"]), whole(found["on_day"])
    year = int(found["year"]) if found["year"] else today.year
    if not found["year"] and (month, day) < (today.month, today.day) and month < today.month - 1:
        year += 1
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(sign: str) -> int:
    """1 for 一 to 7 for 日."""
    return _WEEKDAYS.get(sign) or int(sign)


def _season(found: re.Match[str]) -> tuple[tuple[int, int], tuple[int, int]] | None:
    if found["season"]:
        first, last = (one.split("-") for one in _SEASONS[found["season"]].split(".."))
        return (int(first[0]), int(first[1])), (int(last[0]), int(last[1]))
    if found["from"]:
        return (whole(found["from"]), 1), (whole(found["to"]), 31)
    return None


def whole(text: str) -> int:
    """A written number: 十二 is 12."""
    return int(number(text))
