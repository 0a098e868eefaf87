"""Addresses, known places and case numbers in a text."""

from functools import lru_cache

from bot.understanding.address import address
from bot.understanding.normalise import fold
from bot.understanding.place import is_landmark, is_spot, place
from bot.understanding.words import lazy

__all__ = ["address", "case_number", "is_landmark", "is_spot", "known_place", "place"]

_CASE = lazy(
    r"(?<![a-z0-9])g ?([0-9]{1,40})(?![0-9a-z]|次|国道|高速|高铁|动车)"
    r"|(?:案件|工单|编号|单号|案号)(?:号)?[ :#]{0,2}([0-9]{1,40})(?![0-9])"
    r"|(?<![0-9a-z.])([0-9]{3,40})号(?:案件|工单|单子?|案)"
)


def case_number(plain: str) -> tuple[str, int, int] | None:
    """The case number with where it stands, or None."""
    match = _CASE.search(plain)
    if match is None:
        return None
    digits = match[1] or match[2] or match[3]
    return f"G{digits}", match.start(), match.end()


@lru_cache(maxsize=64)
def _folded(places: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Known places in comparable form, in the order given."""
    pairs = ((fold(name).replace(" ", ""), name) for name in places)
    return tuple(pair for pair in pairs if len(pair[0]) > 1)


def known_place(plain: str, places: tuple[str, ...]) -> str | None:
    """The first of these places that the text names, or a later one of which it is a part."""
    bare = plain.replace(" ", "")
    best: tuple[int, int, str] | None = None
    for folded, name in _folded(places):
        start = bare.find(folded)
        while start >= 0:
            end = start + len(folded)
            if best is None or (
                start <= best[0] and best[1] <= end and len(folded) > best[1] - best[0]
            ):
                best = start, end, name
            start = bare.find(folded, start + 1)
    return best[2] if best else None
