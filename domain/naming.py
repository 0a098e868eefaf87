"""Names as people say them: folding, matching a part, finding the longest one in a sentence."""

import re
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from unicodedata import normalize

_TOKEN = re.compile(r"[0-9a-z]+")
_NUMBER = re.compile(r"[0-9a-z]+(?:-[0-9a-z]+)?")
_ROOM_DIGITS = 3
_NICKNAME = 2
EXACT = 1_000  # longer than any name


def fold(text: str) -> str:
    """Make full-width, upper-case and spaced spellings of a name the same."""
    folded = "".join(normalize("NFKC", text).casefold().split())
    return text if folded == text else folded  # most names are: one text less to keep


@lru_cache(maxsize=20_000)
def fold_name(name: str) -> str:
    """Fold a name of the gazetteer; the same ones are asked for again and again."""
    return fold(name)


def likeness(query: str, name: str, notes: str, *, nickname: bool = False) -> int | None:
    """Rank how well a folded query names somebody: 0 is exact, None is not at all.

    0 the name; 1 a word of the notes; 2 a part of either; 3 a one-character prefix and the family
    name (only with `nickname`); 4 the query says more than the name, or begins
    with a word of the notes ("物业公司", but not somebody else's "火星物业").
    """
    name, words = fold(name), [fold(word) for word in notes.split()]
    long_enough = len(query) > 1
    ranks = (
        query == name,
        query in words,
        long_enough and (query in name or any(query in word for word in words)),
        nickname and len(query) == _NICKNAME and query[1] == name[:1],
        (len(name) > 1 and name in query)
        or any(len(word) > 1 and query.startswith(word) for word in words),
    )
    return next((rank for rank, matches in enumerate(ranks) if matches), None)


def in_common(query: str, label: str) -> int:
    """Tell how much two folded names share: more than any part when equal, 0 when nothing."""
    if label == query:
        return EXACT
    partly = label in query or (len(query) > 1 and query in label)
    return min(len(label), len(query)) if partly else 0


def said(text: str, names: Collection[str], lengths: Collection[int] = ()) -> tuple[str, ...]:
    """Return the longest of the names that a folded text holds; several when equally long.

    `lengths` are those of the names, worked out beforehand where the names are many.
    """
    known = names if isinstance(names, AbstractSet | Mapping) else set(names)
    for length in sorted(lengths or set(map(len, known)) - {0}, reverse=True):
        ends = range(length, len(text) + 1)
        if found := [part for end in ends if (part := text[end - length : end]) in known]:
            return tuple(dict.fromkeys(found))
    return ()


def same_number(known: str, wanted: str) -> bool:
    """Tell whether two building numbers are the same: 03 and 3, a and A, with words around."""
    return bool(known) and _plain(known) == _number(wanted)


@lru_cache(maxsize=1024)  # a message's number is held against every building around
def _number(wanted: str) -> str:
    number = _NUMBER.search(fold(wanted))
    return _plain(number.group() if number else wanted)


@lru_cache(maxsize=4096)  # the numbers of the buildings are few
def _plain(number: str) -> str:
    folded = fold(number)
    return folded.lstrip("0") or folded


def unit_and_room(text: str) -> tuple[str | None, str | None]:
    """Read what follows a building: unit and room, or only one of the two."""
    tokens = [token.upper() for token in _TOKEN.findall(fold(text))]
    if not tokens:
        return None, None
    if len(tokens) == 1:
        return (None, tokens[0]) if len(tokens[0]) >= _ROOM_DIGITS else (tokens[0], None)
    return tokens[0], tokens[1]


def address(text: str) -> tuple[str | None, str | None, str | None]:
    """Read building, unit and room from the numbers of an address, in that order."""
    folded = fold(text)
    first = _TOKEN.search(folded)
    if first is None:
        return None, None, None
    if len(first.group()) >= _ROOM_DIGITS and not _TOKEN.search(folded, first.end()):
        return None, None, first.group().upper()
    return first.group().upper(), *unit_and_room(folded[first.end() :])
