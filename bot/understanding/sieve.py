"""A quick look before a slow one: which patterns can match at all, by the characters they need.

A message holds few of the characters and pairs of characters without which most patterns cannot
match. Looking the message's own ones up, in one table for all patterns, spares nearly every
search; what is found is the same.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from re import _parser  # type: ignore[attr-defined]  # the only reader of patterns there is
from sys import intern
from threading import Lock
from typing import Any

_MANY = 40  # a longer range of characters says nothing
_NEEDS = 2  # of what a pattern needs so much is looked for; a third thing spares next to nothing
# How often a character stands in a message, roughly: a pattern is known by the rarest it needs.
_USUAL = frozenset("了我,一的不个人上来。在有那没到家子是下楼天门电1里都说老三点还2去要水0就小好给")
_KNOWN = frozenset("着这大得车?头口们开请十出两3看儿道号你过打单地能已月手年面走回半今哪二栋可")
_OFTEN, _SOMETIMES, _SELDOM, _PAIR = 0.1, 0.04, 0.01, 0.003
_SIGNS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|[()|]")  # escaped ones and classes in one piece
_Tokens = frozenset[str]


class Sieves:
    """Named groups of patterns; a group is found where any of its patterns matches.

    Each way a pattern offers is one for itself: it needs more than what all of them have in common.
    """

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self._patterns = [
            (name, way)
            for name, each in groups.items()
            for pattern in each
            for way in alternatives(pattern)
        ]
        self._compiled: dict[int, re.Pattern[str]] = {}  # when first needed: many never are
        self._first = _LOOK.add(pattern for _, pattern in self._patterns)

    def found(self, text: str) -> Iterator[str]:
        """The names of the groups, each once, in their order."""
        done = None
        for number in self._worth_a_try(text):
            name = self._patterns[number - self._first][0]
            if name != done and (self._compiled.get(number) or self._compile(number)).search(text):
                done = name
                yield name

    def possible(self, text: str) -> Iterable[str]:
        """The names of the groups that may match the text or a part of it, each once, in order.

        They have what they need; whether one matches is seen by who has a way of his own to look.
        """
        numbers = self._worth_a_try(text)
        return dict.fromkeys(self._patterns[number - self._first][0] for number in numbers)

    def whole(self, text: str) -> tuple[str, re.Match[str]] | None:
        """The first group that has a pattern for the text as a whole, with its match."""
        for number in self._worth_a_try(text):
            pattern = self._compiled.get(number) or self._compile(number)
            if match := pattern.fullmatch(text):
                return self._patterns[number - self._first][0], match
        return None

    def _worth_a_try(self, text: str) -> list[int]:
        """The numbers of the patterns that may match, in order."""
        numbers = _LOOK.worth_a_try(text)
        start = bisect_left(numbers, self._first)
        return numbers[start : bisect_left(numbers, self._first + len(self._patterns), start)]

    def _compile(self, number: int) -> re.Pattern[str]:
        found = self._compiled[number] = re.compile(self._patterns[number - self._first][1])
        return found


class Sieve:
    """Patterns of which any may match."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = Sieves({"": patterns})

    def found(self, text: str) -> bool:
        """Whether any of the patterns matches somewhere."""
        return next(self._patterns.found(text), None) is not None


