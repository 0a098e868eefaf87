"""Building, unit, floor and flat in a text, however people write them."""

import re

from bot.understanding.normalise import CHINESE_DIGIT, NUMBER, number
from bot.understanding.put_right import put_right
from bot.understanding.shapes import Location
from bot.understanding.words import lazy

_CN = f"[{CHINESE_DIGIT}十百]"
# Without any of these no pattern below finds an address: most talk is looked at no further.
_WORTH_IT = lazy("[号#栋幢座楼层单室房零〇幺]|[0-9]{3}|-[0-9]")
_BUILDING_NAME = rf"(?:[a-z]?[0-9]{{1,3}}[a-z]?|[a-z]|{_CN}{{1,5}})"
_NOT_WITHIN = r"(?<![0-9a-z.])"
# 7号院 is the compound; it is a building only where a unit stands right behind it.
_COMPOUND = r"号院(?= ?[0-9一二三四五六七八九]{1,2} ?单元)"
# 3号楼 3# 3栋 B座; 座 begins other words.
_SUFFIX = rf"(?:号楼|#楼?|号[栋幢]|[栋幢]楼?|座(?![位机谈椅垫]|的?[大中小]?[客巴车])|{_COMPOUND})"
_DASH = r"[-—–−_/]"
_DASHED = lazy(_DASH)

_BUILDING = lazy(
    rf"{_NOT_WITHIN}(?<!第)第?({_BUILDING_NAME}) ?{_SUFFIX}"
    rf"|{_NOT_WITHIN}({NUMBER})号(?= ?{NUMBER} ?单元)"
    # 22号1101: the old towns' way; never a day of the month.
    rf"|{_NOT_WITHIN}(?<!月)([0-9]{{1,3}})号 ?"
    r"(?=[1-9][0-9]{2,3}室?(?![0-9年元块个度平户人次点斤:.%-]))"
    rf"|{_NOT_WITHIN}(?<!月)([0-9]{{1,3}}|{_CN}{{1,3}})号"
    r"(?=(?:外墙|楼道|楼顶|楼下|门栋|底楼|天井|棚子|里(?:个|厢|的|[一二三四五六七八九0-9]{1,2}楼)))"
)
_LETTER_BLOCK = lazy(r"(?<![0-9a-z.])([a-z]) ?楼(?!上)")  # B楼
_LIST_BEFORE = lazy(
    rf"(?:(?<![0-9:])[0-9]{{1,2}}[a-z]?|(?<![a-z0-9])[a-z]|{_CN}) ?(?:{_SUFFIX}|楼|层)?"
    r" ?[、和跟与及到至~,/—-] ?$"
)
_LIST_AFTER = lazy(rf" ?[、和跟与及到至~/—-] ?{_BUILDING_NAME} ?{_SUFFIX}")
_SEVERAL = lazy(
    rf"{_NOT_WITHIN}(?<!第)({_BUILDING_NAME}) ?"
    rf"(?:{_SUFFIX} ?[、和跟与及到至~,/-]?|[、和跟与及到至~/-]) ?{_BUILDING_NAME} ?{_SUFFIX}"
)
_ALL = lazy(r"[^,。;!?]{0,4}[都均全]")
_MIDDLE = lazy(r" ?(?:的?中间|之间|交界|当[间中])")
_BETWEEN = lazy(r" ?(?:的?中间|之间|交界)")
_NEGATED = lazy(r"(?:(?<!是)不是|(?<!在)不在|(?<!住)不住)$")
_NEGATED_AFTER = lazy(r" ?不是")
_CLASSIFIER = lazy(r"(?:[这那哪整每有某另几前后隔])$")
# 走了三栋楼 counts houses; 三栋楼下 and a message that begins 三栋楼 name one.
_COUNTED = lazy(r"(?:[了共计有这那跑查建拆盖]|区)$")
_STANDS = lazy(r"[桥山塔庙城房坟岛亭雕假]")  # 1座桥
_IN_HIS_CARE = lazy(r"(?:[扫管包]|负责)$")  # 一人扫四栋
_SUMMED = lazy(r" ?一?共[有计]?[0-9一二三四五六七八九十]")
_DIGITS_IN_A_ROW = lazy(rf"(?=[{CHINESE_DIGIT}]{{2,}}$)(?!.*[零〇幺])")  # 六七八三栋
_MANY = 3  # so many buildings are a list
_NEAR = 8  # characters between a building and its floor

