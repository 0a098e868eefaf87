"""The facility or spot a text speaks of, in its own words: a small grammar over the lexicon.

[owner or position]* noun [旁边, 门口, 后面 ...], and nouns that lean on one another: 东门那个道闸,
单元门口的井盖. The whole chain is the place, as the labels' guideline wants consecutive words.

Not every place is a spot one can walk to. Rooms of a flat (厨房), what every floor has (楼道灯) and
words of position alone (门口) say what is broken or whose it is; `is_spot` tells them apart.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache

from bot.understanding.words import any_of, lazy, lexicon


class Kind(Enum):
    """What a word of the lexicon is; the names are those of its sections."""

    SPOT = "spots"
    THING = "things"
    FITTING = "fittings"
    PART = "parts"
    UNIT = "units"
    AFAR = "afar"
    ROOM = "rooms"
    NEAR = "near"
    BELOW = "below"
    NONE = "none"


# What makes the better place where a text names several.
# An establishment is as often the one who does it: 烧烤摊把人行道摆满了 is on the pavement.
_WORTH = {
    Kind.SPOT: 4, Kind.THING: 3, Kind.UNIT: 3, Kind.FITTING: 2, Kind.ROOM: 2, Kind.AFAR: 2,
    Kind.BELOW: 1, Kind.NEAR: 1, Kind.PART: 0, Kind.NONE: 0,
}  # fmt: skip
_NO_SPOT = frozenset({Kind.FITTING, Kind.ROOM, Kind.NEAR, Kind.PART})


@dataclass(slots=True)
class _Found:
    """A place in a text, from `start` to `end`, and what it is by the words in it."""

    start: int
    end: int
    kind: Kind


@cache
def _words() -> tuple[dict[str, tuple[str, ...]], dict[str, Kind]]:
    """The nouns by their first two characters, longest first, and what each of them is."""
    kinds: dict[str, Kind] = {}
    for kind in Kind:
        for word in lexicon("places")[kind.value].split():
            kinds.setdefault(word, kind)
    by_start: dict[str, list[str]] = {}
    for word in sorted(kinds, key=len, reverse=True):
        by_start.setdefault(word[:2], []).append(word)
    # 庙 goes behind the longer words that begin so.
    both = {start: (*words, *by_start.get(start[:-1], ())) for start, words in by_start.items()}
    return both, kinds


def _listed(section: str) -> str:
    words = sorted(set(lexicon("places")[section].split()), key=len, reverse=True)
    return "|".join(map(re.escape, words))


# Of 单元的车库 and 我家车库 there are many.
_LANDMARK = lazy(rf"(?<![楼栋幢座元家])(?<![楼栋幢座元家]的)(?:{_listed('landmarks')})")
_OWNERS = lazy(rf"(?:(?:{_listed('owners')})的?){{1,3}}$")
_OWNER_REACH = 10
_TAIL = lazy(rf"的?(?!上[课班学网次车升坐报门])(?:{_listed('tails')})(?![0-9])")
_POINTED = r"[那这](?:一?[个块盏根堵片棵座扇排条家段处]|旮旯|些)?"
_LINK = lazy(rf" ?(?:根|头|{_listed('tails')})?儿?(?:的|中|之|啊)?(?:{_POINTED})?的? ?$")
_LINK_REACH = 6

# Somebody of the place speaks or owes: it is a party, not a spot.
_ACTOR = lazy(
    r"(?:那边)?(?:说|讲|让|不让|叫|喊|要求?|拖欠|欠|收|乱收|催|老板|开门|关门|划|上|放学|报名|学位|学籍|招|插班|转学|入学|园长|老师|的事|费|卡|证)"
)
# 后面车位的兄弟 is whom it is said to.
_SPOKEN_TO = lazy(
    r"的(?:那位|那个|这位|各位)?(?:兄弟|哥们|朋友|邻居们|师傅|车主|亲们?|各位|宝子|姐妹)"
)
_ALL_WELL = lazy(r"(?:均|都|全部?|一切)?(?:通畅|畅通|正常|完好|良好|无异常|整洁)(?!不|吗|么)")
_GONE_TO = lazy(r"(?:[去上找问]|读|去了|推|带|转)$")
_CLIMBS = lazy(r"(?:坐|乘|等|搭|没有?|无|装|加装|加|建个?|建|修建|开个?|增设|增加|设个?)$")
_STANDS_AT = lazy(r"(?:[在到我]|位于)$")
_OF_A_BUILDING = lazy(r"(?:[栋幢座#]|号楼|单元|[0-9]-[0-9])$")
_ABOUT_IT = lazy(r"(?:的?(?:保险|年检|广告|费用?|资质|合同|租金|产权|管理费|保洁费))")
_NO_PLACE = any_of(one.pattern for one in (_ABOUT_IT, _SPOKEN_TO, _ALL_WELL))
# 灯又瞎了: names of one character are heard where a message begins with them.
_SHORT = lazy(
    r"(灯|门|路|墙|桥|井)(?=又|也|都|全|总|老|不|没|坏|塌|裂|瞎|憋|黑|亮|换|断|倒|掉|松|堵|开不|关不|修|吱|几时|啥时)"
)
_ASKING = lazy(
    r"要(?:什么|哪些|啥|带(?:什么|啥|哪))|什么(?:手续|材料|条件|证|时候开|文书)|哪[些几]样?材料|几点(?:开|关|上|下|到|停|能|可以)|几(?:块|多)钱|多少(?:钱|户|天|人|岁)"
    r"|(?:怎么|咋)(?:申请|报名|开通|收费|算的?账|办理|录|领)|请教|问一下|算不算|合不合法|违不违法|开不开|要不要(?:钱|报|自己)"
    r"|(?:要|办|啥|什么)手续|报批|处罚标准|能(?:约到|停|不能停)"
)


def _scan(plain: str) -> list[tuple[int, int, Kind]]:
    """The lexicon's words from left to right, the longest at each place."""
    by_start, kinds = _words()
    found = []
    at, end = 0, len(plain)
    while at < end:
        for word in by_start.get(plain[at : at + 2]) or by_start.get(plain[at], ()):
            if plain.startswith(word, at):
                found.append((at, at + len(word), kinds[word]))
                at += len(word)
                break
        else:
            at += 1
    return found