class _Look:
    """What the patterns of all sieves need, in one table: a message is looked through once.

    A pattern is noted under each of the tokens of which it needs one, with the other tokens of
    which it needs one as well; None where it needs no other.
    """

    def __init__(self) -> None:
        self._patterns: list[str] = []
        self._noted = 0  # so many of them
        self._noting = Lock()
        self._by_token: dict[str, list[tuple[int, tuple[str, ...] | None]]] = {}
        self._free: list[int] = []  # those that need nothing

    def add(self, patterns: Iterable[str]) -> int:
        """The number of the first of these patterns; the next follow it."""
        first = len(self._patterns)
        self._patterns += patterns
        return first

    def worth_a_try(self, text: str) -> list[int]:
        """The numbers of the patterns that have what they need in a text, from the lowest on."""
        if self._noted < len(self._patterns):
            self._note()
        return _worth_a_try(text, self._noted)

    def met(self, there: _Tokens) -> set[int]:
        """The patterns that have what they need where these tokens are."""
        found = set(self._free)
        for patterns in filter(None, map(self._by_token.get, there)):
            for number, others in patterns:
                if others is None or not there.isdisjoint(others):
                    found.add(number)
        return found

    def _note(self) -> None:
        """Work out what the new patterns need: for the first message, a start need not wait.

        Raises re.error where a pattern is none.
        """
        with self._noting:
            for number in range(self._noted, len(self._patterns)):
                needs = _rarest(_needs(_parser.parse(self._patterns[number])))
                if not needs:
                    self._free.append(number)
                    continue
                one, *more = ([*map(intern, tokens_)] for tokens_ in needs)
                entry = number, tuple(more[0]) if more else None
                for token in one:
                    self._by_token.setdefault(token, []).append(entry)
            self._noted = len(self._patterns)


_LOOK = _Look()


@lru_cache(maxsize=2)  # all sieves look at the same message one after the other
def _worth_a_try(text: str, _noted: int) -> list[int]:
    return sorted(_LOOK.met(tokens(text)))


def alternatives(pattern: str) -> Iterator[str]:
    """What stands between the outermost bars of a pattern."""
    start = depth = 0
    for sign in _SIGNS.finditer(pattern):
        if sign[0] in "()":
            depth += 1 if sign[0] == "(" else -1
        elif sign[0] == "|" and not depth:
            yield pattern[start : sign.start()]
            start = sign.end()
    yield pattern[start:]


def tokens(text: str) -> _Tokens:
    """The characters of a text and its pairs of neighbouring ones."""
    return frozenset((*text, *map(str.__add__, text, text[1:])))


def _rarest(needs: Iterable[_Tokens]) -> list[_Tokens]:
    """The rarest of what is needed, each saying something that those before it do not."""
    found: list[_Tokens] = []
    for one in sorted(needs, key=_often):
        if len(found) < _NEEDS and not any(_implies(known, one) for known in found):
            found.append(one)
    return found


def _implies(one: _Tokens, other: _Tokens) -> bool:
    """Whether a text with any of these certainly holds one of the others."""
    return all(any(part in token for part in other) for token in one)


def _often(tokens_: Iterable[str]) -> float:
    """How often one of these is met, roughly."""
    return sum(map(_share, tokens_))


def _share(token: str) -> float:
    if len(token) > 1:
        return _PAIR
    return _OFTEN if token in _USUAL else _SOMETIMES if token in _KNOWN else _SELDOM


def _needs(tree: Iterable[Any]) -> list[_Tokens]:
    """What a match needs: of each of these sets it holds at least one."""
    sets: list[_Tokens] = []
    before = ""
    for item in tree:
        sets += _need(item)
        literal = chr(item[1]) if str(item[0]) == "LITERAL" else ""
        if before and literal:
            sets.append(frozenset((before + literal,)))
        before = literal
    return sets


def _need(item: tuple[Any, Any]) -> list[_Tokens]:
    name, value = str(item[0]), item[1]
    if name == "LITERAL":
        return [frozenset(chr(value))]
    if name == "IN":
        return _class(value)
    if name == "SUBPATTERN":
        return _needs(value[3])
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _needs(value[2]) if value[0] > 0 else []
    if name == "BRANCH":
        return _any_of(_needs(one) for one in value[1])
    return []  # anything else, a look around it among them, asks for nothing that is sure


def _class(items: Iterable[tuple[Any, Any]]) -> list[_Tokens]:
    found: set[str] = set()
    for kind, value in items:
        if str(kind) == "LITERAL":
            found.add(chr(value))
        elif str(kind) == "RANGE" and value[1] - value[0] < _MANY:
            found.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return []
    return [frozenset(found)]


def _any_of(ways: Iterable[list[_Tokens]]) -> list[_Tokens]:
    """What is needed where any of several ways matches: the rarest need of each, together."""
    found: set[str] = set()
    for needs in ways:
        if not needs:
            return []
        found |= min(needs, key=_often)
    return [frozenset(found)]
