"""What a worker says of his rounds: where he was, what he found, and where nobody was."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from bot.understanding.normalise import clean, fold
from bot.understanding.slots import address
from bot.understanding.words import any_of, lexicon, longest_first

_DATA = lexicon("visits")
_MADE, _ABSENT, _FUTURE, _PAST, _AGAIN, _NORMAL, _PROBLEM, _WHOLE = (
    any_of(_DATA[name]) for name in "made absent future past again normal problem whole".split()
)
_COUNT = re.compile(rf"(?:{_DATA['count']})$")
_BEFORE, _BEHIND, _HOME, _PERSON = (
    re.compile(_DATA[name]) for name in "before behind home person".split()
)
_NOBODY = re.compile(_DATA["nobody"])
_MORNING, _AFTERNOON = re.compile(_DATA["morning"]), re.compile(_DATA["afternoon"])
_PARTS = re.compile(r"[,，。;；!！\n]| +|(?<=[了好常])、")
_LIST = re.compile(r"[、和跟与及]|还有")
_NUMBERED = re.compile(
    r"[0-9a-zA-Z一二三四五六七八九十]+ ?(?:号楼|栋|幢|座|楼)(?:[0-9一二三四五六七八九十]+单元)?"
)
_FLOOR = re.compile(r"[0-9一二三四五六七八九十]+ ?楼")
_LONGEST_NAME = 12
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Act:
    """One visit as it was told. `name` is where or whom, "" for the grid as a whole.

    `known` tells that the name is one of those given; `person` that it is somebody's. `part` is
    the part of the day that was named: morning, afternoon or "". `past` is told a day late.
    """

    name: str
    words: str
    finding: str = ""
    absent: bool = False
    future: bool = False
    again: bool = False
    known: bool = False
    person: bool = False
    building: str = ""
    part: str = ""
    past: bool = False


def acts(text: str, names: Collection[str]) -> list[Act]:
    """The visits a message tells of, in its order; `names` are places and people known around."""
    tidy = clean(text).tidy[:_LONGEST]
    known = longest_first({fold(name).replace(" ", "") for name in names if name.strip()})
    plain = fold(tidy)
    ahead, past, part = future(plain), bool(_PAST.search(plain)), _part(plain)
    found: list[Act] = []
    for piece in filter(None, (one.strip() for one in _PARTS.split(tidy))):
        for act in _told(piece, known):
            if act is None and found:
                found[-1] = _more(found[-1], piece)
            elif act is not None:
                found = _joined(found, act)
    found = found or [_act("", tidy, tidy)]
    return [replace(one, future=ahead, part=part, past=past) for one in found]


def future(plain: str) -> bool:
    """Whether a visit is told of that is still to come."""
    return bool(_FUTURE.search(plain))


def nobody_there(plain: str) -> bool:
    """Whether nothing is told but that nobody was at home, by whoever makes the rounds."""
    return bool(_NOBODY.fullmatch(plain))


def _part(plain: str) -> str:
    if _MORNING.search(plain):
        return "morning"
    return "afternoon" if _AFTERNOON.search(plain) else ""


def _told(piece: str, known: re.Pattern[str]) -> Iterator[Act | None]:
    """The visits one piece tells of; None: it says more about the one before."""
    plain = fold(piece)
    verb = _MADE.search(plain) or _ABSENT.search(plain)
    named = list(known.finditer(plain)) or list(_NUMBERED.finditer(plain))
    if verb is None and len(named) == 1 and _FLOOR.fullmatch(named[0][0]):
        named = []  # 3楼王大爷家: where in the building it was
    head = plain[: verb.start()] if verb else plain
    if named and (verb or len(named) == 1):
        ends = named[-1].end()
        rest = piece[max(ends, verb.end() if verb else 0) :]
        between = plain[ends : verb.start()] if verb and verb.start() > ends else ""
        remark = f"{_BEHIND.sub('', between)}{rest}"
        for name in _with_others(piece, plain, verb, [one[0] for one in named]):
            yield _act(name, piece, remark, known=bool(known.fullmatch(name)))
        return
    if verb is None:
        yield None
        return
    rest = piece[verb.end() :]
    names = [_trimmed(_NORMAL.sub("", one)) for one in _LIST.split(head)]
    wanted = [one for one in names if one]
    if not wanted and (behind := _behind(rest)):
        wanted, rest = behind, rest.strip()[rest.strip().find(behind[-1]) + len(behind[-1]) :]
        rest = _COUNT.sub("", _HOME.sub("", rest.strip())).strip()
    for name in wanted or [""]:
        whole = not name or bool(_WHOLE.match(name)) or len(name) > _LONGEST_NAME
        yield _act("" if whole else name, piece, rest)


def _with_others(piece: str, plain: str, verb: re.Match[str] | None, named: list[str]) -> list[str]:
    """The names with the people in the same list nobody knows: 刘奶奶、张大爷都看过了."""
    if verb is None or not _LIST.search(plain):
        return named
    head = _LIST.split(piece[: verb.start()])
    told = [*(_HOME.sub("", _trimmed(one)) for one in head), *_behind(piece[verb.end() :])]
    told = [one for one in told if _PERSON.match(one) or one in named]
    return list(dict.fromkeys(told)) if set(named) <= set(told) else named


def _behind(rest: str) -> list[str]:
    """Who is named behind the verb: 看望了王奶奶、张大爷两户."""
    listed = _LIST.split(_COUNT.sub("", fold(rest).strip()))
    names = [_HOME.sub("", one.strip()) for one in listed]
    return names if all(_PERSON.match(one) for one in names) else []


def _trimmed(words: str) -> str:
    return _BEHIND.sub("", _BEFORE.sub("", words.strip())).strip()


def _act(name: str, piece: str, remark: str, *, known: bool = False) -> Act:
    plain = fold(piece)
    bare = name if known else _HOME.sub("", name)
    person = bool(_PERSON.match(bare))
    act = Act(
        name=bare if person else name,
        words=piece,
        absent=bool(_ABSENT.search(plain)),
        again=bool(_AGAIN.search(plain)),
        known=known,
        person=person,
        building=address(plain).building or "",
    )
    return _more(replace(act, words=""), remark, words=piece)


def _more(act: Act, remark: str, words: str = "") -> Act:
    """The visit with more that was said of it; what sounds wrong is its finding."""
    said = remark.strip(" ,.:;、，。：；家里那边的")
    plain = fold(said)
    joined = " ".join(one for one in (act.words, words or remark.strip()) if one)
    absent = act.absent or bool(_ABSENT.search(plain))
    wrong = plain and _PROBLEM.search(_NORMAL.sub("", plain)) and not _ABSENT.fullmatch(plain)
    finding = "，".join(one for one in (act.finding, said) if one) if wrong else act.finding
    return replace(act, words=joined, finding=finding, absent=absent)


def _within(whole: Act, act: Act) -> bool:
    """Whether the second is a part of the building of the first: 5号楼, 5号楼3单元."""
    return bool(whole.building) and act.name.startswith(whole.name)


def _joined(found: list[Act], act: Act) -> list[Act]:
    """The visits with one more; the same place, or a part of a day with nothing else, is no new."""
    if found and (act.name in ("", found[-1].name) or _within(found[-1], act)):
        last = _more(found[-1], act.words)
        return [*found[:-1], replace(last, finding=last.finding or act.finding)]
    if found and not found[0].name and not found[0].finding and len(found) == 1:
        words, absent = f"{found[0].words} {act.words}", found[0].absent or act.absent
        return [replace(act, words=words, absent=absent)]
    return [*found, act]
