"""Weighs free wording: which kind of message it is, and whether it should become a case."""

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.understanding import category, commands, talk
from bot.understanding.normalise import Clean
from bot.understanding.shapes import Heard, Understanding

_CASE = frozenset("report suggestion inquiry".split())
_WITH_CATEGORY = _CASE | {"appointment", "progress"}
_IDLE = frozenset("chat appointment volunteer".split())
_COMMANDS = frozenset("cancel confirm_ok confirm_bad".split())
_ARROWS = 0x2190  # from here on, signs are pictures rather than punctuation
_ONLY_ADDRESS = 9
_NEIGHBOURLY = 0.85
_HANDED_OVER = 0.935  # "not my job, the estate office" goes on, it does not come back
_PLAIN_QUESTION, _SOME_MATTER = 0.7, 1.0
_ONLY_ASKED = 0.6  # a question without a word of trouble is a question
_STEPS = frozenset("worker_accept worker_arrive worker_done".split())
_ASKED = re.compile(r"(?:吗|没|没有|不)[?]*$|[?]$")
_NOT_DONE = re.compile(
    r"(?:快|马上|就要|即将|正在|(?<!现)在|没有?|未|不|等|才|争取|准备)(?:要|能|会|给)?"
    r"(?:修|处理|弄|换|搞|解决|清|做|装)(?:好|完|了)?|(?:好|完|通)了?(?:吗|没|么)"
)
_NOT_TAKEN = re.compile(r"收到的?请|请(?:回复|接龙)|不接|[接去来]不了|[我就]不[去来]|没空|过不去")
_FOUND = re.compile(r"发现|看到|看见|有居民反映|谁的片区")
_SURELY, _CASE_WORDS = 0.95, 0.8
OPEN, ASK = 0.45, 0.35
_PLACED_TROUBLE, _PLAIN_TROUBLE = 0.62, 0.82  # beats thanks and questions; beats a date too
_SHARES = ((4.0, 0.36), (2.0, 0.26), (1.0, 0.12), (0.4, 0.06))


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict on free wording."""

    intent: str
    sure: float
    words: str = ""
    categories: tuple[str, ...] = ()
    name: str | None = None
    duration: timedelta | None = None
    action: str = "silent"
    fresh: bool = False


def judge(heard: Heard, text: Clean, plain: str, base: Understanding) -> Judged:
    """The verdict."""
    if plain and (greeted := _greeted(heard, text, plain)):
        return greeted
    if quiet := _nothing_to_do(heard, plain, base):
        return Judged(*quiet, words=text.tidy)
    found = category.scores(plain)
    best = category.ranked(found)
    weight = found[best[0]] if best else 0.0
    kinds = _weighed(heard, plain, base, weight)
    intent = max(kinds, key=lambda kind: kinds[kind])
    sure = kinds[intent]
    if sure < ASK:
        return Judged("chat", 0.5, words=text.tidy, action="ask" if heard.private else "silent")
    if intent.startswith(talk.STAFF_ONLY):
        return _by_staff(intent, sure, text)
    if intent in _COMMANDS:
        return Judged(intent, sure, words=text.tidy, action="command")
    return Judged(
        intent,
        min(sure, 0.95),
        words=text.tidy,
        categories=best if intent in _WITH_CATEGORY else (),
        action=_action(intent, sure, weight, heard, plain),
        fresh=intent == "report" and _is_fresh(plain, base, weight),
    )


def _greeted(heard: Heard, text: Clean, plain: str) -> Judged | None:
    """A worker's "got it" or "done" moves a case only in private, or as the answer to one."""
    if heard.private and talk.whether_there(plain):
        return Judged("chat", _NEIGHBOURLY, words=text.tidy, action="ask")
    done = talk.ready(plain)
    if not heard.staff or not (done or talk.nod(plain)):
        return None
    if heard.private or heard.quote:
        intent = "worker_done" if done else "worker_accept"
        return Judged(intent, 0.9, words=text.tidy, action="command")
    return Judged("chat", 0.9, words=text.tidy)


def _weighed(heard: Heard, plain: str, base: Understanding, weight: float) -> dict[str, float]:
    """How much speaks for each kind of message, all things considered."""
    kinds = talk.kinds(plain, staff=heard.staff)
    kinds["report"] = max(kinds.get("report", 0.0), _evidence(plain, weight, base))
    if kinds.get("inquiry", _PLAIN_QUESTION) < _PLAIN_QUESTION and weight < _SOME_MATTER:
        kinds["inquiry"] = ASK  # a question about nothing the community deals with
    if "inquiry" in kinds and not talk.problem(plain):
        kinds["report"] *= _ONLY_ASKED
    _never_silent(kinds, plain, base)
    if heard.staff:
        _weigh_staff(kinds, plain)
    # Somebody new may say that a repair was no use: with a place or a matter it is a report.
    if "confirm_bad" in kinds and heard.question != "satisfied" and kinds["report"] >= OPEN:
        kinds["report"] = max(kinds["report"], kinds.pop("confirm_bad"))
    return kinds


