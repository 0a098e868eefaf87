"""A quick look before a slow one: which patterns can match at all, by the characters they need.

A message holds few of the characters and pairs of characters without which most patterns cannot
match. Looking the message's own ones up, in two tables for all patterns, spares nearly every
search; what is found is the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from re import _parser  # type: ignore[attr-defined]  # the only reader of patterns there is
from typing import Any

_MANY = 40  # a longer range of characters says nothing
_NEEDS = 2  # of what a pattern needs so much is looked for; a third thing costs more than it spares
# How often a character stands in a message, roughly: a pattern is known by the rarest it needs.
_USUAL = frozenset("了我,一的不个人上来。在有那没到家子是下楼天门电1里都说老三点还2去要水0就小好给")
_KNOWN = frozenset("着这大得车?头口们开请十出两3看儿道号你过打单地能已月手年面走回半今哪二栋可")
_OFTEN, _SOMETIMES, _SELDOM, _PAIR = 0.1, 0.04, 0.01, 0.003
_Tokens = frozenset[str]


class Sieves:
    """Named groups of patterns; a group is found where any of its patterns matches."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self._patterns = [(name, pattern) for name, each in groups.items() for pattern in each]
        self._compiled: dict[int, re.Pattern[str]] = {}  # when first needed: many never are

    @cached_property
    def _needed(self) -> "tuple[_Needed, ...]":
        """What the patterns need: worked out for the first message, a start need not wait for it.

        Raises re.error where a pattern is none.
        """
        tables = tuple(_Needed() for _ in range(_NEEDS))
        for number, (_, pattern) in enumerate(self._patterns):
            needs = _rarest(_needs(_parser.parse(pattern)))
            for at, table in enumerate(tables):
                table.add(1 << number, needs[at] if at < len(needs) else None)
        return tables

    def found(self, text: str) -> Iterator[str]:
        """The names of the groups, each once, in their order."""
        done = None
        for number in _numbers(self._candidates(tokens(text))):
            name = self._patterns[number][0]
            if name != done and self._pattern(number).search(text):
                done = name
                yield name

    def possible(self, text: str) -> Iterable[str]:
        """The names of the groups that may match the text or a part of it, each once, in order.

        They have what they need; whether one matches is seen by who has a way of his own to look.
        """
        return dict.fromkeys(
            self._patterns[at][0] for at in _numbers(self._candidates(tokens(text)))
        )

    def whole(self, text: str) -> tuple[str, re.Match[str]] | None:
        """The first group that has a pattern for the text as a whole, with its match."""
        for number in _numbers(self._candidates(tokens(text))):
            if match := self._pattern(number).fullmatch(text):
                return self._patterns[number][0], match
        return None

    def _pattern(self, number: int) -> re.Pattern[str]:
        compiled = self._compiled.get(number)
        if compiled is None:
            compiled = self._compiled[number] = re.compile(self._patterns[number][1])
        return compiled

    def _candidates(self, there: _Tokens) -> int:
        """The patterns that may match, as bits."""
        found = -1
        for table in self._needed:
            found &= table.met(there)
        return found


class Sieve:
    """Patterns of which any may match."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = Sieves({"": patterns})

    def found(self, text: str) -> bool:
        """Whether any of the patterns matches somewhere."""
        return next(self._patterns.found(text), None) is not None


class _Needed:
    """One thing that each of many patterns needs: any of some characters and pairs of them."""

    def __init__(self) -> None:
        self._by_token: dict[str, int] = {}  # the patterns it is enough for, as bits
        self._free = 0  # those that need nothing here

    def add(self, bit: int, needs: _Tokens | None) -> None:
        """Note what a pattern needs."""
        if needs is None:
            self._free |= bit
        for token in needs or ():
            self._by_token[token] = self._by_token.get(token, 0) | bit

    def met(self, there: _Tokens) -> int:
        """The patterns that have what they need where these tokens are."""
        found, patterns = self._free, self._by_token
        for token in there & patterns.keys():
            found |= patterns[token]
        return found


@lru_cache(maxsize=2)  # all sieves read the same message one after the other
def tokens(text: str) -> _Tokens:
    """The characters of a text and its pairs of neighbouring ones."""
    return frozenset((*text, *map(str.__add__, text, text[1:])))


def _numbers(bits: int) -> Iterator[int]:
    """Which bits are set, from the lowest on."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


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
