"""What a worker says of his rounds: where he was, what he found, and where nobody was."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from bot.understanding import remarks
from bot.understanding.normalise import clean, fold
from bot.understanding.slots import address
from bot.understanding.visit_names import (
    ABSENT,
    HOME,
    LIST,
    LONGEST_NAME,
    MADE,
    NUMBERED,
    PERSON,
    behind,
    known_names,
    named_in,
    named_later,
    short_names,
    trimmed,
    verb_of,
    with_houses,
    with_others,
)
from bot.understanding.words import any_of, lazy, lexicon

_DATA = lexicon("visits")
_FUTURE, _PAST, _AGAIN, _NORMAL, _WHOLE, _PART = (
    any_of(_DATA[name]) for name in "future past again normal whole part".split()
)
_COUNT = lazy(rf"(?:{_DATA['count']})$")
_BEHIND = lazy(_DATA["behind"])
_ON_ROUND = lazy(_DATA["on_round"])
_NOT_YET = lazy(_DATA["not_yet"])
_WENT_OUT = lazy(_DATA["went_out"])
_SEEN = lazy(_DATA["seen"])
_STATE = lazy(_DATA["state"])
_MORNING, _AFTERNOON = lazy(_DATA["morning"]), lazy(_DATA["afternoon"])
_PARTS = lazy(r"[,，。;；!！\n]| +|(?<=[了好常])、")
_FLOOR = lazy(r"[0-9一二三四五六七八九十]+ ?楼")
_WORDS = lazy(r"[\u4e00-\u9fff]")
_LEADING = lazy(_DATA["leading"])
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Act:
    """One visit as it was told. `name` is where or whom, "" for the grid as a whole.

    `known` tells that the name is one of those given; `person` that it is somebody's. `part` is
    the part of the day that was named: morning, afternoon or "". `past` is told a day late.
    `wrong` tells that the finding plainly is a trouble; else it only is not known to be well.
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
    wrong: bool = False


def acts(text: str, names: Collection[str]) -> list[Act]:
    """The visits a message tells of, in its order; `names` are places and people known around."""
    tidy = clean(text).tidy[:_LONGEST]
    labels = {fold(name).replace(" ", "") for name in names if name.strip()}
    known, short = known_names(labels), short_names(labels)
    plain = fold(tidy)
    past, part, ahead = bool(_PAST.search(plain)), _part(plain), False
    found: list[Act] = []
    at = -1  # the visit that was spoken of last
    for piece in filter(None, (one.strip() for one in _PARTS.split(tidy))):
        ahead = ahead or future(fold(piece))  # what is told after 明天 is still to come
        for act in _told(piece, known):
            if act is not None and (ahead or _NOT_YET.search(fold(act.words))):
                found.append(replace(act, future=True, finding=""))
            elif act is not None and not _went_out(found, act):
                found, at = _touched(found, _joined(found, act))
            elif found:
                found, at = _touched(found, _behind_it(found, at, piece, short))
    if not found:
        ahead = future(plain) or bool(_NOT_YET.search(plain))  # 上午有事没巡
        found = [replace(_round(tidy), future=ahead)]
    walked = bool(_ON_ROUND.search(plain))
    return [replace(_seen(one, walked), part=part, past=past) for one in found]


def _seen(act: Act, walked: bool) -> Act:
    """Where nobody was there, only a trouble was seen: 今天歇业 and 下周回来 are none."""
    if act.absent and not act.name and walked:
        return replace(act, absent=False)  # 巡了一圈，广场上没人: nobody's door
    return replace(act, finding="") if act.absent and not act.wrong else act


def _went_out(found: list[Act], act: Act) -> bool:
    """Whether it only says where who was not at home has gone: 菜场买菜去了."""
    away = bool(found) and found[-1].absent and not (act.known or act.person)
    return away and bool(_WENT_OUT.search(act.words))


def _touched(before: list[Act], now: list[Act]) -> tuple[list[Act], int]:
    """The visits, and which of them is another than before, or new."""
    changed = [at for at, one in enumerate(now) if at >= len(before) or one != before[at]]
    return now, changed[-1] if changed else -1


def _behind_it(found: list[Act], at: int, piece: str, short: re.Pattern[str] | None) -> list[Act]:
    """The visits with a piece that tells of none: more of the one at hand, or a place in short."""
    named = short.match(fold(piece)) if short else None
    if named is None:
        more = _more(found[at], piece)
        return [more if one is found[at] else one for one in found]
    return _joined(found, _act(named["name"], piece, piece[named.end() :]))


def future(plain: str) -> bool:
    """Whether a visit is told of that is still to come."""
    return bool(_FUTURE.search(plain))


def _part(plain: str) -> str:
    if _MORNING.search(plain):
        return "morning"
    return "afternoon" if _AFTERNOON.search(plain) else ""


def _told(piece: str, known: re.Pattern[str]) -> Iterator[Act | None]:
    """The visits one piece tells of; None: it says more about the one before."""
    plain = fold(piece)
    verb = verb_of(plain)
    named = named_in(plain, known)
    named = with_houses(plain, named) if named else list(NUMBERED.finditer(plain))
    if verb is None and len(named) == 1 and _FLOOR.fullmatch(named[0][0]):
        named = []  # 3楼王大爷家: where in the building it was
    if verb is None and len({one[0] for one in named}) == 1:
        named = named[-1:]  # 幼儿园写错了没去幼儿园
    if verb and (later := named_later(named, verb)):
        yield from _told(piece[:later].strip(), known)
        yield from _told(piece[later:], known)
    elif named and (verb or len(named) == 1):
        remark = _remark(piece, plain, named[-1].end(), verb)
        for name in with_others(piece, verb, [one[0] for one in named]):
            yield _act(name, piece, remark, known=bool(known.fullmatch(name)))
    elif verb is None or not (MADE.search(plain) or _missed(plain)):
        yield None  # 安全出口锁着: a part of where he was
    else:
        yield from _unnamed(piece, plain[: verb.start()], piece[verb.end() :])


