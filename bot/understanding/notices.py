"""What 通知 ... says: for whom, when, and which words (issue 5)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.understanding.normalise import NUMBER, clean, number
from bot.understanding.words import any_of, lexicon, longest_first
from domain.notice_times import Days, Rhythm
from domain.workdays import TZ

_DATA = lexicon("notices")
_TO = {word: to for to, words in _DATA["to"].items() for word in words.split()}
_TO_WORD = re.compile(rf"(?:{longest_first(_TO).pattern})$")
_OWN = re.compile(rf"^(?:{longest_first(_DATA['own'].split()).pattern})+")
_GOT = re.compile(_DATA["got"])
_OWN_AREA = frozenset(_DATA["own_area"].split())
_RECEIPTS, _VISIT = any_of(_DATA["receipts"]), any_of(_DATA["visit"])
_EVERYBODY = re.compile(_DATA["everybody"])
_LEAD = re.compile(_DATA["ready"]["lead"])
_READY = {
    word: code for code, words in _DATA["ready"].items() if code != "lead" for word in words.split()
}
_GAPS = {word: code for code, words in _DATA["gaps"].items() for word in words.split()}
_GAP = re.compile(r"\{\{\s*([^{}%#]+?)\s*\}\}")
_AUDIENCE = re.compile(r"^[ :,]*([^ :,。;!?]{1,60})[ :,]+")
_JOINED = re.compile(r"[、和及]|以及")
_CODES = {code: code for code in _DATA["gaps"]}

# The number of a notice before its words, which is no time, date or house number.
LEADING_NUMBER = re.compile(r"^([0-9]{1,9})(?![0-9点:月号楼个户幢栋])[ :,号条]*")
OF = "的"  # between an area and a list: 琼花一网格的独居老人

_LATE = re.compile("|".join(_DATA["time"]["late"].split()))
_SEASONS: dict[str, str] = _DATA["time"]["seasons"]
_PART = r"(?P<part>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|早|晚)?"
_CLOCK = rf"(?:(?P<hour>{NUMBER})[点时:](?P<minute>半|一刻|{NUMBER})?分?整?)"
_N = r"[0-9一二三四五六七八九十]{1,3}"
_DAY = (
    r"(?:(?P<day>每天|每日|天天)|(?P<workday>每个?工作日|工作日)"
    r"|(?P<eve>(?:每个?)?(?:法定)?(?:节假?日?|放假)前(?:一天)?)"
    r"|每(?:个)?(?:周|星期|礼拜)(?P<week>[一二三四五六日天1-7、,]+)"
    rf"|每(?:个)?月(?:(?P<last>最后一天|月底)|(?P<month>{_N}(?:[、,]{_N})*)[号日])"
    rf"|每年(?P<year_month>{_N})月(?P<year_day>{_N})[号日]"
    rf"|(?P<near>今天|明天|后天|大后天|今|明|昨天)|(?:(?P<year>20[0-9]{{2}})[-年/])?(?P<on_month>{_N})[-月/](?P<on_day>{_N})[号日]?)"
)
_SEASON = rf"(?:(?P<season>{'|'.join(_SEASONS)})|(?P<from>{_N})月[到至](?P<to>{_N})月)?"
_WHEN = re.compile(rf"^[ :,]*{_SEASON}的? ?{_DAY} ?{_PART} ?{_CLOCK}")
_NEAR = {"今天": 0, "今": 0, "明天": 1, "明": 1, "后天": 2, "大后天": 3, "昨天": -1}
_WEEKDAYS = {char: at for at, char in enumerate("一二三四五六日", 1)} | {"天": 7}
_HALF_DAY, _HOURS, _MINUTES = 12, 24, 60


@dataclass(frozen=True, slots=True)
class Spoken:
    """A notice as it was said. `to` is one of domain.notices.TO, "" where no word tells it.

    `where` are the names before it, () for one's own area; `rhythm` None is now. `unread` tells
    that a time was meant and could not be read. `unknown` are gaps nobody can fill.
    """

    to: str = ""
    where: tuple[str, ...] = ()
    said: str = ""
    words: str = ""
    ready: str = ""
    urgent: bool = False
    receipts: bool = False
    visit: bool = False
    rhythm: Rhythm | None = None
    unread: bool = False
    unknown: tuple[str, ...] = ()


def spoken(text: str, now: datetime, *, timed: bool = False) -> Spoken:
    """Read what stands behind 通知; with `timed` it begins with when."""
    rhythm = None
    if timed:
        found = _WHEN.match(clean(text).plain)
        if found is None:
            return Spoken(unread=True)
        rhythm = _rhythm(found, now)
        if rhythm is None:
            return Spoken(unread=True)
        text = clean(text).tidy[found.end() :]
    text = clean(text).tidy
    head = _AUDIENCE.match(clean(text).plain)
    said = text[head.start(1) : head.end(1)] if head else text.strip()
    to, where = _audience(said)
    return _filled(Spoken(to, where, said, rhythm=rhythm), text[head.end() :] if head else "")


def body(text: str) -> Spoken:
    """Words alone, as they replace those of another notice."""
    return _filled(Spoken(), clean(text).tidy)


def _filled(begun: Spoken, words: str) -> Spoken:
    words = _EVERYBODY.sub("", words).strip()
    name = _LEAD.sub("", clean(words).plain).strip(" 。!")
    words, unknown = _gapped(words)
    return Spoken(
        begun.to,
        begun.where,
        begun.said,
        words,
        ready=_READY.get(name, ""),
        receipts=bool(_RECEIPTS.search(words)),
        visit=bool(_VISIT.search(words)),
        rhythm=begun.rhythm,
        unknown=unknown,
    )


def got(text: str) -> bool:
    """Whether these words are nothing but 收到."""
    return bool(_GOT.fullmatch(clean(text).plain.strip(" ,.!。~")))


def ready_names() -> list[str]:
    """What the ready-made notices are called, one name each."""
    return [words.split()[0] for code, words in _DATA["ready"].items() if code != "lead"]


def gap_names() -> list[str]:
    """The gaps a notice may have."""
    return [words.split()[0] for words in _DATA["gaps"].values()]


def _audience(said: str) -> tuple[str, tuple[str, ...]]:
    """Whom an audience's name means, and the areas or people it names."""
    ends = _TO_WORD.search(clean(said).plain)
    to = _TO[ends[0]] if ends else ""
    names = said[: ends.start()] if ends else said
    own = _OWN.match(names)
    names = names[own.end() :] if own and (ends or own.end() < len(names)) else names
    parts = (_bare(one).removesuffix("的") for one in _JOINED.split(names))
    return to, tuple(one for one in parts if one and one not in _OWN_AREA)


