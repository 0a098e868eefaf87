"""What 通知 ... says: for whom, when, and which words."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from bot.understanding.normalise import NUMBER, clean
from bot.understanding.notice_rounds import whole
from bot.understanding.notice_when import day_alone, when_at
from bot.understanding.words import any_of, lazy, lexicon, longest_first
from domain.notice_times import Missed, Rhythm
from domain.workdays import Calendar

_DATA = lexicon("notices")
_TO = {word: to for to, words in _DATA["to"].items() for word in words.split()}
_TO_WORD = lazy(rf"(?:{longest_first(_TO).pattern})$")
_OWN = lazy(rf"^(?:{longest_first(_DATA['own'].split()).pattern})+")
_GOT = lazy(_DATA["got"])
_STICKER = lazy(r"(?<=[\u4e00-\u9fff])(?:\[[\u4e00-\u9fffa-zA-Z]{1,4}\]|[👌👍🙏🌹])+$")
_GOT_FOR = lazy(_DATA["got_for"])
_OWN_AREA = frozenset(_DATA["own_area"].split())
_RECEIPTS, _VISIT = any_of(_DATA["receipts"]), any_of(_DATA["visit"])
_LEVELS: dict[str, str] = {
    word: level for level, words in _DATA["levels"].items() for word in words.split()
}
_OWN_LEVELS: dict[str, str] = {word: level for level, word in _DATA["own_levels"].items()}
_GIVEN, _WITHIN = (lazy(_DATA["around_name"][one]) for one in ("before", "behind"))
_EVERYBODY = lazy(_DATA["everybody"])
_LEAD = lazy(_DATA["ready"]["lead"])
_READY = {
    word: code for code, words in _DATA["ready"].items() if code != "lead" for word in words.split()
}
_GAPS = {word: code for code, words in _DATA["gaps"].items() for word in words.split()}
_GAP = lazy(r"\{\{\s*([^{}%#]+?)\s*\}\}")
_HALF_GAP = lazy(rf"(?<!\{{)(\{{ ?(?:{longest_first(_GAPS).pattern}) ?\}})(?!\}})")
_AUDIENCE = lazy(r"^[ :,]*([^ :,。;!?]{1,60})[ :,]+")
_TIGHT = lazy(rf"^[ :,]*({_DATA['said']['tight']})(?=[^ :,、和及的代委楼长朋们])")
_LEAD_IN, _THEN = (lazy(rf"^[ ,]*{_DATA['said'][one]}[ :,]*") for one in ("lead", "then"))
_BEHIND = lazy(rf"(?:{_DATA['said']['behind']})$")
_TELLING = lazy(rf"^{_DATA['said']['behind']}[ ,:]+")
_PLAINLY = lazy(rf"^[ ,]*(?:{_DATA['said']['plainly']})[ ,:]")
_MISSED = lazy(
    rf"^[ ,(]*(?:(?P<skip>{_DATA['missed']['skip']})|(?P<late>{_DATA['missed']['late']}))[ ,:)。.]*"
)
_JOINED = lazy(r"[、和及]|以及")
_CODES = {code: code for code in _DATA["gaps"]}
_SIGNS = " 一二三四五六七八九"
_NUMBERED_GRID = lazy(r"第?([1-9一二三四五六七八九])号?(网格)")
_BUILDING = lazy(rf"[\u4e00-\u9fffa-z]{{0,8}}?{NUMBER}(?:号?楼|栋|幢|座)")
_ANOTHER = lazy(_DATA["said"]["another"])

# The number of a notice before its words, which is no time, date or house number.
LEADING_NUMBER = lazy(r"^([0-9]{1,9})(?![0-9点:月号楼个户幢栋])[ :,号条]*")

_PLAIN = Calendar()


@dataclass(frozen=True, slots=True)
class Spoken:
    """A notice as it was said. `to` is one of domain.notices.TO, "" where no word tells it.

    `where` are the names before it, () for one's own area, and then `level` is how wide that is
    where it was said: street for 街道居民; "" is wherever he works. `rhythm` None is now.
    `unread` tells that a time was meant and could not be read, `unknown` are gaps nobody can fill.
    """

    to: str = ""
    where: tuple[str, ...] = ()
    level: str = ""
    said: str = ""
    words: str = ""
    ready: str = ""
    urgent: bool = False
    receipts: bool = False
    visit: bool = False
    rhythm: Rhythm | None = None
    unread: bool = False
    unknown: tuple[str, ...] = ()


def spoken(text: str, now: datetime, *, timed: bool = False, calendar: Calendar = _PLAIN) -> Spoken:
    """Read what stands behind 通知; with `timed` it begins with when.

    A time before those who are plainly an audience is when as well: 通知 明早8点 各居民群 ...
    """
    text = clean(text).tidy
    when, missed = when_at(clean(text).plain, now, calendar), Missed.VALID
    if not timed:
        alone = day_alone(text)
        behind = text[when[0] :] if when is not None else text.lstrip(" :,").removeprefix(alone)
        timed = bool(when or alone) and bool(_PLAINLY.match(clean(behind).plain))
        when = when if timed else None
    if when is not None:
        text, missed = _if_missed(text[when[0] :])
        text = _without(_LEAD_IN, text.strip())
    said, rest = _parted(text)
    said, rest = _BEHIND.sub("", said) or said, _without(_TELLING, rest)
    later = when_at(clean(rest).plain, now, calendar) if when is None else None
    if later is not None and (timed or _THEN.match(clean(rest).plain[later[0] :])):
        rest, missed = _if_missed(_without(_THEN, rest[later[0] :]))
        when = later
    rhythm = when[1] if when is not None else None
    rhythm = replace(rhythm, missed=missed) if rhythm is not None else None
    if rhythm is None and (timed or when is not None):
        return Spoken(unread=True)
    to, where, level = _audience(said)
    return _filled(Spoken(to, where, level, said, rhythm=rhythm), rest)


def _if_missed(text: str) -> tuple[str, Missed]:
    """What is left behind a time, and what becomes of that time where nobody ran."""
    found = _MISSED.match(clean(text).plain)
    if found is None:
        return text, Missed.VALID
    return text[found.end() :], Missed.SKIP if found["skip"] else Missed.LATE


def _parted(text: str) -> tuple[str, str]:
    """For whom, and the words behind that; no words where nothing parts them."""
    plain = clean(text).plain
    head = _TIGHT.match(plain) or _AUDIENCE.match(plain)
    if head is None:
        return text.strip(), ""
    return text[head.start(1) : head.end(1)], text[head.end() :].lstrip(" :,")


def _without(pattern: re.Pattern[str], text: str) -> str:
    """What is left of a text without what it begins with."""
    found = pattern.match(clean(text).plain)
    return text[found.end() :] if found else text


def usual_audiences() -> list[str]:
    """What an audience without a name of its own is mostly called: 各居民群."""
    return list(_DATA["usual"].split())


def level_of(name: str) -> str:
    """The level of the author's own area that a name means: 全街道; "" for another name."""
    return _LEVELS.get(name, "")


