"""Written spans of time: 两天, 半个小时, 3个半月; and how much longer somebody asks for."""

import re
from datetime import timedelta

from bot.understanding.normalise import EDGES, NUMBER, Clean, number
from bot.understanding.words import lazy

_NUMBER_OF = rf"({NUMBER}|半)"
_DURATION = lazy(rf"{_NUMBER_OF} ?个?(半)?(天|日|小时|钟头|周|星期|礼拜|月|分钟)")
_UNITS = {
    "天": timedelta(days=1), "日": timedelta(days=1), "小时": timedelta(hours=1),
    "钟头": timedelta(hours=1), "周": timedelta(weeks=1), "星期": timedelta(weeks=1),
    "礼拜": timedelta(weeks=1), "月": timedelta(days=30), "分钟": timedelta(minutes=1),
}  # fmt: skip
_EXTEND_BEFORE = lazy(
    r"(?:还|可能|大概|估计|最多|先)?(?:需要?|要|得)?(?:申请)?"
    r"(?:延期?|延长|延后|延迟|宽限|往后(?:推|延|拖)|推迟|推后|推|拖|缓|晚|再给|多给|申请|顺延|再要|再等)"
    r"[到至个我 ]{0,2}$"
)
_SPENT = lazy(r"(?:了|已经?|过去|超过|[0-9十]月|[到至]第?)$")  # 等了三天, 到25日: no span
_FILLERS = frozenset("吧 了 后 时间 的时间 时间吧 申请".split())
_LONGEST = timedelta(days=365)


def _span_of(match: re.Match[str]) -> timedelta | None:
    """A written duration; None where it is absurd."""
    unit = _UNITS[match[3]]
    if match[1] == "半":
        return unit / 2
    count = number(match[1])
    if not count.isdigit():
        return None
    span = unit * int(count) + (unit / 2 if match[2] else timedelta())
    return span if timedelta() < span <= _LONGEST else None


def _no_span(match: re.Match[str], before: str) -> bool:
    """Whether the number tells a date or time already gone, not how much longer."""
    dated = match[3] == "日" or (match[3] == "月" and match[1] != "半" and "个" not in match[0])
    end = re.search(r"[到至]$", before)
    return bool(dated and (end or match[3] == "月" or before.endswith("月"))) or bool(
        _SPENT.search(before) and not end
    )


def extension(rest: Clean) -> tuple[timedelta | None, str]:
    """How much longer, and why; a duration counts at the edges or behind 延期 and the like."""
    for match in _DURATION.finditer(rest.plain):
        start, end = match.span()
        before = rest.plain[:start].rstrip(EDGES)
        at_edge = not before or not rest.plain[end:].strip(EDGES + "吧了哈后")
        lead = _EXTEND_BEFORE.search(rest.plain[:start])
        span = _span_of(match)
        if span is None or _no_span(match, before) or not (at_edge or lead):
            continue
        head = rest.cut(0, lead.start() if lead else start).strip(EDGES).tidy
        tail = rest.cut(end).strip(EDGES).tidy
        return span, " ".join(part for part in (head, tail) if part and part not in _FILLERS)
    return None, rest.tidy
