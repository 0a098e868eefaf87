"""What changed between two wordings, clause by clause, as people compare them (domain.md I4)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_CUT = re.compile(r"[，。；！？、,;!?\s]+")

_LIKE = 0.5  # of all signs, from where on two clauses are one put otherwise


@dataclass(frozen=True, slots=True)
class Change:
    """Clauses that stood there and those that stand there now; "" where there were none."""

    before: str
    after: str


def changes(old: str, new: str) -> Iterator[Change]:
    """Every place where the wordings differ, in order; a comma more or less is no change."""
    left, right = _clauses(old), _clauses(new)
    for op, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if op == "replace":
            yield from _aligned(left[a:b], right[c:d])
        elif op != "equal":
            yield Change("，".join(left[a:b]), "，".join(right[c:d]))


def _aligned(old: list[str], new: list[str]) -> Iterator[Change]:
    """Clauses that took the place of others: each beside the next that is like it, if any is."""
    at = 0
    for one in old:
        like = next((i for i in range(at, len(new)) if _like(one, new[i])), None)
        if like is None:
            yield Change(one, "")
            continue
        yield from (Change("", added) for added in new[at:like])
        yield Change(one, new[like])
        at = like + 1
    yield from (Change("", added) for added in new[at:])


def _like(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _LIKE


def _clauses(words: str) -> list[str]:
    return [one for one in _CUT.split(words) if one]
