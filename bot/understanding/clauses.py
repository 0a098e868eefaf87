"""Where another trouble begins in a sentence although nothing announces it.

灯坏了 5号楼下水道堵了, 灯坏了垃圾没人收电梯也不动: no 另外, no list, often no comma either. A
clause begins another trouble where it names at its head another place, or a thing that has nothing
to do with the one before, and says by itself that something is wrong. Cheap and cautious: whether
each part is a report of its own is decided by who listens to it (`matters.py`).
"""

from collections.abc import Iterator
from itertools import groupby

from bot.understanding import talk
from bot.understanding.address import address
from bot.understanding.shapes import Location
from bot.understanding.words import any_of, lazy, lexicon, longest_first

_DATA = lexicon("matters")
_LANDMARKS = longest_first(lexicon("places")["landmarks"].split())
_SPOTS = longest_first(lexicon("places")["spots"].split())
_LONG = 400  # signs; who writes more announces what he goes on to
_SIGNS = lazy(r"[,、 。;!?\n]+")
_LEAD = any_of(_DATA["lead"]).pattern
_NUMBER = r"(?:[0-9]{1,3}|[a-z]|[一二三四五六七八九十]{1,3}) ?(?:号楼|号?[栋幢]|#楼?|座|单元)"
_FLAT = r"[0-9a-z]{1,3}-[0-9]{1,2}-[0-9]{3,4}|[0-9]{3,4}室?"
_SPOT = rf"(?:{_NUMBER}|{_FLAT}|[大小]?(?:{_LANDMARKS.pattern}))"
# Atomic groups: before 3.11.5 a possessive repeat of what may backtrack matches too little.
_HEAD = lazy(rf"(?>(?:(?!{_SPOT})(?:{_LEAD}))*){_SPOT}")
# Who writes without signs has ended a sentence where the next begins with its thing or place.
_HOUSE = lazy(rf"(?<![{_DATA['governs']} ,、。;!?\n0-9a-z-])(?<!影响)(?<!^){_NUMBER}(?<!单元)")
_ENDS = sorted(_DATA["ends"].split(), key=len)
_ENDED = "|".join(f"(?<={'|'.join(words)})" for _, words in groupby(_ENDS, len))
_UNBROKEN = lazy(rf"(?:{_ENDED})(?>(?:(?!{_SPOT})(?:{_LEAD}))*)")
_GOING_ON, _EARLIER = any_of(_DATA["going_on"]), any_of(_DATA["earlier"])
_ARRIVES = any_of(_DATA["arrives"])
_ADDS, _NEGLECTED = (lazy(pattern) for pattern in _DATA["too"])
_SUPPLIES = frozenset(_DATA["supplies"].split())  # what fails for many houses at once
_OUTDOORS = frozenset(_DATA["outdoors"].split())
_COMMON = lazy(_DATA["common"])
_SCENES = frozenset(_DATA["scenes"].split())


def _names() -> dict[str, str]:
    """The words for things, each with its group; a word of places.toml may be its own group."""
    objects = lexicon("objects")
    names: dict[str, str] = {
        word: group
        for known in (objects["objects"], _DATA["things"])
        for group, words in known.items()
        for word in words.lower().split()
    }
    for word in _DATA["no_things"].split():
        names.pop(word, None)
    known = sorted(names, key=len, reverse=True)
    for section in ("things", "fittings"):
        for word in lexicon("places")[section].lower().split():
            kind = next((name for name in known if word.endswith(name)), word)
            names.setdefault(word, names.get(kind, word))
    return names | dict.fromkeys(objects["not_objects"]["words"].lower().split(), "")


_NAMES = _names()
_NAMED = longest_first(word for word, group in _NAMES.items() if group)
_THING = lazy(rf"(?:{longest_first(_NAMES).pattern})(?!{_DATA['beside']})")
# What stands before the thing of a clause; a landmark may be the thing itself.
_BETWEEN = lazy(
    rf"(?>(?:(?!{_NAMED.pattern})"
    rf"(?:{_SPOT}|{_SPOTS.pattern}|{_LEAD}|{any_of(_DATA['between']).pattern}))*)"
)
_OF_A_THING = frozenset(_DATA["of_a_thing"].split())
_BRINGS = frozenset(
    (one, other) for one, all_ in _DATA["comes_of"].items() for other in all_.split()
)


def things(plain: str) -> frozenset[str]:
    """The groups of the things that words name."""
    return frozenset(_NAMES[word] for word in _THING.findall(plain)) - {""}


def unrelated(ours: frozenset[str], theirs: frozenset[str], *, added: bool = False) -> bool:
    """Whether two sets of things are both known, and no trouble of one brings one of the other.

    What is `added` to the first (水管还漏水) does not explain it, it can only come of it.
    """
    pairs = [(one, other) for one in ours for other in theirs]
    return bool(pairs) and not any(
        one == other
        or (one, other) in _BRINGS
        or (not added and (other, one) in _BRINGS)
        or {one, other} & _SCENES
        for one, other in pairs
    )


def supplied(one: str, other: str) -> bool:
    """Whether both tell of the same supply that fails: one outage, however many houses it hits."""
    return bool(things(one) & things(other) & _SUPPLIES)