_UNIT = lazy(
    rf"(?<![0-9a-z.])([0-9]{{1,2}}|[a-z]|[{CHINESE_DIGIT}十]{{1,3}}|[甲乙丙丁]) ?(?:号|#)?单元"
)
_UNIT_BEHIND = lazy(rf"{_SUFFIX} ?([甲乙丙丁])(?![方级种流烷醇肝醛型类a-z0-9])")  # 12幢乙
_GATE = lazy(
    rf"{_SUFFIX} ?([0-9]{{1,2}}|[{CHINESE_DIGIT}十]{{1,2}}) ?号?门(?![禁铃锁面诊牌卫窗])"
)  # 5幢二门
# 五动二单院: what voice recognition makes of 五栋二单元.
_SLIP_BLOCK = lazy(rf"(?<=[0-9{CHINESE_DIGIT}十])动(?= ?[0-9{CHINESE_DIGIT}]{{1,2}} ?单元)")
_UNITS_LISTED = lazy(rf"{NUMBER} ?(?:单元)? ?[、和跟与及到至] ?$")

_FLOOR = lazy(
    rf"(?<![0-9a-z.-])(?<![{CHINESE_DIGIT}十第百])({NUMBER}) ?(?:楼|层)"
    r"(?!道|顶|梯|栋|高|半?[楼层](?![道梯顶])|口罩)"
)
_HALF_WAY = lazy(rf"(?<=[走爬上到])({NUMBER}) ?层半")
_BELOW = lazy(r"负([一二三1-3]) ?(?:楼|层)|地下([一二三1-3]) ?(?:楼|层)")
_CLIMBED = lazy(
    r"(?:爬(?:[了上到]|[不勿]动)?|(?<!楼)[上下]|了|掉到?|[比拎扛背登跌降掉涨盖建加隔]|一共|总共|共计?|整整?|成|有"
    r"|[跌降掉咗][了咗]|多出|[至到]|约|用了|戴了|垫了|同意|咗|(?<!商)铺|那|这|哪|几|每|[0-9])$"
)
_REACHED = lazy(
    r"(?:停在|卡在|困在|停咗喺|一到|走到|我到|,到|[ ,]到|到了|人到|已到|上到|上到|来到|扑到)$"
)
_FROM = lazy(r"[从由]$")
_FALLS = lazy(
    r"(?:的|那|这)?(?:窗|阳台|平台|天台|露台|一路|往下|扔|抛|掉|漏|甩|丢|泼|倒|人家|住户|业主)"
)
_NOT_A_FLOOR = lazy(
    r"(?:以上|以下|窗前|那么高|多高|位置|[个多几]|布|皮|钢|板|膜|玻璃|纸|油漆|楼板|停车场|的?人[不都]"
    r"|人家[死不都]|(?:那户|住户|业主|人家)?(?:[不唔冇勿]同意|反对))"
)
# The ground floor alone describes; these make it somebody's.
_GROUND = lazy(
    r"(?:的|那|这|有)?(?:把|户|住户|业主|那户|那家|家|院|花园|租|改|圈|雨棚|好几家|商铺|店|门面"
    r"|打|在|又|装|厨房|厕所|阳台|卫生间|马桶|地漏|窗|天井|反|返|漏|淹|墙|养|搭|开|老|空)"
)
_HALL = lazy(r"的?(?:大厅|大堂|门厅)")
_AT_ONE_S_HOME = lazy(r"[我俺咱]们?家(?:就|是|住|在|住在)?$")

