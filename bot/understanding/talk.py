"""Wordings that leave little doubt: trouble, hearsay, neighbours' talk, the steps of staff."""

from functools import lru_cache

from bot.understanding.sieve import Sieve
from bot.understanding.words import any_of, lazy, lexicon, longest_first

_DATA = lexicon("talk")
_RULES: list[tuple[str, float, Sieve]] = [
    (rule["intent"], float(rule["weight"]), Sieve(rule["any"])) for rule in _DATA["rule"]
]
_PROBLEM = Sieve(_DATA["problem"])
_STRONG_PROBLEM = Sieve(_DATA["strong_problem"])
_SYSTEM = any_of(_DATA["system"])
_EMPTY_TALK = longest_first(_DATA["empty_talk"].split())
_HEARSAY = Sieve(_DATA["hearsay"])
_HARMLESS = any_of(_DATA["harmless"])
_NEIGHBOURS = Sieve(_DATA["neighbours"])
_POINTING = any_of(_DATA["pointing"])
_UNDECIDED = any_of(_DATA["undecided"])
_NODS = longest_first(_DATA["nods"].split())
_NOD_PARTICLE = longest_first(_DATA["nod_particles"].split())
_READY = any_of(_DATA["ready"])
_WHETHER_THERE = any_of(_DATA["asking_whether_there"])
_IMPATIENT = any_of(_DATA["impatient"])
_ASKS_COMMUNITY = any_of(_DATA["asks_community"])
_WELL, _NOT_WELL, _AGAIN = (any_of(_DATA[key]) for key in ("well", "not_well", "again"))
_COURTESY, _COURTEOUS = any_of(_DATA["courtesy"]), any_of(_DATA["courteous"])
_EVERYTHING = any_of(_DATA["everything"])
_AT_HOME = any_of(_DATA["at_home"])
_FEW = 30  # signs; who says more tells something else as well
_AMENDED = lazy(_DATA["amended"])
_HAN = lazy(r"[\u3400-\u9fff]")
_WORDLIKE = lazy(r"[\u3400-\u9fffa-z0-9]")
# WeChat writes its own emoji as words in brackets; pictures and cards come in brackets too.
_STICKER = lazy(
    r"\[(?!\S*(?:图片|语音|视频|红包|文件|链接|位置|程序|名片|转账|通话|记录|公告|位置))[^\[\]]{1,8}\]"
)
_ARROWS = "\u2190"  # from here on, signs are pictures rather than punctuation


@lru_cache(maxsize=2)  # who weighs a message asks more than once
def problem(plain: str) -> float:
    """How clearly something is wrong: 0 not at all, 1 plainly."""
    plain = _HARMLESS.sub("…", plain)
    if _STRONG_PROBLEM.found(plain):
        return 1.0
    return 0.6 if _PROBLEM.found(plain) else 0.0


def hearsay(plain: str) -> bool:
    """Whether somebody only tells of other times and other places."""
    return _HEARSAY.found(plain)


def among_neighbours(plain: str) -> bool:
    """Whether neighbours settle something that is nobody else's business."""
    return _NEIGHBOURS.found(plain)


def pointing(plain: str) -> bool:
    """Whether it points back at what somebody else just said: 又是这辆, 我家也没电了."""
    return _POINTING.search(plain) is not None


def at_home(plain: str) -> bool:
    """Whether it is in the speaker's own home: 家里着火了; not 我家楼上着火了."""
    return _AT_HOME.search(plain) is not None


def undecided(plain: str) -> bool:
    """Whether somebody cannot tell yet what he is asked."""
    return bool(_UNDECIDED.search(plain))


def impatient(plain: str) -> bool:
    """Whether somebody complains that nobody has come yet."""
    return bool(_IMPATIENT.search(plain))


def well_again(plain: str) -> bool:
    """Whether the trouble is said to be over, by itself or by whomever."""
    return len(plain) <= _FEW and bool(_WELL.search(plain)) and not _NOT_WELL.search(plain)


def came_back(plain: str) -> bool:
    """Whether something is said to be as bad again, or still."""
    return len(plain) <= _FEW and bool(_AGAIN.search(plain))


def courtesy(plain: str) -> bool:
    """Whether this is nothing but thanks, or that somebody waits."""
    rest, found = _COURTESY.subn("", plain)
    return found > 0 and not _WORDLIKE.search(_COURTEOUS.sub("", rest))


def everything(plain: str) -> bool:
    """Whether all of several are meant."""
    return bool(_EVERYTHING.search(plain))


def amended(plain: str) -> str:
    """What is right instead of what was said wrong; "" where nothing is put right."""
    found = _AMENDED.search(plain)
    return found["right"] if found else ""


def asks_community(plain: str) -> bool:
    """Whether a question is put to the community rather than to a neighbour."""
    return bool(_ASKS_COMMUNITY.search(plain))


def system(plain: str) -> bool:
    """Whether this is a notice, a card or a form rather than somebody talking."""
    return bool(_SYSTEM.search(plain))


def emoji_only(plain: str) -> bool:
    """Whether nothing but emoji, stickers and punctuation is there."""
    return bool(plain) and not _WORDLIKE.search(_STICKER.sub("", plain))


@lru_cache(maxsize=2)  # as above
def empty_talk(plain: str) -> bool:
    """Greetings, thanks, laughter and nods: certainly nothing to do."""
    # Taken out one by one: a pattern of repeated choices could try for years.
    return not _WORDLIKE.search(_EMPTY_TALK.sub("", _STICKER.sub("", plain)))


def nod(plain: str) -> bool:
    """Whether this is nothing but "got it"."""
    rest, found = _NODS.subn("", plain)
    rest = _NOD_PARTICLE.sub("", rest)
    return found > 0 and not any(char.isalnum() or char > _ARROWS for char in rest)


def ready(plain: str) -> bool:
    """Whether this is nothing but "done"."""
    return bool(_READY.match(plain))


def whether_there(plain: str) -> bool:
    """Whether somebody only asks whether anybody listens."""
    return bool(_WHETHER_THERE.match(plain))


def speaks(plain: str) -> bool:
    """Whether there is a word of Chinese at all."""
    return bool(_HAN.search(plain))


def steps(plain: str) -> dict[str, float]:
    """How strongly a worker's wording speaks for each step of the work."""
    found: dict[str, float] = {}
    for intent, weight, sieve in _RULES:
        if weight > found.get(intent, 0.0) and sieve.found(plain):
            found[intent] = weight
    return found
