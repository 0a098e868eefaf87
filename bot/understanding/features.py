"""What the model sees of a message: cues, words by category, slots, shape, and its characters."""

from collections.abc import Iterator
from dataclasses import replace

from bot.understanding import category, slots, talk, urgent
from bot.understanding.cues import cues
from bot.understanding.shapes import Location
from bot.understanding.sieve import Sieves

_SEEN = 240  # of a longer text the beginning and the end
_END = 60
_PATTERNS = Sieves(
    {
        "asking": [r"[?]|(?:吗|呢|么|不|没|吧)[ ,。!~]*$|多少|怎么|咋|哪|几|啥|什么"],
        "asks_last": [r"(?:吗|呢|么|[?])[ ,。!~?]*$"],
        "link": [r"https?:|www\."],
        "number": [r"[0-9]{7,}"],
        "money": [r"[0-9](?:\.[0-9]+)? ?(?:元|块|￥|万)|[¥￥][0-9]"],
        "list": [r"(?:^|[ \n])1[.、)]"],
    }
)
_CHARS = (("!", "exclaims"), ("[", "bracket"), ("@", "mention"))
_MOST = 4
_LENGTHS = (4, 7, 12, 20, 35, 60, 100)
GRAMS = (1, 2, 3)  # lengths, the longest last


def gist(plain: str) -> str:
    """The part of a message that is judged."""
    return plain if len(plain) <= _SEEN + _END else plain[:_SEEN] + " " + plain[-_END:]


def signs(plain: str, *, staff: bool, where: Location | None = None) -> dict[str, int]:
    """The rule features of a message by name; those that are absent are 0.

    `where` is the address and place in it, if they were read already.
    """
    if where is None:
        where = replace(slots.address(plain), place=slots.place(plain))
    found = {f"cue:{name}": 1 for name in cues(plain)}
    for code, score in category.scores(plain).items():
        found[f"about:{code}"] = max(1, min(_MOST, round(score)))
    for name, count in category.kinds(plain).items():
        found[f"word:{name}"] = count
    for word in category.said(plain):
        found[f"said:{word}"] = 1
    for name in _shape(plain, where):
        found[f"shape:{name}"] = 1
    for name in _around(plain, where):
        found[f"place:{name}"] = 1
    if staff:
        # What a cue is worth depends on who says it.
        found |= {f"staff:{name}": 1 for name in found if name.startswith("cue:")}
        found["staff"] = 1
    return found


def _shape(plain: str, where: Location) -> Iterator[str]:
    yield f"length{sum(len(plain) >= least for least in _LENGTHS)}"
    if where.numbered:
        yield "address"
    if where.place:
        yield "place"
    if (danger := urgent.danger(plain)) is not None:
        yield "danger"
        yield f"danger_{danger.hazard}"
    if alarm := min(_MOST, round(_MOST * urgent.alarm(plain))):
        yield f"alarm{alarm}"
    yield from _PATTERNS.found(plain)
    yield from (name for char, name in _CHARS if char in plain)
    if talk.emoji_only(plain):
        yield "emoji"
    elif talk.empty_talk(plain):
        yield "empty"


def _around(plain: str, where: Location) -> Iterator[str]:
    """The place that is named, what stands on both sides of it, and what else says where it is."""
    if not where.place:
        return
    named = where.place.lower()
    start = plain.find(named)
    end = start + len(named)
    yield f"is {named}"
    yield f"ends {named[-2:]}"
    yield f"behind {plain[start - 1 : start] or '^'}"
    yield f"before {plain[end : end + 1] or '$'}"
    if slots.is_spot(named):
        yield "spot"
    for slot in ("room", "floor", "building"):
        if getattr(where, slot):
            yield slot


def grams(plain: str) -> set[str]:
    """The runs of one to three characters, with the message's ends marked."""
    text = f"^{plain}$"
    pairs = [*map(str.__add__, text, text[1:])]
    return {*text, *pairs, *map(str.__add__, pairs, text[2:])}
