"""Days and hours as people name them: 下周二, 12月1号, 大后天, 三点一刻, 半小时后.

Numbers of houses are none: a number with 号 alone is a day only where an hour stands behind it.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.understanding.normalise import number
from bot.understanding.words import lazy

_LONG_PAST = timedelta(days=183)  # 9月8日 said in November is last September, 1月5日 next January
_DAY, WEEK = timedelta(days=1), timedelta(days=7)

# Parts of a day: the hour each means where none is said, and how it is written.
PARTS = {
    "dawn": (None, "凌晨|后?半夜"),
    "early": (
        8,
        "一?大清?早|[一清起赶]早|早上(?!午)|早[晨浪间]向?|朝早|清晨|早饭(?:之后|以后|后)"
        "|吃[完过了]早饭|早",
    ),
    "forenoon": (9, "上午|上半[日天]|午前|头晌(?!午)"),
    "noon": (
        12,
        "中午(?!过后)|正午|晌午头?(?!头?过后)|午间|午休|晏昼|午饭(?:之后|以后|后)|吃[完过了]午饭",
    ),
    "afternoon": (14, "下午(?![场班])|下昼|下半[日天]|午后|过午|后晌|(?:中午|晌午头?)过后"),
    "dusk": (18, "傍[晚黑]|黄昏|擦黑|下晚|下了?班(?:之后|以后|后)|收工(?:之后|以后|后)"),
    "evening": (19, "晚上|晚间|晚黑|夜里向?|夜晚|夜间|晚饭(?:之后|以后|后)|吃[完过了]晚饭|[晚夜]"),
}
_PART = "|".join(f"(?P<{name}>{pattern})" for name, (_, pattern) in PARTS.items())
_LOOSE = frozenset("早晚夜")  # a part of the day only beside a day or an hour: 晚八点, but not 晚了

_CN = "零〇一二两三四五六七八九十"
_N = f"(?:[0-9]{{1,2}}|[{_CN}]{{1,3}})"
_MONTH = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_TIME_BEHIND = rf"(?= ?(?:[上下]午|[早晚]|中午|傍晚|凌晨|{_N}[点:时]))"
# 27号吧, 27号行吗: nobody agrees on a house.
_AGREED_BEHIND = r"(?=吧|都?[行成](?:[吧吗不么的]|$)|可以[吧吗不么]|方便[吧吗不么])"
_DATE = (
    rf"(?:(?P<year>20[0-9]{{2}}) ?[年/.-] ?)?(?<![0-9.])(?P<month>{_MONTH})"
    rf"(?:月 ?(?P<mday>{_N})(?:[日号]|(?![0-9{_CN}个元块份]))"
    rf"|[/.](?P<sday>[0-9]{{1,2}})[日号]?{_TIME_BEHIND})"
    r"|(?:(?P<week>上{1,3}|下{1,3}|这|本|每)(?:一?个|一)?(?:(?:周|星期|礼拜)的? ?)?)?"
    r"(?:周|星期|礼拜|拜)(?P<weekday>[一二三四五六日天]|[1-6](?![0-9]))"
    r"(?!起?[个周岁年次组户件遍回楼]|起(?!早))"
    r"|(?P<weekend_of>上|下|这|本|每)?个?(?P<weekend>周末)"
    rf"|(?:(?P<edge_month>{_MONTH})|(?P<edge_of>上|下|这|本)个?)?月(?P<edge>[底末初])"
    rf"|(?P<month_of>上|下|这|本)个?月(?P<nday>{_N})[日号]"
    # A number of the calendar alone is a house number, unless a time stands behind it.
    rf"|(?<![0-9{_CN}#a-z-])(?P<bare>{_N})[日号](?:{_TIME_BEHIND}|{_AGREED_BEHIND})"
    r"|(?<=改到|改成|改至|换到|延到|延至|推到|挪到|定在|约在|约好|定到|排到|预约|约了|定了|订在|订了)"
    rf"(?P<fixed>{_N})[日号](?![楼院栋幢门线桌房车仓窗单机位#0-9])"
    r"|(?P<near>大后[天日]|(?<![之然今往最])(?<!(?<!可)以)后[天日朝个儿]|明[天日朝个]|(?<![赶改])明儿个?|听日|今[天日朝个]|今儿个?"
    r"|[今明](?=[早晚夜下])|(?<![之然今往最])(?<!(?<!可)以)后(?=晚[上 0-9])|每[天日晚]|天天|元旦)"
    rf"|(?<![过第0-9{_CN}])(?P<ahead>{_N})个?(?P<unit>天|周|星期|礼拜)(?:之后|以后|后)(?!面)"
)
_MINUTES = (
    r"(?P<minute>[0-5][0-9]|零[一二三四五六七八九]"
    r"|[二三四五]?十[一二三四五六七八九]?|[二三四五][一二三四五六七八九五])分?(?![0-9个楼号多天])"
)
# 两三点, 3-5点: the earlier of the two.
_TILL = "(?:(?: ?[-~—–到至] ?(?:[0-9]{1,2}|十?[一二三四五六七八九]))|[二三四五六七八九])?"
_CLOCK = (
    r"(?<![0-9:.])(?P<hh>[01]?[0-9]|2[0-4]):(?P<mm>[0-5][0-9])(?![0-9])"
    r"|(?<![0-9:.a-z-])(?P<western>1[0-2]|[1-9])(?::(?P<past>[0-5][0-9]))? ?"
    r"(?P<half_day>am|pm)(?![a-z])"
    rf"|(?:(?<![0-9.{_CN}第多少提这列])(?<!提的)|(?<=[周期拜][一二三四五六日天]))(?P<hour>2[0-4]|[01]?[0-9]|二十[一二三四]?|十[一二三四五六七八九]?|[一二两三四五六七八九零])"
    rf"{_TILL}"
    r"(?:点(?![名赞评击儿心事啥:]|要求|建议|意见|内容|原因|问题|疑[问虑]|诉求|以[外上下]|都[没不])|时(?![候间常不段限长]|半[会刻]))钟?"
    rf"(?:(?P<half>半)|过?(?P<quarter>[一三])刻|整|过?{_MINUTES})?"
)
_SPAN = (
    rf"(?<![0-9.{_CN}])(?P<span>半|[0-9]{{1,3}}|[{_CN}]{{1,3}})"
    r"(?P<measure>个半?(?:小时|钟头|钟)|小时|分钟)(?:之后|以后|后|左右到|到|再(?=来|过来|上门|打))"
)
_FOUND = lazy(f"{_SPAN}|{_DATE}|{_CLOCK}|{_PART}")
_JOINED = lazy(r"[ ,的、(]{0,2}(?:大概|大约|差不多|约|就)?[ (]?")
# Every sign a moment is written with, and some more; what only stands beside one may be another.
SIGNS = frozenset(f"0123456789{_FOUND.pattern}{_JOINED.pattern}")
_LISTING = frozenset("、 和 跟 与 及".split())  # 每周二、周四
_NEAR = {"大": 3, "后": 2, "明": 1, "听": 1, "今": 0, "每": 0, "天": 0}
_WEEKDAYS = {
    sign: at
    for at, signs in enumerate(("1一", "2二", "3三", "4四", "5五", "6六", "日天"))
    for sign in signs
}


@dataclass(frozen=True, slots=True)
class Named:
    """A moment as far as it is named, and where in the text."""

    start: int
    end: int
    day: date | None = None
    part: str = ""
    clock: tuple[int, int] | None = None
    exact: datetime | None = None
    weekly: bool = False  # the next of its kind: where that has gone by today, in a week
    vague: bool = False  # 周末
    often: bool = False  # 每天, 每周二
    gone: bool = False
    loose: bool = False
    written: bool = False  # as 03:00; 3:00 still is the afternoon
    since: int | None = None  # where its day was told, if that was earlier

    @property
    def rank(self) -> int:
        """Parts come in this order: a day, a part of it, an hour."""
        return 2 if self.clock else 1 if self.part else 0


def grouped(plain: str, here: datetime) -> list[Named]:
    """Moments in the order of the text; what stands side by side is one."""
    groups: list[Named] = []
    for match in _FOUND.finditer(plain):
        token = _token(match, here)
        last = groups[-1] if groups else None
        if last and last.often and plain[last.end : token.start] in _LISTING:
            token = replace(token, often=True)
        if last and _JOINED.fullmatch(plain, last.end, token.start) and _goes_on(last, token):
            groups[-1] = replace(
                last, end=token.end, part=token.part or last.part, clock=token.clock,
                written=token.written, loose=False,
            )  # fmt: skip
        else:
            groups.append(token)
    return [one for one in groups if not one.loose]


def _goes_on(last: Named, token: Named) -> bool:
    """Whether a token completes what was named before it: 周六, 周六 上午, 周六 上午 十点."""
    if last.exact or last.clock or token.day or token.exact or token.gone:
        return False
    return token.rank >= last.rank and not (last.loose and token.rank == 1)


def _token(match: re.Match[str], here: datetime) -> Named:
    """One day, part of a day, time of the clock or span from now."""
    kind = match.lastgroup or ""
    blank = Named(*match.span())
    if match["span"]:
        return replace(blank, exact=here + _span(match))
    if match["hh"]:
        written = int(match["hh"]), int(match["mm"])
        return replace(blank, clock=written, written=match["hh"][0] == "0")
    if match["western"]:
        hour = int(match["western"]) % 12 + 12 * (match["half_day"] == "pm")
        return replace(blank, clock=(hour, int(match["past"] or 0)), written=True)
    if match["hour"]:
        # 一点 alone is "a little": an hour only behind a part of the day.
        return replace(blank, clock=_clock(match), loose=match[0] == "一点")
    if kind in PARTS:
        return replace(blank, part=kind, loose=match[0] in _LOOSE)
    day = _day(match, here.date())
    weekly = bool(match["weekday"]) and match["week"] in {None, "每"}
    return replace(
        blank, day=day, gone=day is None, weekly=weekly, often=match[0][0] in "每天",
        vague=bool(match["weekend"] or match["ahead"]),
    )  # fmt: skip


def _span(match: re.Match[str]) -> timedelta:
    """半个小时后, 一个半小时后, 二十分钟后."""
    count = 0.5 if match["span"] == "半" else float(number(match["span"]))
    if match["measure"].startswith("个半"):
        count += 0.5
    return timedelta(minutes=round(count * (1 if match["measure"] == "分钟" else 60)))


def _clock(match: re.Match[str]) -> tuple[int, int]:
    """Hour and minute of 三点半, 九点一刻, 八点四十."""
    minute = 30 if match["half"] else 0
    if match["quarter"]:
        minute = 15 * int(number(match["quarter"]))
    if match["minute"]:
        minute = int(number(match["minute"]))
    return int(number(match["hour"])), minute % 60


# Days


def _day(match: re.Match[str], today: date) -> date | None:
    """The day that is named; None where it is past or not in the calendar."""
    readers = (
        ("month", _of_the_year), ("weekday", _of_the_week), ("weekend", _weekend), ("edge", _edge),
        ("nday", _of_a_month), ("bare", _of_this_month),
        ("fixed", _of_this_month), ("near", _near), ("ahead", _ahead),
    )  # fmt: skip
    for group, reader in readers:
        if match[group]:
            try:
                return reader(match, today)
            except (ValueError, OverflowError):
                return None
    return None


def _of_the_year(match: re.Match[str], today: date) -> date | None:
    month, day = int(number(match["month"])), int(number(match["mday"] or match["sday"]))
    if match["year"]:
        return date(int(match["year"]), month, day)
    if (month, day) >= (today.month, today.day):
        return date(today.year, month, day)
    found = date(today.year + 1, month, day)
    return found if found - today <= _LONG_PAST else None


def _of_the_week(match: re.Match[str], today: date) -> date | None:
    """Weeks begin on Monday: 下周二 said on a Sunday is the day after tomorrow."""
    week = match["week"] or ""
    ahead = _WEEKDAYS[match["weekday"]] - today.weekday()
    if "上" in week:
        return None
    if "下" in week:
        return today + timedelta(days=ahead) + len(week) * WEEK
    if ahead >= 0:
        return today + timedelta(days=ahead)
    return None if week in {"这", "本"} else today + timedelta(days=ahead) + WEEK


def _weekend(match: re.Match[str], today: date) -> date | None:
    of = match["weekend_of"]
    if of == "上":
        return None
    return max(today, today + timedelta(days=5 - today.weekday())) if of != "下" else (
        today + timedelta(days=5 - today.weekday()) + WEEK
    )  # fmt: skip


def _month_ahead(today: date, of: str | None) -> tuple[int, int]:
    """Year and month of 这个月 and 下个月."""
    months = today.year * 12 + today.month - 1 + (of == "下")
    return months // 12, months % 12 + 1


def _edge(match: re.Match[str], today: date) -> date | None:
    """月底 is its last day, 下月初 its first."""
    if match["edge_of"] == "上":
        return None
    year, month = _month_ahead(today, match["edge_of"])
    if match["edge_month"]:
        named = int(number(match["edge_month"]))
        year, month = year + (named < month), named
    if match["edge"] == "初":
        return date(year, month, 1)
    return date(year, month, monthrange(year, month)[1])


def _of_a_month(match: re.Match[str], today: date) -> date | None:
    if match["month_of"] == "上":
        return None
    year, month = _month_ahead(today, match["month_of"])
    return date(year, month, int(number(match["nday"])))


def _of_this_month(match: re.Match[str], today: date) -> date | None:
    """26号: of this month, or of the next where it has gone by."""
    day = int(number(match["bare"] or match["fixed"]))
    year, month = _month_ahead(today, "下" if day < today.day else None)
    return date(year, month, day)


def _near(match: re.Match[str], today: date) -> date | None:
    if match["near"] == "元旦":
        return date(today.year + 1, 1, 1)
    return today + timedelta(days=_NEAR[match["near"][0]])


def _ahead(match: re.Match[str], today: date) -> date | None:
    return today + int(number(match["ahead"])) * (_DAY if match["unit"] == "天" else WEEK)
