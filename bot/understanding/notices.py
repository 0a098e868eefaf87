"""What 通知 ... says: for whom, when, and which words (issue 5)."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.understanding.days import Named, grouped
from bot.understanding.normalise import NUMBER, clean, number
from bot.understanding.words import any_of, lexicon, longest_first
from domain.notice_times import Days, Rhythm
from domain.workdays import TZ

_DATA = lexicon("notices")
_TO = {word: to for to, words in _DATA["to"].items() for word in words.split()}
_TO_WORD = re.compile(rf"(?:{longest_first(_TO).pattern})$")
_OWN = re.compile(rf"^(?:{longest_first(_DATA['own'].split()).pattern})+")
_GOT = re.compile(_DATA["got"])
_STICKER = re.compile(r"(?<=[\u4e00-\u9fff])(?:\[[\u4e00-\u9fffa-zA-Z]{1,4}\]|[👌👍🙏🌹])+$")
_GOT_FOR = re.compile(_DATA["got_for"])
_OWN_AREA = frozenset(_DATA["own_area"].split())
_RECEIPTS, _VISIT = any_of(_DATA["receipts"]), any_of(_DATA["visit"])
_LEVELS: dict[str, str] = {
    word: level for level, words in _DATA["levels"].items() for word in words.split()
}
_EVERYBODY = re.compile(_DATA["everybody"])
_LEAD = re.compile(_DATA["ready"]["lead"])
_READY = {
    word: code for code, words in _DATA["ready"].items() if code != "lead" for word in words.split()
}
_GAPS = {word: code for code, words in _DATA["gaps"].items() for word in words.split()}
_GAP = re.compile(r"\{\{\s*([^{}%#]+?)\s*\}\}")
_AUDIENCE = re.compile(r"^[ :,]*([^ :,。;!?]{1,60})[ :,]+")
_TIGHT = re.compile(rf"^[ :,]*({_DATA['said']['tight']})(?=[^ :,、和及的代委楼长朋们])")
_LEAD_IN, _THEN = (re.compile(rf"^[ ,]*{_DATA['said'][one]}[ :,]*") for one in ("lead", "then"))
_GONE_DAY = re.compile(_DATA["bygone"]["day"])
_AHEAD, _BACK, _SOON = (any_of(_DATA["bygone"][one]) for one in ("ahead", "back", "near"))
_JOINED = re.compile(r"[、和及]|以及")
_CODES = {code: code for code in _DATA["gaps"]}
_DATED = re.compile(r"(?<![0-9年-])(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})[日号]")
_CLOCKED = re.compile(
    r"(?<![0-9.:])(?P<hour>[0-9]{1,2})(?:点(?!名|赞|[0-9]{3})(?:(?P<minute>[0-9]{2})(?![0-9个户]))?)"
)
_SIGNS = " 一二三四五六七八九"
_NUMBERED_GRID = re.compile(r"第?([1-9一二三四五六七八九])号?(网格)")
_ANOTHER = re.compile(_DATA["said"]["another"])

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
    rf"|每(?:个)?月(?:(?P<last>最后一天|月底)|(?P<month>{_N}(?:[号日]?[、,和]{_N})*)[号日])"
    rf"|每年(?P<year_month>{_N})月(?P<year_day>{_N})[号日]"
    r"|(?:(?P<next_week>下个?)|(?P<this_week>这个?|本))?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天1-7])"
    rf"|(?P<near>今天|明天|后天|大后天|今|明|昨天)|(?:(?P<year>20[0-9]{{2}})[-年/])?(?P<on_month>{_N})[-月/](?P<on_day>{_N})[号日]?)"
)
_SEASON = rf"(?:(?P<season>{'|'.join(_SEASONS)})|(?P<from>{_N})月[到至](?P<to>{_N})月)?"
_WHEN = re.compile(rf"^[ :,]*{_SEASON}的? ?{_DAY} ?{_PART} ?{_CLOCK}")
_LOOSE = re.compile(rf"[ :,]*{_SEASON}的? ?(?:{_DAY})? ?{_PART} ?{_CLOCK}?{_DATA['shift']['end']}")
_NEAR = {"今天": 0, "今": 0, "明天": 1, "明": 1, "后天": 2, "大后天": 3, "昨天": -1}
_WEEKDAYS = {char: at for at, char in enumerate("一二三四五六日", 1)} | {"天": 7}
_HALF_DAY, _HOURS, _MINUTES, _WEEK = 12, 24, 60, 7
_MONTHS, _LEAP = 12, 2028  # a year that has a 29 February
_DAY_GROUPS = "day workday eve week last month year_month weekday near on_month".split()
_NIGHT = frozenset(("evening", "dusk"))
_ENDS = {"dawn": 6, "early": 10, "forenoon": 12, "noon": 14, "afternoon": 19}


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
    text = clean(text).tidy
    when = _WHEN.match(clean(text).plain) if timed else None
    if when is not None:
        text = _without(_LEAD_IN, text[when.end() :].strip())
    said, rest = _parted(text)
    later = _WHEN.match(clean(rest).plain) if when is None else None
    if later is not None and (timed or _THEN.match(clean(rest).plain[later.end() :])):
        when, rest = later, _without(_THEN, rest[later.end() :])
    rhythm = _rhythm(when, now) if when is not None else None
    if rhythm is None and (timed or when is not None):
        return Spoken(unread=True)
    to, where = _audience(said)
    return _filled(Spoken(to, where, said, rhythm=rhythm), rest)


def _parted(text: str) -> tuple[str, str]:
    """For whom, and the words behind that; no words where nothing parts them."""
    plain = clean(text).plain
    head = _TIGHT.match(plain) or _AUDIENCE.match(plain)
    if head is None:
        return text.strip(), ""
    return text[head.start(1) : head.end(1)], text[head.end() :].lstrip(" :,")


def _without(pattern: re.Pattern[str], text: str) -> str:
    """What is left of a text without what it begins with."""
    found = pattern.match(clean(text).plain)
    return text[found.end() :] if found else text


def level_of(name: str) -> str:
    """The level of the author's own area that a name means: 全街道; "" for another name."""
    return _LEVELS.get(name, "")


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


