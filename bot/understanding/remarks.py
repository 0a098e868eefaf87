"""What a worker adds to a visit: all is well, something he did there, or something he found (F1).

What is not known to be the one or the other is a finding: it costs him a line that he may pass
over, while a trouble in words nobody thought of costs the trouble.
"""

from bot.understanding.normalise import fold
from bot.understanding.words import any_of, lazy, lexicon

_DATA = lexicon("visits")
_NORMAL, _PROBLEM, _WELL, _DEED, _ASIDE, _OTHERS, _MET = (
    any_of(_DATA[name]) for name in "normal problem well deed aside others met".split()
)
# What is well, with what it is said of; behind 了 or 其他 another clause ended.
_ALL_WELL = lazy(
    rf"(?:(?!其[他它余]|别的)[^\W0-9a-z了不没无太]){{0,4}}?(?:{_WELL.pattern}|{_NORMAL.pattern})"
)
_PIECES = lazy(r"[ ,。;!?、:~]+")
_UNDONE = any_of(_DATA["undone"])
_SAYING_NOTHING, _SPOT = lazy(_DATA["nothing"]), lazy(_DATA["spot"])
_HAN = lazy(r"[\u4e00-\u9fff]")


def bare(plain: str) -> str:
    """The words without what says that all is well."""
    return _NORMAL.sub("", plain)


def wrong(plain: str) -> bool:
    """Whether it plainly tells of a trouble."""
    return bool(_PROBLEM.search(bare(plain)))


def found(remark: str) -> bool:
    """Whether a remark tells of something that somebody may have to see to."""
    plain = fold(remark)
    return wrong(plain) or any(_unknown(one) for one in _PIECES.split(plain))


def others(plain: str) -> bool:
    """Whether only somebody else was not there: 儿子不在家, while the visit was made."""
    return bool(_OTHERS.search(plain))


def _unknown(piece: str) -> bool:
    """Whether a piece of a remark is neither well, nor done, nor beside the matter."""
    if (_DEED.match(piece) and not _UNDONE.search(piece)) or _SPOT.fullmatch(piece):
        return False
    if others(piece) or _MET.search(piece):
        return False
    left = _SAYING_NOTHING.sub("", _ASIDE.sub("", _ALL_WELL.sub("", piece)))
    return len(_HAN.findall(left)) > 1
