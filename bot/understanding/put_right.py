"""三号楼不对四号楼: who puts himself right in the same breath; voice input keeps both."""

from bot.understanding.normalise import NUMBER
from bot.understanding.words import lazy

_KINDS = {
    "building": r"(?:号楼|#楼?|号?[栋幢]楼?|座|号里)",
    "unit": r"(?:号?单元)",
    "floor": r"(?:楼|层)",
    "room": r"(?:号?室)?",
}
_ROOM = r"(?:[0-9]{3,4}|[一二三四五六七八九][零〇幺一二三四五六七八九]{2,3})"
_FILLER = r"(?:的|那个?|这个?|哈|哦|啊|嘛|噢|诶|哎|呃|我|,| )"
# What only takes back, and no trouble: 灯不对劲, 算错了, 送错了 are none.
_WRONG = (
    r"(?:[不勿弗]对(?![劲付等称应外口吗嘛着])|(?:说|讲|记|打|写|搞|弄)(?:错|岔)了?|口误"
    r"|[哦啊]不(?=[,. ]))"
)


def _shape(kind: str, suffix: str) -> str:
    number = _ROOM if kind == "room" else f"(?:[a-z]|{NUMBER})"
    # The words between may name more of the first address, which goes with it.
    rest = rf"(?:{NUMBER} ?(?:单元|楼|层)|个?户主|那户|这户)?"
    return (
        rf"(?<![0-9a-z]){number} ?{suffix}{rest}{_FILLER}{{0,3}}{_WRONG}"
        rf"(?:{_FILLER}|{_WRONG}|应该|其实|刚才)*(?:是(?:在)?)?{_FILLER}*"
        rf"(?={number} ?{suffix})"
    )


_SHAPES = tuple(lazy(_shape(kind, suffix)) for kind, suffix in _KINDS.items())
_SIGNS = lazy("[对错岔]|口误|[哦啊]不")


def put_right(plain: str) -> str:
    """The words without what was taken back: the last of two buildings, units, floors or flats."""
    if not _SIGNS.search(plain):
        return plain
    for shape in _SHAPES:
        plain = shape.sub("", plain)
    return plain
