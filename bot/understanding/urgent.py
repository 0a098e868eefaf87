"""Danger now: found generously, weighed, and filtered where the words say past, perhaps or told.

The words stand in lexicon/urgent.toml: sets of words (`<person>`, `<lift>` ...), kinds of danger
made of them, cues that raise or lower the alarm, filters. The rule is the guideline's section 3: a
person in danger, or harm that spreads, now or at once; not what is past, feared or a nuisance.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Any

from bot.understanding.sieve import Sieves, alternatives
from bot.understanding.words import any_of, lazy, lexicon

ENOUGH = 2.5  # the evidence that makes a danger
_FULL = 5.0  # ... and that which leaves no doubt
_MORE = 1.0  # what each further kind adds to the heaviest; a hint adds half of it
_HINT = 2.0  # kinds that weigh less are hints
_COUNTED = 4  # so many kinds are counted
_SHORTLY = 30  # characters before a find in which words of the past clear it
_BEFORE = 24  # ... in which a word of fear or doubt does

_DATA = lexicon("urgent")
_PLACEHOLDER = lazy(r"<([a-z_]+)>")
_SENTENCE_END = lazy(r"[。?;\n]")  # people put ! after every word
_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Danger:
    """What is dangerous: its category, and the hazard by which the safety words are chosen."""

    category: str
    hazard: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of danger; the head of the list in the word file explains the fields."""

    danger: Danger
    weight: float
    lasting: bool
    unless: re.Pattern[str] | None
    near: tuple[tuple[str, str, int], ...]


def _filled(pattern: str, sets: dict[str, str]) -> str:
    """The pattern with each `<name>` replaced by the words it stands for."""
    return _PLACEHOLDER.sub(lambda found: f"(?:{sets[found[1]]})", pattern)


def _sets() -> dict[str, str]:
    sets: dict[str, str] = {}
    for name, words in _DATA["words"].items():
        sets[name] = _filled("|".join(words), sets)
    return sets


_WORDS = _sets()


def _list(patterns: list[str]) -> list[str]:
    """The single patterns of a list of the word file, each searched for itself."""
    return [single for one in patterns for single in alternatives(_filled(one, _WORDS))]


def _kind(raw: dict[str, Any]) -> _Kind:
    unless = raw.get("unless")
    return _Kind(
        Danger(raw["category"], raw["hazard"]),
        raw["weight"],
        bool(raw.get("lasting")),
        lazy(_filled(unless, _WORDS)) if unless else None,
        tuple((one, other, gap) for one, other, gap in raw.get("near", [])),
    )


def _other(part: str, pair: tuple[str, str, int]) -> list[str]:
    """The half of a pair that stands beside this part; nothing where it is of another pair."""
    one, other, _ = pair
    return [other] * (part == one) + [one] * (part == other)


_KINDS = [_kind(raw) for raw in _DATA["danger"]]
# The sure patterns of all kinds, with the number of the kind, and the parts of the pairs.
PATTERNS = [
    (single, number)
    for number, raw in enumerate(_DATA["danger"])
    for single in _list(raw.get("any", []))
]
_OF_KIND = {f"{at}": number for at, (_, number) in enumerate(PATTERNS)}
_PARTS = {part: any_of(_list([part])) for kind in _KINDS for pair in kind.near for part in pair[:2]}
_WITH_PART = {
    part: [
        number for number, kind in enumerate(_KINDS) if any(part in pair[:2] for pair in kind.near)
    ]
    for part in _PARTS
}
_PARTNERS = {
    part: {other for kind in _KINDS for pair in kind.near for other in _other(part, pair)}
    for part in _PARTS
}
_FILTER = {name: any_of(_list(patterns)) for name, patterns in _DATA["filter"].items()}
_PERHAPS_BEFORE = lazy(f"(?:{_FILTER['perhaps'].pattern})[^,。!?;]{{0,10}}$")
_DENIED = lazy(f"(?:{_FILTER['denied'].pattern})$")
# One look says which of all these are in a message.
_LOOK = Sieves(
    {f"{at}": [pattern] for at, (pattern, _) in enumerate(PATTERNS)}
    | {part: _list([part]) for part in _PARTS}
    | {f"cue:{name}": _list(raw["any"]) for name, raw in _DATA["cue"].items()}
    | {f"filter:{name}": _list(_DATA["filter"][name]) for name in ("idiom", "again")}
)
_CUES = {f"cue:{name}": float(raw["weight"]) for name, raw in _DATA["cue"].items()}