_ROOM_IN_TRIPLE = r"[0-9]{3,4}[a-z]?"
_TRIPLE = lazy(
    rf"(?<![0-9a-z{_DASH[1:-1]}])([0-9]{{1,3}}|[a-z][0-9]{{0,2}})(?:{_SUFFIX}|号)?"
    rf" ?{_DASH} ?([0-9]{{1,2}}|[a-z])(?:单元)? ?{_DASH} ?({_ROOM_IN_TRIPLE})(?![0-9-])"
)
_PAIR = lazy(rf"(?<![0-9a-z-])([0-9]{{1,2}}|[a-z])-({_ROOM_IN_TRIPLE})(?![0-9-])")
_PAIR_AFTER = lazy(rf" ?{_DASH}? ?([0-9]{{1,2}}){_DASH}({_ROOM_IN_TRIPLE})(?![0-9-])")
_ROOM_BEHIND_DASH = lazy(rf" ?{_DASH} ?({_ROOM_IN_TRIPLE})(?![0-9-])")  # 3栋-501
# 14-1楼道: what stands behind it makes it a unit and not a span.
_UNIT_PAIR = lazy(
    r"(?<![0-9a-z.:月-])([0-9]{1,2}|[a-z])-([0-9]{1,2})"
    r"(?= ?的?(?:楼[道下上]|电梯|门|楼梯|单元|对讲|走廊|那户|那家|住户))"
)
_CHINESE_ROOM = (
    rf"[{CHINESE_DIGIT}]千[{CHINESE_DIGIT}百十]{{1,5}}"
    rf"|[{CHINESE_DIGIT}]{{3,4}}|[{CHINESE_DIGIT}]百[{CHINESE_DIGIT}十]{{1,3}}"
)
_COUNTED_AFTER = r"(?![0-9元块个只人天年斤度万]|米(?!色))"
_ROOM_AFTER = lazy(
    rf"[ ,的#]{{0,2}}(?:{NUMBER}[楼层] ?)?([0-9]{{3,4}}[a-z]?|{_CHINESE_ROOM}){_COUNTED_AFTER}"
)
_ROOM_NAMED = lazy(
    rf"(?<![0-9a-z.])([0-9]{{3,4}}|{_CHINESE_ROOM}|[a-z][0-9]{{2,3}}|[0-9]{{1,2}}[a-z])"
    r" ?(?:号?室|号?房(?!子|价|租|东))"
)
_ROOM_BARE = lazy(
    r"(?<![0-9a-z.¥*+—–-])(?<![0-9]:)([1-9][0-9]?[0-9]{2})(?![0-9a-z.:%*+-])"
    r"(?! ?[元块斤米人户年号个次度天点平分路多瓦伏片克公万千毫名页栋幢楼层只升套张件本条月日期弄]"
    r"| ?[左来包箱份单岁]|的?车位)"
)
_ROOM_SPOKEN = lazy(
    rf"(?<![{CHINESE_DIGIT}十百千第])([一二三四五六七八九][{CHINESE_DIGIT}]?[零〇幺][一二三四五六七八九幺])"
    rf"(?![{CHINESE_DIGIT}十百千年点分])"
)
_CODE_BEFORE = lazy(
    r"(?:尾号|单号|编号|件码|证码|密码|号码|车牌|编码|货号|卡号|订单|[a-z]-)[是为: ]{0,2}[a-z]?-?$"
)
_NOWHERE = Location()
_ROOM_END = range(1, 21)  # flats are counted from 01 on every floor
# Nobody lives at the police; 101 and 102 are flats only where a message begins with them.
_SERVICE_NUMBERS = frozenset("101 102 110 114 119 120 911".split())


def _value(text: str) -> str:
    """A number as people write it; 一千二百零三 too."""
    thousands, found, rest = text.partition("千")
    if found:
        return number(thousands) + number(rest).zfill(3)
    return number(text).upper()