def _together(first: Kind, second: Kind) -> Kind:
    """What two words are that stand together: 学校门口 is a spot, whatever is said of schools."""
    if first is Kind.ROOM:
        return Kind.ROOM
    if Kind.AFAR in (first, second) and {Kind.NEAR, Kind.BELOW} & {first, second}:
        return Kind.SPOT
    return max(first, second, key=lambda kind: (_WORTH[kind], kind is second))


def _joined(plain: str) -> list[_Found]:
    """The words, with what leans on them; NONE breaks a chain."""
    chains: list[_Found] = []
    for start, end, kind in _scan(plain):
        if kind is Kind.NONE:
            continue
        last = chains[-1] if chains else None
        if last and start - last.end <= _LINK_REACH and _LINK.match(plain[last.end : start]):
            last.end = end
            last.kind = _together(last.kind, kind)
            continue
        chains.append(_Found(start, end, kind))
    return chains


def _likely(plain: str, found: _Found) -> bool:
    """Whether the words name where something is, and are not what it is about."""
    before = plain[max(0, found.start - 4) : found.start]
    unlikely = not _WORTH[found.kind] or _CLIMBS.search(before)
    if unlikely or _NO_PLACE.match(plain, found.end):
        return False
    if found.kind is Kind.BELOW:
        return _OF_A_BUILDING.search(before) is not None
    if found.kind is Kind.AFAR:
        if _STANDS_AT.search(before):
            return True
        return _TAIL.match(plain, found.end) is not None or _owner(plain, found) < found.start
    if found.kind is Kind.UNIT:
        return not (_ACTOR.match(plain, found.end) or _GONE_TO.search(before))
    return True


def _owner(plain: str, found: _Found) -> int:
    """Where the words of owner and position before a place begin."""
    floor = max(0, found.start - _OWNER_REACH)
    owner = _OWNERS.search(plain[floor : found.start])
    return floor + owner.start() if owner else found.start


def _whole(plain: str, found: _Found) -> str:
    """The words of a place with its owner before and its position behind."""
    tail = _TAIL.match(plain, found.end)
    return plain[_owner(plain, found) : tail.end() if tail else found.end].strip().upper()


def place(plain: str) -> str | None:
    """The facility or spot the text speaks of, or None; a question about rules has none."""
    chains = [found for found in _joined(plain) if _likely(plain, found)]
    short = None if chains else _SHORT.match(plain)
    if not (chains or short) or _ASKING.search(plain):
        return None
    if short:
        return short[1]
    best = max(chains, key=lambda found: _WORTH[found.kind])
    return _whole(plain, best)


def is_spot(named: str) -> bool:
    """Whether what `place` found is a spot, a shop or a thing that stands by itself."""
    chains = _joined(named.lower())
    return bool(chains) and chains[0].kind not in _NO_SPOT


def is_landmark(plain: str, named: str) -> bool:
    """Whether what `place` found in a text is of a kind a grid has one of: all know where it is."""
    start = plain.find(named.lower())
    return start >= 0 and _LANDMARK.search(plain, start, start + len(named)) is not None
