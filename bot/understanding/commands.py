"""Explicit command words: what staff and residents type to make the bot do something."""

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.understanding.normalise import NUMBER, Clean, number
from bot.understanding.slots import case_number
from bot.understanding.words import any_of, lexicon, longest_first

_DATA = lexicon("commands")
_STAFF: dict[str, str] = {
    word: intent for intent, words in _DATA["staff"].items() for word in words.split()
}
_ALL: dict[str, str] = {
    word: intent for intent, words in _DATA["all"].items() for word in words.split()
}
_EXACT: dict[str, str] = {
    word: intent for intent, words in _DATA["exact"].items() for word in words.split()
}
_STAFF_WORD = longest_first(_STAFF)
_ALL_WORD = longest_first(_ALL)
_OTHER_WORD = any_of(_DATA["other_word"])
_ASKED = any_of(_DATA["asked"])
# "取消" alone or before a case withdraws; "取消停车费" wants something else.
_LOOSE = frozenset("取消 撤销 撤回".split())
_LOOSE_REST = re.compile(r"$|[ ,。!吧了]|g ?[0-9]|[0-9]|案|工单|报|这|那|刚|我|上门")
_BARE_NUMBER = re.compile(r"[ :,#]{0,3}([0-9]{4,40})(?![0-9]|元|块|年|号楼|栋|幢|单元|室)")
_BIND = re.compile(r"^绑定 ?(网格|片区)?[ :]{0,3}(.{0,60})$")
_EDGES = " ,.;:!?~。、，；：！？…-—"
EDGES = _EDGES
_OFFICE = longest_first(_DATA["offices"].split())
_OFFICE_LED = re.compile(
    rf"[^ ,。;:!?]{{0,8}}?(?:{_OFFICE.pattern})(?:公司|队|部门|中心|局|所|办)?"
)
_GIVEN = re.compile(r"^(?:派|转)?(?:给|到|至|由|去|往|请)+ ?")
_TAIL = re.compile(
    r"(?:他们|你们|那边|这边)?(?:去|来|帮忙|负责|统一)?(?:处理|办理|办|弄|看看|看一下|看|跟进|解决|维修|修|管|接手|接)?(?:一下)?(?:吧|了|啦|哈|啊|呢)?$"
)
_TO = re.compile(r"(?:转派|派|转|移交|交|推送?)(?:给|到|至|由)([^ ,。;:!?]{1,16})")
_SENT = re.compile(rf"转(?:给|到|至|由)?((?:{_OFFICE.pattern}))")
_OWNED = re.compile(r"(?:归|属于|该|应该是?|是|找|由)([^ ,。;:!?]{1,10}?)(?:管|负责|的事|处理|的)")
_PRONOUN = re.compile(r"^(?:他们?|她们?|它|那边|对方|别人|人家|你们?|专业单位)")
_NUMBER_OF = rf"({NUMBER}|半)"
_DURATION = re.compile(rf"{_NUMBER_OF} ?个?(半)?(天|日|小时|钟头|周|星期|礼拜|月|分钟)")
_UNITS = {
    "天": timedelta(days=1), "日": timedelta(days=1), "小时": timedelta(hours=1),
    "钟头": timedelta(hours=1), "周": timedelta(weeks=1), "星期": timedelta(weeks=1),
    "礼拜": timedelta(weeks=1), "月": timedelta(days=30), "分钟": timedelta(minutes=1),
}  # fmt: skip
_EXTEND_BEFORE = re.compile(
    r"(?:申请)?(?:延期?|延长|宽限|推迟|缓|再给|多给|申请|顺延|再要)[到至个我 ]{0,2}$"
)
_FILLERS = frozenset("吧 了 后 时间 的时间 时间吧 申请".split())
_LONGEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Command:
    """A command word with what came with it."""

    intent: str
    words: str = ""
    case_number: str | None = None
    name: str | None = None
    duration: timedelta | None = None


