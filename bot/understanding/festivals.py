"""Days people call by a name, and those beside them: 国庆前一天, 除夕, 春节放假最后一天."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from bot.understanding.normalise import number
from bot.understanding.words import lexicon
from domain.workdays import Calendar

_DATA = lexicon("festivals")
_FESTIVALS: dict[str, dict[str, Any]] = _DATA["festivals"]
_N = r"(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3})"
_WHICH = {name: words.replace("{n}", _N) for name, words in _DATA["which"].items()}
_WORDS = "|".join(
    f"(?P<feast_{name}>{one['words'].replace('{n}', _N)})" for name, one in _FESTIVALS.items()
)
_AWAY = _WHICH["away"]
_PLACES = (  # the longer ones first; by its days off what says so
    ("back", _WHICH["back"]),
    ("away_eve", rf"{_AWAY}{_WHICH['eve']}"),
    ("away_before", _AWAY + _WHICH["before"].replace("<before>", "<away_by>")),
    ("first", _AWAY + _WHICH["first"]),
    ("last", _AWAY + _WHICH["last"]),
    ("eve", _WHICH["eve"]),
    ("far", _WHICH["before"]),
    ("later", _WHICH["after"]),
    ("own", _WHICH["own"]),
)
# A day by its name, to stand in a longer pattern.
FESTIVAL = (
    rf"(?P<festival>(?:(?P<every>{_WHICH['every']})|{_WHICH['year']})?(?:{_WORDS})"
    rf"(?:{'|'.join(f'(?P<at_{name}>{words})' for name, words in _PLACES)}))"
)
_DAY = timedelta(days=1)
_NEXT = {"今年": 0, "明年": 1}
_MOST = 31  # days before or after: farther is no 前几天


@dataclass(frozen=True, slots=True)
class NoDay(Exception):
    """A day by its name that cannot be told; `reason` is one of these.

    "off_unknown": the days off of its year are not in the table. "day_unknown": nor is the day
    itself. "moves": it was meant for each year, and is another date in each. "": no such day.
    """

    reason: str


def day_of_festival(found: re.Match[str], today: date, calendar: Calendar) -> date:
    """The day that FESTIVAL found, the next one to come where no year is named. Raises NoDay."""
    if found["year_word"]:
        word = found["year_word"]
        year = today.year + _NEXT[word] if word in _NEXT else int(word[:4])
        return _day(found, year, calendar)
    for year in (today.year - 1, today.year, today.year + 1):
        day = _known(found, year, calendar)
        if day is not None and day >= today:
            return day
    return _day(found, today.year + 1, calendar)


def each_year(found: re.Match[str]) -> tuple[int, int]:
    """Month and day of what comes on the same date in every year: 每年国庆前一天. Raises NoDay."""
    name, place = _name(found), _place(found)
    if "same" not in _FESTIVALS[name] or place not in ("own", "eve", "far", "later"):
        raise NoDay("moves")
    if place == "later" and _FESTIVALS[name].get("off"):
        raise NoDay("moves")
    day = _shifted(found, place, _own_day(name, _PLAIN))
    return day.month, day.day


_PLAIN = 2027  # a year without 29 February


def _known(found: re.Match[str], year: int, calendar: Calendar) -> date | None:
    """The day in a year; None where nobody can say."""
    try:
        return _day(found, year, calendar)
    except NoDay:
        return None


def _day(found: re.Match[str], year: int, calendar: Calendar) -> date:
    name, place = _name(found), _place(found)
    day = _own_day(name, year) + _nth(found)
    off = bool(_FESTIVALS[name].get("off"))
    if place in ("own", "eve", "far") or (place == "later" and not off):
        return _shifted(found, place, day)
    if not off:
        raise NoDay("")
    days = calendar.days_off(day)
    if days is None:
        raise NoDay("off_unknown")
    first, last = days
    by = _count(found["away_by"] or found["after"] or "1")
    return {"away_eve": first - by, "away_before": first - by, "first": first, "last": last}.get(
        place, last + by
    )


def _shifted(found: re.Match[str], place: str, day: date) -> date:
    if place == "eve":
        return day - _DAY
    if place == "far":
        return day - _count(found["before"])
    return day + _count(found["after"]) if place == "later" else day


def _own_day(name: str, year: int) -> date:
    """The day itself in a year. Raises NoDay."""
    one = _FESTIVALS[name]
    if "beside" in one:
        return _own_day(one["beside"]["of"], year) + timedelta(days=one["beside"]["by"])
    if "same" in one:
        month, day = one["same"].split("-")
        return date(year, int(month), int(day))
    found = _dates(name).get(year)
    if found is None:
        raise NoDay("day_unknown")
    return found


@cache
def _dates(name: str) -> dict[int, date]:
    days = (date.fromisoformat(one) for one in _FESTIVALS[name]["days"])
    return {day.year: day for day in days}


def moving() -> Iterator[tuple[str, date, bool]]:
    """Every date of what moves, by its name, and whether it has days off."""
    for name, one in _FESTIVALS.items():
        for day in one.get("days", ()):
            yield name, date.fromisoformat(day), bool(one.get("off"))


def _name(found: re.Match[str]) -> str:
    return next(name for name in _FESTIVALS if found[f"feast_{name}"])


def _place(found: re.Match[str]) -> str:
    return next(name for name, _ in _PLACES if found[f"at_{name}"] is not None)


def _nth(found: re.Match[str]) -> timedelta:
    """大年初三 is two days behind the first."""
    return _count(found["nth"]) - _DAY if found["nth"] else timedelta()


def _count(text: str) -> timedelta:
    days = int(number(text))
    if not 0 < days <= _MOST:
        raise NoDay("")
    return days * _DAY
