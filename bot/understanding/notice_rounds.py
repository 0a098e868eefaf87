"""Rounds of a notice that skip some: 隔天, 每两周的周一, 每月第一个周一, 节后第一天."""

import re
from dataclasses import replace
from datetime import date, datetime, time

from bot.understanding.normalise import number
from domain.notice_times import Days, Rhythm, next_after
from domain.visits import day_of
from domain.workdays import Calendar

N = r"(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})"
_M = r"(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})"
_WEEK_WORD = "(?:周|星期|礼拜)"
_SIGN = "[一二三四五六日天]"
# One weekday or several: 一, 一、四, 一至五.
WEEK_DAYS = (
    rf"{_SIGN}[到至]{_WEEK_WORD}?{_SIGN}|{_SIGN}(?:[、,和]?{_WEEK_WORD}?{_SIGN})*"
    r"|[1-7](?:[、,][1-7])*(?![0-9点时:])"
)
# A round that skips some of its days, to stand in a longer pattern.
STEPPED = (
    rf"(?P<stepped>每?隔(?P<days_apart>{_M})?[天日]|每(?P<each_days>{_M})[天日]"
    rf"|(?:每(?P<each_weeks>{_M})个?{_WEEK_WORD}|每?隔(?P<weeks_apart>{_M})?个?{_WEEK_WORD})"
    rf"(?:一次)?[的,， ]?{_WEEK_WORD}?(?P<week_of>{WEEK_DAYS})"
    r"|每个?季度?的?(?:(?P<quarter_start>第一天|头一天|初)|(?P<quarter_end>最后一天|末|底)"
    rf"|(?:第?(?P<quarter_month>[一二三123首头末]|最后一)个?月的?)?(?P<quarter_day>{N})[号日])"
    rf"|每个?月的?(?P<which>第[一二三四五1-5]|最后一|头一|首)个?"
    rf"(?:{_WEEK_WORD}(?P<which_weekday>[一二三四五六日天1-7])|(?P<which_workday>工作日|上班日))"
    r"|每?个?(?:法定)?(?:节假?日?|放假|长假|假期)(?:结束)?(?:之|以|过)?后的?"
    r"(?P<back_at_work>(?:第一|头一|首)个?(?:工作日|上班日|天)|(?:上班|开工|复工)的?(?:(?:第一|头一|当)天|首日)))"
)
_WEEKDAYS = {char: at for at, char in enumerate("一二三四五六日", 1)} | {"天": 7}
_ORDINALS = {"最后一": -1, "头一": 1, "首": 1}
_QUARTER = 3
_MONTH_OF_QUARTER = {"首": 1, "头": 1, "末": _QUARTER, "最后一": _QUARTER}
_ONE = "一"


def stepped(found: re.Match[str], at: time, now: datetime, calendar: Calendar) -> Rhythm | None:
    """The rhythm that STEPPED found, counted from the first time it comes; None for none such."""
    if found["back_at_work"]:
        return Rhythm(Days.AFTER, at)
    if found["which"]:
        weekdays = found["which_weekday"]
        which = _ORDINALS.get(found["which"]) or whole(found["which"].removeprefix("第"))
        return Rhythm(Days.NTH, at, (which, weekday(weekdays) if weekdays else 0))
    for begin in (_of_weeks, _of_quarters, _of_days):
        begun = begin(found, at, now)
        if begun is not None:
            return _from_first(begun, now, calendar)
    return None


def _from_first(rhythm: Rhythm, now: datetime, calendar: Calendar) -> Rhythm | None:
    """The rhythm counted from its first time; None where its step is none, or it never comes."""
    if not rhythm.step:
        return None
    if rhythm.since is not None:
        return rhythm
    first = next_after(replace(rhythm, step=1), now, calendar)
    if first is None:
        return None
    return replace(rhythm, since=day_of(first)) if rhythm.step > 1 else rhythm


def _of_weeks(found: re.Match[str], at: time, _now: datetime) -> Rhythm | None:
    if not found["week_of"]:
        return None
    days = tuple(sorted(set(weekdays(found["week_of"]))))
    step = whole(found["each_weeks"]) if found["each_weeks"] else _apart(found["weeks_apart"])
    return Rhythm(Days.WEEK, at, days, step=step)


def _of_quarters(found: re.Match[str], at: time, now: datetime) -> Rhythm | None:
    """The 5th of a quarter's first month unless another is named; its end is of the last."""
    month, end = found["quarter_month"], bool(found["quarter_end"])
    day = -1 if end else 1 if found["quarter_start"] else whole(found["quarter_day"] or "0")
    if not day:
        return None
    which = _QUARTER if end else _MONTH_OF_QUARTER.get(month or _ONE) or whole(month or _ONE)
    since = date(day_of(now).year, which, 1)
    return Rhythm(Days.MONTH, at, (day,), step=_QUARTER, since=since)


def _of_days(found: re.Match[str], at: time, _now: datetime) -> Rhythm | None:
    step = whole(found["each_days"]) if found["each_days"] else _apart(found["days_apart"])
    return Rhythm(Days.DAY, at, step=step)


def _apart(said: str | None) -> int:
    """每隔一天 leaves one out: each second day; so does 隔天."""
    return whole(said or _ONE) + 1


def weekdays(said: str) -> tuple[int, ...]:
    """1 for 一 to 7 for 日; 一到五 is all between."""
    days = tuple(weekday(one) for one in re.findall(r"[一二三四五六日天1-7]", said))
    if re.search("到|至", said):
        return tuple(range(days[0], days[1] + 1)) or days
    return days


def weekday(sign: str) -> int:
    """1 for 一 to 7 for 日."""
    return _WEEKDAYS.get(sign) or int(sign)


def whole(text: str) -> int:
    """A written number: 十二 is 12."""
    return int(number(text))