def bare_name(name: str) -> str:
    """The name of an area without what stands around it: 给琼花一网格的, 琼花一网格内."""
    return _WITHIN.sub("", _GIVEN.sub("", clean(name).plain))


def alone(name: str) -> str:
    """What a name is called without whom it ends in: 琼花苑居民群 -> 琼花苑."""
    return _bare(name) or name


def own_area(name: str) -> str | None:
    """The level of one's own area that a name means, "" where it tells none: 本街道 -> street.

    None for what bears a name of its own.
    """
    bare = _OWN.sub("", bare_name(name))
    return _OWN_LEVELS.get(bare, "") if bare in _OWN_AREA or not bare else None


def in_characters(name: str) -> str:
    """A grid called by its number, as names are written: 2网格, 第二网格 -> 二网格; else ""."""
    found = _NUMBERED_GRID.fullmatch(clean(name).plain)
    return f"{_SIGNS[whole(found[1])]}{found[2]}" if found else ""


def names_building(name: str) -> bool:
    """Whether some words are a building's name and nothing else: 3号楼, 琼花苑5栋."""
    return bool(_BUILDING.fullmatch(clean(name).plain))


def half_gap(words: str) -> str:
    """A gap with one brace instead of two, {网格}; "" where there is none."""
    found = _HALF_GAP.search(clean(words).plain)
    return found[1] if found else ""