def _never_silent(kinds: dict[str, float], plain: str, base: Understanding) -> None:
    """A place and a sign of trouble are a report, whatever pleasantry comes with them."""
    wrong = talk.problem(plain)
    if not wrong or talk.hearsay(plain):
        return
    if base.location.building or base.known_place:
        least = _PLAIN_TROUBLE if wrong == 1.0 else _PLACED_TROUBLE
        kinds["report"] = max(kinds["report"], least)


def _weigh_staff(kinds: dict[str, float], plain: str) -> None:
    """What a worker says about a case names the trouble too; what he found is a report."""
    if _ASKED.search(plain):
        for kind in [kind for kind in kinds if kind in _STEPS]:
            kinds["progress"] = kinds.pop(kind)
    kinds.pop("confirm_bad", None)  # a worker does not judge repairs
    if _NOT_DONE.search(plain):
        kinds.pop("worker_done", None)
    if _NOT_TAKEN.search(plain):
        kinds.pop("worker_accept", None)
    if commands.handed_over(plain):
        kinds["worker_transfer"] = _HANDED_OVER
    if _FOUND.search(plain) and kinds["report"] >= OPEN:
        kinds["report"] = _SURELY
    elif any(kind.startswith(talk.STAFF_ONLY) for kind in kinds):
        kinds["report"] = min(kinds["report"], _CASE_WORDS)


def _nothing_to_do(heard: Heard, plain: str, base: Understanding) -> tuple[str, float] | None:
    """What is certainly no concern of the bot."""
    if not plain or talk.system(plain):
        return "other", 0.9
    if talk.emoji_only(plain):
        pictures = any(ord(char) > _ARROWS or char == "[" for char in plain)
        return ("chat", 0.9) if pictures else ("other", 0.8)
    if talk.empty_talk(plain):
        return "chat", 0.9
    if not (heard.staff or heard.private) and talk.among_neighbours(plain):
        return "chat", _NEIGHBOURLY
    if not heard.staff and (sure := talk.advert(plain)) and talk.problem(plain) < 1.0:
        return "ad", sure
    return None if talk.kinds(plain, staff=heard.staff) else _without_words(plain, base)


def _without_words(plain: str, base: Understanding) -> tuple[str, float] | None:
    """Nothing but an address, or no Chinese at all."""
    if base.location.numbered and len(plain) <= _ONLY_ADDRESS and not talk.problem(plain):
        return "other", 0.8
    if not talk.speaks(plain) and not base.location:
        return "other", 0.6
    return None


def _evidence(plain: str, weight: float, base: Understanding) -> float:
    """How much speaks for a problem: what is wrong, what it is about, where it is."""
    wrong = talk.problem(plain)
    score = 0.42 * wrong + next((share for least, share in _SHARES if weight >= least), 0.0)
    if base.location.numbered or base.known_place:
        score += 0.2
    elif base.location:
        score += 0.1
    if talk.hearsay(plain):
        score *= 0.5
    return min(score, 0.9)


def _is_fresh(plain: str, base: Understanding, weight: float) -> bool:
    """Whether this is a matter of its own, not a word about an earlier one."""
    return bool(weight >= category.BORDER and talk.problem(plain) >= 1.0 and base.location.numbered)


def _action(intent: str, sure: float, weight: float, heard: Heard, plain: str) -> str:
    """What the bot should do about it."""
    if intent == "progress":
        return "answer"
    if intent in _IDLE and heard.staff and heard.private:
        return "ask"
    if intent not in _CASE:
        return "silent"
    # A question or a wish is the community's only when it is about something it deals with.
    if sure >= OPEN and (intent == "report" or weight >= _SOME_MATTER):
        asked_here = intent != "inquiry" or heard.private or talk.asks_community(plain)
        return "open" if asked_here else "silent"
    return "ask" if heard.private else "silent"


def _by_staff(intent: str, sure: float, text: Clean) -> Judged:
    """A step of a case in a worker's own words."""
    name = duration = None
    words = text.tidy
    if intent == "worker_transfer":
        name = commands.freely_named(text)
    if intent == "worker_extend":
        duration, words = commands.extension(text)
    return Judged(intent, sure, words, name=name, duration=duration, action="command")