def _is_building(plain: str, match: re.Match[str], value: str) -> bool:
    """Whether a match names one building, and does not count, list or deny some."""
    before = plain[max(0, match.start() - 12) : match.start()]
    listed = _LIST_AFTER.match(plain, match.end())
    between = listed and _BETWEEN.match(plain, listed.end())
    if (listed and not between) or _LIST_BEFORE.search(before) or _NEGATED.search(before):
        return False
    if value in {"一", "两", "几"} and _CLASSIFIER.search(before):
        return False
    if (value == "两" and "号" not in match[0]) or _IN_HIS_CARE.search(before):
        return False  # two of them are no number
    if _a_thing(plain, match, value) or _SUMMED.match(plain, match.end()):
        return False
    if match[0].endswith(("栋楼", "幢楼")):
        inside = plain[match.end() : match.end() + 1] in {"下", "道", "顶", "梯", "上", "里", "门"}
        return inside or not _COUNTED.search(before)
    return not (_DIGITS_IN_A_ROW.match(value) or _CODE_BEFORE.search(before))


def _a_thing(plain: str, match: re.Match[str], value: str) -> bool:
    """Whether 座 counts what stands there: 一座山, 1座桥."""
    if not match[0].endswith("座"):
        return False
    return value == "一" or (value == "1" and _STANDS.match(plain, match.end()) is not None)


def _building(plain: str) -> tuple[str | None, int]:
    """The building and where it ends; a list of buildings is none."""
    found: dict[str, int] = {}
    for match in _BUILDING.finditer(plain):
        value = match[1] or match[2] or match[3] or match[4]
        if _is_building(plain, match, value):
            found.setdefault(_value(value), match.end())
    if found:
        return next(iter(found.items())) if len(found) < _MANY else (None, -1)
    block = _LETTER_BLOCK.search(plain)
    return (block[1].upper(), block.end()) if block else (None, -1)


def _of_the_first(plain: str, building: str | None, end: int) -> str:
    """The words up to another building: 5号楼2单元 behind 3号楼 says nothing of a unit of 3号楼."""
    if building is None:
        return plain
    for match in _BUILDING.finditer(plain, end):
        value = match[1] or match[2] or match[3] or match[4]
        if _is_building(plain, match, value) and _value(value) != building:
            return plain[: match.start()]
    return plain


def first_of_several(plain: str) -> str | None:
    """The first building of a list, which `address` leaves out: 3号楼和5号楼, 1、2号楼都, 4至7栋.

    None for 一、3号楼, which may as well be the third building as the first point of a list.
    """
    match = _SEVERAL.search(plain)
    if match is None or _MIDDLE.match(plain, match.end()):
        return None
    numbered = match.start() == 0 and plain[match.end(1)] == "、"
    return None if numbered and not _ALL.match(plain, match.end()) else _value(match[1])


def _unit(plain: str, building_end: int) -> tuple[str | None, int]:
    """The unit and where it ends, the one right behind the building first; several are none."""
    matches = [
        match for match in _UNIT.finditer(plain) if not _NEGATED_AFTER.match(plain, match.end())
    ]
    if not matches:
        gate = _GATE.search(plain) or _UNIT_BEHIND.search(plain)
        return (_value(gate[1]), gate.end()) if gate else (None, -1)
    match = next((one for one in matches if 0 <= one.start() - building_end <= 1), matches[0])
    several = len(match[1]) > 1 and "十" not in match[1] and not match[1][0].isascii()
    if several or _UNITS_LISTED.search(plain[max(0, match.start() - 10) : match.start()]):
        return None, match.end()
    return _value(match[1]), match.end()


def _is_floor(plain: str, match: re.Match[str], value: str) -> bool:
    """Whether a floor is a place here: not a height, a count, a climb."""
    before = plain[max(0, match.start() - 3) : match.start()]
    if value == "0" or match[1] == "两" or _NOT_A_FLOOR.match(plain, match.end()):
        return False
    if _REACHED.search(before):
        return True
    if _FROM.search(before):
        return _FALLS.match(plain, match.end()) is not None
    return not _CLIMBED.search(before)


