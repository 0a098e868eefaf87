"""Addresses, known places and case numbers in a text."""

import re
from functools import lru_cache

from bot.understanding.normalise import CHINESE_DIGIT, NUMBER, fold, number
from bot.understanding.shapes import Location
from bot.understanding.words import lexicon, longest_first

_BUILDING_NAME = rf"(?:[a-z]?[0-9]{{1,3}}[a-z]?|[a-z]|[{CHINESE_DIGIT}十百]{{1,5}})"
_SUFFIX = r"(?:号楼|#楼?|号栋|号幢|栋楼?|幢楼?|座(?![位机谈椅垫]))"
_LETTER_BLOCK = re.compile(r"(?<![0-9a-z.])([a-z]) ?楼(?!上)")  # B楼
_BUILDING = re.compile(
    rf"(?<![0-9a-z.])(?<!第)(?:第)?({_BUILDING_NAME}) ?{_SUFFIX}"
    rf"|(?<![0-9a-z.])({NUMBER})号(?= ?{NUMBER} ?单元)"
)
_UNIT = re.compile(rf"(?<![0-9a-z.])([0-9]{{1,2}}|[a-z]|[{CHINESE_DIGIT}十]{{1,3}}) ?(?:号)?单元")
_GATE = re.compile(
    rf"{_SUFFIX} ?([0-9]{{1,2}}|[{CHINESE_DIGIT}十]{{1,2}}) ?门(?![禁铃锁面诊牌卫窗])"
)  # 5幢二门
_UNITS_LISTED = re.compile(rf"{NUMBER} ?(?:单元)? ?[、和跟与及到至] ?$")
_FLOOR = re.compile(rf"(?<![0-9a-z.])(?<![{CHINESE_DIGIT}十])({NUMBER}) ?(?:楼|层)(?!道|顶|梯|栋)")
_TRIPLE = re.compile(r"(?<![0-9a-z-])([0-9]{1,3}|[a-z][0-9]?)-([0-9]{1,2})-([0-9]{3,4})(?![0-9-])")
_PAIR = re.compile(r"(?<![0-9a-z-])([0-9]{1,2}|[a-z])-([0-9]{3,4})(?![0-9-])")
_PAIR_AFTER = re.compile(r" ?([0-9]{1,2})-([0-9]{3,4})(?![0-9-])")
_CHINESE_ROOM = rf"[{CHINESE_DIGIT}]{{3,4}}|[{CHINESE_DIGIT}]百[{CHINESE_DIGIT}十]{{1,3}}"
_ROOM_AFTER = re.compile(
    rf"[ ,，的]{{0,2}}(?:{NUMBER}[楼层] ?)?([0-9]{{3,4}}[a-z]?|{_CHINESE_ROOM})"
    r"(?![0-9元块个只人天年斤度万])"
)
_ROOM_NAMED = re.compile(
    rf"(?<![0-9a-z.])([0-9]{{3,4}}|{_CHINESE_ROOM}|[a-z][0-9]{{2,3}}|[0-9]{{1,2}}[a-z])"
    r" ?(?:号?室|号?房(?!子|价|租|东))"
)
_ROOM_BARE = re.compile(
    r"(?<![0-9a-z.:¥￥*+-])([1-9][0-9]?[0-9]{2})(?![0-9a-z.:%*+-])"
    r"(?! ?[元块斤米人户年号个次度天点平分路多瓦伏片克公万千毫名页栋幢楼层只升套张件本条月日期]"
    r"| ?[左来包箱份单岁])"
)
_ROOM_END = range(1, 21)  # flats are counted from 01 on every floor
# Nobody lives at the police; 101 and 102 are flats only where a message begins with them.
_SERVICE_NUMBERS = frozenset("101 102 110 114 119 120 911".split())
_LIST_BEFORE = re.compile(rf"{NUMBER} ?(?:{_SUFFIX}|楼|层)? ?[、和跟与及到至~,/-] ?$")
_LIST_AFTER = re.compile(rf" ?[、和跟与及到至~/-] ?{_BUILDING_NAME} ?{_SUFFIX}")
_BETWEEN = re.compile(r" ?(?:的?中间|之间|交界)")
_NEGATED = re.compile(r"(?:不是|不在|不住)$")
_CLIMBED = re.compile(r"(?:爬[了上到]?|[上从到下掉拎扛背]|一共|总共|共)$")
_CLASSIFIER = re.compile(r"(?:[这那哪整每有某另几前后])$")
_PLACES = lexicon("places")
_PLACE = longest_first(_PLACES["places"].split())
_CASE = re.compile(
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


def _building(plain: str) -> tuple[str | None, int]:
    """The building and where it ends; a list of buildings is none."""
    for match in _BUILDING.finditer(plain):
        before = plain[max(0, match.start() - 12) : match.start()]
        value = match[1] or match[2]
        listed = _LIST_AFTER.match(plain, match.end())
        between = listed and _BETWEEN.match(plain, listed.end())
        if (listed and not between) or _LIST_BEFORE.search(before):
            continue
        if _NEGATED.search(before) or (value in {"一", "两", "几"} and _CLASSIFIER.search(before)):
            continue
        if value in {"一", "1"} and match[0].endswith("座"):
            continue
        return number(value).upper(), match.end()
    block = _LETTER_BLOCK.search(plain)
    return (block[1].upper(), block.end()) if block else (None, -1)


def _unit(plain: str) -> tuple[str | None, int]:
    """The unit and where it ends; several units are none."""
    match = _UNIT.search(plain)
    if match is None:
        gate = _GATE.search(plain)
        return (number(gate[1]), gate.end()) if gate else (None, -1)
    several = len(match[1]) > 1 and "十" not in match[1] and not match[1][0].isascii()
    if several or _UNITS_LISTED.search(plain[max(0, match.start() - 10) : match.start()]):
        return None, match.end()
    return number(match[1]).upper(), match.end()


def _floor(plain: str, building: str | None) -> str | None:
    """The floor, when exactly one is meant as a place."""
    found: set[str] = set()
    for match in _FLOOR.finditer(plain):
        before = plain[max(0, match.start() - 3) : match.start()]
        after = plain[match.end() : match.end() + 2]
        value = number(match[1])
        # "The ground floor" alone describes, with a building it is a place.
        if _CLIMBED.search(before) or after in {"以上", "以下"} or value == "0":
            continue
        if value == "1" and building is None:
            continue
        found.add(value)
    return found.pop() if len(found) == 1 else None


def _bare_room(plain: str) -> str | None:
    """Three or four digits that look like a flat's number."""
    for match in _ROOM_BARE.finditer(plain):
        value = match[1]
        if value not in _SERVICE_NUMBERS and int(value[-2:]) in _ROOM_END:
            return value
        if value in {"101", "102"} and match.start() == 0:
            return value
    return None


def _room(plain: str, *ends: int) -> str | None:
    """The flat: named as one, right behind building or unit, or looking like one."""
    for end in sorted(ends, reverse=True):
        if end >= 0 and (match := _ROOM_AFTER.match(plain, end)):
            return number(match[1]).upper()
    if match := _ROOM_NAMED.search(plain):
        return number(match[1]).upper()
    return _bare_room(plain)


def address(plain: str) -> Location:
    """Building, unit, floor and flat."""
    if match := _TRIPLE.search(plain):
        return Location(number(match[1]).upper(), number(match[2]), number(match[3]))
    building, end = _building(plain)
    if building and (match := _PAIR_AFTER.match(plain, end)):
        return Location(building, number(match[1]), number(match[2]))
    if building is None and (match := _PAIR.search(plain)):
        return Location(number(match[1]).upper(), None, number(match[2]))
    unit, unit_end = _unit(plain)
    room = _room(plain, end, unit_end)
    return Location(
        building,
        unit,
        room,
        _floor(plain, building),
    )


def place(plain: str) -> str | None:
    """The facility or spot the text speaks of."""
    match = _PLACE.search(_UNIT.sub(" ", plain))  # else 2单元楼道 would be a 单元楼
    return match[0] if match else None


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
