"""A request for leave: from which day to which, and who stands in."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.understanding.normalise import NUMBER, clean, number
from bot.understanding.words import lazy

_NEAR = {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3}
_WEEK = "一二三四五六日"
_DAY = lazy(
    rf"(?:(?P<year>20[0-9]{{2}})年)?(?:(?P<month>{NUMBER})月 ?)?"
    rf"(?P<day>{NUMBER})[日号](?!楼|院|门|线)"
    rf"|(?P<bare_month>{NUMBER})月(?P<bare_day>{NUMBER})"
    r"|(?P<near>大后天|今[天日]|明[天日]|后天)"
    r"|(?P<week>下个?|这个?|本)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
)
_SPAN = lazy(rf"(?:请|休|共|一共|假|连)?({NUMBER})天")
_TO = lazy(rf"[到至~\-—]+ ?({NUMBER})[日号]?(?= |,|。|$|[^0-9月])")
_NAME = lazy(
    r"(?:由|让|请|找|叫|换)?([\u4e00-\u9fff]{2,4}?)(?:来|帮忙?|替我?)?(?:代班|代岗|顶班|顶岗|代替|替班|顶替|接替|代|替|顶)"
)
_LEADING = lazy(r"^(?:请假|假|日|号|天|由|让|请|找|叫|换|和|我|是|网格员|同事)+")
_MONTHS, _LONGEST = 12, 31
_LONG = timedelta(days=200)
_OVER = timedelta(days=15)  # 28日到3日 goes over the end of a month; 25日到20日 is a slip
MOST_DAYS = 60  # of one request; a longer one is a matter for people


class Slip(StrEnum):
    """What is wrong with the days that were named."""

    NO_SUCH_DAY = "no_such_day"
    NO_DAYS = "no_days"
    TOO_LONG = "too_long"


class Wrong(Exception):
    """A day that is in no calendar, or a number of days nobody can take; `said` are the words.

    `near` is the last day of the month that was meant, None where no month was.
    """

    def __init__(self, slip: Slip, said: str, near: date | None = None) -> None:
        super().__init__(slip.value)
        self.slip, self.said, self.near = slip, said, near


_HOURS = lazy(
    rf"半[天日]|(?:{NUMBER}|半|几)个?(?:多|半)?(?:小时|钟头)|{NUMBER}[点:](?!半?办)"
    r"|(?:上午|下午|中午|晚上|早上|傍晚)(?!(?:的)?(?:任务|巡查|走访|已))"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """Days, both included, None where they were not said; the substitute's name or "".

    With `wrong` there are no days: what was said of them cannot be. `hours` tells that he is away
    for a part of them only: leave counts by whole days.
    """

    first: date | None
    last: date | None
    name: str
    wrong: Wrong | None = None
    hours: bool = False


def wish(text: str, today: date) -> Wish:
    """Read a request. Days without a month are the next ones that bear the number."""
    plain = clean(text).plain
    rest = _DAY.sub(" ", plain)
    named = _NAME.search(rest)
    name = _LEADING.sub("", named[1]) if named else ""
    try:
        first, last = _days(plain, today)
    except Wrong as wrong:
        return Wish(None, None, name, wrong)
    return Wish(first, last, name, hours=bool(_HOURS.search(rest)))


def _days(plain: str, today: date) -> tuple[date | None, date | None]:
    """The first and the last day. Raises Wrong."""
    found = list(_DAY.finditer(plain))
    if not found:
        return None, None
    first = _day(found[0], today)
    if len(found) > 1:
        return first, _until(found[1], first, today)
    return first, _last(plain, found[0].end(), first)


def _until(match: re.Match[str], first: date, today: date) -> date:
    """The last day; without a month it is of the first one's, or of the next where that is near."""
    if match["near"] or match["weekday"] or match["month"] or match["bare_month"]:
        return _day(match, max(today, first) if match["month"] or match["bare_month"] else today)
    return _behind(first, int(number(match["day"])), match[0])


def _behind(first: date, day: int, said: str) -> date:
    """The day of that number behind the first one. Raises Wrong."""
    if day >= first.day:
        return _of(first.year, first.month, day, said)
    after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    there = _of(after.year, after.month, day, said)
    return there if there - first <= _OVER else _of(first.year, first.month, day, said)


def _last(plain: str, behind: int, first: date) -> date:
    """The last day where only the first was named whole: 25日到27, 25日起三天. Raises Wrong."""
    to = _TO.match(plain[behind:].lstrip())
    if to is not None and number(to[1]).isdigit():
        return _behind(first, int(number(to[1])), to[1] + "日")
    span = _SPAN.search(plain)
    if span is None or not number(span[1]).isdigit():
        return first
    days = int(number(span[1]))
    if not days:
        raise Wrong(Slip.NO_DAYS, span[1] + "天")
    if days > MOST_DAYS:
        raise Wrong(Slip.TOO_LONG, span[1] + "天")
    return first + timedelta(days=days - 1)


def _day(match: re.Match[str], today: date) -> date:
    """The day that is named. Raises Wrong where no calendar has it."""
    if match["near"]:
        return today + timedelta(days=_NEAR[match["near"]])
    if match["weekday"]:
        return _of_week(match, today)
    month = match["month"] or match["bare_month"]
    day, said = int(number(match["day"] or match["bare_day"])), match[0]
    if month is None:
        return _next_numbered(day, today, said)
    number_ = int(number(month))
    if not 1 <= number_ <= _MONTHS:
        raise Wrong(Slip.NO_SUCH_DAY, said)
    year = int(match["year"] or today.year)
    ends = date(year, number_, monthrange(year, number_)[1])
    gone = today - min(ends, ends.replace(day=max(1, min(day, ends.day)))) > _LONG
    return _of(year + (gone and not match["year"]), number_, day, said)


def _of_week(match: re.Match[str], today: date) -> date:
    at = _WEEK.index(match["weekday"].replace("天", "日"))
    monday = today - timedelta(days=today.weekday())
    found = monday + timedelta(days=at + (7 if (match["week"] or "").startswith("下") else 0))
    return found if found >= today or match["week"] else found + timedelta(days=7)


def _next_numbered(day: int, today: date, said: str) -> date:
    """The next day of that number; the months that have none are left out. Raises Wrong."""
    if not 1 <= day <= _LONGEST:
        raise Wrong(Slip.NO_SUCH_DAY, said)
    month = today.replace(day=1)
    while monthrange(month.year, month.month)[1] < day or month.replace(day=day) < today:
        month = (month + timedelta(days=32)).replace(day=1)
    return month.replace(day=day)


def _of(year: int, month: int, day: int, said: str) -> date:
    """A date. Raises Wrong, with the last day of its month, where there is no such day."""
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise Wrong(Slip.NO_SUCH_DAY, said, date(year, month, last) if day > last else None)
    return date(year, month, day)