def outdoors(plain: str, *, several: bool) -> bool:
    """Whether a trouble is told of what everybody shares.

    Where `several` houses are named, rubbish and trees belong to none of them.
    """
    return _COMMON.search(plain) is not None or bool(several and things(plain) & _OUTDOORS)


def begun(plain: str) -> Iterator[tuple[int, int]]:
    """Where another trouble begins: the signs before it, from and to; nowhere in a long letter."""
    if len(plain) > _LONG:
        return
    ends = [(match.start(), match.end()) for match in _SIGNS.finditer(plain)]
    ends += [(at, at) for at in _unbroken(plain)]
    ends = sorted({begin: (begin, end) for begin, end in ends}.values())
    start = 0
    open_at: tuple[int, int] | None = None  # a place that waits for its sentence
    for number, sign in enumerate(ends, 1):
        until = ends[number][0] if number < len(ends) else len(plain)
        at = open_at or sign
        clause = plain[at[1] : until]
        if open_at is None and _bare(clause):
            open_at = at
            continue
        open_at = None
        if _another(plain[start : at[0]], clause, unbroken=at[0] == at[1]):
            yield at
            start = at[1]


def _unbroken(plain: str) -> Iterator[int]:
    """Where a sentence begins that no sign parts from the one before."""
    for match in _HOUSE.finditer(plain):
        yield match.start()
    for match in _UNBROKEN.finditer(plain):
        rest = plain[match.end() :]
        if _HEAD.match(rest) or _named_first(rest):
            yield match.start()


def _bare(clause: str) -> bool:
    """Whether a clause is a place and nothing else: its sentence follows behind the next sign."""
    head = _HEAD.match(clause)
    return head is not None and len(clause) - head.end() <= 1


def _named_first(clause: str) -> frozenset[str]:
    """The thing a clause begins with, behind its place and words that lead to it."""
    lead = _BETWEEN.match(clause)
    at = lead.end() if lead else 0
    first = _THING.match(clause, at)
    if first is None or (at == 0 and first[0] in _OF_A_THING):
        return frozenset()
    return things(first[0])


def _another(before: str, clause: str, *, unbroken: bool) -> bool:
    """Whether a clause tells of another trouble than the words before it."""
    if not (_HEAD.match(clause) or _named_first(clause)):
        return False  # it begins with neither a place nor a thing
    if _GOING_ON.search(clause) or _EARLIER.search(clause) or supplied(before, clause):
        return False
    if not (talk.problem(before) and talk.problem(clause)):
        # Of another house people tell in words that no list holds; the listener knows them better.
        return not unbroken and _another_house(before, clause)
    return elsewhere(before, clause) or _other_thing(before, clause)


def told_of_another(one: str, other: str, *, counted: bool = False) -> bool:
    """Whether two parts begin with different things, whatever they go on to say.

    Who has `counted` them does not name the second to explain the first.
    """
    first, second = _SIGNS.split(one, 1)[0], _SIGNS.split(other, 1)[0]
    ours, theirs = things(first), things(second)
    return unrelated(ours, theirs, added=counted or _ADDS.search(second) is not None)


def elsewhere(before: str, clause: str) -> bool:
    """Whether a clause begins with a place, and it is not the one of the words before."""
    head = _HEAD.match(clause)
    if head is None:
        return False
    theirs, ours = address(before), address(clause)
    if theirs.building and ours.building:
        return _another_house(before, clause)
    marks = frozenset(_LANDMARKS.findall(before)), frozenset(_LANDMARKS.findall(clause))
    if all(marks):
        return not marks[0] & marks[1]
    if any(marks):
        whole = _told_where(before, theirs) and _told_where(clause, ours)
        told = talk.problem(clause) == 1.0 or bool(things(clause[head.end() :]))
        return whole and told and not _ARRIVES.search(clause)
    return unrelated(things(before), things(clause)) and _within(theirs, ours)


def _another_house(before: str, clause: str) -> bool:
    """Whether a clause begins with another house, and not with what arrives there."""
    head = _HEAD.match(clause)
    ours, theirs = address(clause[: head.end()] if head else "").building, address(before).building
    if not (ours and theirs) or ours == theirs:
        return False
    return bool(things(clause)) or not _ARRIVES.search(clause)


def _told_where(words: str, where: Location) -> bool:
    return bool(where.building or _LANDMARKS.search(words))


def _within(theirs: Location, ours: Location) -> bool:
    """Whether two parts of one house are named."""
    pairs = ((theirs.unit, ours.unit), (theirs.room, ours.room))
    return any(one and other and one != other for one, other in pairs)


def _other_thing(before: str, clause: str) -> bool:
    """Whether a clause begins with a thing that has nothing to do with those before."""
    first, added = _named_first(clause), _ADDS.search(clause) is not None
    if not (first and _plainly(before) and (added or _plainly(clause))):
        return False
    return unrelated(things(before), first | things(clause), added=added)


def _plainly(words: str) -> bool:
    """Whether words say plainly that something is wrong, or that nobody sees to it."""
    return talk.problem(words) == 1.0 or _NEGLECTED.search(words) is not None