def no_such_time(words: str) -> str:
    """The day or hour some words name that is in no calendar and on no clock: 13月1日, 25点."""
    text = clean(words)
    for found in _DATED.finditer(text.plain):
        month, day = _int(found["month"]), _int(found["day"])
        if not 1 <= month <= _MONTHS or not 1 <= day <= monthrange(_LEAP, month)[1]:
            return text.tidy[found.start() : found.end()]
    for found in _CLOCKED.finditer(text.plain):
        if _int(found["hour"]) > _HOURS or _int(found["minute"] or "0") >= _MINUTES:
            return text.tidy[found.start() : found.end()]
    return ""


def tells(said: str) -> bool:
    """Whether what stands where an audience should is what is to be told: 明天上午停电."""
    return to_come(said) or bool(grouped(clean(said).plain, datetime(_LEAP, 1, 3, tzinfo=TZ)))


def in_characters(name: str) -> str:
    """A grid called by its number, as names are written: 2网格, 第二网格 -> 二网格; else ""."""
    found = _NUMBERED_GRID.fullmatch(clean(name).plain)
    return f"{_SIGNS[_int(found[1])]}{found[2]}" if found else ""


def several(words: str) -> bool:
    """Whether another notice follows in the same message: 明天停水；通知 二网格 停气."""
    return bool(_ANOTHER.search(clean(words).plain))


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
    return bool(
        _GOT.fullmatch(clean(text).plain.strip(" ,.!。~"))
        or _GOT.fullmatch(clean(_STICKER.sub("", text)).plain.strip(" ,.!。~"))
    )


def got_for(text: str) -> str:
    """For whom these words say 收到: 替刘奶奶收到 -> 刘奶奶; "" where nobody else is named."""
    found = _GOT_FOR.fullmatch(clean(text).plain.strip(" ,.!。~"))
    return (found["who"] or found["other"]) if found else ""


def ready_names() -> list[str]:
    """What the ready-made notices are called, one name each."""
    return [words.split()[0] for code, words in _DATA["ready"].items() if code != "lead"]


def ready_name(code: str) -> str:
    """What the ready-made notice of a code is called; "" for none."""
    words = str(_DATA["ready"].get(code, "")) if code != "lead" else ""
    return words.split()[0] if words else ""


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
    parts = [_bare(one).removesuffix("的") for one in _JOINED.split(names)]
    if not to and parts and all(one in _OWN_AREA for one in parts):
        to = "residents"  # 全小区
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


def timed(text: str, now: datetime, otherwise: time) -> tuple[Rhythm | None, time | None]:
    """The days and the hour that are all some words tell; a day alone gets the hour `otherwise`.

    None for days, or an hour, that are not named or do not exist.
    """
    found = _LOOSE.fullmatch(clean(text).plain)
    at = _at(found) if found and found["hour"] else None
    if found is None or (found["hour"] and at is None):
        return None, None
    bare = not any(found[one] for one in _DAY_GROUPS)
    return (None if bare else _rhythm(found, now, at or otherwise)), at


def _rhythm(found: re.Match[str], now: datetime, at: time | None = None) -> Rhythm | None:
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
        return Days.MONTH, tuple(_int(one) for one in re.split("[号日]?[、,和]", found["month"]))
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
    if found["weekday"]:
        ahead = _weekday(found["weekday"]) - today.isoweekday()
        later = found["next_week"] or (ahead < 0 and not found["this_week"])
        return today + timedelta(days=ahead + (_WEEK if later else 0))
    month, day = _int(found["on_month"]), _int(found["on_day"])
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
        return (_int(found["from"]), 1), (_int(found["to"]), 31)
    return None


def _int(text: str) -> int:
    return int(number(text))