@cache
def _compiled(at: int) -> re.Pattern[str]:
    """A sure pattern, when it is first needed: most never are."""
    return re.compile(PATTERNS[at][0])


def danger(plain: str) -> Danger | None:
    """The danger that is there right now, or None; it is the same whoever says it."""
    score, found = _weighed(plain)
    return found if score >= ENOUGH else None


def alarm(plain: str) -> float:
    """How much it smells of danger, from 0 to 1; `danger` is sure from a half on."""
    return max(0.0, min(1.0, _weighed(plain)[0] / _FULL))


def imagined(plain: str) -> bool:
    """Whether the words speak of what might be: 担心, 万一, 会不会."""
    return bool(_FILTER["perhaps"].search(plain))


@lru_cache(maxsize=4)  # the same message is asked about more than once while it is read
def _weighed(plain: str) -> tuple[float, Danger | None]:
    """The evidence, and the danger it speaks for; without a danger the cues count half."""
    seen = set(_LOOK.found(plain))
    if not seen:
        return 0.0, None
    if "filter:idiom" in seen:
        plain = _FILTER["idiom"].sub("…", plain)
        seen = set(_LOOK.found(plain))
    kinds = sorted(_kinds(plain, seen), key=lambda kind: -kind.weight)
    cues = sum(_CUES[name] for name in seen & _CUES.keys())
    if "cue:over" in seen and "filter:again" in seen:
        cues -= _CUES["cue:over"]
    if not kinds:
        return cues / 2, None
    more = sum(_MORE if kind.weight >= _HINT else _MORE / 2 for kind in kinds[1:_COUNTED])
    return kinds[0].weight + more + cues, _named(kinds)


def _named(kinds: list[_Kind]) -> Danger:
    """The danger that most of the evidence is for; the first named where it is even."""
    weights: dict[Danger, float] = {}
    for kind in kinds:
        weights[kind.danger] = weights.get(kind.danger, 0.0) + kind.weight
    return max(weights, key=lambda danger: weights[danger])


def _kinds(plain: str, seen: set[str]) -> Iterator[_Kind]:
    """The kinds that are really there, in the order of the word file."""
    sure: dict[int, list[re.Pattern[str]]] = {}
    for name in seen:
        if (number := _OF_KIND.get(name)) is not None:
            sure.setdefault(number, []).append(_compiled(int(name)))
    parts = {
        name: [found.span() for found in _PARTS[name].finditer(plain)]
        for name in seen & _PARTS.keys()
        if not seen.isdisjoint(_PARTNERS[name])  # half a pair is none
    }
    for number in sorted({*sure, *(number for part in parts for number in _WITH_PART[part])}):
        kind = _KINDS[number]
        finds = chain(_spans(plain, sure.get(number, ())), _pairs(plain, kind, parts))
        if any(_real(plain, start, end, lasting=kind.lasting) for start, end in finds) and not (
            kind.unless and kind.unless.search(plain)
        ):
            yield kind


def _spans(plain: str, patterns: Iterable[re.Pattern[str]]) -> Iterator[_Span]:
    """Where these patterns match."""
    for pattern in patterns:
        for found in pattern.finditer(plain):
            yield found.span()


def _pairs(plain: str, kind: _Kind, parts: dict[str, list[_Span]]) -> Iterator[_Span]:
    """Where both parts of a pair stand near each other; `parts` says where each stands."""
    for one, other, gap in kind.near:
        if one in parts and other in parts:
            yield from _near(plain, parts[one], parts[other], gap)
            yield from _near(plain, parts[other], parts[one], gap)


def _near(plain: str, first: list[_Span], second: list[_Span], gap: int) -> Iterator[_Span]:
    """From one of the first to one of the second that follows within the gap, in one sentence."""
    starts = [start for start, _ in second]
    for start, end in first:
        for number in range(bisect_left(starts, end), len(starts)):
            if starts[number] > end + gap:
                break
            if not _SENTENCE_END.search(plain, end, starts[number]):
                yield start, second[number][1]


def _real(plain: str, start: int, end: int, *, lasting: bool) -> bool:
    """Whether a find is neither denied, imagined nor long over."""
    before = plain[max(0, start - _BEFORE) : start]
    if _DENIED.search(before) or _PERHAPS_BEFORE.search(before):
        return False
    if _FILTER["perhaps"].search(plain, start, end):
        return False
    if lasting or not _FILTER["past"].search(plain, max(0, start - _SHORTLY), end):
        return True
    return bool(_FILTER["now"].search(plain))
