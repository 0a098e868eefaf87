"""Personal numbers and names in a text: found, and starred out."""

import re
from collections.abc import Iterator
from operator import itemgetter

from bot.understanding.fullnames import full_names
from bot.understanding.normalise import fold
from bot.understanding.words import lazy

Span = tuple[str, int, int]

# Digits as people read them aloud, which voice recognition writes down.
_ALOUD = "零〇洞一幺壹二两贰三叁四肆五伍六陆七拐柒八捌九勾玖"
_SPOKEN = str.maketrans(_ALOUD, "0001112223344556677788999")
_READ_ALOUD = lazy(f"[{_ALOUD}0-9][{_ALOUD}0-9 ,、-]{{8,40}}|[a-z][·. -]?[{_ALOUD}]")
# 一 that already belongs to the next word: 一三八……一直打不通.
_NEXT_WORD = lazy(f"(?<=[{_ALOUD}0-9])一(?=[直个定样天早到次下])")
_S = "[ .·—–-]?"  # between the groups of a number
_ALONE, _ENDS = "(?<![0-9*])", "(?![0-9])"
# Groups as people write them. Not any: 18-2-201 3-2-401 has eleven digits too.
_GROUPS = "|".join(
    _S.join(f"[0-9]{{{count}}}" for count in groups)
    for groups in ((4, 4), (3, 5), (5, 3), (2, 2, 2, 2), (2, 3, 3), (3, 3, 2))
)
_PHONE = (
    rf"{_ALONE}(?:\+?86{_S})?1[3-9][0-9]{_S}(?:{_GROUPS}){_ENDS}"
    rf"|{_ALONE}1[3-9](?:[0-9]{{2}} [0-9]{{3}} [0-9]{{4}}|[0-9]{{2}} [0-9]{{4}} [0-9]{{3}}"
    rf"|[0-9]{{3}}[ -][0-9]{{6}}|[0-9]{{4}}[ -][0-9]{{5}}){_ENDS}"
    rf"|{_ALONE}1(?P<gap>[ -])[3-9](?:(?P=gap)[0-9]){{9}}{_ENDS}"
)
_LANDLINE = (
    r"(?<![0-9a-z*.-])(?:\(0[1-9][0-9]{1,2}\)|0[1-9][0-9]{1,2})[ —–-]?"
    rf"[2-8][0-9]{{2,3}}[ -]?[0-9]{{4}}{_ENDS}"
    rf"|(?<![0-9a-z*.-])[48]00[ —–-]?[0-9]{{3}}[ —–-]?[0-9]{{4}}{_ENDS}"
    rf"|(?<=电话|座机|固话|致电)(?:号码|是)?[ :]?[2-8][0-9]{{2,3}}[ -]?[0-9]{{4}}{_ENDS}"
)
_PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_BORN = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_ID = (
    rf"{_ALONE}{_PROVINCE}[0-9]{{4}}[ -]?(?:18|19|20)[0-9]{{2}}[ -]?{_BORN}[ -]?"
    rf"[0-9]{{3}}[0-9x]{_ENDS}|{_ALONE}{_PROVINCE}[0-9]{{6}}{_BORN}[0-9]{{3}}{_ENDS}"
)
_CARD = (
    rf"(?<![0-9a-z*.])(?:[3-9][0-9]{{12,18}}|[3-9][0-9]{{3}}(?:[ -][0-9]{{4}}){{2,3}}"
    rf"(?:[ -][0-9]{{1,4}})?|62[0-9]{{2}}(?:[ -]?[0-9]){{12,15}}){_ENDS}"
)
_REGION = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = (
    rf"[{_REGION}] ?[a-z] ?[·.•-]? ?(?:[0-9a-z]{{6}}|[0-9a-z]{{5}}"
    r"|[0-9a-z]{4}[学警港澳挂领试])(?![0-9a-z])"
    # One character too few, a slip of the thumb, where letters and digits are mixed.
    rf"|[{_REGION}][a-z][·.-]?(?=[0-9]{{0,3}}[a-z])(?=[a-z]{{0,3}}[0-9])[0-9a-z]{{4}}(?![0-9a-z])"
)
_FOUND = lazy(
    f"(?P<id_card>{_ID})|(?P<phone>{_PHONE}|{_LANDLINE})|(?P<bank_card>{_CARD})|(?P<plate>{_PLATE})"
)
_WORTH_IT = lazy(f"[0-9]{{3}}|[{_ALOUD}]{{3}}|[{_REGION}] ?[a-z]|[0-9][ ,、.-][0-9]")
_NUMBERED = lazy(
    r"(?:单号|订单|运单|快递|物流|编号|工单|案号|流水号?|票号|条码|取件码|回执|序列号|凭证|表号"
    r"|户号|受理号|发票|合同)"
    r"[号码]{0,2}(?:是|为)?[ :#]{0,2}$"
)
_MONEY = lazy(
    r"(?:卡号?|账号?|帐号?|账户|打到|打[进入]|转到|转[给进入]|汇[到至给]|收款|存折|行)[^0-9]{0,6}$"
)
_FRONT = {"phone": 3, "plate": 2, "id_card": 6, "bank_card": 6}
_BACK = {"phone": 4, "plate": 2, "id_card": 4, "bank_card": 4}
_FEWEST_STARS = {"phone": 4, "plate": 2, "id_card": 4, "bank_card": 4}
_UNIONPAY, _ABROAD = "62", "3459"  # what the numbers of cards begin with
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SHORTEST, _USUAL, _LONGEST = 13, 16, 19  # digits of a card, ISO/IEC 7812


