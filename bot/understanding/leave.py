"""A request for leave: from which day to which, and who stands in."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.understanding.normalise import NUMBER, clean, number

_NEAR = {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3}
_WEEK = "一二三四五六日"
_DAY = re.compile(
    rf"(?:(?P<year>20[0-9]{{2}})年)?(?:(?P<month>{NUMBER})月 ?)?(?P<day>{NUMBER})[日号]"
    rf"|(?P<bare_month>{NUMBER})月(?P<bare_day>{NUMBER})"
    r"|(?P<near>大后天|今[天日]|明[天日]|后天)"
    r"|(?P<week>下个?|这个?|本)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
)
_SPAN = re.compile(rf"(?:请|休|共|一共|假|连)?({NUMBER})天")
_TO = re.compile(rf"[到至~\-—]+ ?({NUMBER})[日号]?(?= |,|。|$|[^0-9月])")
_NAME = re.compile(
    r"(?:由|让|请|找|叫|换)?([\u4e00-\u9fff]{2,4}?)(?:来|帮忙?|替我?)?(?:代班|代岗|顶班|顶岗|代替|替班|顶替|接替|代|替|顶)"
)
_LEADING = re.compile(r"^(?:请假|假|日|号|天|由|让|请|找|叫|换|和|我|是|网格员|同事)+")
_LONG = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class Wish:
    """Days, both included, None where they were not said; the substitute's name or ""."""

    first: date | None
    last: date | None
    name: str


def wish(text: str, today: date) -> Wish:
    """Read a request. Days without a month are the next ones that bear the number."""
    plain = clean(text).plain
    found = list(_DAY.finditer(plain))
    days = [day for one in found if (day := _day(one, today)) is not None]
    first = days[0] if days else None
    last = days[1] if len(days) > 1 else first
    if first is not None and len(days) == 1:
        last = _last(plain, found[0].end(), first)
    rest = _DAY.sub(" ", plain)
    named = _NAME.search(rest)
    name = _LEADING.sub("", named[1]) if named else ""
    return Wish(first, last, name)


def _last(plain: str, behind: int, first: date) -> date:
    """The last day where only the first was named whole: 25日到27, 25日起三天."""
    to = _TO.match(plain[behind:].lstrip())
    if to is not None and (there := _of(first.year, first.month, int(number(to[1])))) is not None:
        return there
    span = _SPAN.search(plain)
    if span is not None and number(span[1]).isdigit():
        return first + timedelta(days=max(0, min(int(number(span[1])), 60) - 1))
    return first


def _day(match: re.Match[str], today: date) -> date | None:
    if match["near"]:
        return today + timedelta(days=_NEAR[match["near"]])
    if match["weekday"]:
        return _of_week(match, today)
    month = match["month"] or match["bare_month"]
    day = number(match["day"] or match["bare_day"])
    if not day.isdigit() or (month and not number(month).isdigit()):
        return None
    if month is None:
        return _next_numbered(int(day), today)
    year = int(match["year"] or today.year)
    found = _of(year, int(number(month)), int(day))
    if found is not None and not match["year"] and today - found > _LONG:
        found = _of(year + 1, found.month, found.day)
    return found


def _of_week(match: re.Match[str], today: date) -> date:
    at = _WEEK.index(match["weekday"].replace("天", "日"))
    monday = today - timedelta(days=today.weekday())
    found = monday + timedelta(days=at + (7 if (match["week"] or "").startswith("下") else 0))
    return found if found >= today or match["week"] else found + timedelta(days=7)


def _next_numbered(day: int, today: date) -> date | None:
    here = _of(today.year, today.month, day)
    if here is not None and here >= today:
        return here
    after = today.replace(day=1) + timedelta(days=32)
    return _of(after.year, after.month, day)


def _of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
