"""What a worker says of a component he inspects: which items are fine, broken, or left out (F17).

"6层都好的" is the sixth floor and not all six: what was not surely said stays open, and the answer
names it.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.understanding.normalise import NUMBER, clean, fold, number
from bot.understanding.slots import address
from bot.understanding.words import any_of, lazy, lexicon, longest_first
from domain.checklist import Line, State

_DATA = lexicon("checklist")
_NEVER, _FINE, _BROKEN, _SKIPPED = (
    any_of(_DATA[name]) for name in ("never", "fine", "broken", "skipped")
)
_ROUND, _COUNTED = lazy(_DATA["round"]), lazy(_DATA["counted"])
_SOME = rf"{NUMBER}(?: ?[-~到至、,和及] ?{NUMBER})*"
_SPEC = lazy(
    rf"(?:(?P<units>{_SOME}) ?单元 ?)?(?P<floors>{_SOME}) ?[层楼](?: ?(?P<behind>{_SOME}) ?单元)?"
    rf"|(?P<unit>{_SOME}) ?单元|(?P<rest>{_DATA['rest']})"
)
_PIECE = lazy(rf"({NUMBER})(?: ?[-~到至] ?({NUMBER}))?")
_EDGES = " ,.;:!~。、，；：！的"
_LONGEST = 400
_HIGHEST = 200  # a span of floors that ends higher is none


@dataclass(frozen=True, slots=True)
class Inspection:
    """One message about a component: at which building or named place, and its lines."""

    part: str
    building: str
    place: str
    lines: tuple[Line, ...]

    @property
    def broken(self) -> bool:
        """Whether anything is wrong."""
        return any(line.state is State.BROKEN for line in self.lines)


def inspection(text: str, parts: Collection[str], places: Collection[str]) -> Inspection | None:
    """Read what was said of one of the `parts`; None when this is something else.

    `places` are the names people use around the speaker.
    """
    plain = clean(text).plain[:_LONGEST]
    named = longest_first({fold(part) for part in parts}).search(plain) if parts else None
    if named is None or _NEVER.search(plain):
        return None
    before, behind = plain[: named.start()], plain[named.end() :]
    where = address(before)
    place = longest_first({fold(one) for one in places if one.strip()}).search(before)
    if not where.building and place is None:
        return None
    said = "".join(spec[0] for spec in _SPEC.finditer(before))
    lines = tuple(_lines(behind, said, _one(where.unit), _one(where.floor)))
    if not lines or not _is_round(plain, lines):
        return None
    part = next(one for one in parts if fold(one) == named[0])
    building = where.building or ""
    return Inspection(part, building, "" if building or place is None else place[0], lines)


def _is_round(plain: str, lines: tuple[Line, ...]) -> bool:
    """Whether somebody tells of his round; where all is broken he may as well report it."""
    if any(line.state is not State.BROKEN for line in lines):
        return True
    exact = all(line.units or line.floors for line in lines)
    return bool(_ROUND.search(plain) or (exact and _COUNTED.search(plain)))


def _one(number: str | None) -> tuple[str, ...]:
    return (number,) if number else ()


def _lines(
    behind: str, before: str, here: tuple[str, ...], floor: tuple[str, ...]
) -> Iterator[Line]:
    """Each thing said; items named before others with nothing behind them share what follows.

    `here` and `floor` were named before the component, in the words `before`, and hold for what
    names none of its own.
    """
    specs = list(_SPEC.finditer(behind))
    head = behind[: specs[0].start()] if specs else behind
    if line := _line(before, head, here, floor):
        yield line
    waiting: list[re.Match[str]] = []
    for at, spec in enumerate(specs):
        waiting.append(spec)
        until = specs[at + 1].start() if at + 1 < len(specs) else len(behind)
        if not behind[spec.end() : until].strip(_EDGES):
            continue
        for one in waiting:
            units = _numbers(one["units"] or one["behind"] or one["unit"]) or here
            named = f"{before}{one[0]}"
            line = _line(named, behind[spec.end() : until], units, _numbers(one["floors"]))
            if line is not None:
                yield line
        waiting = []


def _line(named: str, said: str, units: tuple[str, ...], floors: tuple[str, ...]) -> Line | None:
    words = said.strip(_EDGES)
    state = _state(words)
    return Line(state, f"{named}{words}", units, floors) if state is not None else None


def _state(words: str) -> State | None:
    bare = _FINE.sub("", words)
    if _SKIPPED.search(bare):
        return State.SKIPPED
    if _BROKEN.search(bare):
        return State.BROKEN
    return State.FINE if bare != words else None


def _numbers(text: str | None) -> tuple[str, ...]:
    """The numbers of a list with spans: 1-3、5."""
    found: list[str] = []
    for piece in _PIECE.finditer(text or ""):
        first, last = number(piece[1]), number(piece[2] or piece[1])
        if not (first.isdigit() and last.isdigit() and int(first) <= int(last) <= _HIGHEST):
            continue
        found += [str(one) for one in range(int(first), int(last) + 1)]
    return tuple(dict.fromkeys(found))