def _bare(name: str) -> str:
    """A name without 各 behind it: 琼花社区各居民群."""
    ends = _TO_WORD.search(name)
    name = name[: ends.start()] if ends and ends.start() else name
    return re.sub(rf"(?:{longest_first(_DATA['own'].split()).pattern})+$", "", name).strip()


def _gapped(words: str) -> tuple[str, tuple[str, ...]]:
    """The words with their gaps named as the program names them, and the gaps nobody knows."""
    unknown = [one for one in _GAP.findall(words) if one not in _GAPS and one not in _CODES]
    known = {**_CODES, **_GAPS}
    named = _GAP.sub(lambda found: f"{{{{ {known.get(found[1], found[1])} }}}}", words)
    return named, tuple(unknown)


# When


def _rhythm(found: re.Match[str], now: datetime) -> Rhythm | None:
    """The rhythm a head of words tells; None for an hour or a day that does not exist."""
    at = _at(found)
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
        days = (_WEEKDAYS.get(one) or int(one) for one in re.findall(r"[^、,]", found["week"]))
        return Days.WEEK, tuple(days)
    if found["last"]:
        return Days.MONTH, (-1,)
    if found["month"]:
        return Days.MONTH, tuple(_int(one) for one in re.split("[、,]", found["month"]))
    if found["year_month"]:
        return Days.YEAR, (_int(found["year_month"]), _int(found["year_day"]))
    return None


def _at(found: re.Match[str]) -> time | None:
    hour = _int(found["hour"])
    late = _LATE.search(found["part"] or "") or (found["part"] == "中午" and hour < _HALF_DAY - 1)
    hour += _HALF_DAY if late and hour < _HALF_DAY else 0
    said = found["minute"] or "0"
    minute = {"半": 30, "一刻": 15}.get(said) or _int(said)
    return time(hour, minute) if hour < _HOURS and minute < _MINUTES else None


def _day(found: re.Match[str], now: datetime) -> date | None:
    today = now.astimezone(TZ).date()
    if found["near"]:
        return today + timedelta(days=_NEAR[found["near"]])
    month, day = _int(found["on_month"]), _int(found["on_day"])
    year = int(found["year"]) if found["year"] else today.year
    if not found["year"] and (month, day) < (today.month, today.day) and month < today.month - 1:
        year += 1
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _season(found: re.Match[str]) -> tuple[tuple[int, int], tuple[int, int]] | None:
    if found["season"]:
        first, last = (one.split("-") for one in _SEASONS[found["season"]].split(".."))
        return (int(first[0]), int(first[1])), (int(last[0]), int(last[1]))
    if found["from"]:
        return (_int(found["from"]), 1), (_int(found["to"]), 31)
    return None


def _int(text: str) -> int:
    return int(number(text))
