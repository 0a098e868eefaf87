"""Text as people type it, made comparable: same length in, same length out."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.understanding.words import lazy, lexicon, longest_first

LIMIT = 4_000  # nobody describes a broken lamp in more
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "两": 2, "幺": 1, "俩": 2,
}  # fmt: skip
_TENS = {"十": 10, "百": 100}
CHINESE_DIGIT = "零〇一二两三四五六七八九幺"
NUMBER = f"(?:[0-9]{{1,4}}|[{CHINESE_DIGIT}十百]{{1,6}})"
EDGES = " ,.;:!?~。、，；：！？…-—"  # what stands around words and means nothing
NUMBER_SIGN = f"[0-9{CHINESE_DIGIT}十]"
# Joiners and variation selectors stay: they hold emoji together.
_KEPT = {"\u200d", "\ufe0f"}
_SLIPS: dict[str, str] = {
    wrong: right for wrong, right in lexicon("slips")["slips"].items() if len(wrong) == len(right)
}
_SLIP = longest_first(_SLIPS)
_SIMPLE: dict[str, str] = {pair[0]: pair[1] for pair in lexicon("slips")["simplified"].split()}
# 六动二单元: what voice recognition makes of 六栋二单元; 唔 is Cantonese for 不.
_BLOCK = lazy(
    rf"(?<={NUMBER_SIGN})动(?= ?(?:那|这)?(?:[{CHINESE_DIGIT}十0-9]{{1,3}} ?(?:单元|门|楼|层|号|-)"
    r"|楼|门口|电梯|停|没|的(?:电梯|楼|门|灯)))"
)
_NOT = lazy(r"唔(?=[\u4e00-\u9fff])(?!唔|该|好的|行|可以)")


class _Fold(dict[int, str]):
    """Every character's plain form, worked out when first met; always one character."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) != 1:
            plain = chr(code)
        plain = _SIMPLE.get(plain, plain)
        low = plain.lower()
        self[code] = low if len(low) == 1 else plain
        return self[code]


class _Tidy(dict[int, str]):
    """What each character becomes for a reader: invisible and broken ones vanish."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = unicodedata.category(char)
        if char in "\r\n\t\v\f" or kind in {"Zs", "Zl", "Zp"}:
            self[code] = " "
        elif char not in _KEPT and kind in {"Cc", "Cf", "Cs", "Co"}:
            self[code] = ""
        else:
            self[code] = char
        return self[code]


_FOLD = _Fold()
_TIDY = _Tidy()


@dataclass(frozen=True, slots=True)
class Clean:
    """A message twice: `tidy` to show, `plain` to compare; position by position the same."""

    tidy: str
    plain: str

    def cut(self, start: int, end: int | None = None) -> "Clean":
        """A part of it."""
        return Clean(self.tidy[start:end], self.plain[start:end])

    def strip(self, chars: str) -> "Clean":
        """Without these characters at both ends."""
        plain = self.plain.strip(chars)
        if len(plain) == len(self.plain):
            return self
        start = len(self.plain) - len(self.plain.lstrip(chars))
        return Clean(self.tidy[start : start + len(plain)], plain)


def fold(text: str) -> str:
    """Half width, lower case, simplified; as long as it was."""
    return text.translate(_FOLD)


@lru_cache(maxsize=64)  # several look at the same message, one after the other
def clean(text: str) -> Clean:
    """The message without invisible characters, cut, and its comparable form."""
    # Many times the limit is looked at, so that a run of junk does not hide the words behind it.
    tidy = re.sub(r" {2,}", " ", text[: LIMIT * 4].translate(_TIDY)).strip()[:LIMIT]
    plain = _SLIP.sub(lambda found: _SLIPS[found[0]], fold(tidy))
    return Clean(tidy, _NOT.sub("不", _BLOCK.sub("栋", plain)))


def number(text: str) -> str:
    """A written number in digits: 三 → 3, 二十一 → 21, 一百零二 → 102, 五零一 → 501."""
    if not text or any(char not in _DIGITS and char not in _TENS for char in text):
        return text.lstrip("0") or text[:1]
    if not any(char in _TENS for char in text):
        return "".join(str(_DIGITS[char]) for char in text)
    total = 0
    current = 0
    for char in text:
        if char in _TENS:
            total += (current or 1) * _TENS[char]
            current = 0
        else:
            current = _DIGITS[char]
    return str(total + current)
