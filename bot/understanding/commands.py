"""Explicit command words: what staff and residents type to make the bot do something."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.understanding import category
from bot.understanding.handing import named, sent_on
from bot.understanding.normalise import EDGES, NUMBER, Clean, number
from bot.understanding.sieve import Sieves
from bot.understanding.slots import case_number
from bot.understanding.spans import extension
from bot.understanding.visit_sayings import not_made
from bot.understanding.words import any_of, lazy, lexicon, longest_first

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
# Whole messages by their shape: what a group named `words` holds goes along with the command.
_BLOCKS = lazy(r"<(" + "|".join(_DATA["blocks"]) + ")>")
_SAYINGS = {
    who: Sieves(
        {
            intent: [_BLOCKS.sub(lambda found: _DATA["blocks"][found[1]], one) for one in shapes]
            for intent, shapes in _DATA["sayings"].get(who, {}).items()
        }
    )
    for who in ("staff", "all")
}
# What a case's step comes with, as its reason or result, where the step's word stands first.
_BESIDE_A_STEP = ("leave_ask", "visited")
NOT_HIS = "not_his"  # a step of staff, said by somebody who is none
_SAYING = 4000  # characters; a notice that is too long is to be told so
CORRECTIONS = tuple(_DATA["correct"])
_CORRECT = {word: intent for intent, words in _DATA["correct"].items() for word in words.split()}
_STAFF_WORD = longest_first(_STAFF)
_ALL_WORD = longest_first(_ALL)
_OTHER_WORD = any_of(_DATA["other_word"])
_ASKED = any_of(_DATA["asked"])
_ASKS = lazy(r"[吗么呢?谁哪]|没有?$|什么|怎么|多久")
_LIST_OWN = any_of(_DATA["list_own"])
# "取消" alone or before a case withdraws; "取消停车费" wants something else.
_LOOSE = frozenset("取消 撤销 撤回".split())
_LOOSE_REST = lazy(r"$|[ ,。!吧了]|g ?[0-9]|[0-9]|案|工单|报|这|那|刚|我|上门")
_BARE_NUMBER = lazy(r"[ :,#]{0,3}([0-9]{4,40})(?![0-9]|元|块|年|号楼|栋|幢|单元|室)")
_NUMBERED = lazy(r"号(?:案件?|工?单)?(?![楼院栋幢门])")
_OPEN_THOSE = lazy(
    rf"(?:{longest_first(_DATA['correct']['open_case'].split()).pattern})[ ,:第]*"
    rf"({NUMBER}(?:[ ,、和]+{NUMBER})*) ?[条个件]?"
)
_CLASSIFY = lazy(
    rf"(?:{longest_first(_DATA['correct']['reclassify'].split()).pattern})"
    r"(?P<to>[成为是到])?(?P<gap>[ :,]*)"
)
_BIND = lazy(r"^绑定 ?(网格|片区)?[ :]{0,3}(.{0,60})$")
_STEP_ENDS = lazy(r"$|[ ,.:;。!#]|g ?[0-9]")
_SHORT = 24
_NAME, _SHORT_NAME = 12, 4


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
    head = text.strip(EDGES)
    if whole := _whole(head, staff=staff):
        return whole
    if bind := _BIND.match(head.plain):
        return _bound(head, bind)
    number_first, rest = without_number(head, leading=True)
    return _led(rest, number_first, staff=staff) or (
        None if staff else _not_his(rest, number_first)
    )


def _led(rest: Clean, number_first: str | None, *, staff: bool) -> Command | None:
    """The command whose word leads these words, which stood behind a case's number if any."""
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


def _not_his(rest: Clean, known: str | None) -> Command | None:
    """A step of staff with a case's number, in the words of somebody else: 接单 G1001."""
    match = _STAFF_WORD.match(rest.plain)
    if match is None or _OTHER_WORD.match(rest.plain, match.end()) or _ASKS.search(rest.plain):
        return None
    told = _filled(_STAFF[match[0]], rest.cut(match.end()), known)
    return replace(told, intent=NOT_HIS) if told.case_number else None


