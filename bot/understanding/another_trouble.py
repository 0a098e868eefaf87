"""Another trouble behind a good word: 灯亮了 楼道里的墙皮掉了 is thanks, and a new report.

Cautious: what the repair left behind, what goes on, and what is wrong again stays one answer.
Whether the second part is a report of its own is decided by who listens to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.understanding import clauses, slots, talk
from bot.understanding.answers import satisfaction
from bot.understanding.normalise import Clean, clean
from bot.understanding.words import any_of, lazy, lexicon

_DATA = lexicon("matters")
_ANOTHER = _DATA["another_trouble"]
_ANNOUNCED = any_of(_ANOTHER["announced"])
_SIGNS = lazy(rf"[,。;!~、 \n]+|(?=(?:{_ANNOUNCED.pattern}))")
_NO_MORE, _LEFT = any_of(_ANOTHER["no_more"]), any_of(_ANOTHER["left"])
_VERDICT, _LEAST = 16, 4  # signs: a verdict is short, and fewer name no trouble
_EDGES = " ,.。;!~、:\n"


@dataclass(frozen=True, slots=True)
class GoodWordAndMore:
    """The good word, `answer` what it says as an answer (满意, 基本满意), and the other trouble."""

    verdict: str
    answer: str
    rest: str


def another_trouble(
    text: str, about: str, building: str, *, generous: bool
) -> GoodWordAndMore | None:
    """A good word about a case with another trouble behind it; None for anything else.

    `about` are the words of the case, `building` its house; `generous` tells that nobody but the
    bot can have been meant.
    """
    words = clean(text)
    cuts = [*_cuts(words)]
    if not cuts or cuts[0][0] > _VERDICT:
        return None
    verdict = words.cut(0, cuts[0][0])
    said = satisfaction(verdict, generous=generous)
    good = said is not None and said.intent == "confirm_ok"
    if not (good or talk.well_again(verdict.plain)):
        return None
    rest = words.cut(_behind_courtesy(words, cuts)).strip(_EDGES)
    announced = _ANNOUNCED.match(rest.plain)
    rest = rest.cut(announced.end() if announced else 0).strip(_EDGES)
    told = announced is not None
    if not _unlike(rest.plain, clean(f"{about} {verdict.plain}").plain, building, told=told):
        return None
    answer = said.words if said is not None and good else verdict.tidy
    return GoodWordAndMore(verdict.tidy, answer, rest.tidy)


def _cuts(words: Clean) -> Iterator[tuple[int, int]]:
    """Where a clause ends and the next one begins."""
    for match in _SIGNS.finditer(words.plain):
        if match.start() > 0 and match.end() < len(words.plain):
            yield match.span()


def _good(clause: Clean) -> bool:
    """Whether a clause is more of the good word."""
    said = satisfaction(clause, generous=True)
    good = said is not None and said.intent == "confirm_ok"
    return good and not talk.problem(clause.plain)


def _behind_courtesy(words: Clean, cuts: list[tuple[int, int]]) -> int:
    """Where the first clause begins that is neither thanks nor more of the good word."""
    ends = [start for start, _ in cuts[1:]] + [len(words.plain)]
    for (_, begin), end in zip(cuts, ends, strict=True):
        clause = words.cut(begin, end)
        if _ANNOUNCED.match(clause.plain):
            return begin
        kind = talk.courtesy(clause.plain) or talk.empty_talk(clause.plain)
        if not (kind or _good(clause)):
            return begin
    return len(words.plain)


def _unlike(rest: str, about: str, building: str, *, told: bool) -> bool:
    """Whether these words tell of another trouble than the case; `told`: they were announced so."""
    if len(rest) < _LEAST or not talk.problem(rest):
        return False
    theirs = slots.address(rest).building
    if theirs and building and theirs != building:
        return True
    if not told and (_NO_MORE.search(rest) or _LEFT.search(rest)):
        return False
    ours, named = clauses.things(about), clauses.things(rest)
    return clauses.unrelated(ours, named) or (told and bool(named) and not ours & named)