def several(words: str) -> bool:
    """Whether another notice follows in the same message: 明天停水；通知 二网格 停气."""
    return bool(_ANOTHER.search(clean(words).plain))


def body(text: str) -> Spoken:
    """Words alone, as they replace those of another notice."""
    return _filled(Spoken(), clean(text).tidy)


def _filled(begun: Spoken, words: str) -> Spoken:
    words = _EVERYBODY.sub("", words).strip()
    name = _LEAD.sub("", clean(words).plain).strip(" 。!")
    words, unknown = _gapped(words)
    return Spoken(
        begun.to,
        begun.where,
        begun.level,
        begun.said,
        words,
        ready=_READY.get(name, ""),
        receipts=bool(_RECEIPTS.search(words)),
        visit=bool(_VISIT.search(words)),
        rhythm=begun.rhythm,
        unknown=unknown,
    )


def got(text: str) -> bool:
    """Whether these words are nothing but 收到."""
    return bool(
        _GOT.fullmatch(clean(text).plain.strip(" ,.!。~"))
        or _GOT.fullmatch(clean(_STICKER.sub("", text)).plain.strip(" ,.!。~"))
    )


def got_for(text: str) -> str:
    """For whom these words say 收到: 替刘奶奶收到 -> 刘奶奶; "" where nobody else is named."""
    found = _GOT_FOR.fullmatch(clean(text).plain.strip(" ,.!。~"))
    return (found["who"] or found["other"]) if found else ""


def ready_names() -> list[str]:
    """What the ready-made notices are called, one name each."""
    return [words.split()[0] for code, words in _DATA["ready"].items() if code != "lead"]


def ready_name(code: str) -> str:
    """What the ready-made notice of a code is called; "" for none."""
    words = str(_DATA["ready"].get(code, "")) if code != "lead" else ""
    return words.split()[0] if words else ""


def gap_names() -> list[str]:
    """The gaps a notice may have."""
    return [words.split()[0] for words in _DATA["gaps"].values()]


def _audience(said: str) -> tuple[str, tuple[str, ...], str]:
    """Whom an audience's name means, the areas or people it names, and how wide his own is."""
    ends = _TO_WORD.search(clean(said).plain)
    to = _TO[ends[0]] if ends else ""
    names = _GIVEN.sub("", said[: ends.start()] if ends else said)
    own = _OWN.match(names)
    names = names[own.end() :] if own and (ends or own.end() < len(names)) else names
    parts = [_bare(one).removesuffix("的") for one in _JOINED.split(names)]
    own_parts = [bare for one in parts if (bare := _OWN.sub("", one)) in _OWN_AREA]
    if not to and parts and len(own_parts) == len(parts):
        to = "residents"  # 全小区
    level = next((level for word, level in _OWN_LEVELS.items() if word in own_parts), "")
    where = tuple(one for one in parts if one and _OWN.sub("", one) not in _OWN_AREA)
    if where and level:  # 何园社区和本街道: neither of them is left out
        return to, (*where, _DATA["levels"][level].split()[0]), ""
    return to, where, level


def _bare(name: str) -> str:
    """A name without 各 behind it: 琼花社区各居民群."""
    ends = _TO_WORD.search(name)
    name = name[: ends.start()] if ends and ends.start() else name
    return re.sub(rf"(?:{longest_first(_DATA['own'].split()).pattern})+$", "", name).strip()


def _gapped(words: str) -> tuple[str, tuple[str, ...]]:
    """The words with their gaps named as the program names them, and the gaps nobody knows."""
    words = words.replace("｛｛", "{{").replace("｝｝", "}}")  # as some keyboards write them
    unknown = [one for one in _GAP.findall(words) if one not in _GAPS and one not in _CODES]
    known = {**_CODES, **_GAPS}
    named = _GAP.sub(lambda found: f"{{{{ {known.get(found[1], found[1])} }}}}", words)
    return named, tuple(unknown)