def _remark(piece: str, plain: str, ends: int, verb: re.Match[str] | None) -> str:
    """What is said of places whose names end there."""
    rest = piece[max(ends, verb.end() if verb else 0) :]
    between = plain[ends : verb.start()] if verb and verb.start() > ends else ""
    between = _BEHIND.sub("", between)  # 7栋天台看过: where in it, unless something is wrong
    told = between and (remarks.wrong(between) or remarks.found(rest))
    return piece[ends:] if told else rest


def _unnamed(piece: str, head: str, rest: str) -> Iterator[Act]:
    """The visits of a piece that names nothing known: who or what stands around the verb."""
    names = [trimmed(_NORMAL.sub("", one)) for one in LIST.split(head)]
    wanted = [one for one in names if one and not _COUNT.fullmatch(one)]  # 2户没人
    if not wanted and (seen := behind(rest)):
        wanted, rest = seen, rest.strip()[rest.strip().find(seen[-1]) + len(seen[-1]) :]
        rest = _COUNT.sub("", HOME.sub("", rest.strip())).strip()
    if not wanted:
        rest = _COUNT.sub("", rest)  # 走了3处
    if not wanted and not (_STATE.search(rest) or remarks.wrong(fold(rest))):
        rest = ""  # 看了刚出院的老黄: whom he went to see
    for name in wanted or [""]:
        whole = not name or bool(_WHOLE.match(name)) or len(name) > LONGEST_NAME
        yield _act("" if whole else name, piece, rest)


def _act(name: str, piece: str, remark: str, *, known: bool = False) -> Act:
    plain = fold(piece)
    bare = name if known else HOME.sub("", name)
    person = bool(PERSON.match(bare))
    act = Act(
        name=bare if person else name,
        words=piece,
        absent=_missed(plain),
        again=bool(_AGAIN.search(plain)),
        known=known,
        person=person,
        building=address(fold(name)).building or address(plain).building or "",
    )
    return _more(replace(act, words=""), remark, words=piece)


def _round(tidy: str) -> Act:
    """A message that names no visit: the round as a whole, with what he says he saw there."""
    act = _act("", tidy, tidy)
    saw = act.wrong or bool(_SEEN.search(fold(tidy)))
    absent = bool(ABSENT.search(fold(tidy)))  # 儿子不在家, and no word of where
    return replace(act, absent=absent, finding=act.finding if saw else "")


def _missed(plain: str) -> bool:
    """Whether nobody was there; not that somebody else was out, or a part of the place locked."""
    found = ABSENT.search(plain)
    if found is None or remarks.others(plain):
        return False
    door = "门" if found[0].startswith("门") else ""
    return not _PART.search(f"{plain[: found.start()]}{door}")


def _more(act: Act, remark: str, words: str = "") -> Act:
    """The visit with more that was said of it; what is not known to be well is its finding."""
    said = _LEADING.sub("", remark).rstrip(" ,.:;、，。：；")
    plain = fold(said)
    joined = " ".join(one for one in (act.words, words or remark.strip()) if one)
    act = replace(act, words=joined, absent=act.absent or _missed(plain))
    if act.finding and not _WORDS.search(said) and said:
        return replace(act, finding=f"{act.finding} {said}")  # 血压 150
    wrong = remarks.wrong(plain)
    if not (wrong or remarks.found(plain)) or ABSENT.fullmatch(plain):
        return act
    finding = "，".join(one for one in (act.finding, said) if one)
    return replace(act, finding=finding, wrong=act.wrong or wrong)


def _within(whole: Act, act: Act) -> bool:
    """Whether the second is a part of the building of the first: 5号楼, 5号楼3单元."""
    return bool(whole.building) and act.name.startswith(whole.name)


def _same(last: Act, act: Act) -> Act:
    """The visit with what was said of it once more, or of a part of the building."""
    whole = act.wrong or not MADE.search(fold(act.words))  # 5号楼3单元电梯坏了: where it is
    told = act.finding and (act.words.strip() if whole else act.finding)
    return replace(
        last,
        words=f"{last.words} {act.words}",
        finding="，".join(one for one in (last.finding, told) if one),
        absent=last.absent or act.absent,
        wrong=last.wrong or act.wrong,
    )


def _joined(found: list[Act], act: Act) -> list[Act]:
    """The visits with one more; a place named before, or no place, is no new one."""
    for at, one in reversed(list(enumerate(found))):
        here = at == len(found) - 1
        again = act.name == one.name or _within(one, act)
        if again or (here and (not act.name or one.name.endswith(act.name))):
            return [*found[:at], _same(one, act), *found[at + 1 :]]
    if found and not found[0].name and not found[0].finding and len(found) == 1:
        words, absent = f"{found[0].words} {act.words}", found[0].absent or act.absent
        return [replace(act, words=words, absent=absent)]
    return [*found, act]
