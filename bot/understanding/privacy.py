"""Personal numbers and names in a text: found, and starred out."""

import re

from bot.understanding.normalise import fold
from bot.understanding.words import lexicon

_LIST = lexicon("names")
_SURNAME = "|".join(_LIST["double"].split()) + f"|[{_LIST['single']}]"
_NAME = f"(?:{_SURNAME})[\u4e00-\u9fff]{{1,2}}"
_PHONE = r"(?<![0-9])1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9])"
_LANDLINE = r"(?<![0-9-])(?:0[0-9]{2,3}[ -]?[0-9]{7,8}|400-?[0-9]{3}-?[0-9]{4})(?![0-9])"
_ID = r"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9x](?![0-9a-z])"
_CARD = r"(?<![0-9])(?:[0-9]{16,19}|[0-9]{4}(?: [0-9]{4}){3}(?: [0-9]{1,3})?)(?![0-9])"
_PLATE = (
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][·. -]?"
    r"[a-z0-9]{5,6}(?![a-z0-9])"
)
_FOUND = re.compile(
    f"(?P<id_card>{_ID})|(?P<phone>{_PHONE}|{_LANDLINE})|(?P<bank_card>{_CARD})|(?P<plate>{_PLATE})"
)
# A full name is only taken where the words around it say that it is one: names look like words.
_NAMED = re.compile(
    f"(?:我叫|我是|姓名[:是 ]?|本人)(?P<said>{_NAME})(?=[ ,。.;:0-9]|$)"
    f"|(?:^|[ ,。;])(?P<signed>{_NAME})"
    r"(?=[ ,:]{0,2}(?:[0-9]{7,}|[0-9]{1,3}(?:幢|栋|号楼|-)|报的))"
)


def _spans(plain: str) -> list[tuple[str, int, int]]:
    """Kind, start and end of every personal number and name."""
    found = [(match.lastgroup or "", *match.span()) for match in _FOUND.finditer(plain)]
    found += [
        ("name", *match.span("said" if match["said"] else "signed"))
        for match in _NAMED.finditer(plain)
    ]
    return sorted(found, key=lambda item: item[1])


def personal(tidy: str, plain: str) -> tuple[tuple[str, str], ...]:
    """Everything personal in the text, in order, as it was written."""
    return tuple((kind, tidy[start:end]) for kind, start, end in _spans(plain))


def _starred(value: str, front: int, back: int) -> str:
    """The value with its middle hidden."""
    return value[:front] + "*" * max(4, len(value) - front - back) + value[-back:]


def mask(text: str) -> str:
    """The text with phone, identity and card numbers starred out."""
    plain = fold(text)
    parts: list[str] = []
    done = 0
    for match in _FOUND.finditer(plain):
        if match.lastgroup == "plate":
            continue
        value = text[match.start() : match.end()]
        front = 3 if match.lastgroup == "phone" else 6
        parts += [text[done : match.start()], _starred(value, front, 4)]
        done = match.end()
    return "".join(parts) + text[done:]
