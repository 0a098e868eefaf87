"""Several troubles in one message: where one ends and the next begins.

Cautious: a message is only taken apart where each part by itself reads as a report of its own
thing. One trouble told in two sentences, and what comes of it, stays one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, auto

from bot.understanding import clauses, slots, talk
from bot.understanding.likeness import alike
from bot.understanding.normalise import Clean, clean
from bot.understanding.shapes import Understanding
from bot.understanding.words import any_of, lazy, lexicon, longest_first

MOST = 5  # whoever names more writes a list that a person should read
_PIECES = 40  # sentences; longer texts are letters, and all their parts are compared
_KINDS = frozenset("report inquiry suggestion".split())
_TROUBLES = frozenset(("report", "confirm_bad"))  # 水管还漏水, which nobody asked about
_DATA = lexicon("matters")
_GOING_ON = any_of(_DATA["going_on"])
_LABEL = any_of(_DATA["label"])
_NEXT = longest_first(_DATA["next"].split()).pattern
_ANNOUNCED = any_of(_DATA["announced"]).pattern
_MORE = any_of(_DATA["more"]).pattern
_ASIDE = any_of(_DATA["aside"]).pattern
_ONE_SUBJECT = any_of(_DATA["one_subject"])
_PLAINLY, _SOMEHOW = 0.9, 0.4  # how sure the category of a part told apart must be
_LEAST = 4  # signs; fewer name no trouble
_RINGED = lazy(r"[①②③④⑤⑥⑦⑧⑨]")
_COUNTED = lazy(
    r"(?:(?<=[\s,.。;!?:、])|^)"
    r"(?:[(（]?(?:[1-9]|[一二三四五六七八九])[)）]|[1-9] ?[.、:]|[一二三四五六七八九]、)"
)
# 头一桩 ... 第二桩 ... 三一桩: counted while speaking, with or without signs.
_SPOKEN = lazy(any_of(_DATA["spoken_number"]).pattern)
_REPEATED = lazy(_DATA["repeated"])
_NUMBERS = {
    sign: at
    for signs in ("123456789", "一二三四五六七八九", "①②③④⑤⑥⑦⑧⑨", "头")
    for at, sign in enumerate(signs, 1)
}
_OTHERWISE = lazy(
    rf"(?:^|(?<=[\s,。;!?:]))(?:(?:{_ANNOUNCED})|(?:{_NEXT})(?!{_MORE}))(?:[个件]?(?:事情?|问题))?(?:{_ASIDE})?[\s,:、]*"
)
# Voice recognition writes no commas: 水小得很还有那个楼道灯不亮.
_BREATHLESS = lazy(
    rf"(?<=[\u4e00-\u9fff])(?:{_NEXT})(?=(?:{any_of(_DATA['breathless']).pattern}))(?:[那这]个)?"
)
# Another building after a comma begins another sentence, as people write.
_BUILDING = lazy(r",(?=[0-9一二三四五六七八九十]{1,3}(?:号楼|栋|幢|座|#))")
_APART_SIGNS = frozenset(";\n")
_END = lazy(r"[。;!?\n]+")


@dataclass(frozen=True, slots=True)
class Matter:
    """One trouble of a message: its words, and how they are understood by themselves."""

    words: str
    heard: Understanding


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of the message.

    `why` tells what lets it begin, `ended` that a sentence of the same breath ends before it.
    """

    words: Clean
    why: "_Why"
    ended: bool

    @property
    def marked(self) -> bool:
        """Whether its writer announced it as another matter."""
        return self.why >= _Why.ANNOUNCED


class _Why(IntEnum):
    """Why a part begins where it does, the weightier the larger."""

    ENDED = auto()  # a sentence ended
    BEGUN = auto()  # it names its own place or thing (clauses.py)
    ANNOUNCED = auto()  # 另外, 还有
    COUNTED = auto()  # it has a number of a list


def matters(text: str, listen: Callable[[str], Understanding]) -> tuple[Matter, ...]:
    """The separate troubles of a message, in order; empty unless there are two or more.

    `listen` understands a part as said by the same person in the same place. A place that is
    stated once holds for the parts that name none.
    """
    words = _with_lines(text)
    parts = list(_parts(words))
    if not 1 < len(parts) <= _PIECES or _ONE_SUBJECT.search(words.plain):
        return ()
    found, preface = _gathered(parts, listen)
    if not 1 < len(found) <= MOST:
        return ()
    return _placed(found, listen(preface) if preface else None)


