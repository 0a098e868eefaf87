"""Answers to a poll, and a poll as somebody words it: questions with numbered options (H9, J3)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.understanding.normalise import NUMBER_SIGN, clean, number
from bot.understanding.words import lazy
from domain.poll_rules import MOST_OPTIONS, Question

# Whatever has another sign is none: hardly any message has to be looked at closely.
_POSSIBLE = lazy(
    r"[0-9A-Ia-i０-９Ａ-Ｉａ-ｉ①-⑨一二三四五六七八九问卷应知应会测验号第改成为选我家答案是吧"
    r"题提个道份张项投填呢的"
    r"#.,、;:。，；：．　 ]+"
)
_NAMED = lazy(
    r"^(?:问卷|应知应会|测验) ?[#第]? ?([0-9]{1,9}|[一二三四五六七八九])(?:号)?"
    r"(?:[ :,]+|(?=我?家?[选答改]))"
)
_QUOTED = lazy(r"【(?:问卷|应知应会) ?([0-9]{1,9})】")
_LEAD = lazy(r"^(?:我家?|选|答案?|是|改(?:成|为|选)?|[ :,])+")
_BEFORE = lazy(r"(?:我们?家?|俺家?|还是|就|那|选|要|放|投|觉得|[ ,])*")
_BEHIND = lazy(r"(?:吧|好|啊|呀|的|了|合适|更好|比较好|[ ,。!])*")
_GAP = " ,.、;:。"
# 第一个选1 第二个选3: so many, in order; 题 is often heard as 提.
_EACH = lazy(
    rf"(?:第({NUMBER_SIGN})(?:个|[题提]|[道份张项][题提]?)|({NUMBER_SIGN})[题提])"
    rf"(?:我|我家)?(?:选|是|答|填|投)?[{_GAP}]*"
    rf"([1-9a-i])(?:吧|的|呢)?(?![0-9a-i])[{_GAP}]*"
)
_BEFORE_EACH = lazy(rf"(?:[题提](?![0-9])|答案?|我家?|[{_GAP}])*")
_MARKS = lazy(rf"[1-9](?:[{_GAP}]*[1-9]){{0,8}}|[a-i](?:[{_GAP}]*[a-i]){{0,8}}")
_PAIRS = lazy(rf"(?:[1-9][ .:、]?[a-i][{_GAP}]*){{1,9}}")
_PAIR = lazy(r"([1-9])[ .:、]?([a-i])")
_LONG = 40  # signs; an answer to a poll is no longer than that
_BEFORE_A = ord("a") - 1

_HEAD = lazy(r"^.{0,20}?(?:问卷|民意调查)(?:调查)?[ :：,，\n]+", re.DOTALL)
_ITEM = lazy(r"^[ ]*[0-9]{1,2}[.、．）)] *")
_NO_OPTION = "0-9点号月日天个楼栋幢单元层户人年元次条"
_EDGES = " 　,，;；:：.。、?？"


@dataclass(frozen=True, slots=True)
class Marked:
    """An answer: the options chosen, counted from 1; `number` of the poll, 0 where none is said.

    `places` are those that were named for the options, () for none: 第二个选3. `anew` tells that
    an earlier answer is changed.
    """

    marks: tuple[int, ...]
    number: int = 0
    places: tuple[int, ...] = ()
    anew: bool = field(default=False, compare=False)


def marked(text: str, quote: str = "") -> Marked | None:
    """Read an answer: 121, 1 2 1, bac, 1B 2A, with 问卷 12 before it or its poll quoted."""
    if len(text) > _LONG or not _POSSIBLE.fullmatch(text):
        return None
    plain = clean(text).plain.strip(_EDGES)
    named = _NAMED.match(plain)
    said = plain[named.end() :] if named else plain
    lead = _LEAD.match(said)
    body = said[lead.end() if lead else 0 :]
    anew = bool(lead) and "改" in said[: lead.end() if lead else 0]
    body = body.removesuffix("吧").strip(_EDGES)
    told = named or _QUOTED.search(quote)
    whose = int(number(told[1])) if told else 0
    if marks := _marks(body):
        return Marked(marks, whose, anew=anew)
    placed = _each(body)
    return Marked(tuple(placed.values()), whose, tuple(placed), anew) if placed else None


def worded(text: str, options: Sequence[str]) -> Marked | None:
    """Read the answer to one question in its words: 东门, 我选东门, 放东门好; else None."""
    if len(text) > _LONG:
        return None
    said = clean(text).plain.strip(_EDGES)
    for at, option in enumerate(options, 1):
        before, found, after = said.partition(clean(option).plain)
        if found and _BEFORE.fullmatch(before) and _BEHIND.fullmatch(after):
            return Marked((at,))
    return None


def _marks(body: str) -> tuple[int, ...]:
    """The options in order; () where this is no answer."""
    if _PAIRS.fullmatch(body):
        pairs = sorted((int(at), letter) for at, letter in _PAIR.findall(body))
        if [at for at, _ in pairs] != list(range(1, len(pairs) + 1)):
            return ()
        return tuple(ord(letter) - _BEFORE_A for _, letter in pairs)
    if not _MARKS.fullmatch(body):
        return ()
    signs = (sign for sign in body if sign not in _GAP)
    return tuple(map(_option, signs))


def _each(body: str) -> dict[int, int]:
    """The options by the place that was named for each, in order; empty where this is no answer."""
    start = _BEFORE_EACH.match(body)
    at = start.end() if start else 0
    found: dict[int, int] = {}
    while at < len(body):
        one = _EACH.match(body, at)
        place = int(number(one[1] or one[2])) if one else 0
        if one is None or place <= max(found, default=0):
            return {}
        found[place] = _option(one[3])
        at = one.end()
    return found


def _option(sign: str) -> int:
    return int(sign) if sign.isdigit() else ord(sign) - _BEFORE_A


def questions(text: str) -> tuple[Question, ...]:
    """Read 问卷 您知道网格员是谁吗 1知道 2不知道, one a line; () where options are missing."""
    lines = [one.strip() for one in _HEAD.sub("", text).splitlines() if one.strip()]
    found = tuple(_question(_ITEM.sub("", one) or one) for one in lines)
    return tuple(one for one in found if one is not None) if all(found) else ()


def _question(line: str) -> Question | None:
    for first in ("A", "1"):
        marks = _options(line, first)
        if len(marks) > 1:
            ends = [one.start() for one in marks[1:]] + [len(line)]
            texts = (line[one.end() : end] for one, end in zip(marks, ends, strict=True))
            options = tuple(text.strip(_EDGES) for text in texts)
            return Question(line[: marks[0].start()].strip(" 　,，:："), options)
    return None


def _options(line: str, first: str) -> list[re.Match[str]]:
    """The marks of options, one after the other: 1 2 3, or A B C."""
    found: list[re.Match[str]] = []
    start = 0
    for at in range(MOST_OPTIONS):
        sign = chr(ord(first) + at)
        either = f"[{sign}{sign.lower()}]"
        one = re.compile(rf"(?<![0-9A-Za-z]){either}[.、．:：)） ]*(?![A-Za-z{_NO_OPTION}])")
        match = one.search(line, start)
        if match is None:
            break
        found.append(match)
        start = match.end()
    return found