def _ground_is_meant(plain: str, match: re.Match[str], *, placed: bool) -> bool:
    """Whether 一楼 is where it is, not merely what the hall is called."""
    if _HALL.match(plain, match.end()):
        return False
    if placed or _AT_ONE_S_HOME.search(plain[max(0, match.start() - 3) : match.start()]):
        return True
    begins = match.start() == 0 or plain[match.start() - 1] in " ,。!?;:、"
    return begins and _GROUND.match(plain, match.end()) is not None


def _floor(plain: str, building_end: int) -> str | None:
    """The floor, when exactly one is meant as a place; -2 is the second below the ground."""
    if match := _BELOW.search(plain):
        return f"-{_value(match[1] or match[2])}"
    if match := _HALF_WAY.search(plain):
        return _value(match[1])
    found: set[str] = set()
    for match in _FLOOR.finditer(plain):
        value = _value(match[1])
        if not _is_floor(plain, match, value):
            continue
        near = 0 <= building_end <= match.start() <= building_end + _NEAR
        if value == "1" and not _ground_is_meant(plain, match, placed=near):
            continue
        found.add(value)
    return found.pop() if len(found) == 1 else None


def _bare_room(plain: str) -> str | None:
    """Three or four digits that look like a flat's number."""
    for match in _ROOM_BARE.finditer(plain):
        value = match[1]
        if _CODE_BEFORE.search(plain[max(0, match.start() - 6) : match.start()]):
            continue
        if value not in _SERVICE_NUMBERS and int(value[-2:]) in _ROOM_END:
            return value
        if value in {"101", "102"} and match.start() == 0:
            return value
    spoken = _ROOM_SPOKEN.search(plain)
    return _value(spoken[1]) if spoken else None


def _room(plain: str, *ends: int) -> str | None:
    """The flat: named as one, right behind building or unit, or looking like one."""
    for end in sorted(ends, reverse=True):
        if end >= 0 and (match := _ROOM_AFTER.match(plain, end)):
            return _value(match[1])
    if match := _ROOM_NAMED.search(plain):
        return _value(match[1])
    return _bare_room(plain)


def _dashed(plain: str) -> Location | None:
    """8-2-201, 1-201, 14-1楼道; not the number of a parcel or a paper."""
    if match := _TRIPLE.search(plain):
        if _CODE_BEFORE.search(plain[max(0, match.start() - 6) : match.start()]):
            return Location()
        return Location(_value(match[1]), _value(match[2]), _value(match[3]))
    if match := _UNIT_PAIR.search(plain):
        return Location(_value(match[1]), _value(match[2]))
    return None


def _behind(plain: str, building: str, end: int) -> Location | None:
    """What is dashed behind a building: 3栋2-501, 3栋-501."""
    if match := _PAIR_AFTER.match(plain, end):
        return Location(building, _value(match[1]), _value(match[2]))
    if match := _ROOM_BEHIND_DASH.match(plain, end):
        return Location(building, None, _value(match[1]))
    return None


def _paired(plain: str) -> Location | None:
    """1-201: building and flat."""
    match = _PAIR.search(plain)
    if match is None or _CODE_BEFORE.search(plain[max(0, match.start() - 6) : match.start()]):
        return None
    return Location(_value(match[1]), None, _value(match[2]))


def address(plain: str) -> Location:
    """Building, unit, floor and flat; of what was put right, what was said last."""
    if not _WORTH_IT.search(plain):
        return _NOWHERE
    plain = put_right(plain).replace("首层", "一楼").replace("廿", "二十")
    if "单院" in plain:
        plain = plain.replace("单院", "单元")
        plain = _SLIP_BLOCK.sub("栋", plain)
    dashed = _DASHED.search(plain) is not None
    if dashed and (found := _dashed(plain)) is not None:
        return found
    building, end = _building(plain)
    if dashed:
        found = _behind(plain, building, end) if building else _paired(plain)
        if found is not None:
            return found
    plain = _of_the_first(plain, building, end)
    unit, unit_end = _unit(plain, end)
    return Location(
        building,
        unit,
        _room(plain, end, unit_end),
        _floor(plain, max(end, unit_end)),
    )
