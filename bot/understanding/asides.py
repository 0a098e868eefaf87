"""Short words that mean something only beside what was just shown, agreed or asked.

发吧 is nothing by itself, and a 确认 for who was just shown a notice; 咋还没来 is about whoever
was to come. Only the kind is read here: whether there is something it can be about is looked up
by whoever handles it, and where there is nothing the words are heard as they always are.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.understanding.normalise import Clean, clean
from bot.understanding.sieve import Sieves
from bot.understanding.words import lazy, lexicon, longest_first

_EDGES = " ,.;:!?~。，、；：！？…"
_LONG, _MORE = 220, 60  # signs of all that is said, and of what may follow it
_CUT = lazy(r"[ ,。!]")
_REASON = 14  # signs of a reason before it
_MOST = 12  # words before it: whoever says more says something else


@dataclass(frozen=True, slots=True)
class Aside:
    """What kind of words these are, a key of the lexicon, and what of them is to be kept."""

    kind: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a kind is said; words around it are taken off one by one: a pattern tries for years."""

    lead: re.Pattern[str] | None
    core: tuple[re.Pattern[str], ...]
    trail: re.Pattern[str] | None
    more: bool
    after: bool

    def read(self, head: Clean) -> str | None:
        """What is to be kept of a message that is one of these; None for another."""
        at = 0
        for _ in range(_MOST):
            for core in self.core:
                if found := core.match(head.plain, at):
                    kept = self._kept(head, found)
                    if kept is not None:
                        return kept
            lead = self.lead.match(head.plain, at) if self.lead else None
            at = lead.end() if lead else _past_edges(head.plain, at)
            if at >= len(head.plain) or (lead is None and head.plain[at - 1 : at] not in _EDGES):
                return None
        return None

    def _kept(self, head: Clean, found: re.Match[str]) -> str | None:
        end = found.end()
        while self.trail and (more := self.trail.match(head.plain, _past_edges(head.plain, end))):
            end = more.end()
        rest = head.cut(end)
        here = found.span("words") if "words" in found.re.groupindex else (-1, -1)
        said = head.tidy[here[0] : here[1]] if here[0] >= 0 else ""
        if not rest.plain.strip(_EDGES):
            return said.strip(_EDGES)
        apart = rest.plain[0] in _EDGES and len(rest.plain) <= _MORE
        return rest.tidy.strip(_EDGES) if self.more and apart else None


def _past_edges(plain: str, at: int) -> int:
    while at < len(plain) and plain[at] in _EDGES:
        at += 1
    return at


def _words(said: str) -> re.Pattern[str] | None:
    return longest_first(said.split()) if said else None


def _shape(data: Mapping[str, Any]) -> _Shape:
    return _Shape(
        _words(data.get("lead", "")),
        tuple(re.compile(one) for one in data["core"]),
        _words(data.get("trail", "")),
        bool(data.get("more")),
        bool(data.get("after")),
    )


_SHAPES: Mapping[str, Mapping[str, _Shape]] = {
    whose: {kind: _shape(data) for kind, data in kinds.items()}
    for whose, kinds in lexicon("asides").items()
}
# Which kinds are worth a try: most messages hold nothing that most of them need.
_LOOK: Mapping[str, Sieves] = {
    whose: Sieves({kind: data["core"] for kind, data in kinds.items()})
    for whose, kinds in lexicon("asides").items()
}


def asides(text: str, *, staff: bool, alone: bool) -> Iterator[Aside]:
    """All that some words may be, the likeliest first; `alone` tells that only the bot hears."""
    if not 0 < len(text) <= _LONG:
        return
    words = clean(text)
    head = words.strip(_EDGES)
    tables = ["staff"] if staff else ["resident", *(["alone"] if alone else [])]
    for table in tables:
        for kind in _LOOK[table].possible(words.plain):
            shape = _SHAPES[table][kind]
            kept = shape.read(head)
            if kept is None and shape.after:
                kept = _after_a_reason(head, shape)
            if kept is not None:
                yield Aside(kind, kept)


def _after_a_reason(head: Clean, shape: _Shape) -> str | None:
    """The reason that was told first, where the last clause is one of these: 我腿疼 能早点来吗."""
    cuts = [found.start() for found in _CUT.finditer(head.plain)]
    if not cuts or not 0 < cuts[-1] <= _REASON:
        return None
    kept = shape.read(head.cut(cuts[-1] + 1).strip(_EDGES))
    return head.tidy[: cuts[-1]].strip(_EDGES) if kept is not None else None