def _with_lines(text: str) -> Clean:
    """The message made comparable, its line breaks kept as sentence ends."""
    lines = [clean(line) for line in text.splitlines()]
    lines = [line for line in lines if line.plain]
    return Clean("\n".join(x.tidy for x in lines), "\n".join(x.plain for x in lines))


def _parts(text: Clean) -> Iterator[_Part]:
    """The message cut at list numbers, at words like 另外, and at the ends of sentences."""
    ends = [*_END.finditer(text.plain), *_BUILDING.finditer(text.plain)]
    marks = [*_OTHERWISE.finditer(text.plain), *_BREATHLESS.finditer(text.plain)]
    cuts = [
        *((*span, _Why.COUNTED) for span in _listed(text)),
        *((*match.span(), _Why.ANNOUNCED) for match in marks),
        *((*span, _Why.BEGUN) for span in clauses.begun(text.plain)),
        *((*match.span(), _Why.ENDED) for match in ends),
    ]
    start, why, before = 0, _Why.ENDED, ""
    for begin, end, reason in [*sorted(cuts), (len(text.plain), len(text.plain), _Why.ENDED)]:
        words = text.cut(start, max(start, begin)).strip(" ,.。;!:、\n")
        if words.plain:
            yield _Part(words, why, not set(before) & _APART_SIGNS)
            why, before = _Why.ENDED, ""
        before += text.plain[max(start, begin) : end]
        start, why = max(start, end), max(why, reason)


def _listed(text: Clean) -> list[tuple[int, int]]:
    """Where the numbers of a list stand; they count 1, 2, ... or they are something else."""
    ringed = _RINGED.search(text.tidy) is not None  # in comparable form ① is a mere 1
    written = _numbered((_RINGED if ringed else _COUNTED), text.tidy if ringed else text.plain)
    return written or _numbered(_SPOKEN, text.plain) or _repeated(text.plain)


def _numbered(sign: re.Pattern[str], words: str) -> list[tuple[int, int]]:
    """Where these signs count 1, 2, ...; empty where they do not."""
    found: list[tuple[int, int]] = []
    for match in sign.finditer(words):
        number = next(_NUMBERS[sign] for sign in match[0] if sign in _NUMBERS)
        if number == len(found) + 1:
            found.append(match.span())
    return found if len(found) > 1 else []


def _repeated(words: str) -> list[tuple[int, int]]:
    """Where 一个是 stands again and again, whatever stands between."""
    found = list(_REPEATED.finditer(words))
    same = len({match[1] for match in found}) == 1
    return [match.span() for match in found] if same and len(found) > 1 else []


def _gathered(
    parts: Sequence[_Part], listen: Callable[[str], Understanding]
) -> tuple[list[Matter], str]:
    """The troubles, each with the words that go on about it; and what stands before the first."""
    found: list[Matter] = []
    preface = ""
    counted = {at for at, part in enumerate(parts) if part.why > _Why.ENDED}
    for at, part in enumerate(parts):
        heard = listen(part.words.tidy) if len(part.words.plain) >= _LEAST else None
        apart = bool({at, at + 1} & counted) and heard is not None and _plain(part, heard)
        if heard is None or not (apart or _reads_as_report(heard, asked=part.marked)):
            if found:
                found[-1] = _longer(found[-1], part, heard)
            else:
                preface = f"{preface} {part.words.tidy}".strip()
            continue
        matter = Matter(part.words.tidy, heard)
        same = _same(found, matter, part)
        if same is None:
            found.append(matter)
        else:
            found[same] = _longer(found[same], part, heard)
    return found, preface


def _same(found: Sequence[Matter], matter: Matter, part: _Part) -> int | None:
    """Which of the troubles so far a part goes on about; None: it is another one."""
    last = len(found) - 1
    for at, one in enumerate(found):
        if not _apart(one, matter, part, behind=at == last):
            return at
    return None


def _reads_as_report(heard: Understanding, *, asked: bool) -> bool:
    """Whether a part by itself would become a case; a question that was announced is one."""
    if heard.intent not in _KINDS or heard.category in (None, "", "other"):
        return False
    return heard.action == "open" or (asked and heard.intent == "inquiry")


def _plain(part: _Part, heard: Understanding) -> bool:
    """Whether a part is plainly a trouble; that is enough where its writer tells it apart."""
    least = 0.5 if part.why == _Why.BEGUN else 1.0  # there its own place or thing speaks too
    sure = _SOMEHOW if talk.problem(part.words.plain) >= least else _PLAINLY
    reported = heard.category not in (None, "", "other") and (
        heard.intent in _TROUBLES or (sure == _SOMEHOW and heard.location.building is not None)
    )
    return reported and heard.category_sure >= sure


