"""A quick look before a slow one: which patterns can match at all, by the characters they need.

A message holds few of the pairs of characters without which most patterns cannot match. Looking the
message's own pairs up, in one table for all patterns, spares nearly every search; what is found is
the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from re import _parser  # type: ignore[attr-defined]  # the only reader of patterns there is
from typing import Any

_MANY = 40  # a longer range of characters says nothing
_RARE = 1 / 30  # how much seldomer a pair of characters is met than one


class Sieves:
    """Named groups of patterns; a group is found where any of its patterns matches."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self._patterns: list[tuple[str, str]] = []
        self._compiled: dict[int, re.Pattern[str]] = {}  # when first needed: many never are
        self._always: list[int] = []
        self._if_there: dict[str, list[int]] = {}
        for name, patterns in groups.items():
            for pattern in patterns:
                self._add(name, pattern)

    def _add(self, name: str, pattern: str) -> None:
        number = len(self._patterns)
        self._patterns.append((name, pattern))
        needs = _needs(_parser.parse(pattern))  # raises re.error where it is none
        if needs is None:
            self._always.append(number)
        for token in needs or ():
            self._if_there.setdefault(token, []).append(number)

    def found(self, text: str) -> Iterator[str]:
        """The names of the groups, each once."""
        done: set[str] = set()
        for number in sorted(self._candidates(text)):
            name = self._patterns[number][0]
            if name not in done and self._pattern(number).search(text):
                done.add(name)
                yield name

    def _pattern(self, number: int) -> re.Pattern[str]:
        compiled = self._compiled.get(number)
        if compiled is None:
            compiled = self._compiled[number] = re.compile(self._patterns[number][1])
        return compiled

    def _candidates(self, text: str) -> set[int]:
        there = {*text, *map(str.__add__, text, text[1:])}
        found = set(self._always)
        for token in there & self._if_there.keys():
            found.update(self._if_there[token])
        return found


class Sieve:
    """Patterns of which any may match."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = Sieves({"": patterns})

    def found(self, text: str, _there: object = None) -> bool:
        """Whether any of the patterns matches somewhere."""
        return next(self._patterns.found(text), None) is not None


def _needs(tree: Iterable[Any]) -> frozenset[str] | None:
    """Characters or pairs of which a match holds at least one; None if nothing is sure."""
    sets: list[frozenset[str]] = []
    before = ""
    for item in tree:
        found = _need(item)
        if found is not None:
            sets.append(found)
        literal = chr(item[1]) if str(item[0]) == "LITERAL" else ""
        if before and literal:
            sets.append(frozenset((before + literal,)))
        before = literal
    return min(sets, key=_often, default=None)


def _often(tokens: frozenset[str]) -> float:
    """How often one of these is met, roughly."""
    return sum(1.0 if len(token) == 1 else _RARE for token in tokens)


def _need(item: tuple[Any, Any]) -> frozenset[str] | None:
    name, value = str(item[0]), item[1]
    if name == "LITERAL":
        return frozenset(chr(value))
    if name == "IN":
        return _class(value)
    if name == "SUBPATTERN":
        return _needs(value[3])
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _needs(value[2]) if value[0] > 0 else None
    if name == "BRANCH":
        return _union(_needs(one) for one in value[1])
    return None  # anything else, a look around it among them, asks for nothing that is sure


def _class(items: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    found: set[str] = set()
    for kind, value in items:
        if str(kind) == "LITERAL":
            found.add(chr(value))
        elif str(kind) == "RANGE" and value[1] - value[0] < _MANY:
            found.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return None
    return frozenset(found)


def _union(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    found: set[str] = set()
    for one in sets:
        if one is None:
            return None
        found |= one
    return frozenset(found)