def personal(tidy: str, plain: str) -> tuple[tuple[str, str], ...]:
    """Everything personal in the text, in order, as it was written."""
    found = [*_numbers(plain), *(("name", start, end) for start, end in full_names(plain))]
    if not found:
        return ()
    return tuple((kind, tidy[start:end]) for kind, start, end in sorted(found, key=itemgetter(1)))


def mask(text: str, *, public: bool = False) -> str:
    """The text with phone, identity and card numbers starred out.

    Where neighbours read along (`public`) plates and full names are starred out too.
    """
    plain = fold(text)
    found = [one for one in _numbers(plain) if public or one[0] != "plate"]
    if public:
        found = sorted(
            [*found, *(("name", *span) for span in full_names(plain))], key=lambda one: one[1]
        )
    parts: list[str] = []
    done = 0
    for kind, start, end in found:
        parts += [text[done:start], _starred(kind, text[start:end])]
        done = end
    return "".join(parts) + text[done:]


def _starred(kind: str, value: str) -> str:
    """The value with its middle hidden; of a name the surname stays."""
    if kind == "name":
        return value[0] + "*" * (len(value) - 1)
    front, back = _FRONT[kind], _BACK[kind]
    return value[:front] + "*" * max(_FEWEST_STARS[kind], len(value) - front - back) + value[-back:]


def _numbers(plain: str) -> list[Span]:
    """Kind, start and end of every personal number, in order."""
    if not _WORTH_IT.search(plain):
        return []
    found = list(_in_digits(plain))
    if _READ_ALOUD.search(plain):
        taken = [(start, end) for _, start, end in found]
        found += [
            one
            for one in _in_digits(_spoken(plain))
            if all(one[2] <= start or end <= one[1] for start, end in taken)
        ]
    return sorted(found, key=lambda one: one[1])


def _spoken(plain: str) -> str:
    """Digits read aloud as digits."""
    return _NEXT_WORD.sub("#", plain).translate(_SPOKEN)


def _in_digits(plain: str) -> Iterator[Span]:
    """What is written in digits and is neither an order's number nor a made-up one."""
    for match in _FOUND.finditer(plain):
        kind, (start, end) = match.lastgroup or "", match.span()
        if kind == "plate" or _counts(kind, match[0], plain[max(0, start - 14) : start]):
            yield kind, start, end


def _counts(kind: str, value: str, before: str) -> bool:
    """Whether a number is somebody's, and not an order's or a meter's."""
    if kind == "id_card" and _checked(re.sub("[ -]", "", value)):
        return True
    if _NUMBERED.search(before):
        return False
    return kind != "bank_card" or _is_card(re.sub("[ -]", "", value), before)


def _checked(number: str) -> bool:
    """Whether the last sign of an identity number checks the others (GB 11643-1999)."""
    if len(number) != len(_WEIGHTS) + 1:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10x98765432"[total % 11] == number[-1]


def _is_card(digits: str, before: str) -> bool:
    """A bank card's number: by its check digit (ISO/IEC 7812), or because money is spoken of."""
    if not _SHORTEST <= len(digits) <= _LONGEST:
        return False
    money = bool(_MONEY.search(before))
    if len(digits) < _USUAL:
        return money and _luhn(digits)
    return money or digits.startswith(_UNIONPAY) or (digits[0] in _ABROAD and _luhn(digits))


def _luhn(digits: str) -> bool:
    """Whether the last digit checks the others."""
    doubled = [int(one) * (1 + at % 2) for at, one in enumerate(reversed(digits))]
    return sum(one // 10 + one % 10 for one in doubled) % 10 == 0