def _longer(matter: Matter, part: _Part, heard: Understanding | None) -> Matter:
    """A trouble with more words about it; a place that is said only now is its place."""
    known = matter.heard
    if heard is not None and not _has_place(known) and _has_place(heard):
        known = replace(known, location=heard.location, known_place=heard.known_place)
    if heard is not None and heard.urgent and not known.urgent:
        known = heard  # the danger decides what it is
    return Matter(f"{matter.words}，{part.words.tidy}", known)


def _has_place(heard: Understanding) -> bool:
    return bool(heard.location.building or heard.known_place)


def _apart(one: Matter, other: Matter, part: _Part, *, behind: bool) -> bool:
    """Whether two parts are two troubles: another place, another thing, or another category.

    `behind` tells that the other stands right behind the one.
    Where their writer does not count them himself, what merely follows from the first is no
    second trouble, and without another place it must be about another thing, on a line or behind
    a semicolon of its own.
    """
    begun = part.why == _Why.BEGUN
    reported = begun or "report" in (one.heard.intent, other.heard.intent)
    if _LABEL.match(part.words.plain) or not reported:
        return False  # the fields of a form, the questions of one enquiry
    before = clean(one.words).plain
    if not part.marked and clauses.supplied(before, part.words.plain):
        return False
    elsewhere = _elsewhere(one.heard, other.heard) or clauses.elsewhere(before, part.words.plain)
    counted = part.why == _Why.COUNTED
    things = clauses.told_of_another(before, part.words.plain, counted=counted)
    if begun and one.heard.urgent:
        return elsewhere or not behind  # what is told right after a danger belongs to it
    if begun:
        return elsewhere or things
    another = alike(one.words, other.words) == 0
    kind = one.heard.category != other.heard.category
    follows = not counted and _GOING_ON.search(part.words.plain) is not None
    if part.marked:
        return elsewhere or another or things or (kind and not follows)
    return not follows and (elsewhere or (kind and another and not part.ended))


def _elsewhere(one: Understanding, other: Understanding) -> bool:
    """Whether both name where they are, and it is not the same."""
    pairs = (
        (one.location.building, other.location.building),
        (one.location.unit, other.location.unit),
        (one.location.room, other.location.room),
        (one.known_place, other.known_place),
    )
    return any(ours and theirs and ours != theirs for ours, theirs in pairs)


def _placed(found: Sequence[Matter], preface: Understanding | None) -> tuple[Matter, ...]:
    """Give each trouble without a place the house last stated; the only one stated goes to all.

    What stands for everybody outdoors is beside nobody's house: 小区路灯; 垃圾 where several houses
    are named.
    """
    stated = [one.heard for one in found if _has_place(one.heard)]
    several = len({(one.location.building, one.known_place) for one in stated}) > 1
    if preface is not None and _has_place(preface):
        last: Understanding | None = preface
    else:
        last = stated[0] if len(stated) == 1 and stated[0].location.building else None
    placed = []
    for one in found:
        heard = one.heard
        if _has_place(heard):
            last = heard if heard.location.building else last  # the gate is nobody else's
        elif last is not None and heard.intent == "report" and not _elsewhere_by_kind(one, several):
            heard = _at(heard, last)
        placed.append(Matter(one.words, heard))
    return tuple(placed)


def _elsewhere_by_kind(one: Matter, several: bool) -> bool:
    """Whether a trouble without an address is not in the house that another one names."""
    return of_everybody(one.words, one.heard.location.place or "", several=several)


def of_everybody(words: str, place: str, *, several: bool = False) -> bool:
    """Whether a trouble is at a gate or the like, or outdoors, and in nobody's house."""
    plain = clean(words).plain
    return slots.is_landmark(plain, place) or clauses.outdoors(plain, several=several)


def _at(heard: Understanding, where: Understanding) -> Understanding:
    """A trouble at the place of another: its own unit or spot stays, the rest is taken over."""
    own, theirs = heard.location, where.location
    if own.unit or own.floor:
        location = replace(own, building=theirs.building)
    else:
        location = replace(
            theirs, place=own.place or (theirs.place if not theirs.numbered else None)
        )
    return replace(heard, location=location, known_place=where.known_place)
