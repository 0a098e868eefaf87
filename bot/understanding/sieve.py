"""A quick look before a slow one: which patterns can match at all, by the characters they need.

Most messages hold none of the characters without which a danger cannot be named. Asking for those
first, with one set operation a pattern, spares the search; what is found is the same.
"""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from re import _parser  # type: ignore[attr-defined]  # the only reader of patterns there is
from typing import Any

_MANY = 40  # a longer range of characters says nothing


class Sieve:
    """Patterns that are searched one by one, each only if the text has a character it needs."""

    def __init__(self, patterns: Iterable[str]) -> None:
        alternatives = [(_needs(_parser.parse(one)), re.compile(one)) for one in patterns]
        self._always = [pattern for needs, pattern in alternatives if needs is None]
        self._if_there = [(needs, pattern) for needs, pattern in alternatives if needs is not None]

    def found(self, text: str, there: AbstractSet[str] | None = None) -> bool:
        """Whether any of the patterns matches somewhere; `there` is set(text), if it is at hand."""
        there = set(text) if there is None else there
        return any(
            not needs.isdisjoint(there) and pattern.search(text)
            for needs, pattern in self._if_there
        ) or any(pattern.search(text) for pattern in self._always)


def _needs(tree: Iterable[Any]) -> frozenset[str] | None:
    """Characters of which a match must hold at least one: the smallest such set, None if none."""
    sets = [found for found in map(_need, tree) if found is not None]
    return min(sets, key=len, default=None)


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