def _whole(head: Clean, *, staff: bool) -> Command | None:
    """What the message as a whole stands for."""
    exact = _exact(head.plain, staff=staff)
    if exact:
        return Command(exact)
    told = _saying(head, staff=staff) or (_correction(head) if staff else None)
    if told is not None and told.intent in _BESIDE_A_STEP and _of_a_case(head):
        return None
    return told or (Command("visited") if staff and not_made(head.plain) else None)


def _saying(head: Clean, *, staff: bool) -> Command | None:
    """A whole message that has the shape of a command."""
    if len(head.plain) > _SAYING:
        return None
    told = _SAYINGS["staff"].whole(head.plain) if staff else None
    told = told or _SAYINGS["all"].whole(head.plain)
    if told is None:
        return None
    intent, match = told
    start, end = match.span("words") if "words" in match.re.groupindex else (0, 0)
    return Command(intent, head.tidy[start:end].strip(EDGES))


def _of_a_case(head: Clean) -> bool:
    """Whether a step of a case is told first, or that an office gets it: 退回 我在休假, 转物业."""
    _, rest = without_number(head, leading=True)
    step = _STAFF_WORD.match(rest.plain)
    if step is not None and _STAFF[step[0]] != "worker_visit":
        return bool(_STEP_ENDS.match(rest.plain, step.end()))
    return sent_on(rest.plain)


def _exact(plain: str, *, staff: bool) -> str | None:
    """What the whole message stands for."""
    if staff and len(plain) <= _SHORT and _LIST_OWN.match(plain):
        return "my_cases"
    return _EXACT.get(plain.replace(" ", "").rstrip(EDGES))


def _correction(head: Clean) -> Command | None:
    """What staff say the bot got wrong: the whole message and nothing else."""
    case, rest = without_number(head)
    rest = rest.strip(EDGES)
    if intent := _CORRECT.get(rest.plain.replace(" ", "")):
        return Command(intent, case_number=case)
    if those := _OPEN_THOSE.fullmatch(rest.plain):
        numbers = (number(one) for one in re.findall(NUMBER, those[1]))
        return Command("open_case", " ".join(numbers), case)
    match = _CLASSIFY.match(rest.plain)
    if match is None:
        return None
    name = rest.cut(match.end()).strip(EDGES)
    parted = bool(match["to"] or match["gap"])
    if _ASKED.match(name.plain) or not _is_category(name.plain, parted=parted):
        return None
    return Command("reclassify", name.tidy, case)


def _is_category(plain: str, *, parted: bool) -> bool:
    """Whether this may name a category; right behind 分类 only a short word that is one."""
    if _OTHER_WORD.match(plain):
        return False
    if parted:
        return 0 < len(plain) <= _NAME
    return 0 < len(plain) <= _SHORT_NAME and bool(category.scores(plain))


def _bound(head: Clean, bind: re.Match[str]) -> Command:
    """A binding: of a group to a grid, or of a person to a code."""
    intent = "bind_grid" if bind[1] else "bind_me"
    return Command(intent, name=head.tidy[bind.start(2) : bind.end(2)].strip(EDGES) or None)


def _filled(intent: str, rest: Clean, known: str | None) -> Command:
    """The command with its number, its name or duration, and the words that remain."""
    found, rest = without_number(rest)
    case = known or found
    if case is None and (bare := _BARE_NUMBER.match(rest.plain)):
        case, rest = f"G{bare[1]}", rest.cut(bare.end())
    if case and (counter := _NUMBERED.match(rest.plain)):
        rest = rest.cut(counter.end())
    rest = rest.strip(EDGES)
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
        body = body[1:].strip(EDGES)
    return body


def without_number(text: Clean, *, leading: bool = False) -> tuple[str | None, Clean]:
    """The case number and the text without it; with `leading` only where the text begins so."""
    found = case_number(text.plain, leading=leading)
    if found is None:
        return None, text
    value, start, end = found
    gap = " " if start > 0 and end < len(text.plain) else ""
    rest = Clean(
        text.tidy[:start] + gap + text.tidy[end:], text.plain[:start] + gap + text.plain[end:]
    )
    return value, rest.strip(EDGES)
