"""Figures of what stands in a message: its place, the moment it names, its private data."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.understanding.score_pairs import Figure, Pair, Row, f1, rate, share
from bot.understanding.words import lazy
from domain.workdays import TZ

NUMBERS = ("building", "unit", "room", "floor")
_PER_THOUSAND = 1000
_PARTLY = 5  # so many signs of a longer private number count as having found it
_SUFFIX = lazy(r"(号楼|号院|栋|幢|座|单元|楼|层|室|号|房)$")
_DIGITS = dict(zip("零〇一二两三四五六七八九", "001223456789", strict=True))
_TENS = {"百": 100, "十": 10}


def places(pairs: Sequence[Pair]) -> dict[str, Figure]:
    """How well places were found: numbers of the address, and named places."""
    return {
        "location_numbers_f1": _slots(pairs, NUMBERS),
        "location_place_f1": _slots(pairs, ("place",)),
    }


def _slots(pairs: Sequence[Pair], slots: Sequence[str]) -> Figure:
    right = false = missed = 0
    misses: list[str] = []
    for one in pairs:
        for slot in slots:
            gold, pred = _slot(one.gold, slot), _slot(one.pred, slot)
            same = bool(gold and pred) and _same(slot, gold, pred)
            right += same
            false += bool(pred) and not same
            missed += bool(gold) and not same
            if (gold or pred) and not same:
                misses.append(one.id)
    return Figure(f1(right, false, missed), right + missed, tuple(dict.fromkeys(misses)))


def _slot(row: Row, slot: str) -> str:
    """What a row says of one part of a place, "" for nothing."""
    text = re.sub(r"\s", "", str((row.get("location") or {}).get(slot) or ""))
    if slot == "place" or not text:
        return text
    plain = _number(_SUFFIX.sub("", text).upper())
    return plain.lstrip("0") or plain


def _number(text: str) -> str:
    """A Chinese numeral below a thousand in digits, as people say room and building numbers."""
    if not text or any(sign not in _DIGITS and sign not in _TENS for sign in text):
        return text
    if not any(sign in _TENS for sign in text):
        return "".join(_DIGITS[sign] for sign in text)
    total = last = 0
    for sign in text:
        if sign in _TENS:
            total, last = total + (last or 1) * _TENS[sign], 0
        else:
            last = int(_DIGITS[sign])
    return str(total + last)


def _same(slot: str, gold: str, pred: str) -> bool:
    return same_place(gold, pred) if slot == "place" else gold == pred


def same_place(gold: str, pred: str) -> bool:
    """Whether two names mean one place: the same, or one with more words around it."""
    return gold == pred or (min(len(gold), len(pred)) > 1 and (gold in pred or pred in gold))


# Moments


def moments(pairs: Sequence[Pair]) -> dict[str, Figure]:
    """How many agreed moments are exact, and how many were seen where there is none."""
    dated = [one for one in pairs if one.gold.get("when")]
    undated = [one for one in pairs if not one.gold.get("when")]
    return {
        "when_exact": share(dated, lambda one: _moment(one.gold) == _moment(one.pred)),
        "when_false_per_1000": rate(undated, lambda one: bool(one.pred.get("when")), _PER_THOUSAND),
    }


def _moment(row: Row) -> datetime | None:
    """The moment a row names; one that cannot be read counts as none."""
    try:
        found = datetime.fromisoformat(str(row.get("when") or ""))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=TZ)


# Private data


def personal(pairs: Sequence[Pair]) -> dict[str, Figure]:
    """How much private data was found, and how much of what was marked is private."""
    return {
        "pii_numbers_recall": _found(pairs, names=False),
        "pii_names_recall": _found(pairs, names=True),
        "pii_precision": _true(pairs),
    }


def _found(pairs: Sequence[Pair], *, names: bool) -> Figure:
    """The share of private numbers, or of names, that were found, whatever they were taken for."""
    hits = [
        (one.id, any(value in said for said in _values(one.pred)))
        for one in pairs
        for kind, value in _marked(one.gold)
        if (kind == "name") is names
    ]
    return _of_hits(hits)


def _true(pairs: Sequence[Pair]) -> Figure:
    """The share of what was marked as private that is."""
    hits = [
        (one.id, any(_covers(said, value) for _, value in _marked(one.gold)))
        for one in pairs
        for said in _values(one.pred)
    ]
    return _of_hits(hits)


def _of_hits(hits: Sequence[tuple[str, bool]]) -> Figure:
    misses = tuple(dict.fromkeys(id_ for id_, hit in hits if not hit))
    value = sum(hit for _, hit in hits) / len(hits) if hits else None
    return Figure(value, len(hits), misses)


def _covers(said: str, value: str) -> bool:
    return value in said or (len(said) >= _PARTLY and said in value)


def _marked(row: Row) -> list[tuple[str, str]]:
    return [(one["type"], _bare(one["value"])) for one in row.get("pii") or ()]


def _values(row: Row) -> list[str]:
    found = row.get("pii") or ()
    return [_bare(one.get("value", "") if isinstance(one, Mapping) else one) for one in found]


def _bare(value: object) -> str:
    return re.sub(r"[\s\-·]", "", str(value)).upper()