def parse(text: Clean, *, staff: bool) -> Command | None:
    """The command this text begins with, or None."""
    head = text.strip(_EDGES)
    exact = _EXACT.get(head.plain.replace(" ", "").rstrip(_EDGES)) if head.plain else None
    if exact:
        return Command(exact)
    if bind := _BIND.match(head.plain):
        return _bound(head, bind)
    number_first, rest = without_number(head, leading=True)
    words, pattern = (_STAFF, _STAFF_WORD) if staff else (_ALL, _ALL_WORD)
    match = pattern.match(rest.plain) or (_ALL_WORD.match(rest.plain) if staff else None)
    if match is None or _OTHER_WORD.match(rest.plain[match.end() :]):
        return None
    if _ASKED.match(rest.plain[match.end() :]):
        return Command("progress", rest.tidy, number_first) if number_first else None
    if match[0] in _LOOSE and not _LOOSE_REST.match(rest.plain, match.end()):
        return None
    intent = words.get(match[0]) or _ALL[match[0]]
    return _filled(intent, rest.cut(match.end()), number_first)


def _bound(head: Clean, bind: re.Match[str]) -> Command:
    """A binding: of a group to a grid, or of a person to a code."""
    intent = "bind_grid" if bind[1] else "bind_me"
    return Command(intent, name=head.tidy[bind.start(2) : bind.end(2)].strip(_EDGES) or None)


def _filled(intent: str, rest: Clean, known: str | None) -> Command:
    """The command with its number, its name or duration, and the words that remain."""
    found, rest = without_number(rest)
    case = known or found
    if case is None and (bare := _BARE_NUMBER.match(rest.plain)):
        case, rest = f"G{bare[1]}", rest.cut(bare.end())
    rest = rest.strip(_EDGES)
    if intent == "worker_transfer":
        name, words = named(rest)
        return Command(intent, words, case, name)
    if intent == "worker_extend":
        span, words = extension(rest)
        return Command(intent, words, case, duration=span)
    return Command(intent, _unfilled(rest), case)


def _unfilled(rest: Clean) -> str:
    """The remaining words without the filler right behind the command word."""
    body = rest.tidy
    while body[:1] in {"了", "啦", "吧", "哈", "呀", "啊"}:
        body = body[1:].strip(_EDGES)
    return body


def without_number(text: Clean, *, leading: bool = False) -> tuple[str | None, Clean]:
    """The case number and the text without it; with `leading` only where the text begins so."""
    found = case_number(text.plain)
    if found is None or (leading and found[1] > 0):
        return None, text
    value, start, end = found
    gap = " " if start > 0 and end < len(text.plain) else ""
    rest = Clean(
        text.tidy[:start] + gap + text.tidy[end:], text.plain[:start] + gap + text.plain[end:]
    )
    return value, rest.strip(_EDGES)


def named(rest: Clean) -> tuple[str | None, str]:
    """To whom it goes, and the words after that: the first word behind 给."""
    lead = _GIVEN.match(rest.plain)
    body = rest.cut(lead.end() if lead else 0).strip(_EDGES)
    if not body.plain:
        return None, ""
    cut = re.search(r"[ ,。;:!?、]", body.plain)
    first, after = (
        (body.cut(0, cut.start()), body.cut(cut.end())) if cut else (body, body.cut(0, 0))
    )
    words = after.strip(_EDGES).tidy
    if office := _OFFICE_LED.match(first.plain):
        tail = first.cut(office.end())
        if _TAIL.fullmatch(tail.plain):
            return first.tidy[: office.end()], words
    kept = _TAIL.sub("", first.plain)
    return first.tidy[: len(kept)] or None, words


def freely_named(text: Clean) -> str | None:
    """To whom a freely worded hand-over goes."""
    for pattern in (_SENT, _TO, _OWNED):
        for match in pattern.finditer(text.plain):
            if not _PRONOUN.match(match[1]):
                name, _ = named(text.cut(*match.span(1)))
                if name:
                    return name
    office = _OFFICE.search(text.plain)
    return text.tidy[office.start() : office.end()] if office else None


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


def extension(rest: Clean) -> tuple[timedelta | None, str]:
    """How much longer, and why; a duration counts at the edges or behind 延期 and the like."""
    for match in _DURATION.finditer(rest.plain):
        start, end = match.span()
        before = rest.plain[:start].rstrip(_EDGES)
        at_edge = not before or not rest.plain[end:].strip(_EDGES + "吧了哈后")
        lead = _EXTEND_BEFORE.search(rest.plain[:start])
        span = _span_of(match)
        if span is None or not (at_edge or lead):
            continue
        head = rest.cut(0, lead.start() if lead else start).strip(_EDGES).tidy
        tail = rest.cut(end).strip(_EDGES).tidy
        return span, " ".join(part for part in (head, tail) if part and part not in _FILLERS)
    return None, rest.tidy
