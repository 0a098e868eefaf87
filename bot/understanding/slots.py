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


def case_number(plain: str, *, leading: bool = False) -> tuple[str, int, int] | None:
    """The case number with where it stands, or None; with `leading` only where words begin so."""
    match = _CASE.match(plain) if leading else _CASE.search(plain)
    if match is None:
        return None
    digits = match[1] or match[2] or match[3]
    return f"G{digits}", match.start(), match.end()


@lru_cache(maxsize=4096)  # every community has its 东门 and its 车棚
def _folded(name: str) -> str:
    """A known place in comparable form."""
    folded = fold(name).replace(" ", "")
    return name if folded == name else folded


def known_place(plain: str, places: tuple[str, ...]) -> str | None:
    """The first of these places that the text names, or a later one of which it is a part."""
    bare = plain.replace(" ", "")
    best: tuple[int, int, str] | None = None
    for name in places:
        folded = _folded(name)
        start = bare.find(folded) if len(folded) > 1 else -1
        while start >= 0:
            end = start + len(folded)
            if best is None or (
                start <= best[0] and best[1] <= end and len(folded) > best[1] - best[0]
            ):
                best = start, end, name
            start = bare.find(folded, start + 1)
    return best[2] if best else None
